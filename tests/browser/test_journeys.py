"""The three ways through the portal, each with script, without it, and by keyboard alone, where the focus is always in sight."""

import re

import pytest
from playwright.sync_api import expect

WAYS = ["with script", "without script", "by keyboard"]
# What has the focus, and what is wrong with how that is shown: no outline on it or on its label, or covered by something else.
FOCUS = """(wanted) => {
  const here = document.activeElement;
  const outlined = [here, here.closest("label")].some((each) => {
    const style = each && getComputedStyle(each);
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const { left, right, top, bottom } = here.getBoundingClientRect();
  const points = [[(left + right) / 2, (top + bottom) / 2], [left + 2, top + 2], [right - 2, bottom - 2]];
  const uncovered = points.some(([x, y]) => {
    const seen = document.elementFromPoint(x, y);
    return seen && (here.contains(seen) || seen.contains(here) || here.closest("label")?.contains(seen));
  });
  const name = here.outerHTML.slice(0, 120);
  return [here === wanted, here === document.body ? "" : !outlined ? `no outline: ${name}` : !uncovered ? `covered: ${name}` : ""];
}"""
MOST_STOPS = 400


class Mouse:
    """Does what a reader does with a mouse, or a finger."""

    def __init__(self, page, script):
        self.page, self.script = page, script

    def press(self, control):
        control.click()

    def tick(self, box):
        box.check()

    def choose(self, select, words):
        select.select_option(words)

    def write(self, control, text):
        control.fill(text)
        control.blur()

    def show(self, button):
        """Ask for what was chosen; script has asked already."""
        if not self.script:
            self.press(button)


class Keyboard(Mouse):
    """Does the same with Tab, Enter, Space, the arrows and letters, and looks at the focus at every stop."""

    def __init__(self, page):
        super().__init__(page, script=True)
        self.problems = set()

    def reach(self, control):
        wanted = control.element_handle()
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            arrived, problem = self.page.evaluate(FOCUS, wanted)
            if problem:
                self.problems.add(problem)
            if arrived:
                return
        pytest.fail(f"{control} is not reached by {MOST_STOPS} times Tab")

    def press(self, control):
        self.reach(control)
        self.page.keyboard.press("Enter")

    def tick(self, box):
        self.reach(box)
        self.page.keyboard.press("Space")

    def choose(self, select, words):
        self.reach(select)
        for _ in range(select.locator("option").count()):
            if select.evaluate("(select) => select.selectedOptions[0].label") == words:
                return
            self.page.keyboard.press("ArrowDown")
        expect(select.locator("option:checked")).to_have_text(words)

    def write(self, control, text):
        self.reach(control)
        self.page.keyboard.type(text)


@pytest.fixture(params=WAYS)
def hand(request, whole_portal, new_page):
    page = new_page(java_script_enabled=request.param != "without script", reduced_motion="reduce")
    if request.param != "by keyboard":
        yield Mouse(page, script=request.param == "with script")
        return
    keyboard = Keyboard(page)
    yield keyboard
    assert not keyboard.problems, "\n".join(sorted(keyboard.problems))


def in_menu(page, name):
    return page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True)


def test_from_home_over_a_filtered_list_to_a_comparison(hand):
    page = hand.page
    page.goto("/")
    hand.press(in_menu(page, "Vendors"))
    expect(page).to_have_url(re.compile("/vendors/$"))
    hand.tick(page.get_by_role("checkbox", name="CMO"))
    hand.show(page.get_by_role("button", name="Show vendors"))
    expect(page).to_have_url(re.compile(r"[?&]type=CMO"))
    expect(page.get_by_role("link", name="Take off Type: CMO")).to_be_visible()
    boxes = page.get_by_role("checkbox", name=re.compile("^Compare "))
    names = page.get_by_role("main").get_by_role("heading", level=2).all_inner_texts()[:2]
    for number in range(2):
        hand.tick(boxes.nth(number))
    hand.press(page.get_by_role("form", name="Vendors to compare").get_by_role("button", name="Compare"))
    expect(page).to_have_url(re.compile(r"/vendors/compare/\?v=.*&v="))
    expect(page.get_by_role("columnheader").get_by_role("link").filter(has_not_text="Remove")).to_have_text(names)


def test_from_the_intake_over_the_advice_to_changed_weights(hand):
    page = hand.page
    page.goto("/programs/new/")
    hand.choose(page.get_by_label("Stage now"), "Phase 1")
    hand.choose(page.get_by_label("Modality"), "mRNA")
    hand.press(page.get_by_role("button", name="Get advice"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("a CDMO for")
    changes = page.locator("#what-if")
    hand.press(changes.get_by_text("Weights, in points"))
    hand.write(changes.get_by_label("Services needed", exact=True), "60")
    hand.press(changes.get_by_role("button", name="Show what changes"))
    expect(page.get_by_role("heading", name="Tried out, not stored")).to_be_visible()
    expect(page.locator("#advice")).to_contain_text("Services needed 60")
    expect(page).to_have_url(re.compile("weight_services=60"))


def test_from_the_guide_to_a_vendor(hand):
    page = hand.page
    page.goto("/")
    hand.press(in_menu(page, "Guide"))
    expect(page.get_by_role("heading", level=1)).to_have_text("CRO, CMO or CDMO")
    hand.press(page.get_by_role("link", name="Browse vendors"))
    expect(page).to_have_url(re.compile("/vendors/$"))
    first = page.get_by_role("main").get_by_role("heading", level=2).first
    name = first.inner_text()
    hand.press(first.get_by_role("link"))
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
