import json

import pytest

from advisor.engine.needs import needs_of
from advisor.engine.partner_model import CLOSE, recommend
from advisor.engine.references import REFERENCES
from advisor.engine.rules import MODELS, RULES
from tests.engine.builders import FIXTURES, VOCABULARY, profile

SUPPLY = ["mammalian-drug-substance", "sterile-fill-finish"]
TRIAL = ["clinical-operations", "data-management"]


def model_for(**answers):
    program = profile(**answers)
    return recommend(program, needs_of(program, VOCABULARY), VOCABULARY)


def recommended(**answers):
    return model_for(**answers).first.model


def fired(**answers):
    return {reason.rule.number for option in model_for(**answers).options for reason in option.reasons}


# Rules 1 to 5 of the table of model selection rules, and the guide's own rows: evidence to a CRO, fixed late supply to a
# CMO, open development to a CDMO, trial and material to a combination, a trial with a plant of one's own to a CRO only.
@pytest.mark.parametrize(
    "answers,model",
    [
        ({"stage": "phase-3", "services": TRIAL}, "CRO"),
        ({"stage": "preclinical", "services": ["toxicology", "dmpk"]}, "CRO"),
        ({"stage": "post-marketing", "services": ["pharmacovigilance"]}, "CRO"),
        ({"stage": "commercial", "services": SUPPLY}, "CMO"),
        ({"stage": "phase-3", "services": ["oral-solid-dose"]}, "CMO"),
        ({"stage": "registration", "through": "commercial", "services": ["packaging", "oral-solid-dose"]}, "CMO"),
        ({"stage": "phase-1", "services": SUPPLY}, "CDMO"),
        ({"stage": "preclinical", "services": ["viral-vector"]}, "CDMO"),
        ({"stage": "phase-3", "services": ["process-development", *SUPPLY]}, "CDMO"),
        ({"stage": "preclinical", "through": "commercial", "services": SUPPLY}, "CDMO"),
        ({"stage": "phase-1", "services": [*TRIAL, "formulation", "clinical-supply-manufacturing"]}, "CRO+CDMO"),
        ({"stage": "phase-3", "services": [*TRIAL, *SUPPLY]}, "CRO+CMO"),
        ({"stage": "phase-1", "services": [*TRIAL, *SUPPLY], "in_house": SUPPLY}, "CRO"),
        ({"stage": "phase-1", "services": [*TRIAL, *SUPPLY], "in_house": [*TRIAL, *SUPPLY]}, "none"),
    ],
)
def test_the_model_follows_services_and_stages(answers, model):
    assert recommended(**answers) == model


def test_all_six_options_are_ranked():
    options = model_for(services=TRIAL).options
    assert {option.model for option in options} == set(MODELS)
    assert [option.score for option in options] == sorted((option.score for option in options), reverse=True)
    assert all(0 <= option.score <= 1 for option in options)


def test_a_partner_that_nothing_is_left_for_is_far_behind():
    model = model_for(services=TRIAL, priorities={"single_vendor": 0})
    assert model.first.model == "CRO"
    assert model.margin > CLOSE


def test_supply_with_a_technology_transfer_is_too_close_to_call():
    model = model_for(stage="commercial", services=["mammalian-drug-substance", "scale-up"])
    assert {option.model for option in model.options[:2]} == {"CMO", "CDMO"}
    assert model.close_call


def test_a_wish_for_one_vendor_speaks_for_the_integrated_one():
    def lead(single_vendor):
        options = model_for(stage="phase-3", services=["scale-up", *SUPPLY], priorities={"single_vendor": single_vendor}).options
        scores = {option.model: option.score for option in options}
        return scores["CDMO"] - scores["CMO"]

    assert lead(5) > lead(3)


@pytest.mark.parametrize(
    "number,answers",
    [
        (1, {"services": TRIAL}),
        (2, {"stage": "commercial", "services": SUPPLY}),
        (3, {"services": ["formulation"]}),
        (4, {"services": [*TRIAL, "formulation"]}),
        (5, {"services": TRIAL}),
        (6, {"services": ["formulation"], "priorities": {"single_vendor": 4}}),
        (7, {"services": [*TRIAL, "viral-vector"], "modality": "gene-therapy"}),
        (8, {"services": ["small-molecule-api", "formulation", "oral-solid-dose"]}),
        (9, {"stage": "phase-1", "services": ["formulation"]}),
        (10, {"stage": "phase-3", "services": ["oral-solid-dose"]}),
        (11, {"stage": "phase-3", "services": ["oral-solid-dose"]}),
        (12, {"services": TRIAL, "in_house": ["biostatistics", "medical-writing"]}),
        (13, {"services": [*TRIAL, "bioanalysis"], "in_house": ["bioanalysis"]}),
        (14, {"stage": "commercial", "services": SUPPLY, "priorities": {"single_vendor": 5}}),
    ],
)
def test_a_rule_fires_on_its_condition_and_says_what_met_it(number, answers):
    assert number in fired(**answers)
    reasons = [reason for option in model_for(**answers).options for reason in option.reasons if reason.rule.number == number]
    assert all(reason.because.endswith(".") and reason.because[0].isupper() for reason in reasons)


@pytest.mark.parametrize(
    "number,answers",
    [
        (1, {"stage": "commercial", "services": SUPPLY}),
        (2, {"stage": "phase-1", "services": SUPPLY}),
        (3, {"stage": "commercial", "services": SUPPLY}),
        (4, {"services": TRIAL}),
        (5, {"services": [*TRIAL, "formulation"]}),
        (6, {"services": ["formulation"]}),
        (9, {"stage": "phase-2", "services": ["formulation"]}),
        (11, {"stage": "phase-1", "services": ["oral-solid-dose"]}),
        (12, {"services": TRIAL}),
        (13, {"services": TRIAL}),
    ],
)
def test_a_rule_is_silent_without_its_condition(number, answers):
    assert number not in fired(**answers)


def test_the_table_of_rules_is_whole_and_rests_on_known_passages():
    entries = {entry["slug"] for entry in json.loads((FIXTURES / "guide.json").read_text(encoding="utf-8"))["entries"]}
    assert [rule.number for rule in RULES] == list(range(1, 15))
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        cited = {*rule.sources, *(key for objection in rule.against for key in objection.sources)}
        assert rule.sources
        assert cited <= set(REFERENCES)
        assert rule.guide in entries
        assert set(rule.models) <= set(MODELS)
