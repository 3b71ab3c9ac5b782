"""The catalogue as columns of bits: what is known, what is possible, and the nearest right word. No database."""

import numpy as np
import pytest

from tests.vendors.records import REAL_VOCABULARY, SMALL_VOCABULARY, ai, record, source
from vendors.catalogue import LISTS, Catalogue, Vocabulary, nearest, pack

VOCABULARY = Vocabulary.from_dict(SMALL_VOCABULARY)
REAL = Vocabulary.from_dict(REAL_VOCABULARY)


def catalogue(*records):
    return Catalogue.from_records(VOCABULARY, records)


def named(found: Catalogue, bits):
    """The names of the vendors whose bit is set."""
    return [row.name for row, flag in zip(found.rows, found.flags(bits), strict=True) if flag]


def is_known(dimension, slug, **changes):
    found = catalogue(record(**changes))
    return bool(named(found, found.known(dimension, slug)))


def is_possible(dimension, slug, **changes):
    found = catalogue(record(**changes))
    return bool(named(found, found.possible(dimension, slug)))


def test_a_term_is_known_of_the_vendors_whose_records_have_it():
    found = catalogue(record(name="A"), record(name="B", services=["bioanalysis", "biostatistics"]), record(name="C", services=[]))
    assert named(found, found.known("services", "biostatistics")) == ["B"]
    assert named(found, found.known("services", "clinical-operations")) == ["A"]
    assert named(found, found.known("services", "oral-solid-dose")) == []


def test_vendors_stand_by_name_whatever_case_and_accents():
    found = catalogue(*[record(name=name, slug=name[1:]) for name in ("Ünal", "Zeta", "Uzan", "alpha")])
    assert [row.name for row in found.rows] == ["alpha", "Ünal", "Uzan", "Zeta"]


def test_bits_hold_more_vendors_than_one_word_has():
    records = [record(name=f"Vendor {number:03}", stages=["phase-2"] if number % 7 == 0 else []) for number in range(150)]
    found = catalogue(*records)
    assert named(found, found.known("stages", "phase-2")) == [f"Vendor {number:03}" for number in range(0, 150, 7)]
    assert np.bitwise_count(found.known("stages", "phase-2")).sum() == 22
    assert np.bitwise_count(found.everyone).sum() == 150
    assert found.place["vendor-149"] == 149


def test_no_bit_is_possible_beyond_the_last_vendor():
    found = catalogue(*[record(name=f"Vendor {number}", services=[]) for number in range(70)])
    for dimension in (*LISTS, "types", "ai_levels"):
        for slug in VOCABULARY.terms(dimension):
            assert np.bitwise_count(found.possible(dimension, slug)).sum() in {0, 70}


def test_an_empty_catalogue_answers_every_question_with_nobody():
    found = catalogue()
    assert len(found) == 0
    for dimension in (*LISTS, "types", "ai_levels"):
        for slug in VOCABULARY.terms(dimension):
            assert not found.flags(found.known(dimension, slug)).any()
            assert not found.flags(found.possible(dimension, slug)).any()


def test_what_is_known_is_possible_for_every_term():
    found = catalogue(
        record(name="A", services=["oral-solid-dose"]),
        record(name="B", type="CDMO", ai=ai(level="applied", uses=["manufacturing-and-quality"], sources=[0])),
        record(name="C", type="CMO", ai=ai(level="none-disclosed"), services=["biostatistics"]),
    )
    for dimension in (*LISTS, "types", "ai_levels"):
        for slug in VOCABULARY.terms(dimension):
            known, possible = found.known(dimension, slug), found.possible(dimension, slug)
            assert (known & ~possible == 0).all()


@pytest.mark.parametrize(
    "dimension, slug",
    [
        ("stages", "phase-3"),
        ("therapeutic_areas", "neurology"),
        ("modalities", "gene-therapy"),
        ("accreditations", "gmp"),
        ("countries", "US"),
    ],
)
def test_what_no_source_says_is_possible_though_not_known(dimension, slug):
    assert not is_known(dimension, slug)
    assert is_possible(dimension, slug)


@pytest.mark.parametrize("slug", ["biostatistics", "bioanalysis"])
def test_a_cro_may_offer_any_research_service(slug):
    assert is_possible("services", slug, type="CRO", services=[])


@pytest.mark.parametrize("slug", ["oral-solid-dose", "small-molecule-api"])
def test_a_cro_is_not_possibly_a_maker(slug):
    assert not is_possible("services", slug, type="CRO", services=["clinical-operations"])


def test_a_cro_known_for_one_service_of_making_may_offer_its_group_but_no_other_group():
    assert is_possible("services", "oral-solid-dose", type="CRO", services=["sterile-fill-finish"])
    assert not is_possible("services", "small-molecule-api", type="CRO", services=["sterile-fill-finish"])


@pytest.mark.parametrize("kind", ["CMO", "CDMO"])
def test_a_maker_may_offer_any_service_of_making_but_no_research_unless_it_is_known_there(kind):
    assert is_possible("services", "oral-solid-dose", type=kind, services=[])
    assert is_possible("services", "small-molecule-api", type=kind, services=[])
    assert not is_possible("services", "biostatistics", type=kind, services=["oral-solid-dose"])
    assert is_possible("services", "biostatistics", type=kind, services=["clinical-operations"])
    assert not is_possible("services", "bioanalysis", type=kind, services=["clinical-operations"])


def test_a_group_that_is_open_to_one_vendor_is_not_open_to_another():
    found = catalogue(record(name="A", services=["sterile-fill-finish"]), record(name="B"))
    assert named(found, found.possible("services", "oral-solid-dose")) == ["A"]


def test_a_type_is_what_it_is():
    assert is_possible("types", "CRO", type="CRO")
    assert not is_possible("types", "CMO", type="CRO")


def test_while_nobody_has_looked_every_ai_level_and_use_is_possible_and_none_is_known():
    for level in ("none-disclosed", "exploring", "applied", "embedded"):
        assert is_possible("ai_levels", level)
        assert not is_known("ai_levels", level)
    assert is_possible("ai_uses", "manufacturing-and-quality")


def test_where_somebody_looked_and_found_nothing_no_ai_is_possible():
    looked = {"ai": ai(level="none-disclosed", checked_on="2026-01-01")}
    assert is_known("ai_levels", "none-disclosed", **looked)
    for level in ("exploring", "applied", "embedded"):
        assert not is_possible("ai_levels", level, **looked)
    assert not is_possible("ai_uses", "manufacturing-and-quality", **looked)


def test_a_known_ai_level_rules_the_others_out():
    found = {"ai": ai(level="applied", uses=["manufacturing-and-quality"], sources=[0], checked_on="2026-01-01")}
    assert is_known("ai_levels", "applied", **found)
    assert not is_possible("ai_levels", "embedded", **found)
    assert is_known("ai_uses", "manufacturing-and-quality", **found)
    assert not is_possible("ai_uses", "trial-design-and-feasibility", **found)


def test_a_vendor_is_in_the_countries_of_its_headquarters_and_its_sites():
    places = {"hq": {"city": "Basel", "country": "CH"}, "sites": [{"city": "Boston", "country": "US", "what": ""}]}
    assert is_known("countries", "CH", **places)
    assert is_known("countries", "US", **places)
    assert not is_known("countries", "DE", **places)
    assert is_known("countries", "US", hq=None, sites=places["sites"])


def test_a_row_keeps_what_the_advice_needs_of_a_vendor_beside_its_bits():
    sources = [source(), source(url="https://b.example")]
    [owned] = catalogue(record(name="Arm", parent="Holding", sources=sources, verified_on="2026-11-22")).rows
    assert (owned.slug, owned.type, owned.organization, owned.sources, str(owned.verified_on)) == ("arm", "CRO", "Holding", 2, "2026-11-22")
    [free] = catalogue(record(name="Free", verified_on=None)).rows
    assert (free.organization, free.verified_on) == ("Free", None)


def test_the_same_records_give_the_same_version_in_any_order():
    records = [record(name=name) for name in "CAB"]
    assert catalogue(*records).version == catalogue(*reversed(records)).version


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Alpina", "slug": "alpina-clinical"},
        {"slug": "alpina"},
        {"type": "CDMO"},
        {"parent": "Holding"},
        {"services": ["biostatistics"]},
        {"stages": []},
        {"therapeutic_areas": []},
        {"modalities": ["gene-therapy"]},
        {"accreditations": []},
        {"hq": None, "sites": []},
        {"ai": ai(level="none-disclosed")},
        {"sources": [source(), source(url="https://b.example")]},
        {"verified_on": "2026-11-21"},
    ],
    ids=lambda change: ", ".join(change),
)
def test_the_version_changes_with_anything_that_the_advice_rests_on(change):
    assert catalogue(record(**change)).version != catalogue(record()).version


def test_the_version_changes_when_a_service_moves_to_the_other_lane():
    data = {**SMALL_VOCABULARY, "service_groups": [{**row, "lane": "making"} for row in SMALL_VOCABULARY["service_groups"]]}
    assert Catalogue.from_records(Vocabulary.from_dict(data), [record()]).version != catalogue(record()).version


def test_bits_and_flags_are_two_forms_of_the_same():
    flags = np.array([number % 3 == 0 for number in range(130)])
    bits = pack(flags)
    assert bits.dtype == np.uint64
    assert bits.shape == (3,)
    assert (np.unpackbits(bits.view(np.uint8), bitorder="little", count=130).astype(bool) == flags).all()
    assert bits[0] & np.uint64(0b1111) == 0b1001  # vendor 0 is the lowest bit


@pytest.mark.parametrize(
    "dimension, typed, right",
    [
        ("services", "clinical-ops", "clinical-operations"),
        ("services", "monitoring", "clinical-operations"),
        ("services", "Clinical Operations and Monitoring", "clinical-operations"),
        ("services", "fill finish", "sterile-fill-finish"),
        ("services", "tablets", "oral-solid-dose"),
        ("services", "bio statistics", "biostatistics"),
        ("services", "API", "small-molecule-api"),
        ("therapeutic_areas", "onclogy", "oncology"),
        ("therapeutic_areas", "ONCOLOGY", "oncology"),
        ("therapeutic_areas", "cancer", "oncology"),
        ("therapeutic_areas", "rare diseases", "rare-disease"),
        ("therapeutic_areas", "women", "womens-health"),
        ("modalities", "ADC", "antibody-drug-conjugate"),
        ("modalities", "small molecules", "small-molecule"),
        ("modalities", "gene_therapy", "gene-therapy"),
        ("stages", "phase1", "phase-1"),
        ("stages", "Phase II", "phase-2"),
        ("stages", "phase 4", "post-marketing"),
        ("stages", "pre-clinical", "preclinical"),
        ("accreditations", "cGMP", "gmp"),
        ("accreditations", "iso9001", "iso-9001"),
        ("countries", "USA", "US"),
        ("countries", "UK", "GB"),
        ("countries", "us", "US"),
        ("countries", "United States of America", "US"),
        ("countries", "Germny", "DE"),
        ("countries", "Swizerland", "CH"),
        ("countries", "Korea", "KR"),
        ("ai_levels", "aplied", "applied"),
        ("ai_levels", "none", "none-disclosed"),
    ],
)
def test_the_nearest_right_word(dimension, typed, right):
    assert nearest(typed, {slug: term.name for slug, term in REAL.terms(dimension).items()}) == right


@pytest.mark.parametrize("typed", ["", " ", "\x00", "?" * 10_000, "東京"])
def test_there_is_a_nearest_word_for_anything_that_can_be_typed(typed):
    assert nearest(typed, ["CRO", "CMO", "CDMO"]) in {"CRO", "CMO", "CDMO"}


def test_of_nothing_to_choose_from_nothing_is_nearest():
    assert nearest("oncology", []) is None


def test_a_short_form_counts_only_where_its_term_is_a_choice():
    assert nearest("UK", ["ukraine", "uganda"]) == "ukraine"


def test_of_equally_near_words_always_the_same_is_taken():
    assert nearest("x", ["b", "a", "c"]) == nearest("x", ["c", "b", "a"]) == "a"
