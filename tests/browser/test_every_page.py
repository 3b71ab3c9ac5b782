"""Every page can be used by everybody: narrow and wide, light and dark, with what axe knows of WCAG 2.2 AA and of good practice."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from tests.chromium import WATCH, noticed
from tests.every_page import PAGES

AXE = Axe()
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = {
    "runOnly": [*WCAG, "best-practice"],
    # Targets of 24 px or with room around them: axe leaves this one off by itself.
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,
}
# Themes differ in colours alone, so what has nothing to do with colours is looked at once.
LARGEST_SHIFT = 0.01
PARTS = 4
COLOURS = {**RULES, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def show(page, shown):
    """Bring the browser to a page of the list; an answer that needs more than an address is handed to it as the server gave it."""
    place = shown.place()
    if shown.ask is None:
        response = page.goto(place)
        assert response.status == shown.status, f"{shown}: {response.status}"
    else:
        answer = shown.answered(Client(), place)
        headers = dict(answer.headers)

        def hand_over(route):
            route.fulfill(status=answer.status_code, headers=headers, body=answer.content)

        page.route(lambda url: urlsplit(url).path == place, hand_over, times=1)
        page.goto(place)
    shown.then(page)


def problems_of(page, rules):
    found = AXE.run(page, options=rules)
    return [
        f"{violation['id']}: {node['html'][:160]} {' '.join(check['message'] for check in node['any'] + node['all'])[:200]}"
        for violation in found.response["violations"]
        for node in violation["nodes"][:3]
    ]


def shape_problems(page):
    """What axe does not look at: a page that scrolls sideways or moves while it loads, and its one first heading."""
    wide, headings = page.evaluate("[document.documentElement.scrollWidth - innerWidth, document.querySelectorAll('h1').length]")
    shift = noticed(page)
    return [
        *([f"moves by {shift['moved']:.3f}: {shift['movers']}"] if shift["moved"] >= LARGEST_SHIFT else []),
        *([f"scrolls sideways by {wide} px"] if wide > 0 else []),
        *([f"has {headings} first headings"] if headings != 1 else []),
    ]


# In parts, so that workers share them.
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("width", [320, 1440])
def test_every_page_is_accessible(whole_portal, new_page, page_problems, width, part):
    page = new_page(viewport={"width": width, "height": 900}, color_scheme="light", reduced_motion="reduce")
    page.add_init_script(WATCH)
    problems = []
    for shown in PAGES[part::PARTS]:
        show(page, shown)
        here = [*shape_problems(page), *problems_of(page, RULES)]
        page.emulate_media(color_scheme="dark")
        here += [f"dark: {problem}" for problem in problems_of(page, COLOURS)]
        page.emulate_media(color_scheme="light")
        # What was collected on one page would stand on the next.
        page.evaluate("localStorage.clear()")
        problems += [f"{shown}: {problem}" for problem in here]
    # Statuses from 400 on, which Chromium reports as failed loads.
    page_problems[:] = [problem for problem in page_problems if "the server responded with a status of" not in problem]
    assert not problems, "\n".join(problems)


COLLECTED = '[{"slug": "lonza", "name": "Lonza"}, {"slug": "iqvia", "name": "IQVIA"}, {"slug": "catalent", "name": "Catalent"}]'


@pytest.mark.parametrize("width", [320, 1440])
def test_nothing_moves_where_vendors_were_collected_on_another_page(whole_portal, new_page, width):
    page = new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page.add_init_script(WATCH)
    page.add_init_script(f"localStorage.setItem('compare', '{COLLECTED}')")
    for address in ("/account/sign-in/", "/programs/compare/", "/vendors/", "/vendors/lonza/", "/vendors/compare/?v=lonza&v=iqvia"):
        page.goto(address)
        shown = page.locator("#tray").is_visible()
        assert shown == (address != "/vendors/compare/?v=lonza&v=iqvia")
        assert [problem for problem in shape_problems(page) if "moves" in problem] == [], address
        if shown:
            page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
            foot, tray = page.locator("footer.site").bounding_box(), page.locator("#tray").bounding_box()
            assert foot["y"] + foot["height"] <= tray["y"] + 1, f"{address}: the tray covers the foot"
