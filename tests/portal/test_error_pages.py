"""When something goes wrong the reader is told what to do next, and the page needs no database to say so."""

import re

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.db import DatabaseError
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.views import defaults
from django.views.csrf import csrf_failure

from portal import limits, views
from vendors.models import CatalogueVersion

# Without the mark `django_db` every query fails: so each page here is drawn without one.

PAGES = {
    400: lambda request: views.bad_request(request, BadRequest()),
    403: lambda request: defaults.permission_denied(request, PermissionDenied()),
    404: lambda request: defaults.page_not_found(request, Exception("nothing")),
    413: limits.too_large,
    429: lambda request: render(request, "429.html", {"wait_minutes": 12}, status=429),
    500: defaults.server_error,
}
NEXT_STEP = {
    400: "Go back and try again",
    403: "ask whoever runs this portal",
    404: "Search the catalogue",
    413: "shorten",
    429: "Try again in 12 minutes",
    500: "Try again in a minute",
}


@pytest.mark.parametrize("status", PAGES)
def test_an_error_page_says_what_to_do_next(rf, status):
    response = PAGES[status](rf.get("/somewhere"))
    page = response.content.decode()
    assert response.status_code == status
    assert NEXT_STEP[status] in page
    assert 'href="/vendors/"' in page
    assert "noindex" in page
    assert len(re.findall("<h1>", page)) == 1


def test_an_unknown_address_is_answered_with_the_page(client):
    response = client.get("/nowhere/at/all")
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()


def test_a_failure_of_ours_is_answered_with_the_page(client):
    client.raise_request_exception = False  # the home page asks the database, which is not there
    response = client.get("/")
    assert response.status_code == 500
    assert "Something went wrong here" in response.content.decode()


def test_a_body_that_grew_over_the_limit_while_it_was_read_gets_the_page_that_names_the_limit(rf, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
    response = views.bad_request(rf.post("/programs/new/"), RequestDataTooBig())
    assert response.status_code == 413
    assert "at most 64 kB" in response.content.decode()


def test_a_form_without_its_proof_says_how_to_send_it_again(rf):
    response = csrf_failure(rf.post("/programs/new/"), reason=REASON_NO_CSRF_COOKIE)
    assert response.status_code == 403
    assert "reload the page" in response.content.decode()


@pytest.mark.django_db
def test_health_says_whether_the_database_answers(client, monkeypatch):
    assert client.get("/healthz").json()["status"] == "ok"

    def fail():
        raise DatabaseError

    monkeypatch.setattr(CatalogueVersion, "current", fail)
    assert client.get("/healthz").status_code == 503


def test_robots_may_read_all_but_the_curators_pages(client):
    assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /admin/\nSitemap: http://testserver/sitemap.xml\n"
