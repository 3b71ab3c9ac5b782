"""Fetching a record, against a server of our own: nothing here leaves the machine."""

import http.server
import json
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress

import pytest

from advisor.trials import registry
from advisor.trials.record import TrialError, nct_number

RECORD = json.dumps({"protocolSection": {"identificationModule": {"nctId": "NCT99990001"}}}).encode()


@contextmanager
def serving(answer):
    """A server that gives `answer(handler)`, an opener that leads there whatever is asked of the registry, and the addresses asked."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            # That the reader goes before the end is what some tests are about.
            with suppress(BrokenPipeError, ConnectionResetError):
                answer(self)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    asked = []

    def opener(request, seconds):
        asked.append(request.full_url)
        local = request.full_url.replace("https://clinicaltrials.gov", f"http://127.0.0.1:{server.server_port}")
        return registry.director(urllib.request.HTTPHandler()).open(local, timeout=seconds)

    try:
        yield opener, asked
    finally:
        server.shutdown()
        server.server_close()


def send(handler, status=200, body=b"", **headers):
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def refusal(answer, number="NCT99990001", **options):
    with serving(answer) as (opener, asked), pytest.raises(TrialError) as refused:
        registry.fetch(number, opener=opener, **options)
    assert "\n" not in str(refused.value)
    return str(refused.value), asked


def test_a_record_is_fetched_by_its_number_from_the_registry_alone():
    with serving(lambda handler: send(handler, body=RECORD)) as (opener, asked):
        study = registry.fetch(" nct99990001 ", opener=opener)
    assert study["protocolSection"]["identificationModule"]["nctId"] == "NCT99990001"
    assert asked == ["https://clinicaltrials.gov/api/v2/studies/NCT99990001"]


@pytest.mark.parametrize(
    "number",
    [
        "",
        "NCT1",
        "NCT999900011",
        "NCT9999000/",
        "../NCT99990001",
        "NCT99990001@evil.example",
        "NCT\u0669\u0669\u0669\u0669\u0660\u0660\u0660\u0661",
    ],
)
def test_what_is_no_nct_number_is_never_asked_for(number):
    message, asked = refusal(lambda handler: send(handler, body=RECORD), number)
    assert "is not an NCT number" in message
    assert asked == []


@pytest.mark.parametrize(
    "status,words",
    [
        (404, "has no study NCT99990001"),
        (500, "error of its own (500)"),
        (503, "(503)"),
        (429, "too often"),
        (403, "refused the request (403)"),
    ],
)
def test_an_answer_that_is_no_record_is_told_by_its_status(status, words):
    message, _ = refusal(lambda handler: send(handler, status, b"no"))
    assert words in message
    assert status == 404 or "upload it here" in message


@pytest.mark.parametrize("body", [b"<html>", b"", b"{", b"[]", b"{}", b"\xff"])
def test_an_answer_in_another_form_is_refused(body):
    assert "no study record" in refusal(lambda handler: send(handler, body=body))[0]


def test_another_study_than_was_asked_for_is_refused():
    assert "another study" in refusal(lambda handler: send(handler, body=RECORD), "NCT99990009")[0]


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/api/v2/studies/NCT99990001", "http://clinicaltrials.gov/api/v2/studies/NCT99990001", "//evil.example/",
        "https://clinicaltrials.gov.evil.example/api/v2/studies/NCT99990001", "https://clinicaltrials.gov/elsewhere", "",
        "file:///etc/passwd",
        "https://clinicaltrials.gov/api/v2/studies/NCT99990001@evil.example",
    ],
)  # fmt: skip
def test_a_redirect_to_anywhere_but_a_study_of_the_registry_is_not_followed(address):
    message, asked = refusal(lambda handler: send(handler, 302, Location=address))
    assert "not followed" in message
    assert len(asked) == 1


@pytest.mark.parametrize("address", ["/api/v2/studies/NCT99990001", "https://clinicaltrials.gov/api/v2/studies/NCT99990001"])
def test_a_number_that_was_merged_into_another_leads_to_that_study(address):
    def answer(handler):
        send(handler, body=RECORD) if handler.path.endswith("1") else send(handler, 301, Location=address)

    with serving(answer) as (opener, asked):
        registry.fetch("NCT99990009", opener=opener)
    assert asked == [f"https://clinicaltrials.gov/api/v2/studies/{number}" for number in ("NCT99990009", "NCT99990001")]


def test_numbers_that_lead_in_a_circle_are_given_up():
    message, asked = refusal(lambda handler: send(handler, 301, Location="/api/v2/studies/NCT99990001"))
    assert "from one study to the next" in message
    assert len(asked) == 2


def test_an_answer_that_does_not_come_is_given_up_in_time():
    began = time.monotonic()
    assert "in time" in refusal(lambda handler: time.sleep(2), seconds=0.3)[0]
    assert time.monotonic() - began < 5


def test_an_answer_that_drips_is_given_up_in_time():
    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(40):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)

    assert "in time" in refusal(drip, seconds=0.4)[0]


def test_an_answer_that_is_too_large_is_not_read_to_its_end():
    written = []

    def pour(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(2000):
            handler.wfile.write(b" " * 65_536)
            written.append(65_536)

    assert "larger than 1 MB" in refusal(pour, most=1_048_576)[0]
    assert sum(written) < 60 * 1_048_576


def test_an_answer_that_breaks_off_is_told_like_no_answer():
    def broken(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"{")

    assert "upload it here" in refusal(broken)[0]


@pytest.mark.parametrize("error", [urllib.error.URLError("no route"), OSError("refused"), ConnectionResetError()])
def test_a_registry_that_cannot_be_reached_is_told_with_the_way_out(error):
    def opener(request, seconds):
        raise error

    with pytest.raises(TrialError, match=r"cannot be reached from this portal.*upload it here"):
        registry.fetch("NCT99990001", opener=opener)


def test_the_opener_of_the_portal_speaks_https_alone():
    for address in ("http://127.0.0.1:1/", "file:///etc/hostname", "ftp://127.0.0.1/"):
        with pytest.raises(urllib.error.URLError, match="unknown url type"):
            registry.over_https(urllib.request.Request(address), 1)  # noqa: S310


def test_a_number_is_tidied_and_nothing_else():
    assert nct_number(" nct 0123 4567 ") == "NCT01234567"
