"""On paper: nothing is cut off, nothing that can only be pressed is printed, and the pages are few."""

import re

import pytest

from tests.every_page import PAGES

# An A4 page between Chromium's own margins, in CSS pixels.
PAPER = {"width": 718, "height": 1046}
# The most pages that each may take; the real ones take about two thirds of it.
MOST_PAGES = {"vendor": 6, "comparison of three": 8, "comparison of five": 10, "result": 16}
# Words that stand, even in part, beside the paper.
CUT_OFF = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const words = walker.currentNode;
    const parent = words.parentElement;
    const unprinted = parent.closest(".heard, .no-print, svg, details:not([open]) > :not(summary)") || !parent.checkVisibility();
    if (unprinted || !words.data.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(words);
    const box = range.getBoundingClientRect();
    if (box.right > innerWidth + 1 || box.left < -1) found.push(`${words.data.trim().slice(0, 40)} at ${Math.round(box.right)} px`);
  }
  return found.slice(0, 5);
}"""
PRESSED = "button, input:not([type=hidden]), select, textarea, nav a, .button"


@pytest.mark.parametrize("name", MOST_PAGES)
def test_a_page_goes_to_paper_whole(whole_portal, new_page, name):
    place = next(shown for shown in PAGES if shown.name == name).place()
    page = new_page(viewport=PAPER, color_scheme="dark")
    page.goto(place)
    page.emulate_media(media="print")
    assert page.evaluate(CUT_OFF) == []
    shown = page.locator(PRESSED).locator("visible=true")
    assert shown.evaluate_all("(found) => found.map((each) => each.outerHTML.slice(0, 100))") == []
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)", "a dark screen must not become a dark sheet"
    printed = page.pdf(format="A4")
    pages = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert 1 <= pages <= MOST_PAGES[name], f"{pages} pages"
