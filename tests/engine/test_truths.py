"""What must hold for every program and every catalogue, tried on random ones."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.engine.advice import advise
from advisor.engine.profile import CRITERIA, PREFERENCES, PRIORITIES, Profile
from tests.engine.builders import VOCABULARY, ai, catalogue, vendor

SERVICES = ["formulation", "oral-solid-dose", "viral-vector", "clinical-operations", "bioanalysis", "toxicology"]
STAGES = list(VOCABULARY.stages)


def some(values, most=3):
    return st.lists(st.sampled_from(values), max_size=most, unique=True)


FACTS = {
    "services": some(SERVICES, 4),
    "stages": some(STAGES, 4),
    "therapeutic_areas": some(["oncology", "neurology", "pain"]),
    "modalities": some(["small-molecule", "gene-therapy"]),
    "accreditations": some(["gmp", "gcp", "glp", "fda-inspected"]),
}
vendors = st.fixed_dictionaries({
    **FACTS,
    "type": st.sampled_from(["CRO", "CMO", "CDMO"]),
    "sites": some(["US", "DE", "AU"]).map(lambda codes: [{"city": "X", "country": code, "what": ""} for code in codes]),
    "employees": st.sampled_from([None, {"about": 60, "as_of": 2025}, {"about": 9000, "as_of": 2025}]),
    "ai": st.sampled_from([ai("applied", "process-development"), {**ai("none-disclosed"), "sources": []}, vendor()["ai"]]),
})  # fmt: skip
catalogues = st.lists(vendors, min_size=1, max_size=7).map(lambda facts: [vendor(f"v{i}", **one) for i, one in enumerate(facts)])
programs = st.fixed_dictionaries({
    "stage": st.sampled_from(STAGES),
    "services": some(SERVICES, 4).filter(bool),
    "in_house": some(SERVICES, 1),
    "therapeutic_areas": some(["oncology", "neurology"], 2),
    "modality": st.sampled_from([None, "small-molecule", "gene-therapy"]),
    "countries": some(["US", "DE"], 2),
    "priorities": st.fixed_dictionaries({name: st.integers(0, 5) for name in PRIORITIES}),
    "preferences": st.fixed_dictionaries({}, optional={name: st.sampled_from(answers) for name, answers in PREFERENCES.items()}),
})  # fmt: skip
few = settings(max_examples=60, deadline=None)


def advice_on(program, records):
    return advise(Profile.from_dict(program, VOCABULARY), catalogue(*records))


def matches(program, records):
    return {(m["lane"], m["vendor"]): m for m in advice_on(program, records).as_dict()["matches"]}


@given(catalogues, programs, st.sampled_from(sorted(FACTS)), st.data())
@few
def test_adding_a_fact_never_lowers_a_vendors_score_unless_a_specialist_is_wanted(records, program, key, data):
    if program["preferences"].get("focus") == "specialist":
        program = {**program, "preferences": {}}
    term = data.draw(st.sampled_from(SERVICES if key == "services" else list(VOCABULARY.terms(key))))
    before = matches(program, records)
    richer = [{**records[0], key: [*dict.fromkeys([*records[0][key], term])]}, *records[1:]]
    after = matches(program, richer)
    for place, match in before.items():
        if place[1] == "v0":
            assert after[place]["score"] >= match["score"] - 1e-12


@given(catalogues, programs, st.sampled_from(sorted(FACTS)))
@few
def test_making_facts_unknown_never_raises_what_is_known(records, program, key):
    if program["preferences"].get("focus"):
        program = {**program, "preferences": {}}
    before = matches(program, records)
    after = matches(program, [{**records[0], key: []}, *records[1:]])
    for place, match in after.items():
        if place in before and place[1] == "v0":
            assert match["score"] <= before[place]["score"] + 1e-12


@given(catalogues, programs)
@few
def test_making_an_open_fact_unknown_never_lowers_what_is_possible(records, program):
    """Facts that nothing rules out: of a record without them, all of it is still possible."""
    before = matches(program, records)
    after = matches(program, [{**records[0], "stages": [], "therapeutic_areas": [], "modalities": [], "accreditations": []}, *records[1:]])
    for place, match in before.items():
        if place[1] == "v0":
            assert after[place]["possible"] >= match["possible"] - 1e-12


@given(catalogues, programs, st.randoms())
@few
def test_the_order_does_not_depend_on_the_order_of_the_records(records, program, random):
    shuffled = list(records)
    random.shuffle(shuffled)
    assert json.dumps(advice_on(program, records).as_dict()) == json.dumps(advice_on(program, shuffled).as_dict())


@given(catalogues, programs, st.floats(0.1, 3))
@few
def test_scaling_all_weights_changes_nothing(records, program, factor):
    weights = dict(zip(CRITERIA, range(3, 3 + len(CRITERIA)), strict=True))
    one = advice_on({**program, "weights": weights}, records).as_dict()["matches"]
    other = advice_on({**program, "weights": {name: value * factor for name, value in weights.items()}}, records).as_dict()["matches"]
    assert [(m["lane"], m["vendor"]) for m in one] == [(m["lane"], m["vendor"]) for m in other]
    assert all(abs(a["score"] - b["score"]) < 1e-9 for a, b in zip(one, other, strict=True))


@given(catalogues, programs)
@few
def test_known_is_never_above_possible_and_both_add_up(records, program):
    for match in matches(program, records).values():
        assert 0 <= match["score"] <= match["possible"] + 1e-12 <= 1 + 1e-9
        assert abs(match["score"] - sum(c["weight"] * c["known"] for c in match["contributions"])) < 1e-9
        assert abs(match["possible"] - sum(c["weight"] * c["possible"] for c in match["contributions"])) < 1e-9
        assert 0 <= match["first_share"] <= match["top5_share"] <= 1


@given(catalogues, programs)
@few
def test_one_vendor_is_first_in_every_weighting(records, program):
    for ranking in advice_on(program, records).rankings:
        if len(ranking):
            assert abs(sum(match.shares.first for match in ranking.matches()) - 1) < 1e-9
            for match in ranking.matches():
                best, worst = ranking.rank_range(ranking.question.catalogue.place[match.vendor])
                assert best <= worst


@given(catalogues, programs)
@few
def test_a_vendor_known_to_fail_a_must_have_is_never_ranked(records, program):
    advice = advice_on({**program, "must_have": {"accreditations": ["gmp"], "countries": ["DE"]}}, records)
    for ranking in advice.rankings:
        assert not set(ranking.failed.tolist()) & set(ranking.order.tolist())
        assert all(gate.status != "fail" for match in ranking.matches() for gate in match.gates)


@given(catalogues, programs)
@few
def test_a_question_promises_a_rise(records, program):
    for question in advice_on(program, records).questions:
        assert question.to_rank is None or question.to_rank < question.from_rank
