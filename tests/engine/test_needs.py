import pytest

from advisor.engine.needs import needs_of, proposed_services
from tests.engine.builders import VOCABULARY, profile


def needed(lane=None, **answers):
    needs = needs_of(profile(**answers), VOCABULARY)
    return [need.service for need in (needs.of(lane) if lane else needs.needs)]


def test_services_are_split_by_lane():
    services = ["bioanalysis", "formulation", "clinical-operations"]
    assert needed("research", services=services) == ["bioanalysis", "clinical-operations"]
    assert needed("making", services=services) == ["formulation"]


def test_what_stays_in_house_is_taken_out_and_remembered():
    needs = needs_of(profile(services=["bioanalysis", "formulation"], in_house=["formulation", "biostatistics"]), VOCABULARY)
    assert [need.service for need in needs.needs] == ["bioanalysis"]
    assert needs.kept == ("formulation",)


def test_a_service_is_needed_in_the_stages_in_which_it_is_bought():
    needs = needs_of(profile(stage="preclinical", through="phase-2", services=["first-in-human", "formulation"]), VOCABULARY)
    assert {need.service: need.stages for need in needs.needs} == {
        "first-in-human": ("phase-1",),
        "formulation": ("preclinical", "phase-1", "phase-2"),
    }
    assert needs.stages_of("research") == ("phase-1",)


def test_a_service_asked_for_outside_its_stages_counts_for_the_stage_now():
    needs = needs_of(profile(stage="commercial", services=["first-in-human"]), VOCABULARY)
    assert needs.needs[0].stages == ("commercial",)


@pytest.mark.parametrize("stage", list(VOCABULARY.stages))
@pytest.mark.parametrize("modality", list(VOCABULARY.modalities))
def test_something_is_proposed_with_a_reason_for_every_modality_and_most_stages(stage, modality):
    proposed = proposed_services(profile(stage=stage, modality=modality), VOCABULARY)
    assert proposed
    assert set(proposed) <= set(VOCABULARY.services)
    assert all(reason.endswith(".") for reason in proposed.values())


def test_nothing_is_proposed_beside_named_services():
    assert needed(services=["bioanalysis"]) == ["bioanalysis"]


def test_an_early_conjugate_is_proposed_conjugation_and_a_first_trial():
    services = needed(stage="phase-1", modality="antibody-drug-conjugate")
    assert {"bioconjugation", "hpapi", "sterile-fill-finish", "first-in-human"} <= set(services)
    assert "oral-solid-dose" not in services
