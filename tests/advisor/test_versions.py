"""Every save is kept as it was, and nothing changes it afterwards."""

import json
from dataclasses import replace

import numpy as np
import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import IntegrityError, connection, transaction

from advisor import difference, versions
from advisor.kept import MOST_MATCHES, excluded, kept, lane_as_dict, outline
from advisor.models import Program, ProgramVersion
from advisor.models.program import NeverChanged
from tests.engine.builders import profile, vendor
from vendors import snapshot
from vendors.catalogue import pack


@pytest.fixture
def program(desk):
    return versions.new_program(profile(name="ABC-1", services=["formulation"]))


def test_the_first_save_is_version_1_with_the_advice_on_it(program):
    version = program.versions.get()
    assert (version.number, version.profile, version.author_name, version.note) == (1, program.profile, "", "")
    assert version.catalogue_version == snapshot.current().version
    assert version.software_version == settings.SOFTWARE_VERSION == "0.1.0"
    assert version.advice["model"]["recommended"] == "CDMO"
    assert [match["vendor"] for match in version.advice["matches"]] == ["makers", "quiet-works"]
    assert version.advice["verdict"] == "A CDMO for formulation development."


def test_a_save_makes_the_next_version_and_leaves_the_earlier_one(program, django_user_model):
    ana = django_user_model.objects.create_user("ana", first_name="Ana", last_name="Ng")
    Program.objects.filter(pk=program.pk).update(draft={"stage": "phase-2"})
    second = versions.save_version(program, profile(name="ABC-2", stage="phase-2", services=["formulation"]), by=ana, note=" Later ")
    program.refresh_from_db()
    assert (second.number, second.author, second.author_name, second.note) == (2, ana, "Ana Ng", "Later")
    assert (program.name, program.profile["stage"], program.draft) == ("ABC-2", "phase-2", {})
    assert [v.profile["stage"] for v in program.versions.all()] == ["phase-1", "phase-2"]
    assert program.latest() == second


def test_origins_stay_with_the_values_that_stay(program):
    read = {"from": "registry", "trial": "NCT01234567", "field": "phases", "read": "PHASE1"}
    versions.save_version(program, profile(services=["formulation"]), origins={"stage": read, "services": {"from": "typed"}})
    later = versions.save_version(program, profile(services=["bioanalysis"]), by=AnonymousUser())
    assert (later.origins["stage"], later.origins["services"]) == (read, {"from": "typed"})
    latest = versions.save_version(program, profile(stage="phase-3", services=["bioanalysis"]))
    assert (latest.origins["stage"], latest.origins["countries"]) == ({"from": "typed"}, {"from": "default"})


def test_whoever_is_signed_in_owns_what_is_saved_and_it_has_no_link(desk):
    ana = User.objects.create_user("ana")
    owned = versions.new_program(profile(), by=ana)
    assert (owned.owner, owned.token, owned.get_absolute_url()) == (ana, None, f"/programs/{owned.member_key}/")
    assert versions.new_program(profile(), by=AnonymousUser()).owner is None


def test_a_version_is_never_changed(program):
    version = program.versions.get()
    version.note = "another"
    with pytest.raises(NeverChanged):
        version.save()
    with pytest.raises(NeverChanged):
        ProgramVersion.objects.update(note="another")


@pytest.mark.parametrize("column", [f.column for f in ProgramVersion._meta.concrete_fields if f.name not in {"id", "author"}])
def test_the_database_itself_refuses_to_change_a_version(program, column):
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        cursor.execute(f"UPDATE advisor_programversion SET {column} = {column}")  # noqa: S608


def test_deleting_an_account_leaves_its_name_on_what_it_saved(program):
    ana = User.objects.create_user("ana")
    versions.save_version(program, profile(), by=ana)
    ana.delete()
    version = program.latest()
    assert version is not None
    assert (version.author, version.author_name) == (None, "ana")


def test_deleting_a_program_deletes_its_versions(program):
    program.delete()
    assert not ProgramVersion.objects.exists()


def test_what_is_kept_is_bounded_and_says_how_many_there_were(desk, add_vendors):
    add_vendors(*(vendor(f"maker-{i:03}", services=["formulation"]) for i in range(60)))
    version = versions.new_program(profile(services=["formulation"])).versions.get()
    assert len(version.advice["matches"]) == MOST_MATCHES
    assert version.advice["lanes"][0]["vendors"] == 62
    assert len(json.dumps(version.advice)) < 200_000


def test_what_is_kept_stands_by_itself(program):
    advice = program.versions.get().advice
    reason = advice["model"]["options"][0]["reasons"][0]
    assert reason["condition"]
    assert all(set(source) == {"url", "title", "publisher", "note"} for source in reason["references"])
    assert any(objection["text"] for option in advice["model"]["options"] for r in option["reasons"] for objection in r["against"])
    match = advice["matches"][0]
    assert sum(c["weight"] * c["known"] for c in match["contributions"]) == pytest.approx(match["score"], abs=1e-9)
    assert {c["criterion"] for c in match["contributions"]} == set(match["criteria"])
    assert ["Needed from partners", "Formulation development"] in advice["words"]
    assert sum(advice["lanes"][0]["weights"].values()) == pytest.approx(1)


def test_a_comparison_looks_at_the_same_in_the_outline_as_in_what_is_kept(program):
    advice = versions.advice_of(program)
    short, whole = difference.Side("", outline(advice)), difference.Side("", json.loads(json.dumps(kept(advice))))
    found = difference.compare(whole, short)
    assert not found["program"]
    assert not found["model_changed"]
    assert not found["catalogue_changed"]
    assert [lane["same"] for lane in found["lanes"]] == [True]
    assert short.team == whole.team == ["Makers"]
    assert [(m["rank"], m["vendor"]) for m in short.matches("making")] == [(m["rank"], m["vendor"]) for m in whole.matches("making")]


def test_who_fails_a_must_have_is_kept_by_name(desk):
    ranking = versions.advice_of(versions.new_program(profile(services=["formulation"]))).rankings[0]
    catalogue = ranking.question.catalogue
    failing = pack(np.array([row.slug == "quiet-works" for row in catalogue.rows]))
    without = replace(ranking, failing=failing)
    assert [(row["lane"], row["vendor"], row["name"], row["type"]) for row in excluded(without)] == [
        ("making", "quiet-works", "Quiet-Works", "CMO")
    ]
    assert lane_as_dict(without)["excluded"] == 1
    assert excluded(ranking) == []


def test_the_advice_of_today_is_another_one_once_the_catalogue_changed(program, add_vendors):
    version = program.versions.get()
    add_vendors(vendor("also", services=["formulation", "oral-solid-dose"], stages=["phase-1"], modalities=["small-molecule"]))
    today = versions.advice_of(version)
    assert today.catalogue.version != version.catalogue_version
    assert "also" in {match.vendor for match in today.rankings[0].matches()}
    assert "also" not in {match["vendor"] for match in version.advice["matches"]}
