"""The record of sign-ins: what is kept, who reads it, when it goes."""

import datetime as dt

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.utils import timezone

from portal.accounts import audit
from tests.portal.accounts.conftest import PASSWORD, code_of

pytestmark = pytest.mark.django_db
LISTS = ("/admin/axes/accesslog/", "/admin/axes/accessfailurelog/")


def test_a_sign_in_is_kept_with_person_time_address_and_step(client, ada, sign_in, with_app, admin_client):
    sign_in()
    client.post("/account/sign-out/")
    device = with_app(ada)
    sign_in()
    client.post("/account/code/", {"code": "000000"})
    device.refresh_from_db()
    device.throttle_reset()
    client.post("/account/code/", {"code": code_of(device)})
    worked = [(row.username, row.ip_address, row.path_info) for row in AccessLog.objects.filter(username="ada").order_by("pk")]
    assert worked == [("ada", "127.0.0.1", "/account/sign-in/"), ("ada", "127.0.0.1", "/account/code/")]
    assert AccessLog.objects.filter(username="ada").order_by("pk")[0].logout_time
    assert [row.path_info for row in AccessFailureLog.objects.all()] == ["/account/code/"]
    page = admin_client.get(LISTS[0]).content.decode()
    assert "second factor" in page
    assert "second factor" in admin_client.get(LISTS[1]).content.decode()


def test_no_password_and_no_code_is_kept(client, ada, sign_in, with_app):
    with_app(ada)
    sign_in(password="a wrong secret")
    sign_in()
    client.post("/account/code/", {"code": "123456"})
    for attempt in AccessAttempt.objects.all():
        for secret in ("a wrong secret", "123456", PASSWORD):
            assert secret not in attempt.post_data + attempt.get_data


def test_only_superusers_read_it_and_nobody_changes_it(client, cleo, ada, sign_in, admin_client):
    cleo.user_permissions.set(Permission.objects.filter(content_type__app_label="axes"))
    sign_in("cleo")
    row = AccessLog.objects.get(username="cleo")
    for address in LISTS:
        assert client.get(address).status_code == 403
        assert admin_client.get(address).status_code == 200
        assert admin_client.get(f"{address}add/").status_code == 403
    assert admin_client.get(f"{LISTS[0]}{row.pk}/change/").status_code == 200
    assert admin_client.post(f"{LISTS[0]}{row.pk}/change/", {"username": "other"}).status_code == 403
    assert admin_client.post(f"{LISTS[0]}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    admin_client.post(LISTS[0], {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert AccessLog.objects.filter(pk=row.pk, username="cleo").exists()
    assert admin_client.get("/admin/axes/accessattempt/").status_code == 404


def test_it_goes_after_its_days_with_the_next_sign_in_or_the_daily_command(client, ada, sign_in, settings):
    settings.SIGN_IN_LOG_DAYS = 30
    sign_in(password="wrong")
    sign_in()
    client.post("/account/sign-out/")
    rows = (AccessLog, AccessFailureLog)
    for table in rows:
        table.objects.update(attempt_time=timezone.now() - dt.timedelta(days=29))
    call_command("clean_up")
    assert [table.objects.count() for table in rows] == [1, 1]
    for table in rows:
        table.objects.update(attempt_time=timezone.now() - dt.timedelta(days=31))
    sign_in()
    assert [table.objects.count() for table in rows] == [1, 0]
    AccessLog.objects.update(attempt_time=timezone.now() - dt.timedelta(days=31))
    call_command("clean_up")
    assert AccessLog.objects.count() == 0


def test_an_account_sees_its_own_sign_ins_and_not_those_of_who_had_the_name_before(client, ada, sign_in):
    sign_in(password="wrong")
    ada.delete()
    again = get_user_model().objects.create_user("ada", password=PASSWORD)
    sign_in()
    assert [row["worked"] for row in audit.sign_ins_of(again)] == [True]
    page = client.get("/account/").content.decode()
    assert "signed in</td>" in page
    assert "refused</td>" not in page


def test_changes_of_keys_stand_in_the_history_of_the_account(client, ada, sign_in):
    sign_in()
    client.post(
        "/account/password/", {"old_password": PASSWORD, "new_password1": "another long phrase", "new_password2": "another long phrase"}
    )
    assert [entry.change_message for entry in LogEntry.objects.filter(object_id=str(ada.pk))] == ["Password changed."]
