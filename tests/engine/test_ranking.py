import math

import numpy as np
import pytest

from advisor.engine.needs import needs_of
from advisor.engine.profile import CRITERIA, PREFERENCES
from advisor.engine.ranking import DEFAULT_WEIGHTS, rank, weights_for
from tests.engine.builders import VOCABULARY, ai, catalogue, profile, vendor

MAKING = ["formulation", "oral-solid-dose"]


def ranked(*records, lane="making", **answers):
    program = profile(**{"services": MAKING, **answers})
    return rank(program, needs_of(program, VOCABULARY), catalogue(*records), lane)


def order(*records, **answers):
    return [match.vendor for match in ranked(*records, **answers).matches()]


def contribution(match, criterion):
    return next(c for c in match.contributions if c.criterion == criterion)


def test_contributions_add_up_to_the_total():
    program = {"therapeutic_areas": ["oncology"], "countries": ["US", "AU"], "priorities": {"ai": 4}}
    for match in ranked(vendor("a", services=MAKING), vendor("b", stages=["phase-1"], ai=ai("applied")), **program).matches():
        assert match.score == pytest.approx(math.fsum(c.weight * c.known for c in match.contributions), abs=1e-9)
        assert match.possible == pytest.approx(math.fsum(c.weight * c.possible for c in match.contributions), abs=1e-9)
        assert math.fsum(c.weight for c in match.contributions) == pytest.approx(1, abs=1e-9)
        assert 0 <= match.score <= match.possible <= 1 + 1e-9


def test_who_shows_more_of_what_is_needed_stands_first():
    assert order(vendor("one", services=MAKING[:1]), vendor("both", services=MAKING), vendor("neither")) == ["both", "one", "neither"]


def test_unknown_is_not_no():
    match = ranked(vendor(modalities=[]), modality="antibody-drug-conjugate").matches()[0]
    assert contribution(match, "modality").known == 0
    assert contribution(match, "modality").possible == 1
    assert "not known" in contribution(match, "modality").because.lower()


def test_a_cro_is_not_possibly_a_tablet_maker():
    assert order(vendor("cro", type="CRO", services=["bioanalysis"]), vendor("maker", type="CMO")) == ["maker"]


def test_a_cro_known_to_work_in_the_group_is_in_the_lane():
    assert order(vendor("cro", type="CRO", services=["analytical-development"])) == ["cro"]


def test_ties_break_by_what_is_possible_then_sources_then_name():
    source = vendor()["sources"][0]
    records = [vendor("zeta"), vendor("beta"), vendor("rich", sources=[source, {**source, "url": "https://example.org/2"}])]
    assert order(*records, weights={"evidence": 0}) == ["rich", "beta", "zeta"]


def test_criteria_the_program_says_nothing_about_have_no_weight():
    match = ranked(vendor(), modality=None).matches()[0]
    assert [c.criterion for c in match.contributions] == ["services", "stages", "accreditations", "evidence"]


def test_ai_counts_only_for_a_sponsor_who_asks_for_it():
    plain, keen = vendor("plain", services=MAKING), vendor("keen", services=MAKING, ai=ai("embedded", "process-development"))
    assert "ai" not in {c.criterion for c in ranked(plain).matches()[0].contributions}
    assert order(plain, keen, priorities={"ai": 5})[0] == "keen"


def test_nobody_having_looked_for_ai_is_unknown_and_a_look_that_found_nothing_is_not():
    unlooked, looked = vendor("a"), vendor("b", ai={**ai("none-disclosed"), "sources": []})
    values = {m.vendor: contribution(m, "ai") for m in ranked(unlooked, looked, priorities={"ai": 3}).matches()}
    assert (values["a"].known, values["a"].possible) == (0, 1)
    assert (values["b"].known, values["b"].possible) == (0, 0)


def test_ai_uses_that_touch_the_work_count_beside_the_level():
    near, far = vendor("near", ai=ai("applied", "process-development")), vendor("far", ai=ai("applied", "imaging-and-pathology"))
    assert order(far, near, priorities={"ai": 3}) == ["near", "far"]


def test_a_must_have_that_is_not_known_keeps_the_vendor_to_confirm_and_adds_no_points():
    shown, open_ = vendor("shown", services=MAKING, accreditations=["gmp"]), vendor("open", services=MAKING)
    gates = {m.vendor: m.gates[0].status for m in ranked(shown, open_, must_have={"accreditations": ["gmp"]}).matches()}
    assert gates == {"shown": "pass", "open": "to confirm"}
    with_gate = ranked(open_, must_have={"countries": ["US"]}).matches()[0]
    assert with_gate.score == ranked(open_).matches()[0].score


def test_a_record_of_the_other_lane_is_not_demanded():
    studies = ranked(
        vendor(type="CRO"), lane="research", services=["toxicology", "formulation"], must_have={"accreditations": ["gmp", "glp"]}
    )
    assert [gate.key for gate in studies.matches()[0].gates] == ["accreditations:glp"]


def test_the_sponsors_own_weight_changes_the_order():
    near = vendor("near", services=MAKING[:1], sites=[{"city": "Sydney", "country": "AU", "what": ""}])
    able = vendor("able", services=MAKING)
    assert order(near, able, countries=["AU"]) == ["able", "near"]
    assert order(near, able, countries=["AU"], weights={"countries": 90}) == ["near", "able"]


def test_a_priority_of_three_leaves_a_weight_alone_and_more_raises_it():
    asked = ["services", "modality"]
    neutral = weights_for(profile(), "making", asked)
    assert neutral["modality"] / neutral["services"] == pytest.approx(25 / 34)
    keen = weights_for(profile(priorities={"expertise": 5}), "making", asked)
    assert keen["modality"] > neutral["modality"]


def test_default_weights_are_points_of_100_for_criteria_there_are():
    for weights in DEFAULT_WEIGHTS.values():
        assert set(weights) == set(CRITERIA)
        assert sum(points for criterion, points in weights.items() if criterion not in PREFERENCES) == 100


def test_rank_of_agrees_with_the_order():
    ranking = ranked(vendor("a"), vendor("b", services=MAKING), vendor("c", type="CRO", services=["dmpk"]))
    assert [ranking.rank_of(match.vendor) for match in ranking.matches()] == [1, 2]
    assert ranking.rank_of("c") is None
    assert ranking.rank_of("nobody") is None


def test_every_match_says_what_it_shows_and_what_it_lacks():
    match = ranked(vendor(services=MAKING[:1])).matches()[0]
    assert match.because == "Offers formulation development; ask about oral solid dose."


def test_weights_that_are_all_zero_leave_the_order_to_names():
    zero = dict.fromkeys(CRITERIA, 0)
    assert order(vendor("b"), vendor("a"), weights=zero) == ["a", "b"]


def test_the_order_is_the_same_however_the_records_come():
    records = [vendor(f"v{i}", services=MAKING[: i % 3], modalities=["small-molecule"][: i % 2]) for i in range(70)]
    shuffled = list(np.random.default_rng(0).permutation(np.array(records, dtype=object)))
    assert order(*records) == order(*shuffled)


@pytest.mark.parametrize("most", [1, 25, 50, 200, 4_000])
def test_the_first_of_a_large_catalogue_are_those_of_the_whole_order(most):
    random = np.random.default_rng(1)

    def some(*slugs):
        return [slug for slug in slugs if random.random() < 0.3]

    records = [
        vendor(f"v{number}", services=some(*MAKING, "viral-vector"), stages=some("phase-1", "phase-2"), modalities=some("small-molecule"),
               type=random.choice(["CRO", "CMO", "CDMO"]))
        for number in range(3_000)
    ]  # fmt: skip
    first, whole = ranked(*records), ranked(*records)
    assert first.head(most).tolist() == whole.order[:most].tolist()
    assert [match.vendor for match in first.matches(0, 5)] == [match.vendor for match in whole.matches()[:5]]


def test_the_first_are_found_when_nearly_everybody_is_outside_of_the_lane():
    records = [vendor(f"v{number}", type="CRO") for number in range(2_000)] + [
        vendor("a-maker", services=["formulation"]),
        vendor("b-maker"),
    ]
    assert [match.vendor for match in ranked(*records).matches(0, 5)] == ["a-maker", "b-maker"]
