"""The catalogue of bits as the database has it: who is in it, and when it is built anew."""

import dataclasses
import json
import threading

import pytest

from tests.vendors.records import REAL_FILES, REAL_VOCABULARY, SMALL_VOCABULARY, ai, record, source, store, store_vocabulary
from vendors import facts, snapshot
from vendors.catalogue import Catalogue, Vocabulary
from vendors.models import CatalogueVersion, Vendor
from vendors.vocabulary import stored_vocabulary

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_vocabulary(db):
    store_vocabulary()


def slugs():
    return [row.slug for row in snapshot.current().rows]


VARIED = (
    record(name="Ünal Trials", slug="unal", hq=None, parent="Holding", ai=ai(level="none-disclosed", checked_on="2026-01-01")),
    record(
        name="Uzan Tablets", type="CDMO", services=["oral-solid-dose", "small-molecule-api"],
        accreditations=["gmp"], modalities=["small-molecule"],
        sites=[{"city": "Boston", "country": "US", "what": ""}, {"city": "Bern", "country": "CH", "what": ""}],
        ai=ai(level="applied", uses=["manufacturing-and-quality"], sources=[0], checked_on="2026-01-01"),
        sources=[source(), source(url="https://b.example")],
    ),
    record(name="alpha", sites=[], stages=[], therapeutic_areas=[]),
)  # fmt: skip


def test_the_snapshot_equals_the_catalogue_made_from_the_records_themselves():
    store(*VARIED)
    built, read = snapshot.build(), Catalogue.from_records(Vocabulary.from_dict(SMALL_VOCABULARY), VARIED)
    assert list(built.rows) == list(read.rows)
    assert built.known_bits.keys() == read.known_bits.keys()
    assert all((built.known_bits[name] == read.known_bits[name]).all() for name in built.known_bits)
    assert built.version == read.version


def test_the_real_catalogue_has_the_same_version_from_the_database_and_from_its_files():
    store_vocabulary(REAL_VOCABULARY)
    records: list[dict] = []
    for file in REAL_FILES:
        assert not facts.load_file(file).problems
        records += map(json.loads, file.read_text(encoding="utf-8").splitlines())
    assert snapshot.build().version == Catalogue.from_records(Vocabulary.from_dict(REAL_VOCABULARY), records).version


def test_drafts_and_archived_vendors_are_not_in_it():
    store(record(name="Published"), record(name="Draft", verified_on=None), record(name="Archived", status="archived"))
    assert slugs() == ["published"]


def test_it_follows_every_change_that_moves_the_version_number():
    store(record(name="A"))
    assert slugs() == ["a"]
    store(record(name="B"))
    assert slugs() == ["a", "b"]
    Vendor.objects.filter(slug="a").update(status="archived")
    CatalogueVersion.bump()
    assert slugs() == ["b"]


def test_while_the_number_stands_still_it_is_kept_and_costs_one_query(count_queries):
    store(record(name="A"))
    first = snapshot.current()
    with count_queries() as queries:
        assert snapshot.current() is first
    assert len(queries) == 1


def test_a_changed_vocabulary_is_followed_too():
    store(record())
    before = snapshot.current()
    data = {**SMALL_VOCABULARY, "stages": [{"slug": "phase-1", "name": "First in human"}]}
    store_vocabulary(data)
    assert before.vocabulary.name("stages", "phase-1") == "Phase 1"
    assert snapshot.current().vocabulary.name("stages", "phase-1") == "First in human"


def test_an_empty_catalogue_has_a_snapshot_too():
    assert len(snapshot.current()) == 0


def test_building_takes_as_many_queries_with_many_vendors_as_with_few(count_queries):
    store(record(name="A"))
    with count_queries() as few:
        snapshot.build()
    store(*VARIED, *[record(name=f"Vendor {number}") for number in range(20)])
    with count_queries() as many:
        assert len(snapshot.build()) == 24
    assert len(many) == len(few)


def test_a_term_that_came_in_while_the_snapshot_was_built_waits_for_the_next_one(monkeypatch):
    """PostgreSQL shows each query what was committed by then, so the vocabulary can be older than the vendors' terms."""
    store(record(stages=["phase-1", "phase-2"]))
    older = stored_vocabulary()
    older = dataclasses.replace(older, stages={slug: term for slug, term in older.stages.items() if slug != "phase-2"})
    monkeypatch.setattr(snapshot, "stored_vocabulary", lambda: older)
    built = snapshot.build()
    assert built.flags(built.known("stages", "phase-1")).tolist() == [True]


@pytest.fixture
def large(monkeypatch):
    """A catalogue that takes longer to build than a reader waits, in a database that other connections see. Call it after the
    first look; it gives an event that lets the building go on.
    """
    gate = threading.Event()
    build = snapshot.build

    def slow():
        assert gate.wait(20)
        return build()

    def start():
        monkeypatch.setattr(snapshot, "others_see_the_same", lambda: True)
        monkeypatch.setattr(snapshot, "build", slow)
        monkeypatch.setattr(snapshot._kept, "took", 5.0)
        monkeypatch.setattr(snapshot._kept, "failed_at", -snapshot.PAUSE)
        return gate

    yield start
    gate.set()
    if snapshot._kept.builder:
        snapshot._kept.builder.join()


@pytest.mark.django_db(transaction=True)
def test_readers_are_given_the_old_snapshot_until_the_new_one_is_ready(large):
    store(record(name="A"))
    assert slugs() == ["a"]
    gate = large()
    store(record(name="B"))
    assert slugs() == ["a"]
    builder = snapshot._kept.builder
    assert slugs() == ["a"]
    assert snapshot._kept.builder is builder, "one builds, however many ask"
    gate.set()
    assert builder
    builder.join()
    assert slugs() == ["a", "b"]


@pytest.mark.django_db(transaction=True)
def test_a_command_gets_the_catalogue_as_it_is_now(large):
    store(record(name="A"))
    snapshot.current()
    large().set()
    store(record(name="B"))
    assert [row.slug for row in snapshot.fresh().rows] == ["a", "b"]


@pytest.mark.django_db(transaction=True)
def test_when_building_fails_the_old_snapshot_stays_and_the_log_says_why(large, monkeypatch, caplog):
    store(record(name="A"))
    snapshot.current()
    large()
    monkeypatch.setattr(snapshot, "build", lambda: 1 / 0)
    store(record(name="B"))
    assert slugs() == ["a"]
    failed = snapshot._kept.builder
    assert failed
    failed.join()
    assert slugs() == ["a"]
    assert snapshot._kept.builder is failed, "not tried again at once"
    assert "could not be built" in caplog.text
    assert "ZeroDivisionError" in caplog.text
