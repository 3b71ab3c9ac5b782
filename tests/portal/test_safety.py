"""What holds for the whole site, whatever page is added: every address is walked, and nothing is listed by hand but what is excused."""

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.cache import cache
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver

from advisor import guide, versions
from portal.accounts import second_factor
from tests.engine.builders import profile
from tests.vendors.records import FIXTURES, REAL_VOCABULARY, record, source, store, store_vocabulary

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
# What takes a post from anywhere, since it neither reads a cookie nor changes anything.
NEEDS_NO_PROOF: set[str] = set()
# The admin's doors: one leads to the sign-in, the other out.
DOORS = {"/admin/login/", "/admin/logout/"}


def addresses(patterns=None, before: str = "/") -> Iterator[str]:
    """One address of every URL pattern, the parts of it made up."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = str(pattern.pattern)
        own = "anything" if "(?P" in route else re.sub(r"<[^>]+>", "x1", re.sub(r"<int:\w+>", "1", route))
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, before + own)
        elif isinstance(pattern, URLPattern):
            yield before + own


@pytest.fixture(autouse=True)
def no_posts_of_another_test(db):
    cache.clear()


@pytest.fixture
def portal(db):
    """Something on every page, with the whole vocabulary and the guide."""
    store_vocabulary(REAL_VOCABULARY)
    guide.load(FIXTURES / "guide.json")
    store(record(name="Alpina"), record(name="Borealis", type="CDMO", sources=[source(url="https://news.example/2?a=1&b=2")]))


@pytest.fixture
def superuser(db):
    user = User.objects.create_superuser("root")
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def test_no_form_is_taken_without_its_proof(superuser):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = superuser.cookies
    walked = sorted(set(addresses()) - NEEDS_NO_PROOF)
    assert len(walked) > 60
    for address in walked:
        response = strict.post(address, {"anything": "at all"})
        assert response.status_code == 403, address
        assert "the proof that it came from this site" in response.content.decode(), address


def test_the_curators_pages_open_to_curators_only(superuser, settings):
    sponsor = Client()
    sponsor.force_login(User.objects.create_user("ada"), backend=BACKEND)
    walked = [address for address in addresses() if address.startswith("/admin/") and address not in DOORS]
    assert len(walked) > 40
    for settings.CURATORS_NEED_SECOND_FACTOR, closed_to in ((False, (Client(), sponsor)), (True, (Client(), sponsor, superuser))):
        for address in walked:
            for client in closed_to:
                for ask in (client.get, client.post):
                    response = ask(address)
                    assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, "/admin/login/"), address
    settings.CURATORS_NEED_SECOND_FACTOR = False
    assert superuser.get("/admin/").status_code == 200


# Headers


# Beside the pages of tests/every_page.py, which tests/portal/test_every_response.py looks at.
ANSWERS = {
    "not modified": ("again", "/guide/", 304),
    "JSON": ("get", "/healthz", 200),
    "text": ("get", "/robots.txt", 200),
    "XML": ("get", "/sitemap.xml", 200),
    "export": ("get", "/vendors/export.csv", 200),
    "static": ("get", "/static/css/crossmatch.css", 200),
    "static, missing": ("get", "/static/css/nothing.css", 404),
    "wrong method": ("put", "/", 405),
    "redirect": ("get", "/account/", 302),
    "slash added": ("get", "/guide", 301),
    "admin": ("admin", "/admin/", 200),
    "admin, closed": ("get", "/admin/", 302),
    "data of an account": ("admin", "/account/export/", 200),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_kind_of_answer_carries_the_headers_that_keep_readers_safe(portal, superuser, settings, kind):
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True  # nothing is collected in tests
    how, address, status = ANSWERS[kind]
    client = Client()  # one that has read the settings above
    match how:
        case "again":
            response = client.get(address, headers={"If-None-Match": client.get(address).headers["ETag"]})
        case "admin":
            response = superuser.get(address)
        case _:
            response = getattr(client, how)(address)
    if response.streaming:
        response.getvalue()  # a file is closed when it has been read
    assert response.status_code == status
    policy = response.headers["Content-Security-Policy"]
    for part in (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ):
        assert part in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]
    if address.startswith("/account/"):
        assert "no-store" in response.headers["Cache-Control"]


# Links


class Links(HTMLParser):
    def __init__(self, page: str):
        super().__init__()
        self.found: list[dict[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag in {"a", "area", "form"} and ("href" in given or "action" in given):
            self.found.append({"tag": tag, "href": given.get("href", given.get("action", "")), "rel": given.get("rel", "")})


def crawl(client, *start: str, of_each: int = 5) -> dict[str, list[dict[str, str]]]:
    """Pages and the links on them, from `start` on by links of this site; at most so many pages of each URL pattern."""
    waiting, seen, pages = list(start), set(start), {}
    of_view: Counter[str] = Counter()
    while waiting:
        address = waiting.pop(0)
        response = client.get(address)
        if "Location" in response.headers:
            links = [{"tag": "a", "href": response.headers["Location"], "rel": ""}]
        elif "html" in response.headers["Content-Type"]:
            assert response.status_code < 500, address
            links = pages[address] = Links(response.content.decode()).found
        else:
            continue
        for link in links:
            # Files are not walked: what has a dot in its address.
            onward = urldefrag(urljoin(f"http://testserver{address}", link["href"])).url.removeprefix("http://testserver")
            if (
                link["tag"] == "a"
                and onward.startswith("/")
                and not onward.startswith("//")
                and onward not in {*seen, *DOORS}
                and "." not in onward
            ):
                try:
                    view = get_resolver().resolve(onward.split("?")[0]).route
                except Resolver404:
                    continue
                if of_view[view] < of_each:
                    of_view[view] += 1
                    seen.add(onward)
                    waiting.append(onward)
    return pages


def check_links(pages):
    outside = 0
    for address, links in pages.items():
        for link in links:
            # An app for codes is opened by an address of its own kind.
            if link["href"].startswith("otpauth:") and address.endswith("/set-up/"):
                continue
            scheme, host = urlsplit(link["href"].strip())[:2]
            if link["href"].startswith("//") or (host and host != "testserver"):
                outside += 1
                assert scheme in {"http", "https"}, (address, link)
                assert link["tag"] == "a", (address, link)
                assert "noopener" in link["rel"].split(), (address, link)
            else:
                assert scheme in {"", "http", "https"}, (address, link)
    return outside


def test_links_to_other_sites_are_http_and_open_without_a_way_back(client, portal):
    stored = versions.new_program(profile(), by=AnonymousUser())
    pages = crawl(client, "/", stored.get_absolute_url())
    assert f"{stored.get_absolute_url()}documents/" in pages
    assert len(pages) >= 20
    assert {"/vendors/alpina/", "/guide/", "/guide/method/", "/account/sign-in/"} <= set(pages)
    assert check_links(pages) > 100


def test_the_pages_behind_the_sign_in_link_no_other_way(superuser, portal):
    second_factor.candidate(User.objects.get())
    pages = crawl(superuser, "/admin/", "/admin/vendors/vendor/", "/account/", of_each=3)
    assert len(pages) > 40
    assert {"/account/second-factor/set-up/", "/admin/vendors/vendor/"} <= set(pages)
    check_links(pages)
