"""Long lists of boxes are narrowed down by typing, in forms and among the filters, with the keyboard alone."""

import re

from playwright.sync_api import expect


def test_typing_leaves_what_is_meant_and_what_is_ticked(page, whole_portal):
    page.goto(f"{whole_portal.url}/programs/new/")
    areas = page.get_by_role("group", name="Therapeutic areas")
    areas.get_by_label("Oncology").check()
    box = page.get_by_label("Narrow down: therapeutic areas")
    box.fill("neuro")
    expect(areas.get_by_role("checkbox")).to_have_count(2)
    expect(areas.get_by_label("Oncology")).to_be_checked()
    expect(areas.get_by_label("Neurology")).to_be_visible()
    # Enter sends nothing, and the next key reaches what is left.
    box.press("Enter")
    assert page.url.endswith("/programs/new/")
    box.fill("")
    assert areas.get_by_role("checkbox").count() > 12


def test_a_filter_found_by_typing_keeps_the_words_and_the_place(page, whole_portal):
    page.goto(f"{whole_portal.url}/vendors/")
    box = page.get_by_label("Narrow down: service")
    box.fill("fill-fin")
    choice = page.get_by_label(re.compile("Sterile fill-finish"))
    choice.check()
    page.wait_for_url("**/vendors/?services=sterile-fill-finish")
    expect(page.locator("#results h1")).not_to_have_text("266 vendors")
    expect(box).to_have_value("fill-fin")
    expect(choice).to_be_checked()
    expect(page.get_by_label(re.compile("^Bioanalysis"))).to_be_hidden()


def test_without_script_the_whole_list_is_there(new_page, whole_portal):
    page = new_page(java_script_enabled=False)
    page.goto(f"{whole_portal.url}/programs/new/")
    expect(page.get_by_label("Narrow down: therapeutic areas")).to_be_hidden()
    assert page.get_by_role("group", name="Therapeutic areas").get_by_role("checkbox").count() > 12
