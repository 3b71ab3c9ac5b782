"""A change of what readers see, from the curator who proposes it to the reviewer who approves it; and the pages on that way, with axe."""

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from tests.browser.test_every_page import RULES, WCAG, problems_of
from tests.vendors.people import person
from vendors.models import Vendor

SUMMARY = "Makes what others have found, says this test."
PLACES = (
    "/admin/",
    "/admin/vendors/vendor/",
    "/admin/vendors/vendor/{vendor}/change/",
    "/admin/vendors/vendor/{vendor}/history/",
    "/admin/vendors/vendor/unsourced/",
    "/admin/vendors/revision/",
    "/admin/vendors/suggestion/",
    "/admin/vendors/duplicate/",
    "/admin/vendors/upload/",
)
# Django's own pages break rules of good practice: an empty head of a column, a search field that is named by its title.
WITHOUT_PRACTICE = {**RULES, "runOnly": WCAG}
PASSWORD = "winter hat with 7 pockets"


@pytest.fixture
def enter(new_page):
    """A page of somebody's own, signed in by the form."""

    def enter(name, group, **options):
        if not get_user_model().objects.filter(username=name).exists():
            person(name, group, password=PASSWORD)
        page = new_page(**options)
        page.goto("/admin/")
        page.get_by_label("User name").fill(name)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("button", name="Log out")).to_be_visible()
        return page

    return enter


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_change_is_proposed_by_one_and_approved_by_another(whole_portal, enter, new_page, script):
    vendor = Vendor.objects.get(slug="lonza")
    curator = enter("curt", "Curators", java_script_enabled=script)
    curator.goto(f"/admin/vendors/vendor/{vendor.pk}/change/")
    curator.locator("[name=summary]").fill(SUMMARY)
    curator.get_by_label("Why?").fill("Read it on their own page.")
    curator.get_by_role("button", name="Propose this change").first.click()
    expect(curator.get_by_role("button", name="Withdraw")).to_be_visible()
    expect(curator.get_by_role("button", name="Approve")).to_have_count(0)

    reader = new_page(java_script_enabled=script)
    reader.goto("/vendors/lonza/")
    expect(reader.get_by_text(SUMMARY)).to_have_count(0)

    reviewer = enter("rita", "Reviewers", java_script_enabled=script)
    reviewer.get_by_role("link", name="Proposals").click()
    reviewer.get_by_role("link", name="Lonza").first.click()
    expect(reviewer.locator("ins", has_text=SUMMARY)).to_be_visible()
    expect(reviewer.get_by_text("Read it on their own page.")).to_be_visible()
    reviewer.get_by_label("Note").fill("Seen there too.")
    reviewer.get_by_role("button", name="Approve").click()
    expect(reviewer.get_by_text("approved; readers see it now")).to_be_visible()

    reader.reload()
    expect(reader.get_by_text(SUMMARY)).to_be_visible()
    curator.goto(f"/admin/vendors/vendor/{vendor.pk}/history/")
    expect(curator.get_by_text("Seen there too.")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1440])
def test_the_pages_of_curators_are_accessible(whole_portal, enter, width):
    vendor = Vendor.objects.get(slug="lonza")
    root = get_user_model().objects.create_superuser("root", password=PASSWORD)
    page = enter(root.username, "", viewport={"width": width, "height": 900}, reduced_motion="reduce")
    problems = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for place in PLACES:
            response = page.goto(place.format(vendor=vendor.pk))
            assert response.status == 200, place
            problems += [f"{place} {scheme}: {problem}" for problem in problems_of(page, WITHOUT_PRACTICE)]
    assert not problems, "\n".join(problems)
