"""Vendor records in and out as plain data: what is read is what is stored, and what is wrong is said."""

import json
import string
from copy import deepcopy

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.vendors.records import REAL_FILES, REAL_VOCABULARY, SMALL_VOCABULARY, ai, lines, record, source, store, store_vocabulary
from vendors import facts
from vendors.differences import Words
from vendors.models import FACTS, CatalogueVersion, Site, Source, Vendor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_vocabulary(db):
    store_vocabulary()


def dumped(**filters):
    return list(facts.dump(Vendor.objects.filter(**filters)))


def load(*records):
    return facts.load_lines(lines(*records))


FULL = record(
    name="Größe & Söhne",
    slug="groesse-soehne",
    aliases=["Groesse", "G\u2028S"],
    parent="Holding AG",
    type="CDMO",
    services=["sterile-fill-finish", "oral-solid-dose", "bioanalysis"],
    stages=["phase-3", "phase-1"],
    therapeutic_areas=["rare-disease", "oncology"],
    modalities=["gene-therapy"],
    accreditations=["gmp", "gcp"],
    summary="Fills vials.\nAlso presses tablets.",
    sites=[{"city": "Basel", "country": "CH", "what": "vials"}, {"city": "Basel", "country": "CH", "what": "tablets"}],
    ai=ai(level="applied", uses=["manufacturing-and-quality"], note="Camera inspection", sources=[0, 1], checked_on="2026-10-01"),
    sources=[source(), source(url="https://news.example/1", published="2024-05", supports=["ai", "sites"], read_on="2026-09-30")],
)
NOTHING_KNOWN = record(
    name="Nobody Looked", website=None, hq=None, founded=None, employees=None, summary="", services=[], stages=[],
    therapeutic_areas=[], accreditations=[], sites=[], verified_on=None,
)  # fmt: skip


def test_a_full_record_comes_out_as_it_went_in_with_lists_in_their_order():
    store(FULL)
    assert dumped() == [FULL]


def test_a_record_of_which_nothing_is_known_comes_out_with_its_unknowns():
    store(NOTHING_KNOWN)
    assert dumped() == [NOTHING_KNOWN]


def test_every_record_of_the_real_catalogue_comes_out_as_it_went_in():
    store_vocabulary(REAL_VOCABULARY)
    records: dict[str, dict] = {}
    for file in REAL_FILES:
        outcome = facts.load_file(file)
        assert [str(problem) for problem in outcome.problems] == []
        records |= {each["slug"]: each for each in map(json.loads, file.read_text(encoding="utf-8").splitlines())}
    assert len(records) > 250
    assert {each["slug"]: each for each in dumped()} == records


texts = st.text(string.ascii_letters + "äß東\u2028'\" ", max_size=20).map(str.strip)
names = texts.filter(bool)
days = st.none() | st.dates().map(str)


def some_of(name):
    return st.lists(st.sampled_from([row["slug"] for row in SMALL_VOCABULARY[name]]), unique=True)


def object_of(**values):
    return st.fixed_dictionaries(values)


countries = st.sampled_from(["CH", "US", "AX"])
published = st.none() | st.sampled_from(["2024", "2024-05", "2024-05-31"])
addresses = st.integers(0, 10**6).map(lambda number: f"https://example.org/{number}")
source_parts = {"title": names, "publisher": names, "published": published, "supports": st.lists(st.sampled_from(list(FACTS)), unique=True)}


@st.composite
def records(draw):
    sources = draw(
        st.lists(
            object_of(url=addresses, **source_parts) | object_of(url=addresses, read_on=st.dates().map(str), **source_parts),
            min_size=1, max_size=4, unique_by=lambda each: each["url"],
        )
    )  # fmt: skip
    level = draw(st.sampled_from([None, "none-disclosed", "exploring", "applied", "embedded"]))
    shown = level in {"exploring", "applied", "embedded"}
    places = object_of(city=names, country=countries, what=texts)
    return draw(
        object_of(
            slug=st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4}){0,2}", fullmatch=True),
            name=names,
            aliases=st.lists(names, max_size=3, unique=True),
            parent=st.none() | names,
            type=st.sampled_from(["CRO", "CMO", "CDMO"]),
            website=st.none() | addresses,
            hq=st.none() | object_of(city=texts, country=countries),
            founded=st.none() | st.integers(1600, 2100),
            employees=st.none() | object_of(about=st.integers(1, 10_000_000), as_of=st.integers(1900, 2100)),
            summary=texts,
            **{name: some_of(name) for name in ("services", "stages", "therapeutic_areas", "modalities", "accreditations")},
            sites=st.lists(places, max_size=3, unique_by=lambda site: tuple(site.values())),
            ai=object_of(
                level=st.just(level),
                uses=some_of("ai_uses") if shown else st.just([]),
                note=texts,
                sources=st.sets(st.sampled_from(range(len(sources))), min_size=int(shown)).map(sorted),
                checked_on=st.dates().map(str) if level else st.none(),
            ),
            sources=st.just(sources),
            verified_on=days,
        )
    )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(made=st.lists(records(), min_size=1, max_size=3, unique_by=lambda each: each["slug"]))
def test_any_valid_records_come_out_as_they_went_in_and_are_equal_the_second_time(made):
    with transaction.atomic():
        store(*made)
        assert sorted(dumped(), key=lambda each: each["slug"]) == sorted(made, key=lambda each: each["slug"])
        assert load(*made).unchanged == len(made)
        transaction.set_rollback(True)


def test_loading_twice_changes_nothing_and_leaves_the_snapshots_alone():
    store(FULL, NOTHING_KNOWN)
    before, changed_at = CatalogueVersion.current(), list(Vendor.objects.values_list("changed_at"))
    outcome = load(FULL, NOTHING_KNOWN)
    assert (outcome.created, outcome.changed, outcome.unchanged) == (0, 0, 2)
    assert CatalogueVersion.current() == before
    assert list(Vendor.objects.values_list("changed_at")) == changed_at


@pytest.mark.parametrize(
    "spelling",
    [
        {"status": "published"},
        {"sources": [{**each, "read_on": each.get("read_on")} for each in FULL["sources"]]},
        {"ai": {**FULL["ai"], "sources": [1, 0]}},
    ],
    ids=["status said though it follows", "read_on said to be null", "sources of the AI level in another order"],
)
def test_another_spelling_of_the_stored_record_is_no_change(spelling):
    store(FULL)
    assert load({**FULL, **spelling}).unchanged == 1


def test_a_changed_record_is_updated_and_keeps_its_id():
    [vendor], before = store(FULL), CatalogueVersion.current()
    changed = {**FULL, "name": "Söhne", "services": ["oral-solid-dose"], "sites": [], "sources": [source(url="https://new.example")]}
    changed["ai"] = {**FULL["ai"], "sources": [0]}
    outcome = load(changed)
    assert (outcome.created, outcome.changed, outcome.unchanged) == (0, 1, 0)
    assert dumped() == [changed]
    assert Vendor.objects.get().pk == vendor.pk
    assert CatalogueVersion.current() > before


def test_the_rows_of_other_vendors_are_left_alone():
    store(FULL, NOTHING_KNOWN)
    load({**NOTHING_KNOWN, "summary": "Somebody looked.", "services": ["biostatistics"]})
    assert dumped(slug=FULL["slug"]) == [FULL]


def test_a_verified_record_is_published_and_another_waits_as_a_draft():
    verified, unverified = store(record(name="Seen"), record(name="Unseen", verified_on=None))
    assert (verified.status, unverified.status) == ("published", "draft")


def test_an_archived_vendor_stays_archived_when_its_record_is_loaded_again():
    store(FULL)
    Vendor.objects.update(status="archived")
    assert load(FULL).unchanged == 1
    assert load({**FULL, "founded": 1900}).changed == 1
    assert Vendor.objects.get().status == "archived"


def test_a_status_that_does_not_follow_from_the_record_is_dumped_and_loaded():
    store(FULL)
    Vendor.objects.update(status="archived")
    [archived] = dumped()
    assert archived == {**FULL, "status": "archived"}
    Vendor.objects.all().delete()
    store(archived)
    assert Vendor.objects.get().status == "archived"


def test_dump_takes_few_queries_however_many_vendors(count_queries):
    store(*[record(name=f"Vendor {number}") for number in range(2)])
    with count_queries() as few:
        assert len(dumped()) == 2
    store(*[record(name=f"Vendor {number}") for number in range(12)])
    with count_queries() as many:
        assert len(dumped()) == 12
    assert len(many) == len(few)


def test_reloading_an_unchanged_file_takes_few_queries_however_many_vendors(count_queries):
    two, twelve = [[record(name=f"Vendor {number}") for number in range(total)] for total in (2, 12)]
    store(*twelve)
    with count_queries() as few:
        assert load(*two).unchanged == 2
    with count_queries() as many:
        assert load(*twelve).unchanged == 12
    assert len(many) == len(few)


def without(key):
    return {name: value for name, value in record().items() if name != key}


# One bad record a line: what is wrong; the record; the key that is named; a part of what is said of it.
BAD = {
    "an unknown service": (record(services=["clinical-ops"]), "services", "the nearest is clinical-operations"),
    "an unknown therapeutic area": (record(therapeutic_areas=["onclogy"]), "therapeutic_areas", "the nearest is oncology"),
    "an unknown country of a site": (
        record(sites=[{"city": "London", "country": "UK", "what": ""}]), "sites.country", "the nearest is United Kingdom (GB)",
    ),
    "an unknown country of the headquarters": (
        record(hq={"city": "Boston", "country": "USA"}), "hq.country", "the nearest is United States (US)",
    ),
    "an unknown AI use": (
        record(ai=ai(level="applied", uses=["trial-design"], sources=[0], checked_on="2026-01-01")),
        "ai.uses", "the nearest is trial-design-and-feasibility",
    ),
    "an unknown AI level": (record(ai=ai(level="aplied", sources=[0], checked_on="2026-01-01")), "ai.level", "the nearest is applied"),
    "an AI level that is a list": (record(ai=ai(level=["applied"])), "ai.level", "Not an AI level"),
    "an unknown type": (record(type="CDM"), "type", "Write CRO, CMO or CDMO"),
    "a type that is a list": (record(type=["CRO"]), "type", "Write CRO, CMO or CDMO"),
    "an unknown status": (record(status="live"), "status", "draft, published, archived"),
    "an unknown fact": (record(sources=[source(supports=["service"])]), "sources.supports", "the nearest is services"),
    "a fact that is a list": (record(sources=[source(supports=[["name"]])]), "sources.supports", "No such fact"),
    "an unknown key": ({**record(), "headquarters": None}, "headquarters", "There is no such key"),
    "an unknown key of a source": (record(sources=[source(read_at=None)]), "sources.read_at", "the nearest is read_on"),
    "a missing key": (without("stages"), "stages", "The key is missing"),
    "a missing key of a site": (record(sites=[{"city": "Basel", "country": "CH"}]), "sites.what", "The key is missing"),
    "a missing slug": (without("slug"), "slug", "The key is missing"),
    "a bad slug": (record(slug="Alpina Clinical"), "slug", "small letters, figures and single hyphens"),
    "a slug with a line break": (record(slug="alpina\n"), "slug", "U+000A"),
    "a slug with a NUL character": (record(slug="alp\x00ina"), "slug", "U+0000"),
    "a slug with half a character": (record(slug="alp\udfffina"), "slug", "U+DFFF"),
    "a slug that is a number": (record(slug=7), "slug", "Write a text"),
    "no name": (record(slug="nameless", name=""), "name", "cannot be blank"),
    "a name that is a number": ({**record(), "name": 3}, "name", "Write a text"),
    "a name that is too long": ({**record(), "name": "A" * 121}, "name", "at most 120 characters"),
    "a NUL character": ({**record(), "name": "Alp\x00ina"}, "name", "U+0000"),
    "half a character": (record(summary="Runs \ud800 trials."), "summary", "U+D800"),
    "a line break in an alias": (record(aliases=["Alpina\nClinical"]), "aliases", "U+000A"),
    "a space at the end": (record(parent="Holding "), "parent", "the space at the beginning or the end"),
    "an empty text for null": (record(website=""), "website", "Write null"),
    "an empty alias": (record(aliases=["Alpina", ""]), "aliases", "none of them empty"),
    "an alias twice": (record(aliases=["Alpina", "Alpina"]), "aliases", "twice"),
    "an alias that is a list": (record(aliases=[["Alpina"]]), "aliases", "Write a text"),
    "aliases that are a text": (record(aliases=""), "aliases", "Write a list"),
    "aliases that are null": (record(aliases=None), "aliases", "Write a list"),
    "services that are a text": (record(services="bioanalysis"), "services", "Write a list"),
    "services that are lists": (record(services=[["bioanalysis"]]), "services", "Not in the vocabulary"),
    "a service twice": (record(services=["bioanalysis", "bioanalysis"]), "services", "twice"),
    "facts that are null": (record(sources=[source(supports=None)]), "sources.supports", "Write a list"),
    "a fact twice": (record(sources=[source(supports=["name", "name"])]), "sources.supports", "each once"),
    "a bad address": (record(sources=[source(url="alpina.example")]), "sources.url", "valid URL"),
    "an address that is not on the web": (record(website="ftp://alpina.example"), "website", "valid URL"),
    "a script for an address": (record(sources=[source(url="javascript:alert(1)")]), "sources.url", "valid URL"),
    "an address that is too long": (record(sources=[source(url="https://a.example/" + "a" * 1000)]), "sources.url", "1000"),
    "a source without a title": (record(sources=[source(title="")]), "sources.title", "blank"),
    "a source twice": (record(sources=[source(), source()]), "sources", "twice"),
    "no source": (record(sources=[]), "sources", "at least one source"),
    "a source that is a text": (record(sources=["https://alpina.example"]), "sources", "Write an object"),
    "a bad day of verification": (record(verified_on="2026-11-31"), "verified_on", "YYYY-MM-DD"),
    "a day in another form": (record(verified_on="20261122"), "verified_on", "YYYY-MM-DD"),
    "a day with a time": (record(verified_on="2026-11-22T00:00"), "verified_on", "YYYY-MM-DD"),
    "a day that is a number": (record(verified_on=20261122), "verified_on", "YYYY-MM-DD"),
    "a bad day of reading": (record(sources=[source(read_on="yesterday")]), "sources.read_on", "YYYY-MM-DD"),
    "a bad day of publication": (record(sources=[source(published="May 2024")]), "sources.published", "YYYY-MM"),
    "a month that does not exist": (record(sources=[source(published="2024-13")]), "sources.published", "YYYY-MM"),
    "an AI level without a day": (record(ai=ai(level="applied", sources=[0])), "ai", "go together"),
    "a day without an AI level": (record(ai=ai(checked_on="2026-01-01")), "ai", "go together"),
    "AI uses without a level": (record(ai=ai(uses=["trial-design-and-feasibility"])), "ai.uses", "exploring, applied or embedded"),
    "AI uses though none was disclosed": (
        record(ai=ai(level="none-disclosed", uses=["trial-design-and-feasibility"], checked_on="2026-01-01")),
        "ai.uses", "exploring, applied or embedded",
    ),
    "an AI level that no source shows": (record(ai=ai(level="applied", checked_on="2026-01-01")), "ai.sources", "needs a source"),
    "the place of a source that is not there": (
        record(ai=ai(level="applied", sources=[1], checked_on="2026-01-01")), "ai.sources", "from 0 to 0",
    ),
    "a negative place of a source": (record(ai=ai(sources=[-1])), "ai.sources", "from 0 to 0"),
    "true for the place of a source": (
        record(sources=[source(), source(url="https://b.example")], ai=ai(sources=[True])), "ai.sources", "from 0 to 1",
    ),
    "the place of a source twice": (record(ai=ai(sources=[0, 0])), "ai.sources", "twice"),
    "AI that is null": (record(ai=None), "ai", "Write an object"),
    "a year of foundation out of range": (record(founded=98), "founded", "four figures"),
    "a year of foundation that no column holds": (record(founded=10**30), "founded", "too large"),
    "a year that is a text": (record(founded="1998"), "founded", "whole number"),
    "a year that is true": (record(founded=True), "founded", "whole number"),
    "no employees": (record(employees={"about": 0, "as_of": 2024}), "employees", "go together"),
    "more employees than there can be": (record(employees={"about": 20_000_000, "as_of": 2024}), "employees", "10,000,000"),
    "more employees than a column holds": (record(employees={"about": 3_000_000_000, "as_of": 2024}), "employees.about", "too large"),
    "employees without a year": (record(employees={"about": 40, "as_of": None}), "employees.as_of", "whole number"),
    "half an employee": (record(employees={"about": 40.5, "as_of": 2024}), "employees.about", "whole number"),
    "employees in a year out of range": (record(employees={"about": 40, "as_of": 24}), "employees", "go together"),
    "a site twice": (record(sites=[record()["sites"][0]] * 2), "sites", "twice"),
    "a site without a city": (record(sites=[{"city": "", "country": "CH", "what": ""}]), "sites.city", "blank"),
    "a site whose text is too long": (record(sites=[{"city": "Basel", "country": "CH", "what": "x" * 201}]), "sites.what", "200"),
    "support of a value that the record does not hold": (
        record(sources=[source(supports=["services:bioanalysis"])]), "sources.supports", "Not among the services",
    ),
    "support of a value of what has one only": (record(sources=[source(supports=["hq:Basel"])]), "sources.supports", "nearest is hq"),
    "support of a value without a value": (record(sources=[source(supports=["services:"])]), "sources.supports", "nearest is services"),
    "the AI level supported twice over": (record(sources=[source(supports=["ai:level"])]), "sources.supports", "under ai.sources"),
    "a successor of a vendor that is not archived": (record(successor="good-neighbour"), "successor", "Only an archived record"),
    "a successor that is not there": (record(status="archived", successor="nobody"), "successor", "There is no vendor"),
    "a successor that is the vendor itself": (record(status="archived", successor="alpina-clinical"), "successor", "another vendor"),
    "a successor that is a number": (record(status="archived", successor=3), "successor", "another vendor"),
    "former addresses that are no list": (record(former_slugs="old"), "former_slugs", "Write a list"),
    "a former address that is none": (record(former_slugs=["Old Name"]), "former_slugs", "small letters"),
    "a former address twice": (record(former_slugs=["old", "old"]), "former_slugs", "twice"),
    "a former address that another vendor has": (record(former_slugs=["good-neighbour"]), "former_slugs", "Another vendor"),
    "published though nobody verified it": (record(status="published", verified_on=None), "verified_on", "before publishing"),
}  # fmt: skip


@pytest.mark.parametrize("bad, key, said", BAD.values(), ids=BAD)
def test_a_bad_record_is_refused_by_line_slug_key_and_value(bad, key, said, tmp_path):
    good, before = record(name="Good Neighbour"), CatalogueVersion.current()
    file = tmp_path / "bad.jsonl"
    # Escaped, as half a character can't be written otherwise.
    file.write_text("\n".join([json.dumps(good), "", json.dumps(bad)]), encoding="utf-8")
    problems = facts.load_file(file).problems
    slug = bad.get("slug") if isinstance(bad.get("slug"), str) else ""
    assert {(problem.line, problem.slug, problem.file) for problem in problems} == {(3, slug, str(file))}
    assert [problem.key for problem in problems] == [key] * len(problems)
    assert all(said in problem.message for problem in problems)
    assert str(problems[0]).startswith(f"{file}:3: {slug or '(no slug)'}: {key}: ")
    assert not Vendor.objects.exists()
    assert not Site.objects.exists()
    assert not Source.objects.exists()
    assert CatalogueVersion.current() == before


def test_the_value_is_named_and_cut_short_when_it_is_long():
    [problem] = load(record(services=["clinical-ops"])).problems
    assert ': services: "clinical-ops": ' in str(problem)
    [problem] = load(record(summary=["a" * 1000])).problems
    assert "aaa…: Write a text." in str(problem)
    assert len(str(problem)) < 200


def test_everything_wrong_in_a_file_is_said_at_once():
    problems = load(
        record(name="A", founded=3), record(name="B", type="X", services=["tablets"]), record(name="C", aliases=["c", "c"])
    ).problems
    assert [(problem.slug, problem.key) for problem in problems] == [("a", "founded"), ("b", "type"), ("b", "services"), ("c", "aliases")]


def test_what_the_database_refuses_is_said_together_with_the_rest():
    problems = load(record(name="A", founded=98), record(name="B", type="X"), record(name="C", services=["tablets"], founded=98)).problems
    assert [(problem.slug, problem.key) for problem in problems] == [("a", "founded"), ("b", "type"), ("c", "services")]
    assert not Vendor.objects.exists()


def test_nothing_is_said_twice():
    problems = load(record(website="alpina", sources=[source(url="alpina")])).problems
    assert sorted(problem.key for problem in problems) == ["sources.url", "website"]


@pytest.mark.parametrize(
    "line, said",
    [
        ('{"slug": "a"', "Not readable as JSON"),
        ('{"slug": "a", "slug": "b"}', "the key 'slug' is there twice"),
        ('{"hq": {"city": "a", "city": "b"}}', "the key 'city' is there twice"),
        ('["slug"]', "one object a line"),
        ("null", "one object a line"),
        ("[" * 100_000, "Not readable as JSON"),
        ("1" * 5000, "Not readable as JSON"),
        ("\ufeff{}", "Not readable as JSON"),
    ],
    ids=["cut off", "key twice", "inner key twice", "a list", "null", "too deep", "too long a number", "byte order mark"],
)
def test_a_line_that_is_no_record_is_refused_with_its_number(line, said):
    outcome = facts.load_lines([*lines(record()), line])
    [problem] = outcome.problems
    assert problem.line == 2
    assert said in problem.message
    assert not Vendor.objects.exists()


def test_the_same_slug_twice_in_a_file_is_refused_with_both_lines():
    [problem] = load(record(), record(name="Beta"), {**record(), "founded": 2000}).problems
    assert (problem.line, problem.slug, problem.key) == (3, "alpina-clinical", "slug")
    assert "line 1" in problem.message
    assert not Vendor.objects.exists()


def test_a_stored_vendor_keeps_its_old_record_when_the_new_one_is_refused():
    store(FULL)
    assert load({**FULL, "name": "New", "founded": 3}).problems
    assert load({**deepcopy(FULL), "verified_on": None}).problems[0].key == "verified_on"  # it is published
    assert dumped() == [FULL]


def test_a_separator_of_unicode_within_a_text_ends_no_line(tmp_path):
    file = tmp_path / "separators.jsonl"
    text = record(name="Line", summary="One\u2028two\u2029three")
    file.write_text("\r\n".join(lines(text, record(name="Beta"))), encoding="utf-8", newline="")
    assert facts.load_file(file).created == 2
    assert dumped(slug="line") == [text]


def test_a_file_that_cannot_be_read_is_a_problem_and_no_crash(tmp_path):
    (tmp_path / "latin.jsonl").write_bytes(b'{"name": "Z\xfcrich"}')
    for name in ("missing.jsonl", "latin.jsonl", ""):
        [problem] = facts.load_file(tmp_path / name).problems
        assert "The file can't be read" in problem.message
        assert problem.file == str(tmp_path / name)


def test_an_empty_file_loads_nothing(tmp_path):
    (tmp_path / "empty.jsonl").write_text("\n\n")
    assert facts.load_file(tmp_path / "empty.jsonl") == facts.Outcome()


def test_names_are_stored_folded_too_so_that_every_database_finds_them():
    [vendor] = store(FULL)
    assert vendor.sort_name == "grosse & sohne"
    assert "groesse" in vendor.search_names


def test_a_plan_says_what_would_happen_value_by_value_and_stores_nothing():
    load(record(name="Alpha"), record(name="Beta"))
    changed = record(name="Beta", founded=1900, ai=ai(level="none-disclosed", checked_on="2026-01-01"))
    entries = facts.entries_of(lines(record(name="Alpha"), changed, record(name="Gamma"), record(name="Delta", type="X")))
    planned = facts.complete(facts.plan(entries))
    assert [row.state for row in planned.rows] == ["unchanged", "changed", "new", "refused"]
    words = Words(planned.vocabulary)
    found = words.differences(planned.rows[1].stored, planned.rows[1].known_after)
    assert {(change.key, change.before, change.after) for change in found} == {
        ("founded", "1998", "1900"), ("ai.level", "", "None disclosed"), ("ai.checked_on", "", "2026-01-01"),
    }  # fmt: skip
    new = {change.key for change in words.differences(planned.rows[2].stored, planned.rows[2].known_after)}
    assert {"name", "services", "hq"} <= new
    assert "parent" not in new
    assert set(Vendor.objects.values_list("slug", "founded")) == {("alpha", 1998), ("beta", 1998)}


def test_a_plan_says_what_the_database_would_refuse_without_holding_back_the_rest():
    planned = facts.complete(facts.plan(facts.entries_of(lines(record(name="Alpha", founded=1), record(name="Beta")))))
    assert [row.state for row in planned.rows] == ["refused", "new"]
    assert [problem.key for problem in planned.problems] == ["founded"]


def test_a_problem_names_which_site_or_source_it_is_about():
    sites = [{"city": "Basel", "country": "CH", "what": ""}, {"city": "London", "country": "UK", "what": ""}]
    sources = [source(), source(url="https://b.example", published="May")]
    problems = load(record(sites=sites)).problems + load(record(sources=sources)).problems
    assert [(problem.key, problem.index) for problem in problems] == [("sites.country", 1), ("sources.published", 1)]


def test_where_an_address_leads_goes_in_and_out_and_is_kept_where_a_record_does_not_say():
    old = record(name="Old", status="archived", successor="new", former_slugs=["older", "oldest"])
    store(old, record(name="New"))
    assert dumped(slug="old") == [old]
    assert Vendor.objects.get(successor__slug="new").slug == "old"
    store({key: value for key, value in old.items() if key not in {"status", "successor", "former_slugs"}} | {"founded": 2001})
    assert dumped(slug="old") == [{**old, "founded": 2001}]
    store({**old, "successor": None, "former_slugs": []})
    assert dumped(slug="old") == [record(name="Old", status="archived")]


def test_a_single_value_goes_in_and_out_as_what_a_source_supports():
    made = record(sources=[source(supports=["services:clinical-operations", "sites:Basel, CH", "hq"])])
    [vendor] = store(made)
    assert dumped() == [made]
    assert vendor.source_numbers("services:clinical-operations") == vendor.source_numbers("services") == [1]
    assert vendor.source_numbers("stages") == []


def test_what_no_source_supports_is_written_with_the_record():
    [vendor] = store(record(sources=[source(supports=["services", "hq", "sites", "stages", "summary", "founded", "employees"])]))
    assert vendor.unsourced == ["name", "type", "website", "therapeutic_areas:oncology", "accreditations:gcp"]
    assert vendor.unsourced_number == 2
