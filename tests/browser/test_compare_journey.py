"""From the list to a comparison and back, with and without script, on a desk and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.vendors.records import record, store, store_vocabulary

NAMES = ("Alpina", "Bexley", "Corvus", "Delphi", "Elbe", "Fjord")
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def six(live_server):
    store_vocabulary()
    store(*(record(name=name, founded=1990 + number) for number, name in enumerate(NAMES)))
    return live_server


def box(page, name):
    return page.get_by_role("checkbox", name=f"Compare {name}", exact=True)


def tray(page):
    return page.get_by_role("form", name="Vendors to compare")


def columns(page):
    return page.get_by_role("columnheader").get_by_role("link").filter(has_not_text="Remove")


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_what_was_picked_survives_a_reload_and_is_compared(six, new_page, options):
    page = new_page(**options)
    page.goto("/vendors/")
    expect(tray(page)).to_be_hidden()
    for name in ("Corvus", "Alpina", "Elbe"):
        box(page, name).check()
    page.reload()
    expect(box(page, "Corvus")).to_be_checked()
    expect(box(page, "Bexley")).not_to_be_checked()
    expect(tray(page)).to_contain_text("3 of 5 to compare")
    tray(page).get_by_role("button", name="Compare").click()
    expect(page).to_have_url(re.compile(r"/vendors/compare/\?v=corvus&v=alpina&v=elbe$"))
    expect(columns(page)).to_have_text(["Corvus", "Alpina", "Elbe"])
    expect(tray(page)).to_be_hidden()
    page.get_by_role("link", name="Only differences").click()
    expect(page.get_by_role("rowheader", name="Founded (differs)")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Headquarters")).to_have_count(0)
    page.get_by_role("link", name="Remove Alpina").click()
    expect(columns(page)).to_have_text(["Corvus", "Elbe"])
    page.goto("/vendors/")
    expect(box(page, "Alpina")).not_to_be_checked()
    expect(tray(page)).to_contain_text("2 of 5 to compare")


def test_a_vendor_is_added_on_its_own_page_and_taken_off_in_the_tray(six, page):
    page.goto("/vendors/bexley/")
    box(page, "Bexley").check()
    page.goto("/vendors/")
    box(page, "Fjord").check()
    tray(page).get_by_role("button", name="Take off Bexley").click()
    expect(box(page, "Bexley")).not_to_be_checked()
    expect(tray(page).get_by_role("button", name="Take off Fjord")).to_be_focused()
    tray(page).get_by_role("button", name="Clear").click()
    expect(tray(page)).to_be_hidden()
    page.reload()
    expect(box(page, "Fjord")).not_to_be_checked()


def test_a_sixth_vendor_is_refused_in_words(six, page):
    page.goto("/vendors/")
    for name in NAMES[:5]:
        box(page, name).check()
    box(page, "Fjord").click()
    expect(box(page, "Fjord")).not_to_be_checked()
    expect(page.get_by_role("status").filter(has_text="5 fit side by side: take one off to add Fjord.")).to_have_count(1)


def test_another_tab_follows(six, page):
    page.goto("/vendors/")
    other = page.context.new_page()
    other.goto("/vendors/")
    box(page, "Delphi").check()
    expect(box(other, "Delphi")).to_be_checked()


def test_nonsense_in_the_storage_does_no_harm(six, page):
    page.goto("/vendors/")
    for nonsense in ("{", "[1, null, {}]", '"x"', "null"):
        page.evaluate("(text) => localStorage.setItem('compare', text)", nonsense)
        page.reload()
        expect(tray(page)).to_be_hidden()
    box(page, "Elbe").check()
    expect(tray(page)).to_contain_text("1 of 5 to compare")


def test_boxes_that_come_later_show_what_was_picked(six, page):
    """Parts of a page may be replaced, as live results do."""
    page.goto("/vendors/")
    box(page, "Elbe").check()
    page.evaluate("() => { const list = document.querySelector('.vendors'); list.outerHTML = list.outerHTML }")
    expect(box(page, "Elbe")).to_be_checked()
    expect(box(page, "Alpina")).not_to_be_checked()


def test_a_list_that_is_filtered_in_place_keeps_what_was_picked(six, page):
    page.goto("/vendors/")
    box(page, "Elbe").check()
    page.get_by_role("checkbox", name="CRO").check()
    expect(page).to_have_url(re.compile(r"\?type=CRO$"))
    expect(box(page, "Elbe")).to_be_checked()
    box(page, "Alpina").check()
    tray(page).get_by_role("button", name="Compare").click()
    expect(page).to_have_url(re.compile(r"/vendors/compare/\?v=elbe&v=alpina$"))


def test_without_script_the_boxes_of_a_page_do_the_same(six, new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/vendors/")
    for name in ("Bexley", "Delphi"):
        box(page, name).check()
    tray(page).get_by_role("button", name="Compare").click()
    expect(columns(page)).to_have_text(["Bexley", "Delphi"])
    page.get_by_label("Add a vendor by its name").fill("fjord")
    page.get_by_role("button", name="Add").click()
    expect(columns(page)).to_have_text(["Bexley", "Delphi", "Fjord"])
    page.get_by_role("link", name="Only differences").click()
    expect(page.get_by_role("rowheader", name="Headquarters")).to_have_count(0)
    page.get_by_role("link", name="Remove Bexley").click()
    expect(columns(page)).to_have_text(["Delphi", "Fjord"])
    page.goto("/guide/")
    expect(tray(page)).to_be_hidden()


def test_a_comparison_is_carried_off_as_a_file(six, page):
    page.goto("/vendors/compare/?v=alpina&v=bexley")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert re.fullmatch(r"crossmatch-comparison-[0-9a-f]{12}\.csv", download.value.suggested_filename)


def test_the_first_column_stays_while_the_others_move(six, new_page):
    page = new_page(**PHONE)
    page.goto("/vendors/compare/?v=alpina&v=bexley&v=corvus&v=delphi")
    founded = page.get_by_role("rowheader", name="Founded")
    before = founded.bounding_box()["x"]
    page.get_by_role("region", name="4 vendors side by side").evaluate("(region) => region.scrollTo(400, 0)")
    assert founded.bounding_box()["x"] == before
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_figure_of_the_field_leads_to_its_vendors(whole_portal, page):
    page.goto("/vendors/landscape/")
    cell = page.get_by_role("row", name=re.compile("^Phase 1")).get_by_role("cell").nth(2)
    number = cell.get_by_role("link", name=re.compile("vendors$"))
    count = number.inner_text().split()[0]
    number.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(rf"^{count} vendors"))
