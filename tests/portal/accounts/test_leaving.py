"""Taking one's data away, and having it deleted."""

import json

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import models
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from advisor.models import Program, ProgramMember
from portal.accounts import second_factor
from tests.engine.builders import profile
from tests.portal.accounts.conftest import PASSWORD, code_of

pytestmark = pytest.mark.django_db


def program(owner, name):
    return Program.objects.create(name=name, profile=profile().as_dict(), owner=owner)


def rows_that_name(word: str) -> set[str]:
    """Every table with a row in which the word stands in a column of text."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField) and any(
                word in str(value) for value in model._default_manager.values_list(field.name, flat=True)
            ):
                found.add(model._meta.label)
    return found


def rows_that_point_at(user) -> set[str]:
    return {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is get_user_model() and model._default_manager.filter(**{field.name: user.pk}).exists()
    }


@pytest.fixture
def a_full_account(db, with_app, sign_in, client):
    """An account with something in every corner, signed in."""
    ada = get_user_model().objects.create_user("ada-unmistakable", email="ada-unmistakable@sponsor.example", password=PASSWORD)
    sign_in(ada.username, "wrong")
    device = with_app(ada)
    second_factor.new_backup_codes(ada)
    sign_in(ada.username)
    client.post("/account/code/", {"code": code_of(device)})
    program(ada, "Secret program of one")
    return ada


def test_the_file_holds_all_that_is_kept_and_no_key(client, a_full_account, cleo):
    ProgramMember.objects.create(program=program(cleo, "Of Cleo"), user=a_full_account, named=a_full_account.username)
    program(cleo, "Not shared")
    response = client.get("/account/export/")
    assert response.headers["Content-Disposition"] == 'attachment; filename="crossmatch-account.json"'
    assert "no-store" in response.headers["Cache-Control"]
    data = json.loads(response.content)
    assert data["account"]["user_name"] == "ada-unmistakable"
    assert data["account"]["email"] == "ada-unmistakable@sponsor.example"
    assert data["account"]["second_factor"] is True
    assert {row["worked"] for row in data["sign_ins"]} == {True, False}
    assert len(data["programs"]) == 1
    assert [shared["name"] for shared in data["shared_with_you"]] == ["Of Cleo"]
    text = response.content.decode()
    assert "Secret program of one" in text
    a_full_account.refresh_from_db()
    for secret in (a_full_account.password, TOTPDevice.objects.get().key, "Not shared"):
        assert secret not in text


def test_nothing_of_a_deleted_account_is_left_but_the_record_of_sign_ins(client, a_full_account):
    other = Client()
    response = client.post("/account/delete/", {"password": PASSWORD, "sure": "on"}, follow=True)
    assert response.redirect_chain == [("/", 302)]
    assert "Your account is deleted." in response.content.decode()
    assert rows_that_point_at(a_full_account) == set()
    kept = {table._meta.label for table in (AccessLog, AccessFailureLog, AccessAttempt)}
    assert rows_that_name("ada-unmistakable") <= kept
    assert rows_that_name("Secret program of one") == set()
    assert not Session.objects.exists()
    assert other.post("/account/sign-in/", {"username": "ada-unmistakable", "password": PASSWORD}).status_code == 422


@pytest.mark.parametrize("sent", [{"password": "wrong", "sure": "on"}, {"password": PASSWORD}, {}])
def test_deleting_takes_the_password_and_a_tick(client, a_full_account, sent):
    assert client.post("/account/delete/", sent).status_code == 422
    assert get_user_model().objects.filter(pk=a_full_account.pk).exists()
    assert Program.objects.exists()


def test_what_colleagues_still_work_on_goes_to_them(client, a_full_account, cleo):
    shared = program(a_full_account, "Shared")
    ProgramMember.objects.create(program=shared, user=cleo, named="cleo", role="editor")
    client.post("/account/delete/", {"password": PASSWORD, "sure": "on"})
    assert [row.owner for row in Program.objects.all()] == [cleo]


def test_a_curators_account_is_closed_and_not_deleted(client, cleo, sign_in):
    sign_in("cleo")
    assert "closed, not deleted" in client.get("/account/delete/").content.decode()
    assert client.post("/account/delete/", {"password": PASSWORD, "sure": "on"}).status_code == 409
    assert get_user_model().objects.filter(pk=cleo.pk).exists()
