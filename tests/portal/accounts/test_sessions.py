"""Sessions end: after idleness, after hours, and all at once."""

import pytest
from django.test import Client

from tests.portal.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def signed_in(client) -> bool:
    return client.get("/account/").status_code == 200


def test_a_session_ends_after_two_hours_without_a_request(client, ada, sign_in, clock):
    sign_in()
    clock(119)
    assert signed_in(client)
    clock(119)  # counted from the last request
    assert signed_in(client)
    kept = client.session.session_key
    clock(120)
    response = client.get("/account/", follow=True)
    assert response.redirect_chain == [("/account/sign-in/?next=/account/", 302)]
    assert "after 120 minutes without a request" in response.content.decode()
    assert not client.session.exists(kept)


def test_nobody_stays_signed_in_for_longer_than_half_a_day_and_no_curator_longer_than_a_working_day(client, ada, cleo, sign_in, clock):
    curator = Client()
    sign_in()
    sign_in("cleo", by=curator)
    for _ in range(7):
        clock(60)
        assert signed_in(client)
        assert signed_in(curator)
    clock(60)
    assert signed_in(client)
    assert not signed_in(curator)
    for _ in range(3):
        clock(60)
        assert signed_in(client)
    clock(60)
    assert not signed_in(client)


def test_a_session_from_before_there_were_limits_is_over(client, ada, sign_in):
    sign_in()
    session = client.session
    for name in ("began_at", "seen_at"):
        del session[name]
    session.save()
    assert not signed_in(client)


def test_the_cookie_ends_with_the_browser_and_no_script_reads_it(client, ada, sign_in):
    cookie = sign_in().cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_reading_writes_the_session_once_a_minute_at_most(client, ada, sign_in, clock, count_queries):
    sign_in()
    with count_queries() as queries:
        signed_in(client)
    assert not any(query["sql"].startswith("UPDATE") for query in queries.captured_queries)
    clock(2)
    with count_queries() as queries:
        signed_in(client)
    assert any(query["sql"].startswith("UPDATE") for query in queries.captured_queries)


def test_a_new_password_ends_all_other_sessions(client, ada, sign_in):
    other = Client()
    sign_in()
    sign_in(by=other)
    new = {"old_password": PASSWORD, "new_password1": "another long phrase", "new_password2": "another long phrase"}
    client.post("/account/password/", new)
    assert signed_in(client)
    assert not signed_in(other)


def test_signing_out_everywhere_ends_every_session_and_keeps_the_password(client, ada, sign_in):
    other = Client()
    sign_in()
    sign_in(by=other)
    assert client.post("/account/sign-out-everywhere/", {"password": "wrong"}).status_code == 422
    assert signed_in(other)
    client.post("/account/sign-out-everywhere/", {"password": PASSWORD})
    assert not signed_in(client)
    assert not signed_in(other)
    assert sign_in().status_code == 302


def test_an_account_that_was_closed_is_signed_out(client, ada, sign_in):
    sign_in()
    ada.is_active = False
    ada.save()
    assert not signed_in(client)
