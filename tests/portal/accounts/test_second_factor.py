"""Signing in with a code beside the password, its set-up and its loss."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from portal.accounts import second_factor
from tests.portal.accounts.conftest import PASSWORD, code_of

pytestmark = pytest.mark.django_db


def signed_in(client) -> bool:
    return client.get("/account/").status_code == 200


def give_code(client, code):
    return client.post("/account/code/", {"code": code})


def no_wait():
    """As if the waits after wrong codes were over."""
    TOTPDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)


def test_setting_up_shows_a_key_takes_a_code_and_gives_backup_codes_once(client, ada, sign_in):
    other = Client()
    sign_in()
    sign_in(by=other)
    page = client.get("/account/second-factor/set-up/").content.decode()
    device = TOTPDevice.objects.get()
    assert second_factor.key_in_words(device) in page
    assert 'src="data:image/svg+xml' in page
    assert second_factor.key_in_words(device) in client.get("/account/second-factor/set-up/").content.decode()
    for wrong in ({"code": "000000", "password": PASSWORD}, {"code": code_of(device), "password": "wrong"}, {"code": code_of(device)}):
        no_wait()
        assert client.post("/account/second-factor/set-up/", wrong).status_code == 422
        assert second_factor.app_of(ada) is None
    no_wait()
    done = client.post("/account/second-factor/set-up/", {"code": code_of(device), "password": PASSWORD}, follow=True)
    assert done.redirect_chain == [("/account/second-factor/", 302)]
    codes = re.findall(r"<li><code>(\w+)</code>", done.content.decode())
    assert len(codes) == len(set(codes)) == 10
    assert codes[0] not in client.get("/account/second-factor/").content.decode()
    assert signed_in(client)
    assert not signed_in(other), "a session from before got in without the second factor"


def test_the_password_alone_no_longer_signs_in(client, ada, sign_in, with_app):
    device = with_app(ada)
    response = sign_in(next="/programs/new/")
    assert response.headers["Location"] == "/account/code/"
    assert not signed_in(client)
    before = client.session.session_key
    assert give_code(client, code_of(device)).headers["Location"] == "/programs/new/"
    assert client.session.session_key != before
    assert signed_in(client)


def test_a_code_works_once(client, ada, sign_in, with_app):
    device = with_app(ada)
    code = code_of(device)
    sign_in()
    give_code(client, code)
    thief = Client()
    sign_in(by=thief)
    assert give_code(thief, code).status_code == 422
    assert not signed_in(thief)


def test_a_backup_code_works_once_however_it_is_typed(client, ada, sign_in, with_app):
    with_app(ada)
    code = second_factor.new_backup_codes(ada)[0]
    sign_in()
    assert give_code(client, f" {code[:4].upper()}-{code[4:]} ").status_code == 302
    assert signed_in(client)
    assert second_factor.backup_codes_left(ada) == 9
    again = Client()
    sign_in(by=again)
    assert give_code(again, code).status_code == 422


def test_wrong_codes_make_wait_and_then_lock(client, ada, sign_in, with_app):
    device = with_app(ada)
    sign_in()
    assert give_code(client, "000000").status_code == 422
    waiting = give_code(client, code_of(device))
    assert "the next is taken in" in waiting.content.decode()
    for _ in range(2):
        no_wait()
        assert give_code(client, "000000").status_code == 422
    no_wait()
    locked = give_code(client, "000000")
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "900")
    no_wait()
    assert give_code(client, code_of(device)).status_code == 429
    assert not signed_in(client)


def test_the_second_step_needs_the_first_and_soon(client, ada, sign_in, with_app, monkeypatch):
    device = with_app(ada)
    assert give_code(client, code_of(device)).headers["Location"] == "/account/sign-in/"
    sign_in()
    session = client.session
    session["waiting_for_code"] = {**session["waiting_for_code"], "at": 0}
    session.save()
    assert give_code(client, code_of(device)).headers["Location"] == "/account/sign-in/"
    sign_in()
    ada.set_password("changed meanwhile")
    ada.save()
    assert give_code(client, code_of(device)).headers["Location"] == "/account/sign-in/"
    assert not signed_in(client)


def test_nobody_gives_a_code_for_somebody_else(client, ada, cleo, sign_in, with_app):
    with_app(ada)
    of_cleo = with_app(cleo)
    backup = second_factor.new_backup_codes(cleo)[0]
    sign_in()
    assert give_code(client, code_of(of_cleo)).status_code == 422
    assert give_code(client, backup).status_code == 422
    assert not signed_in(client)


def test_removing_it_takes_password_and_code(client, ada, sign_in, with_app):
    device = with_app(ada)
    backup = second_factor.new_backup_codes(ada)[0]
    sign_in()
    give_code(client, code_of(device))
    for wrong in ({"password": PASSWORD, "code": "nonsense"}, {"password": "wrong", "code": backup}, {"password": PASSWORD}):
        assert client.post("/account/second-factor/remove/", wrong).status_code == 422
        StaticToken.objects.first().device.throttle_reset()
    assert client.post("/account/second-factor/remove/", {"password": PASSWORD, "code": backup}).status_code == 302
    assert not TOTPDevice.objects.exists()
    assert not StaticToken.objects.exists()
    assert sign_in(by=Client()).headers["Location"] == "/account/"


def test_new_backup_codes_replace_the_old_ones_and_take_the_password(client, ada, sign_in, with_app):
    device = with_app(ada)
    old = second_factor.new_backup_codes(ada)
    sign_in()
    give_code(client, code_of(device))
    assert client.post("/account/second-factor/backup-codes/", {"password": "wrong"}).status_code == 422
    page = client.post("/account/second-factor/backup-codes/", {"password": PASSWORD}, follow=True).content.decode()
    new = set(re.findall(r"<li><code>(\w+)</code>", page))
    assert len(new) == 10
    assert not new & set(old)
    assert not StaticToken.objects.filter(token__in=old).exists()


def test_an_app_in_use_is_not_replaced_by_calling_the_set_up_again(client, ada, sign_in, with_app):
    device = with_app(ada)
    sign_in()
    give_code(client, code_of(device))
    assert client.get("/account/second-factor/set-up/").headers["Location"] == "/account/second-factor/"
    assert TOTPDevice.objects.get() == device


def test_the_operator_helps_who_lost_everything(ada, sign_in, with_app):
    with_app(ada)
    said = StringIO()
    call_command("remove_second_factor", "ada", stdout=said)
    assert "ada signs in with the password alone now." in said.getvalue()
    assert sign_in().headers["Location"] == "/account/"
    with pytest.raises(CommandError, match="ada has no second factor"):
        call_command("remove_second_factor", "ada")
    with pytest.raises(CommandError, match="no account 'Ada'"):
        call_command("remove_second_factor", "Ada")


# Curators


def test_without_the_setting_a_curator_needs_no_second_factor(client, cleo, sign_in):
    sign_in("cleo")
    assert client.get("/admin/").status_code == 200


def test_with_the_setting_a_curator_is_led_to_the_set_up_and_then_in(client, cleo, sign_in, settings):
    settings.CURATORS_NEED_SECOND_FACTOR = True
    sign_in("cleo")
    response = client.get("/admin/", follow=True)
    assert [address for address, _ in response.redirect_chain] == ["/admin/login/?next=/admin/", "/account/second-factor/"]
    assert "need a second factor here" in response.content.decode()
    client.get("/account/second-factor/set-up/")
    device = TOTPDevice.objects.get()
    client.post("/account/second-factor/set-up/", {"code": code_of(device), "password": PASSWORD})
    assert client.get("/admin/").status_code == 200
    again = Client()
    sign_in("cleo", by=again, next="/admin/")
    assert again.get("/admin/").status_code == 302
    give_code(again, code_of(device, later=1))
    assert again.get("/admin/").status_code == 200


def test_a_sponsor_is_told_that_the_curators_pages_are_not_theirs(client, ada, sign_in):
    sign_in()
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert "not a curator’s" in response.content.decode()


def test_no_key_and_no_backup_code_is_shown_in_the_admin(admin_client, ada, with_app):
    device = with_app(ada)
    codes = second_factor.new_backup_codes(ada)
    backup = StaticToken.objects.first().device
    app, own = "/admin/otp_totp/totpdevice/", "/admin/otp_static/staticdevice/"
    for address in (
        app,
        f"{app}{device.pk}/change/",
        f"{app}{device.pk}/config/",
        f"{app}{device.pk}/qrcode/",
        own,
        f"{own}{backup.pk}/change/",
    ):
        page = admin_client.get(address).content.decode(errors="replace")
        for secret in (device.key, second_factor.key_in_words(device).replace(" ", ""), *codes):
            assert secret not in page, address
