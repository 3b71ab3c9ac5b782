import json
from itertools import pairwise

import pytest

from advisor.engine.advice import advise
from tests.engine.builders import catalogue, profile, real_catalogue, vendor
from tests.engine.test_profile import DESIGN_EXAMPLE


@pytest.fixture(scope="module")
def real():
    return real_catalogue()


def advice_on(example, real):
    return advise(profile(**example), real).as_dict()


def test_the_json_has_the_keys_of_version_1(real):
    advice = advice_on(DESIGN_EXAMPLE, real)
    assert list(advice) == ["profile", "catalogue", "model", "matches", "team", "questions"]
    assert advice["profile"] == DESIGN_EXAMPLE
    assert advice["catalogue"] == {"version": real.version, "vendors": len(real)}
    assert list(advice["model"]) == ["recommended", "close_call", "options"]
    option = advice["model"]["options"][0]
    assert list(option) == ["model", "score", "reasons"]
    assert list(option["reasons"][0]) == ["rule", "because", "guide", "sources"]
    assert all(source.startswith("http") for source in option["reasons"][0]["sources"])
    match = advice["matches"][0]
    assert list(match) == [
        "lane",
        "rank",
        "vendor",
        "name",
        "type",
        "score",
        "possible",
        "gates",
        "contributions",
        "first_share",
        "top5_share",
    ]
    assert list(advice["team"]) == ["vendors", "covers", "uncovered", "organizations"]
    assert list(advice["questions"][0]) == ["vendor", "about", "effect"]
    assert list(match["contributions"][0]) == ["criterion", "weight", "known", "possible", "because"]


def test_the_same_program_and_catalogue_give_the_same_bytes(real):
    assert json.dumps(advice_on(DESIGN_EXAMPLE, real)) == json.dumps(advice_on(DESIGN_EXAMPLE, real_catalogue()))


def test_the_whole_order_of_each_lane_is_there_best_first(real):
    matches = advice_on(DESIGN_EXAMPLE, real)["matches"]
    for lane in ("research", "making"):
        ordered = [match for match in matches if match["lane"] == lane]
        assert [match["rank"] for match in ordered] == list(range(1, len(ordered) + 1))
        assert all(a["score"] >= b["score"] - 1e-12 for a, b in pairwise(ordered))
        assert len(ordered) > 100


def test_the_sum_of_the_contributions_is_the_score(real):
    for match in advice_on(DESIGN_EXAMPLE, real)["matches"]:
        assert match["score"] == pytest.approx(sum(c["weight"] * c["known"] for c in match["contributions"]), abs=1e-9)
        assert match["possible"] == pytest.approx(sum(c["weight"] * c["possible"] for c in match["contributions"]), abs=1e-9)


def test_the_verdict_names_what_each_partner_is_for():
    advice = advise(profile(services=["formulation", "clinical-operations"]), catalogue(vendor()))
    assert advice.verdict == "A CRO for clinical operations and monitoring; a CDMO for formulation development."


def test_a_close_call_is_called_one():
    advice = advise(profile(stage="commercial", services=["mammalian-drug-substance", "scale-up"]), catalogue(vendor()))
    assert advice.as_dict()["model"]["close_call"] is True
    assert advice.verdict.startswith("Too close to call between C")


def test_nobody_is_needed_when_all_stays_in_house():
    advice = advise(profile(services=["formulation"], in_house=["formulation"]), catalogue(vendor()))
    assert advice.verdict.startswith("Nobody is needed")
    assert advice.as_dict()["matches"] == []


def test_an_empty_catalogue_still_gets_a_model():
    advice = advise(profile(services=["formulation"]), catalogue())
    assert advice.model.first.model == "CDMO"
    assert advice.as_dict()["matches"] == []
