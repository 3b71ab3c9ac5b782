"""Deleted means deleted, an export first, and a last day that is kept."""

import datetime as dt
import json
import logging

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from advisor import records, versions
from advisor.models import GuideEntry, Program, ShortlistEntry
from portal.logs import Discreet
from tests.engine.builders import profile


@pytest.fixture
def program(desk):
    made = versions.new_program(profile(name="ABC-1: the “secret”", services=["formulation"]))
    made.members.create(named="ben", role="viewer")
    ShortlistEntry.objects.create(program=made, vendor="makers", vendor_name="Makers", position=1, notes="ask Kim")
    records.freeze(records.start(made), timezone.now())
    records.start(made)
    made.vendor_answers.create(vendor="makers", question="QUA-03", answer="Template attached")
    made.duties.create(service="formulation", stage="phase-1", party="retained")
    return made


def rows():
    """How many rows there are in the tables of programs."""
    return sum(model._default_manager.count() for model in apps.get_app_config("advisor").get_models() if model is not GuideEntry)


def test_the_export_is_offered_first_and_has_everything(client, program):
    page = client.get(f"/programs/{program.token}/delete/").content.decode()
    assert page.index("Download the export") < page.index("Delete this program")
    assert "1 program version" in page
    response = client.get(f"/programs/{program.token}/export/")
    assert response.headers["Content-Disposition"] == 'attachment; filename="abc-1-the-secret.json"'
    data = json.loads(response.content)
    assert (data["format"], data["name"]) == ("crossmatch-program-1", "ABC-1: the “secret”")
    assert data["versions"][0]["advice"]["verdict"] == "A CDMO for formulation development."
    assert data["shortlist"][0]["notes"] == "ask Kim"
    assert data["members"][0]["named"] == "ben"
    assert data["vendor_answers"][0]["answer"] == "Template attached"
    assert [record["number"] for record in data["records"]] == [1, None]
    assert data["records"][0]["content"] == program.records.get(number=1).content
    for key in (program.token, program.member_key):
        assert key not in response.content.decode()


def test_every_row_goes_and_only_after_the_box_is_ticked(client, program):
    address = f"/programs/{program.token}/delete/"
    before = rows()
    assert before >= 8
    response = client.post(address)
    assert (response.status_code, rows()) == (422, before)
    assert "Tick the box" in response.content.decode()
    assert client.post(address, {"sure": "on"}).url == "/programs/"
    assert rows() == 0
    assert client.get(address).status_code == 404


def test_a_last_day_is_set_shown_and_lifted(client, program):
    day = timezone.localdate() + dt.timedelta(days=30)
    address = f"/programs/{program.token}/last-day/"
    assert client.post(address, {"expires_on": day.isoformat()}).url == f"/programs/{program.token}/delete/"
    assert f"It is gone after {day.day} " in client.get(program.get_absolute_url()).content.decode()
    client.post(address, {"expires_on": ""})
    assert Program.objects.get().expires_on is None


@pytest.mark.parametrize("day,words", [("2020-01-01", "This day has passed"), ("soon", "Enter a valid date")])
def test_a_day_that_can_not_be_is_refused_in_words(client, program, day, words):
    response = client.post(f"/programs/{program.token}/last-day/", {"expires_on": day})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert Program.objects.get().expires_on is None


def test_expired_programs_are_deleted_for_good_and_others_stay(program, capsys):
    kept = versions.new_program(profile())
    Program.objects.filter(pk=program.pk).update(expires_on=timezone.localdate() - dt.timedelta(days=1))
    Program.objects.filter(pk=kept.pk).update(expires_on=timezone.localdate())
    call_command("delete_expired")
    assert capsys.readouterr().out == "1 program deleted.\n"
    assert Program.objects.get() == kept
    assert rows() == 2


def lines_of(caplog):
    return [Discreet("{levelname} {name} {message}", style="{").format(record) for record in caplog.records]


def test_logs_have_no_key_to_a_program(client, program, caplog):
    caplog.set_level(logging.DEBUG, "django.request")
    caplog.set_level(logging.DEBUG, "django.security")
    client.get(f"/programs/{program.token}x/versions/?v=secret-answer")
    client.get(f"/programs/{program.token}/keep/?services=formulation")
    client.post(f"/programs/{program.token}/sharing/link/", {"link": "edit", "do": "revoke"})
    Client(enforce_csrf_checks=True).post(f"/programs/{program.token}/keep/")
    lines = lines_of(caplog)
    assert len(lines) >= 4
    assert any("/programs/…/versions/" in line for line in lines)
    for line in lines:
        assert str(program.token)[:20] not in line
        assert "secret-answer" not in line
        assert "formulation" not in line


def test_logs_of_a_failure_have_no_key_and_no_row(client, program, caplog, monkeypatch):
    # As PostgreSQL words it.
    row = f"DETAIL:  Failing row contains ({program.shortlist.get().notes})."

    def fail(*args, **kwargs):
        raise RuntimeError(f"refused at /programs/{program.token}/\n{row}")

    monkeypatch.setattr("advisor.access.find", fail)
    client.raise_request_exception = False
    assert client.get(program.get_absolute_url()).status_code == 500
    text = "\n".join(lines_of(caplog))
    assert "Traceback" in text
    assert str(program.token) not in text
    assert "DETAIL: left out" in text
    assert "ask Kim" not in text


def test_the_configured_log_is_the_discreet_one():
    (handler,) = [handler for handler in logging.getLogger().handlers if type(handler) is logging.StreamHandler]
    assert isinstance(handler.formatter, Discreet)


def test_programs_are_in_no_sitemap(client, program):
    for address in ("/sitemap.xml", "/sitemap-pages.xml", "/sitemap-vendors.xml"):
        assert str(program.token) not in client.get(address).content.decode()
