"""Takes the pictures of this folder anew, so that they show the portal as it is: `make pictures`.

bin/with-portal .venv/bin/python -m docs.pictures
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.pages import start
from tests.chromium import launch

FOLDER = Path(__file__).resolve().parent
DESK = {"viewport": {"width": 1100, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@dataclass(frozen=True)
class Picture:
    file: str
    # The name of a page in tests/every_page.py.
    shows: str
    theme: str = "light"
    reader: Any = None
    then: Callable[[Page], None] = lambda page: None


def collect(page: Page) -> None:
    for number in range(2):
        page.get_by_role("checkbox", name=re.compile("^Compare ")).nth(number).check()


def what_changes(page: Page) -> None:
    page.locator(".changed").first.evaluate("(part) => part.scrollIntoView({ block: 'start' })")


def matches(page: Page) -> None:
    page.get_by_role("heading", name="Who can make it", level=2).evaluate("(part) => part.scrollIntoView({ block: 'start' })")


PICTURES = (
    Picture("home.png", "home"),
    Picture("list.png", "vendors, filtered", then=collect),
    Picture("vendor.png", "vendor"),
    Picture("comparison.png", "comparison of three"),
    Picture("landscape.png", "landscape"),
    Picture("intake.png", "intake"),
    Picture("advice.png", "result"),
    Picture("matches.png", "result", then=matches),
    Picture("change.png", "result, changed", then=what_changes),
    Picture("advice-phone.png", "result", reader=PHONE),
    Picture("list-phone.png", "vendors, filtered", "dark", PHONE),
)


def main() -> None:
    start()
    from tests.every_page import PAGES

    # Stored before the browser starts: with it comes an event loop, in which Django would not speak to the database.
    wanted = {picture.shows for picture in PICTURES}
    places = {shown.name: shown.place() for shown in PAGES if shown.name in wanted}
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for picture in PICTURES:
            context = browser.new_context(
                **(picture.reader or DESK), base_url=os.environ["PORTAL"], color_scheme=picture.theme, reduced_motion="reduce"
            )
            page = context.new_page()
            page.goto(places[picture.shows], wait_until="networkidle")
            picture.then(page)
            page.mouse.move(0, 0)
            page.screenshot(path=FOLDER / picture.file, animations="disabled", caret="hide")
            print(f"docs/{picture.file}: {(FOLDER / picture.file).stat().st_size / 1000:.0f} kB")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
