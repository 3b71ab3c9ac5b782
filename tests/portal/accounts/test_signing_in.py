"""Making an account, signing in and out, and changing the password."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from tests.portal.accounts.conftest import PASSWORD
from tests.vendors.records import store_vocabulary

pytestmark = pytest.mark.django_db
NEW = {"username": "berta", "password1": PASSWORD, "password2": PASSWORD, "email": ""}


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_who_makes_an_account_is_signed_in_and_can_do_nothing_else(client, db):
    response = client.post("/account/register/", NEW, follow=True)
    assert response.redirect_chain == [("/account/", 302)]
    assert "you are signed in" in words(response)
    user = get_user_model().objects.get()
    assert (user.username, user.email, user.is_staff, user.is_superuser) == ("berta", "", False, False)
    assert not user.get_all_permissions()
    assert user.check_password(PASSWORD)


def test_nobody_can_register_as_more_than_a_reader(client, db):
    client.post(
        "/account/register/",
        {**NEW, "is_staff": "on", "is_superuser": "on", "user_permissions": [str(Permission.objects.values_list("pk", flat=True)[0])]},
    )
    user = get_user_model().objects.get()
    assert not user.is_staff
    assert not user.is_superuser
    assert not user.user_permissions.exists()


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"username": "ADA"}, "already exists"),
        ({"username": "аda"}, "Enter a valid username"),  # the first letter is Cyrillic  # noqa: RUF001
        ({"username": "a b"}, "Enter a valid username"),
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"username": "berta.winter", "password1": "berta.winter1", "password2": "berta.winter1"}, "too similar to the username"),
        ({"password2": "another"}, "match"),
        ({"email": "not an address"}, "valid email address"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, ada, changes, said):
    response = client.post("/account/register/", {**NEW, **changes})
    assert response.status_code == 422
    assert said in words(response)
    assert f'value="{changes.get("username", "berta")}"' in response.content.decode()
    assert PASSWORD not in response.content.decode()
    assert get_user_model().objects.count() == 1


def test_a_portal_may_keep_its_accounts_to_itself(client, db, settings):
    settings.REGISTRATION = "closed"
    assert client.get("/account/register/").status_code == client.post("/account/register/", NEW).status_code == 403
    assert not get_user_model().objects.exists()
    assert "Make an account" not in words(client.get("/account/sign-in/"))


def test_signing_in_leads_to_where_one_wanted_to_go(client, ada, sign_in):
    page = client.get("/account/sign-in/?next=/programs/new/").content.decode()
    assert '<input type="hidden" name="next" value="/programs/new/">' in page
    assert sign_in(next="/programs/new/").headers["Location"] == "/programs/new/"
    assert client.session["_auth_user_id"] == str(ada.pk)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "///evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        " //evil.example",
    ],
)
@pytest.mark.parametrize("address", ["/account/sign-in/", "/account/register/", "/admin/login/"])
def test_no_link_to_us_leads_on_to_another_site(client, ada, sign_in, address, elsewhere):
    page = client.get(address, {"next": elsewhere})
    assert "evil.example" not in page.headers.get("Location", "") + page.content.decode()
    assert "alert(1)" not in page.headers.get("Location", "") + page.content.decode()
    if address != "/account/register/":
        assert sign_in(next=elsewhere).headers["Location"] == "/account/"
    else:
        assert client.post(address, {**NEW, "next": elsewhere}).headers["Location"] == "/account/"


def test_a_wrong_password_and_a_name_that_nobody_has_sound_the_same(client, ada, sign_in):
    wrong, unknown = sign_in(password="not this"), sign_in(name="nobody")
    get_user_model().objects.filter(pk=ada.pk).update(is_active=False)
    closed = sign_in()
    assert wrong.status_code == unknown.status_code == closed.status_code == 422
    plain = [re.sub(r'value="[^"]*"', "", response.content.decode()) for response in (wrong, unknown, closed)]
    assert plain[0] == plain[1] == plain[2]
    assert "do not belong together" in plain[0]


def test_signing_in_gives_the_session_a_new_key(client, ada, sign_in):
    client.get("/admin/login/", follow=True)
    session = client.session
    session["kept"] = "from before"
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    sign_in()
    assert client.session.session_key != before
    assert not client.session.exists(before)


def test_one_signs_out_by_a_button_and_not_by_a_link(client, ada, sign_in):
    sign_in()
    assert client.get("/account/sign-out/").status_code == 405
    kept = client.session.session_key
    response = client.post("/account/sign-out/", follow=True)
    assert "You are signed out." in words(response)
    assert not client.session.exists(kept)
    assert client.get("/account/").status_code == 302


def test_five_wrong_passwords_lock_the_name_for_this_address_only(client, ada, sign_in):
    for _ in range(4):
        assert sign_in(password="wrong").status_code == 422
    locked = sign_in(password="wrong")
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "900")
    assert "Try again in 15 minutes" in words(locked)
    # The right password too, or a guesser would learn which it is.
    assert sign_in().status_code == 429
    assert "_auth_user_id" not in client.session
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert sign_in(by=elsewhere).status_code == 302


def test_the_lock_holds_on_the_way_to_the_curators_pages_too(client, cleo, sign_in):
    for _ in range(5):
        sign_in("cleo", "wrong", next="/admin/")
    assert sign_in("cleo", next="/admin/").status_code == 429
    # The admin's own form is gone: what is sent to it signs nobody in.
    response = client.post("/admin/login/", {"username": "cleo", "password": PASSWORD})
    assert (response.status_code, response.headers["Location"]) == (302, "/account/sign-in/?next=%2Fadmin%2F")
    assert "_auth_user_id" not in client.session


def test_an_address_that_tries_many_names_is_stopped(client, db, settings, sign_in):
    settings.POSTS_PER_HOUR = {"accounts:sign-in": 3, "accounts:register": 2}
    assert [sign_in(f"name{number}").status_code for number in range(4)] == [422, 422, 422, 429]
    assert [client.post("/account/register/", {**NEW, "username": ""}).status_code for _ in range(3)] == [422, 422, 429]


def test_a_new_password_needs_the_old_one(client, ada, sign_in):
    sign_in()
    new = {"new_password1": "another long phrase", "new_password2": "another long phrase"}
    refused = client.post("/account/password/", {"old_password": "wrong", **new})
    assert refused.status_code == 422
    assert "not the password of your account" in words(refused)
    assert client.post("/account/password/", {"old_password": PASSWORD, **new}, follow=True).redirect_chain == [("/account/", 302)]
    assert sign_in(by=Client()).status_code == 422
    assert sign_in(password="another long phrase", by=Client()).status_code == 302


@pytest.mark.parametrize("page", ["", "password/", "sign-out-everywhere/", "second-factor/", "second-factor/set-up/"])
def test_an_account_is_shown_to_its_owner_only_and_kept_by_nobody(client, ada, sign_in, page):
    address = f"/account/{page}"
    assert client.get(address).headers["Location"] == f"/account/sign-in/?next={address}"
    sign_in()
    response = client.get(address)
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in response.headers["X-Robots-Tag"]


# The header of a page


def test_the_header_says_whether_one_is_signed_in(client, ada, sign_in):
    store_vocabulary()
    assert 'href="/account/sign-in/"' in client.get("/").content.decode()
    sign_in()
    page = client.get("/").content.decode()
    assert 'href="/account/"' in page
    assert "/account/sign-in/" not in page


@pytest.mark.parametrize("address", ["/", "/vendors/", "/guide/", "/guide/method/"])
def test_who_has_no_session_costs_no_session(client, db, address, count_queries):
    store_vocabulary()
    client.get(address)
    with count_queries() as queries:
        response = client.get(address)
    asked = [query["sql"] for query in queries.captured_queries]
    assert not any("session" in sql or "auth_user" in sql for sql in asked)
    assert not response.wsgi_request.session.accessed
    assert not response.cookies
