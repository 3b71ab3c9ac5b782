"""Checking source addresses: what counts as trouble, how politely it is asked, and that nothing within our own network is."""

import datetime as dt
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.vendors.records import record, source, store, store_vocabulary
from vendors import link_checks
from vendors.models import Source, SourceAddress, Vendor

PUBLIC = "93.184.215.14"
DAY = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


class Site(BaseHTTPRequestHandler):
    """Answers as its path says: /404, /to?there, /head (refuses HEAD), /slow."""

    seen: list[tuple[str, str, str | None, str | None]]

    def answer(self):
        self.server.seen.append((self.command, self.path, self.headers["User-Agent"], self.headers["Range"]))  # type: ignore[attr-defined]
        path, _, there = self.path.partition("?")
        status = int(path[1:]) if path[1:].isdigit() else 302 if there else 200
        if path == "/head" and self.command == "HEAD":
            status = 404
        self.send_response(status)
        if there:
            self.send_header("Location", there)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(b"x" * 1000)

    do_HEAD = do_GET = answer

    def log_message(self, *args):
        pass


@pytest.fixture
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.seen = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def asker(site):
    """Asks the site on this machine as if it were on the web; some hosts are not."""

    def resolve(host, port):
        hosts = {"local.example": ["127.0.0.1"], "mixed.example": [PUBLIC, "10.0.0.7"]}
        if host == "missing.example":
            raise socket.gaierror
        return hosts.get(host, [PUBLIC])

    def connect(address, port, timeout):
        assert address == PUBLIC
        return socket.create_connection(("127.0.0.1", site.server_address[1]), timeout)

    return link_checks.Asker(resolve, connect, 5)


def test_a_page_that_is_there_is_asked_for_once_and_without_its_text(asker, site):
    assert asker.ask("http://a.example/page?") == link_checks.Answer(200, "http://a.example/page?")
    [(method, path, agent, _)] = site.seen
    assert (method, path) == ("HEAD", "/page")
    assert "Crossmatch-source-check" in agent


def test_where_head_is_refused_a_few_bytes_are_asked_for(asker, site):
    assert asker.ask("http://a.example/head").trouble == ""
    assert [(method, some) for method, _, _, some in site.seen] == [("HEAD", None), ("GET", "bytes=0-1023")]


@pytest.mark.parametrize("status", [404, 410, 500])
def test_a_page_that_is_gone_is_trouble(status, asker):
    answer = asker.ask(f"http://a.example/{status}")
    assert answer.status == status
    assert str(status) in answer.trouble


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_page_that_is_kept_from_programs_is_no_trouble(status, asker):
    assert asker.ask(f"http://a.example/{status}") == link_checks.Answer(status, f"http://a.example/{status}")


def test_it_says_where_a_page_has_moved_to(asker):
    assert asker.ask("http://a.example/to?http://b.example/new") == link_checks.Answer(200, "http://b.example/new")
    assert asker.ask("http://a.example/to?/new").final_url == "http://a.example/new"


def test_an_endless_way_is_left(asker, site):
    class Round(Site):
        def answer(self):
            self.send_response(302)
            self.send_header("Location", "/again")
            self.end_headers()

        do_HEAD = do_GET = answer

    site.RequestHandlerClass = Round
    assert "more than 5 times" in asker.ask("http://a.example/again").trouble


@pytest.mark.parametrize(
    "url,trouble",
    [
        ("http://local.example/", "not on the open web"),
        ("http://mixed.example/", "not on the open web"),
        ("http://a.example/to?http://local.example/secret", "not on the open web"),
        ("http://a.example/to?file:///etc/passwd", "no address on the web"),
        ("http://user:word@a.example/", "no address on the web"),
        ("http://missing.example/", "no such host"),
        ("http://a.example:99999/", "no address"),
    ],
)
def test_nothing_but_the_open_web_is_asked(url, trouble, asker, site):
    assert trouble in asker.ask(url).trouble
    assert not [path for _, path, _, _ in site.seen if "secret" in path and not path.startswith("/to")]


OWN = """
127.0.0.1 10.1.2.3 172.16.0.1 192.168.0.1 169.254.169.254 0.0.0.0 100.64.0.1 224.0.0.1
::1 fc00::1 fe80::1%eth0 ::ffff:10.0.0.1 2002:7f00:1:: 64:ff9b::7f00:1
"""


@pytest.mark.parametrize("address", OWN.split())
def test_an_address_of_a_network_of_ones_own_is_known_for_it(address):
    assert not link_checks.is_public(address)


def test_a_public_address_is_known_for_it():
    assert link_checks.is_public(PUBLIC)
    assert link_checks.is_public("2606:2800:220:1:248:1893:25c8:1946")


def test_no_answer_is_trouble_and_no_crash(asker):
    def refused(address, port, timeout):
        raise ConnectionRefusedError

    assert "ConnectionRefusedError" in link_checks.Asker(asker.resolve, refused).ask("http://a.example/").trouble


class Clock:
    def __init__(self):
        self.now, self.slept = 0.0, []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds

    def __call__(self):
        return self.now


@pytest.fixture
def cited(db):
    """Stores a vendor whose sources have these addresses."""
    store_vocabulary()

    def cite(*urls, **changes):
        return store(record(sources=[source(url=url) for url in urls], **changes))[0]

    return cite


def run(asker, *, limit=99, at=DAY):
    clock = Clock()
    return clock, list(link_checks.run(limit=limit, asker=asker, pause=5, sleep=clock.sleep, clock=clock, now=lambda: at))


def test_one_host_is_asked_only_after_a_pause_and_others_meanwhile(asker, cited):
    cited("http://a.example/1", "http://a.example/2", "http://b.example/1")
    clock, rows = run(asker)
    assert [row.url for row in rows] == ["http://a.example/1", "http://a.example/2", "http://b.example/1"]
    assert clock.slept == [5]


def test_a_host_that_has_had_enough_is_left_alone_for_the_rest_of_the_run(asker, cited, site):
    cited("http://a.example/429", "http://a.example/x")
    run(asker)
    assert "/x" not in [path for _, path, _, _ in site.seen]
    assert SourceAddress.objects.get(url="http://a.example/x").checked_at is None


def test_those_longest_not_asked_for_come_first_and_only_so_many(asker, cited):
    cited("http://a.example/1", "http://b.example/2", "http://c.example/3")
    assert [row.url for row in run(asker, limit=2)[1]] == ["http://a.example/1", "http://b.example/2"]
    later = DAY + dt.timedelta(days=1)
    assert [row.url for row in run(asker, limit=2, at=later)[1]] == ["http://c.example/3", "http://a.example/1"]


def test_an_address_is_broken_after_failing_on_three_days_and_whole_again_after_an_answer(asker, cited):
    cited("http://a.example/404")
    for day in (0, 0, 0, 1, 2):
        assert not SourceAddress.objects.broken().exists()
        run(asker, at=DAY + dt.timedelta(days=day))
    assert SourceAddress.objects.broken().get().url == "http://a.example/404"
    row = SourceAddress.objects.get()
    link_checks.note(row, link_checks.Answer(200, row.url), DAY)
    assert not SourceAddress.objects.broken().exists()


def test_an_address_that_no_source_has_any_more_is_forgotten(asker, cited):
    cited("http://a.example/404")
    run(asker)
    Source.objects.update(url="http://a.example/other")
    run(asker)
    assert [row.url for row in SourceAddress.objects.all()] == ["http://a.example/other"]
    Vendor.objects.update(status="archived")
    run(asker)
    assert not SourceAddress.objects.exists()


def test_nothing_is_checked_unless_it_is_wanted(asker, cited, settings):
    cited("http://a.example/404")
    with pytest.raises(CommandError, match="CHECK_SOURCES"):
        call_command("check_sources")
    out = StringIO()
    call_command("check_sources", even_if_off=True, asker=asker, stdout=out)
    assert out.getvalue() == "http://a.example/404: The server says 404 Not Found (on 1 day)\n1 addresses asked for, 0 broken\n"
    settings.CHECK_SOURCES = True
    call_command("check_sources", asker=asker, limit=0)


def test_no_record_changes_by_what_comes_back(asker, cited):
    vendor = cited("http://a.example/404")
    run(asker)
    assert Vendor.objects.get().changed_at == vendor.changed_at
    assert Source.objects.get().url == "http://a.example/404"
