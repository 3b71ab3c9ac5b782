"""What every test may use: a browser that tolerates no error, cheap settings, and a count of queries."""

import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from advisor import guide
from tests import chromium
from vendors import facts, snapshot, vocabulary

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
ARTIFACTS = ROOT / "var" / "test-artifacts"

PAGES = pytest.StashKey[list[Page]]()
PROBLEMS = pytest.StashKey[list[str]]()


def pytest_report_header() -> str:
    if connection.vendor == "sqlite":
        return f"database: SQLite {sqlite3.sqlite_version}"
    # Not by Django: pytest-django keeps its connection shut outside of tests.
    with psycopg.connect(os.environ["DATABASE_URL"]) as direct:
        return f"database: PostgreSQL {direct.info.parameter_status('server_version')}"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
    yield
    # A running Playwright leaves an event loop in this thread, which tests of async code would trip over: those go first.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail a test for what went wrong in its pages, and keep a picture of every page of a test that failed."""
    problems = item.stash.get(PROBLEMS, [])
    try:
        yield
        # Messages are delivered only while a page is spoken to.
        for page in pages_of(item):
            if not page.is_closed():
                page.evaluate("1")
    except (Exception, pytest.fail.Exception):
        if lines := [*problems, *keep_pictures(item)]:
            item.add_report_section("call", "pages", "\n".join(lines))
        raise
    if problems:
        pytest.fail("\n".join(["The page had problems:", *problems, *keep_pictures(item)]), pytrace=False)


def pages_of(item: pytest.Item) -> list[Page]:
    return item.stash.get(PAGES, [])


def keep_pictures(item: pytest.Item) -> list[str]:
    kept = []
    for number, page in enumerate(pages_of(item), 1):
        name = re.sub(r"[^\w.-]+", "-", f"{item.nodeid}-{connection.vendor}-{number}.png")
        try:
            page.screenshot(path=ARTIFACTS / name, full_page=True)
        except Error:
            continue
        kept.append(f"picture: {(ARTIFACTS / name).relative_to(ROOT)}")
    return kept


@pytest.fixture(scope="session", autouse=True)
def cheap_settings() -> Iterator[None]:
    """Passwords hashed in no time, and static files under their own names: the test server cannot serve hashed ones."""
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"], STORAGES=storages):
        yield


@pytest.fixture(autouse=True)
def no_snapshot_of_another_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers may be given the catalogue from before a change for a moment: here it would be that of the test before."""
    monkeypatch.setattr(snapshot, "_kept", snapshot.Kept())


@pytest.fixture
def whole_catalogue(db: None) -> None:
    """The database as `make run` fills it: the real vocabulary, guide and catalogue."""
    vocabulary.load(FIXTURES / "vocabulary.json")
    guide.load(FIXTURES / "guide.json")
    for file in sorted((FIXTURES / "catalogue").glob("*.jsonl")):
        assert not facts.load_file(file).problems


@pytest.fixture
def count_queries() -> Callable[[], CaptureQueriesContext]:
    """`with count_queries() as queries: ...`, then `len(queries)`; `queries.captured_queries` has their text."""
    return lambda: CaptureQueriesContext(connection)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # A page is waited for as long as a busy machine may need; a page that is right passes at once all the same.
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        # Playwright's event loop makes Django take every test from here on for an async one.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        browser = chromium.launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def page_problems(request: pytest.FixtureRequest) -> list[str]:
    """What went wrong in this test's pages so far; a test that provokes an error looks here and clears it."""
    return request.node.stash.setdefault(PROBLEMS, [])


@pytest.fixture
def new_page(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, page_problems: list[str]
) -> Iterator[Callable[..., Page]]:
    """Opens a page in a context of its own, with Playwright's options for one, such as color_scheme="dark"."""
    own_host = urlsplit(live_server.url).netloc
    pages = request.node.stash.setdefault(PAGES, [])
    contexts = []

    def on_console(message: ConsoleMessage) -> None:
        # Chromium asks for an icon by itself, once a browser, where a page names none: a plain text, say.
        if message.type == "error" and not message.location.get("url", "").endswith("/favicon.ico"):
            page_problems.append(f"console error: {message.text} ({message.location.get('url', '')})")

    def on_request(sent: Request) -> None:
        address = urlsplit(sent.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != own_host:
            page_problems.append(f"request to another host: {sent.url}")

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**{"base_url": live_server.url, "viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("console", on_console)
        page.on("pageerror", lambda error: page_problems.append(f"script error: {error}"))
        page.on("request", on_request)
        pages.append(page)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()
