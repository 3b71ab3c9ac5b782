"""Finding a vendor, the way a reader does it: filters, chips, pages, sources, on a desk and on a phone, with and without script."""

import re

import pytest
from playwright.sync_api import expect

from tests.vendors.records import record, store, store_vocabulary

PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def small_portal(live_server):
    store_vocabulary()
    store(record(name="Alpina"), record(name="Pressworks", type="CMO"))
    return live_server


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_filters_to_the_source_of_a_fact(whole_portal, new_page, script):
    page = new_page(java_script_enabled=script)
    page.goto("/vendors/")
    page.get_by_role("checkbox", name="CDMO").check()
    page.get_by_role("checkbox", name="mRNA").check()
    page.get_by_role("button", name="Show vendors").click()
    expect(page).to_have_url(re.compile(r"type=CDMO.*modalities=mrna"))
    listed = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="Take off Modality: mRNA").click()
    expect(page.get_by_role("checkbox", name="CDMO")).to_be_checked()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(listed)
    page.get_by_label("Name, service, place or any word").fill("novasep")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 vendor")
    page.get_by_role("main").get_by_role("heading", level=2).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Axplora")
    page.get_by_role("link", name=re.compile("^Source of services")).first.click()
    expect(page).to_have_url(re.compile(r"#source-\d+$"))
    expect(page.locator(":target")).to_contain_text("Supports:")


def test_the_figure_beside_a_choice_is_what_the_choice_leaves(whole_portal, page):
    page.goto("/vendors/?modalities=gene-therapy")
    label = page.locator("label").filter(has=page.get_by_role("checkbox", name="CRO"))
    left = label.locator("data").get_attribute("value")
    page.get_by_role("checkbox", name="CRO").check()
    page.get_by_role("button", name="Show vendors").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(rf"^{left} vendors?$"))


def test_on_a_phone_the_filters_wait_behind_a_button(small_portal, new_page):
    page = new_page(**PHONE)
    page.goto("/vendors/")
    expect(page.get_by_role("checkbox", name="CMO")).to_be_hidden()
    page.get_by_text("Filters", exact=True).click()
    page.get_by_role("checkbox", name="CMO").check()
    page.get_by_role("button", name="Show vendors").click()
    expect(page.get_by_text("Filters (1 on)")).to_be_visible()
    # The filters fill the screen: the button leads to what they left.
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    expect(page.get_by_role("link", name="Take off Type: CMO")).to_be_visible()


def test_the_theme_is_kept_from_page_to_page(small_portal, new_page):
    page = new_page(color_scheme="light")
    page.goto("/")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_label("Theme").select_option("Dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != paper
    page.goto("/vendors/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    page.get_by_label("Theme").select_option("System")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == paper


def test_without_script_no_switch_is_offered_that_would_do_nothing(small_portal, new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/")
    expect(page.get_by_label("Theme")).to_be_hidden()


def test_the_keyboard_skips_to_the_content(small_portal, page):
    page.goto("/vendors/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
