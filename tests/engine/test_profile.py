import pytest

from advisor.engine.profile import Profile, ProfileError
from tests.engine.builders import VOCABULARY, profile

DESIGN_EXAMPLE = {
    "name": "ADC-101 first in human",
    "stage": "phase-1",
    "through": "phase-2",
    "therapeutic_areas": ["oncology"],
    "modality": "antibody-drug-conjugate",
    "services": ["bioconjugation", "sterile-fill-finish", "clinical-operations"],
    "in_house": ["biostatistics"],
    "countries": ["US", "AU"],
    "must_have": {"accreditations": ["gmp"], "countries": []},
    "priorities": {"expertise": 5, "single_vendor": 2, "flexibility": 3, "ai": 0},
    "weights": {},
}


def faults(**answers):
    with pytest.raises(ProfileError) as caught:
        profile(**answers)
    return {problem.key: problem for problem in caught.value.problems}


def test_the_example_of_the_format_comes_out_as_it_went_in():
    assert Profile.from_dict(DESIGN_EXAMPLE, VOCABULARY).as_dict() == DESIGN_EXAMPLE


def test_a_stage_and_a_modality_are_enough():
    read = Profile.from_dict({"stage": "phase-2", "modality": "mrna"}, VOCABULARY)
    assert read.through == "phase-2"
    assert read.priorities == {"expertise": 3, "single_vendor": 3, "flexibility": 3, "ai": 0}


def test_a_stage_and_a_service_are_enough():
    assert Profile.from_dict({"stage": "phase-2", "services": ["bioanalysis"], "modality": None}, VOCABULARY).modality is None


def test_nothing_to_do_is_refused_with_the_way_out():
    problem = faults(modality=None)["services"]
    assert "modality" in problem.message


def test_a_missing_stage_is_refused_with_the_stages_there_are():
    problem = faults(stage=None)["stage"]
    assert "preclinical" in problem.message


@pytest.mark.parametrize(
    "answers,key,right",
    [
        ({"stage": "phase-9"}, "stage", "phase-1"),
        ({"stage": "Phase II"}, "stage", "phase-2"),
        ({"services": ["toxcology"]}, "services", "toxicology"),
        ({"in_house": ["biostat"]}, "in_house", "biostatistics"),
        ({"therapeutic_areas": ["onclogy"]}, "therapeutic_areas", "oncology"),
        ({"modality": "adc"}, "modality", "antibody-drug-conjugate"),
        ({"countries": ["USA"]}, "countries", "US"),
        ({"must_have": {"accreditations": ["cGMP"]}}, "must_have.accreditations", "gmp"),
        ({"must_have": {"countrys": []}}, "must_have.countrys", "countries"),
        ({"priorities": {"expertize": 3}}, "priorities.expertize", "expertise"),
        ({"weights": {"service": 3}}, "weights.service", "services"),
        ({"modalitty": "mrna"}, "modalitty", "modality"),
    ],
)
def test_an_unknown_word_is_refused_with_key_value_and_nearest(answers, key, right):
    problem = faults(**answers)[key]
    assert problem.right == right
    assert key in str(problem)


@pytest.mark.parametrize(
    "answers,key",
    [
        ({"stage": ["phase-1"]}, "stage"),
        ({"services": "toxicology"}, "services"),
        ({"services": [None]}, "services"),
        ({"priorities": {"ai": 6}}, "priorities.ai"),
        ({"priorities": {"ai": 2.5}}, "priorities.ai"),
        ({"priorities": {"ai": True}}, "priorities.ai"),
        ({"priorities": [1]}, "priorities"),
        ({"weights": {"services": -1}}, "weights.services"),
        ({"weights": {"services": float("nan")}}, "weights.services"),
        ({"weights": {"services": float("inf")}}, "weights.services"),
        ({"must_have": ["gmp"]}, "must_have"),
        ({"name": 7}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\0b"}, "name"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(answers, key):
    assert key in faults(**answers)


def test_a_last_stage_before_the_first_is_refused():
    assert "phase-3" in faults(stage="phase-3", through="phase-1")["through"].message


def test_all_faults_are_told_at_once():
    assert set(faults(stage="phase-9", services=["nonsense"], colour="red")) == {"stage", "services", "colour"}


@pytest.mark.parametrize("data", [None, [], "phase-1", 3])
def test_what_is_no_object_is_refused(data):
    with pytest.raises(ProfileError, match="one JSON object"):
        Profile.from_dict(data, VOCABULARY)


def test_a_slug_named_twice_counts_once():
    assert profile(services=["toxicology", "toxicology"]).services == ("toxicology",)
