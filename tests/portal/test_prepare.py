"""`manage.py prepare`, which `make run` starts with: everything is there afterwards, and nothing that was entered is lost."""

import json
import shutil
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from advisor.models import GuideEntry
from portal.management.commands import prepare as command
from tests.vendors.records import FIXTURES, SMALL_VOCABULARY, lines, record
from vendors.models import CatalogueVersion, Service, Stage, Vendor

pytestmark = pytest.mark.django_db


@pytest.fixture
def fixtures(tmp_path, monkeypatch, settings):
    """A small folder in the place of the real fixtures, and one for the collected files."""
    folder = tmp_path / "fixtures"
    (folder / "catalogue").mkdir(parents=True)
    (folder / "vocabulary.json").write_text(json.dumps(SMALL_VOCABULARY), encoding="utf-8")
    shutil.copy(FIXTURES / "guide.json", folder / "guide.json")
    for name, records in {"a": [record(name="A"), record(name="B")], "b": [record(name="Draft", verified_on=None)]}.items():
        (folder / "catalogue" / f"{name}.jsonl").write_text("\n".join(lines(*records)), encoding="utf-8")
    monkeypatch.setattr(command, "FIXTURES", folder)
    settings.STATIC_ROOT = tmp_path / "static"
    return folder


def prepare():
    out, err = StringIO(), StringIO()
    call_command("prepare", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_everything_is_there_afterwards(fixtures, tmp_path):
    prepare()
    assert Service.objects.count() == len(SMALL_VOCABULARY["services"])
    assert GuideEntry.objects.exists()
    assert set(Vendor.objects.values_list("slug", "status")) == {("a", "published"), ("b", "published"), ("draft", "draft")}
    assert (tmp_path / "static" / "admin" / "css" / "base.css").exists()


def test_it_prints_the_address_the_data_and_how_to_become_a_curator(fixtures, monkeypatch):
    monkeypatch.setenv("PORT", "8123")
    said, _ = prepare()
    assert "http://127.0.0.1:8123/" in said
    assert "2 published vendors" in said
    assert "Data" in said
    assert "make curator" in said


def test_once_there_is_a_curator_it_says_no_more_of_that(fixtures):
    get_user_model().objects.create_user("curator", is_staff=True)
    assert "make curator" not in prepare()[0]


def test_running_it_again_changes_nothing(fixtures):
    prepare()
    before = CatalogueVersion.current(), list(Vendor.objects.values()), list(GuideEntry.objects.values())
    prepare()
    assert (CatalogueVersion.current(), list(Vendor.objects.values()), list(GuideEntry.objects.values())) == before


def test_what_a_curator_changed_or_removed_stays_so(fixtures):
    prepare()
    Vendor.objects.filter(slug="a").update(name="Renamed")
    Vendor.objects.filter(slug="b").delete()
    Stage.objects.filter(slug="phase-1").update(name="First in human")
    GuideEntry.objects.update(body="Our own words.")
    prepare()
    assert set(Vendor.objects.values_list("slug", "name")) == {("a", "Renamed"), ("draft", "Draft")}
    assert Stage.objects.get(slug="phase-1").name == "First in human"
    assert set(GuideEntry.objects.values_list("body", flat=True)) == {"Our own words."}


def test_a_term_that_a_new_version_brings_is_added(fixtures):
    prepare()
    data = {**SMALL_VOCABULARY, "stages": [*SMALL_VOCABULARY["stages"], {"slug": "afterwards", "name": "Afterwards"}]}
    (fixtures / "vocabulary.json").write_text(json.dumps(data), encoding="utf-8")
    prepare()
    assert Stage.objects.filter(slug="afterwards").exists()


def test_a_broken_catalogue_is_named_and_leaves_nothing_half_done(fixtures):
    (fixtures / "catalogue" / "b.jsonl").write_text("\n".join(lines(record(type="X"))), encoding="utf-8")
    err = StringIO()
    with pytest.raises(CommandError, match=r"b\.jsonl"):
        call_command("prepare", stdout=StringIO(), stderr=err)
    assert 'b.jsonl:1: alpina-clinical: type: "X": ' in err.getvalue()
    assert not Vendor.objects.exists()
    assert not Service.objects.exists()
