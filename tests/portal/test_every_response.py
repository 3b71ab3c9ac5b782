"""Every page keeps the strict security policy: nothing inline, nothing from elsewhere, and headers that say so."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.every_page import PAGES

# What a browser fetches, or sends to, by itself; where a link leads is the reader's choice.
FETCHED = {"src", "srcset", "data", "poster", "action", "formaction", "background"}
# The last is how an app for codes is told its secret; javascript is refused below, wherever it stands.
LED_TO = {"http", "https", "javascript", "otpauth"}
POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data:", "font-src": "'self'",
    "connect-src": "'self'", "form-action": "'self'", "frame-ancestors": "'none'", "base-uri": "'none'", "object-src": "'none'",
}  # fmt: skip


class Reader(HTMLParser):
    """Collects what the policy would refuse, as words."""

    def __init__(self):
        super().__init__()
        self.refused = []

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        # Data for search engines is no script: no browser runs it.
        inside = tag == "script" and "src" not in given and given.get("type") != "application/ld+json"
        if tag == "style" or inside:
            self.refused.append(f"<{tag}> inside the page")
        if tag == "a" and (place := urlsplit(given.get("href", ""))).scheme:
            # A source is whatever a curator, or a file, named.
            if place.scheme not in LED_TO:
                self.refused.append(f"<a href={given['href'][:40]!r}> leads to no page of the web")
            elif place.scheme.startswith("http") and place.netloc != "testserver" and "noopener" not in given.get("rel", "").split():
                self.refused.append(f"<a href={given['href'][:40]!r}> hands this window to another site")
        for name, value in given.items():
            if name == "style" or name.startswith("on") or value.strip().lower().startswith("javascript:"):
                self.refused.append(f"<{tag} {name}={value[:40]!r}>")
            elif (name in FETCHED or (tag, name) == ("link", "href")) and given.get("rel") != "canonical" and urlsplit(value).netloc:
                self.refused.append(f"<{tag} {name}={value[:40]!r}> asks another host")

    handle_startendtag = handle_starttag


def policy(response):
    parts = (part.split(maxsplit=1) for part in response.headers["Content-Security-Policy"].split(";"))
    return dict(parts)


def test_every_page_keeps_the_security_policy(whole_catalogue):
    problems = []
    for page in PAGES:
        response = page.answered(Client(), page.place())
        reader = Reader()
        reader.feed(response.content.decode())
        problems += [f"{page}: {refused}" for refused in reader.refused]
        if response.status_code != page.status:
            problems.append(f"{page}: answered with {response.status_code} instead of {page.status}")
        if policy(response) != POLICY:
            problems.append(f"{page}: {response.headers['Content-Security-Policy']}")
        for name, value in {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin"}.items():
            if response.headers.get(name) != value:
                problems.append(f"{page}: {name} is {response.headers.get(name)}")
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="color: red">', "<style>", "<script>", '<a onclick="go()">', '<a href="javascript:go()">', '<img src="//cdn.example/x">',
        '<a href="data:text/html,x" rel="noopener">', '<a href="https://else.example/">', '<a href="https://else.example/" rel="nofollow">',
        '<link rel="stylesheet" href="https://cdn.example/x.css">', '<form action="https://else.example/">',
    ],
)  # fmt: skip
def test_the_reader_sees_what_the_policy_refuses(markup):
    reader = Reader()
    reader.feed(markup)
    assert len(reader.refused) == 1
