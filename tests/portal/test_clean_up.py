"""One command a day removes what has had its time, and nothing else."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from advisor.models import Program
from tests.engine.builders import profile
from vendors.models import Upload

pytestmark = pytest.mark.django_db


def test_what_has_had_its_time_goes_and_the_rest_stays(capsys):
    now, today = timezone.now(), timezone.localdate()
    for name, age in (("old.csv", dt.timedelta(hours=3)), ("new.csv", dt.timedelta(hours=1))):
        owner = User.objects.get_or_create(username="cleo")[0]
        Upload.objects.create(owner=owner, name=name, form="csv", content=b"x", digest="", made_at=now - age)
    for name, last in (("Over", today - dt.timedelta(days=1)), ("Last day", today), ("Stays", None)):
        Program.objects.create(name=name, profile=profile().as_dict(), expires_on=last)
    for ends in (now - dt.timedelta(minutes=1), now + dt.timedelta(minutes=1)):
        session = SessionStore()
        session.set_expiry(ends)
        session["kept"] = "something"
        session.create()
    assert Session.objects.count() == 2
    call_command("clean_up")
    assert [upload.name for upload in Upload.objects.all()] == ["new.csv"]
    assert set(Program.objects.values_list("name", flat=True)) == {"Last day", "Stays"}
    assert Session.objects.count() == 1
    assert "1 program deleted." in capsys.readouterr().out
