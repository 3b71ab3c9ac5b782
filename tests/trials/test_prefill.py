"""What a registered trial says of its program: the fields filled, where from, and what was left empty."""

import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.engine.profile import KEYS, NAME_LENGTH, Profile
from advisor.trials import areas, modalities
from advisor.trials.modalities import by_name
from advisor.trials.prefill import FIELD_NAMES, prefill
from advisor.trials.record import TrialError, open_record
from tests.engine.builders import VOCABULARY
from tests.trials.conftest import SAMPLES, real_folder, real_records


def read(study):
    return prefill(open_record(json.dumps(study)), VOCABULARY)


@pytest.fixture
def study(sample):
    """The sample of a conjugate in phase 1/2, with one part of its protocol replaced."""

    def build(module=None, **changes):
        made = sample("trial-adc-phase-1-2")
        if module:
            made["protocolSection"][module] = {**made["protocolSection"][module], **changes}
        return made

    return build


def test_a_conjugate_in_phase_1_2_becomes_the_start_of_a_program(study):
    found = read(study())
    assert found.profile == {
        "name": "EXTEND-1: EXT-101 With or Without Pembrolizumab in Advanced Breast Cancer", "stage": "phase-1", "through": "phase-2",
        "therapeutic_areas": ["oncology"], "modality": "antibody-drug-conjugate", "countries": ["US", "AU", "KR"],
    }  # fmt: skip
    assert found.left == {}
    assert str(found.origins["stage"]) == "from NCT99990001, phases: phase 1 and phase 2."
    assert "Exemplitamab Vedotin" in str(found.origins["modality"])
    assert "4 sites in 3 countries" in str(found.origins["countries"])


def test_an_older_copy_of_a_vaccine_trial_in_children(sample):
    found = read(sample("trial-vaccine-children-2023"))
    assert found.profile["stage"] == "phase-2"
    assert found.profile["through"] == "phase-3"
    assert found.profile["modality"] == "vaccine"
    assert found.profile["therapeutic_areas"] == ["infectious-disease", "vaccines", "pediatrics"]
    assert found.profile["countries"] == ["RU", "TR"]
    assert "Not known here: Atlantis." in str(found.origins["countries"])
    assert "completed" in str(found.origins["stage"])


def test_what_a_record_does_not_say_is_left_empty_and_said(sample):
    found = read(sample("trial-device-without-phase"))
    assert found.profile == {"name": "An App for Sleep in Healthy Volunteers", "modality": "device-combination"}
    assert "NA" in found.left["stage"]
    assert "healthy" in found.left["therapeutic_areas"]
    assert "no places" in found.left["countries"]


@pytest.mark.parametrize(
    "phases,stage,through",
    [
        (["EARLY_PHASE1"], "phase-1", None), (["PHASE1"], "phase-1", None), (["PHASE2"], "phase-2", None), (["PHASE3"], "phase-3", None),
        (["PHASE1", "PHASE2"], "phase-1", "phase-2"), (["PHASE3", "PHASE2"], "phase-2", "phase-3"), (["PHASE4"], "post-marketing", None),
        (["EARLY_PHASE1", "PHASE1"], "phase-1", None), (["NA", "PHASE2"], "phase-2", None),
    ],
)  # fmt: skip
def test_phases_become_stages(study, phases, stage, through):
    found = read(study("designModule", phases=phases))
    assert (found.profile.get("stage"), found.profile.get("through")) == (stage, through)


@pytest.mark.parametrize(
    "phases,study_type,words",
    [
        (["NA"], "INTERVENTIONAL", "NA"), ([], "INTERVENTIONAL", "names no phase"), (None, "OBSERVATIONAL", "observational"),
        (None, "EXPANDED_ACCESS", "Expanded access"), (["PHASE5"], "INTERVENTIONAL", "PHASE5"),
        ("PHASE1", "INTERVENTIONAL", "names no phase"),
    ],
)  # fmt: skip
def test_no_stage_is_made_up(study, phases, study_type, words):
    found = read(study("designModule", phases=phases, studyType=study_type))
    assert "stage" not in found.profile
    assert words.casefold() in found.left["stage"].casefold()


@pytest.mark.parametrize("status", ["TERMINATED", "WITHDRAWN", "SUSPENDED", "UNKNOWN"])
def test_a_trial_that_does_not_go_on_says_so_beside_the_stage(study, status):
    assert "check that the program is still at this stage" in str(read(study("statusModule", overallStatus=status)).origins["stage"])


@pytest.mark.parametrize(
    "condition,wanted",
    [
        ("Non-Small Cell Lung Cancer", ["oncology"]),
        ("Acute Myeloid Leukemia", ["oncology", "hematology"]),
        ("Rheumatoid Arthritis", ["immunology", "musculoskeletal"]),
        ("Type 2 Diabetes Mellitus", ["metabolic"]),
        ("Haemophilia A", ["hematology", "rare-disease"]),
        ("COPD", ["respiratory"]),
        ("Chronic Hepatitis B", ["infectious-disease"]),
        ("Autoimmune Hepatitis", ["immunology", "gastroenterology"]),
        ("Osteosarcoma", ["oncology"]),
        ("Menopausal Hot Flashes", ["womens-health"]),
        ("Schizophrenia", ["psychiatry"]),
        ("Contrast Enhancement in MRI", []),
    ],
)
def test_a_condition_names_its_areas(condition, wanted):
    assert areas.by_words(condition) == wanted


def test_mesh_speaks_where_the_words_of_the_sponsor_do_not(study):
    made = study("conditionsModule", conditions=["Exemplosis"])
    made["derivedSection"]["conditionBrowseModule"] = {"meshes": [], "ancestors": [{"id": "D000005128", "term": "Eye Diseases"}]}
    found = read(made)
    assert found.profile["therapeutic_areas"] == ["ophthalmology"]
    assert "MeSH branch Eye Diseases" in str(found.origins["therapeutic_areas"])


def test_a_wrong_mesh_term_adds_nothing_to_a_condition_that_is_known(study):
    made = study("conditionsModule", conditions=["Melanoma"])
    made["derivedSection"]["conditionBrowseModule"]["ancestors"].append({"id": "D019636", "term": "Neurodegenerative Diseases"})
    assert read(made).profile["therapeutic_areas"] == ["oncology"]


@pytest.mark.parametrize(
    "found,wanted",
    [
        ({"D009369", "D008171", "D012140"}, {"oncology"}),  # lung cancer is no lung disease here
        ({"D006967", "D001249", "D012140"}, {"respiratory"}),  # asthma stands below hypersensitivity too
        ({"D001523", "D019960", "D014570"}, {"nephrology-urology"}),  # incontinence stands below mental disorders too
        ({"D010146", "D051270", "D002493"}, {"neurology"}),  # headache is no pain by its branch
        ({"D002318", "D020141", "D006402"}, {"hematology"}),  # bleeding stands below vascular disease too
        ({"D008661", "D020739", "D002493", "D008659"}, {"rare-disease", "metabolic"}),
    ],
)  # fmt: skip
def test_a_branch_of_mesh_counts_unless_another_term_explains_it(found, wanted):
    assert set(areas.by_mesh(found)) == wanted


def test_groups_of_an_older_copy_are_asked_last(study):
    made = study("conditionsModule", conditions=["Exemplosis"])
    made["derivedSection"]["conditionBrowseModule"] = {"browseBranches": [{"abbrev": "BC11", "name": "Eye Diseases"}]}
    assert read(made).profile["therapeutic_areas"] == ["ophthalmology"]


def test_every_area_and_modality_that_can_be_read_is_in_the_vocabulary():
    named = {branch.area for branch in areas.BRANCHES} | set(areas.WORDS) | set(areas.GROUPS.values()) | {"pediatrics", "vaccines"}
    assert named == set(VOCABULARY.therapeutic_areas)
    assert {kind.modality for kind in modalities.KINDS} | {"device-combination"} == set(VOCABULARY.modalities)


@pytest.mark.parametrize(
    "name,modality",
    [
        ("trastuzumab deruxtecan", "antibody-drug-conjugate"), ("Enfortumab Vedotin", "antibody-drug-conjugate"),
        ("belantamab mafodotin", "antibody-drug-conjugate"), ("Adalimumab", "antibody-protein"), ("Etanercept", "antibody-protein"),
        ("taliglucerase alfa", "antibody-protein"), ("rilvegostomig", "antibody-protein"), ("Insulin glargine", "antibody-protein"),
        ("tisagenlecleucel", "cell-therapy"), ("Autologous CD19 CAR-T cells", "cell-therapy"), ("Mesenchymal stem cells", "cell-therapy"),
        ("onasemnogene abeparvovec", "gene-therapy"), ("AAV8-hFIX", "gene-therapy"), ("BNT162b2 mRNA vaccine", "mrna"),
        ("elasomeran", "mrna"), ("Tetanus toxoid", "vaccine"), ("HPV vaccine", "vaccine"), ("inclisiran", "oligonucleotide"),
        ("nusinersen", "oligonucleotide"), ("Semaglutide", "peptide"), ("leuprorelin", "peptide"),
        ("177Lu-PSMA-617", "radiopharmaceutical"),
        ("[68Ga]Ga-DOTATATE", "radiopharmaceutical"), ("I-131 omburtamab", "radiopharmaceutical"), ("Imatinib", "small-molecule"),
        ("Upadacitinib", "small-molecule"), ("Rosuvastatin", "small-molecule"), ("lactobacillus rhamnosus", "live-biotherapeutic"),
        ("BMS-986278", None), ("Aspirational", None), ("Topical treatment", None), ("Cell-free stem cell extract", None),
        ("Autologous stem cell transplantation", None), ("Nicotinamide mononucleotide", None), ("Standard of care", None),
    ],
)  # fmt: skip
def test_a_name_speaks_by_its_stem_or_not_at_all(name, modality):
    kind = by_name(name)
    assert (kind and kind.modality) == modality


def interventions(*given, arms=None):
    return {"interventions": [{"type": kind, "name": name} for kind, name in given], **({"armGroups": arms} if arms else {})}


@pytest.mark.parametrize(
    "module,title,modality",
    [
        # The sponsor's own code decides, and says nothing: what it is combined with is not what it is.
        (interventions(("DRUG", "EXT-555"), ("BIOLOGICAL", "Pembrolizumab")), "EXT-555 With Pembrolizumab", None),
        (interventions(("DRUG", "EXT-555/carboplatin")), "EXT-555 for Lung Cancer", None),
        # Else what the title names first.
        (interventions(("DRUG", "Exemplinib"), ("BIOLOGICAL", "Pembrolizumab")), "Pembrolizumab Added to Exemplinib", "antibody-protein"),
        (interventions(("DRUG", "Novelname"), ("BIOLOGICAL", "Pembrolizumab")), "Novelname With Pembrolizumab", None),
        # Without a word in the title, only what all agree on.
        (interventions(("DRUG", "Cefepime"), ("DRUG", "Imatinib")), "A study", "small-molecule"),
        (interventions(("DRUG", "Cefepime"), ("BIOLOGICAL", "Pembrolizumab")), "A study", None),
        # Placebo, controls and comparators are not the product.
        (interventions(("BIOLOGICAL", "Exemplimab"), ("DRUG", "Placebo tablets")), "A study", "antibody-protein"),
        (
            interventions(
                ("BIOLOGICAL", "Exemplimab"), ("DRUG", "Imatinib"),
                arms=[
                    {"type": "EXPERIMENTAL", "interventionNames": ["Biological: Exemplimab"]},
                    {"type": "ACTIVE_COMPARATOR", "interventionNames": ["Drug: Imatinib"]},
                ],
            ),
            "A study", "antibody-protein",
        ),
        # A device that only delivers a drug is not the product; alone it is.
        (interventions(("DEVICE", "Infusion pump"), ("DRUG", "Imatinib")), "A study", "small-molecule"),
        (interventions(("DEVICE", "Infusion pump")), "A study", "device-combination"),
        (interventions(("COMBINATION_PRODUCT", "EXT-7 autoinjector")), "A study", "device-combination"),
        (interventions(("BEHAVIORAL", "Coaching")), "A study", None),
        (interventions(("DRUG", "Placebo")), "A study", None),
        ({}, "A study", None),
    ],
)  # fmt: skip
def test_the_modality_is_that_of_the_product_under_test(study, module, title, modality):
    made = study("identificationModule", briefTitle=title, officialTitle="")
    made["protocolSection"]["armsInterventionsModule"] = module
    made["protocolSection"]["conditionsModule"]["keywords"] = []
    del made["derivedSection"]["interventionBrowseModule"]
    found = read(made)
    assert found.profile.get("modality") == modality
    assert ("modality" in found.left) == (modality is None)


def test_a_code_that_is_given_as_tablets_is_a_small_molecule(study):
    made = study("identificationModule", briefTitle="EXT-555", officialTitle="")
    made["protocolSection"]["conditionsModule"]["keywords"] = []
    del made["derivedSection"]["interventionBrowseModule"]
    made["protocolSection"]["armsInterventionsModule"] = {
        "interventions": [{"type": "DRUG", "name": "EXT-555", "description": "Oral tablets once a day"}]
    }
    assert read(made).profile["modality"] == "small-molecule"
    made["protocolSection"]["armsInterventionsModule"]["interventions"][0]["description"] = "Capsules of lyophilized spores"
    assert "modality" not in read(made).profile


def test_the_registry_s_term_speaks_for_a_code_that_stands_alone_but_not_for_one_that_is_compared(study):
    made = study("identificationModule", briefTitle="EXT-555", officialTitle="")
    made["protocolSection"]["conditionsModule"]["keywords"] = []
    made["protocolSection"]["armsInterventionsModule"] = interventions(("BIOLOGICAL", "EXT-555"))
    found = read(made)
    assert found.profile["modality"] == "antibody-protein"
    assert "MeSH term “pembrolizumab”" in str(found.origins["modality"])
    made["protocolSection"]["armsInterventionsModule"] = interventions(("BIOLOGICAL", "EXT-555"), ("BIOLOGICAL", "Keytruda"))
    assert "modality" not in read(made).profile


def test_a_family_of_chemicals_speaks_for_the_only_substance(study):
    made = study("identificationModule", briefTitle="Exemplane", officialTitle="")
    made["protocolSection"]["conditionsModule"]["keywords"] = []
    made["protocolSection"]["armsInterventionsModule"] = interventions(("DRUG", "Exemplane"))
    made["derivedSection"]["interventionBrowseModule"] = {
        "meshes": [{"id": "D000000001", "term": "Exemplane"}], "ancestors": [{"id": "D009930", "term": "Organic Chemicals"}],
    }  # fmt: skip
    assert read(made).profile["modality"] == "small-molecule"
    made["derivedSection"]["interventionBrowseModule"]["ancestors"].append({"id": "D011506", "term": "Proteins"})
    assert "modality" not in read(made).profile


def test_countries_with_the_most_sites_come_first(study):
    places = [{"country": name} for name in ("Japan", "Germany", "Germany", "Czech Republic", "Côte D'Ivoire", "Viet Nam")]
    assert read(study("contactsLocationsModule", locations=places)).profile["countries"] == ["DE", "CZ", "CI", "JP", "VN"]


def test_a_title_that_is_too_long_for_a_name_is_shortened_and_said(study):
    found = read(study("identificationModule", briefTitle="word " * 100))
    assert len(found.profile["name"]) <= NAME_LENGTH
    assert found.profile["name"].endswith("word…")
    assert "shortened" in str(found.origins["name"])


@pytest.mark.parametrize("file", real_records("NCT????????.json"), ids=lambda file: file.stem)
def test_a_real_record_becomes_the_start_of_a_program(file):
    found = prefill(open_record(file.read_bytes()), VOCABULARY)
    assert found.trial == file.stem
    assert set(found.profile) == set(found.origins)
    assert not set(found.profile) & set(found.left)
    assert set(FIELD_NAMES) - {"through"} <= set(found.profile) | set(found.left)
    assert Profile.from_dict({"stage": "phase-1", "modality": "mrna", **found.profile}, VOCABULARY)


# Read by hand from the records.
BY_HAND = {
    "NCT03729596": ("phase-1", "phase-2", ["oncology"], "antibody-drug-conjugate"),
    "NCT04265963": ("phase-1", "phase-2", ["oncology", "hematology"], "cell-therapy"),
    "NCT05665595": ("phase-3", None, ["oncology"], "antibody-protein"),
    "NCT05932303": ("phase-1", None, ["respiratory"], None),
    "NCT05844332": (None, None, ["oncology"], "radiopharmaceutical"),
    "NCT04508153": (None, None, ["nephrology-urology"], "device-combination"),
    "NCT05869903": ("phase-3", None, ["metabolic"], "small-molecule"),
    "NCT04971798": ("phase-1", None, ["musculoskeletal"], None),
    "NCT05590585": ("post-marketing", None, ["immunology", "dermatology"], "antibody-protein"),
    "NCT05809934": ("phase-2", None, ["gastroenterology"], None),
}


def test_real_records_are_read_as_a_person_reads_them():
    read_here = {file.stem: prefill(open_record(file.read_bytes()), VOCABULARY).profile for file in real_records("NCT????????.json")}
    # Where the folder of real records is not at hand, there is none to compare.
    wanted = BY_HAND if real_folder() else {}
    keys = ("stage", "through", "therapeutic_areas", "modality")
    assert {number: tuple(read_here[number].get(key) for key in keys) for number in wanted} == wanted


def test_enough_of_the_real_records_is_read():
    profiles = [prefill(open_record(file.read_bytes()), VOCABULARY).profile for file in real_records("NCT????????.json")]
    for key, share in (("name", 1), ("stage", 0.85), ("therapeutic_areas", 0.95), ("countries", 0.85), ("modality", 0.65)):
        assert sum(key in profile for profile in profiles) >= share * len(profiles), key


OLD = [file for pattern in ("*.v1.json", "*.classic.xml") for file in real_records(pattern)]


@pytest.mark.parametrize("file", OLD, ids=lambda file: file.name)
def test_a_real_record_of_an_old_format_is_refused_by_its_name(file):
    with pytest.raises(TrialError, match=r"version 1|former ClinicalTrials.gov site"):
        open_record(file.read_bytes())


STUDY = '{"protocolSection": {"identificationModule": {"nctId": "NCT99990001"}}}'


@pytest.mark.parametrize(
    "content,words",
    [
        (b"", "empty"), (b"  \n", "empty"), (b"\xff\xfe\x00", "UTF-8"), (b"PK\x03\x04rest", "ZIP"), (b"<!DOCTYPE html><p>", "web page"),
        (b'<?xml version="1.0"?>\n<clinical_study>', "XML of the former"), (b"<study/>", "XML"),
        (b"NCT Number,Study Title\nNCT99990001,A", "CSV"), (b'"NCT Number"\t"Title"', "CSV"), (b"{broken", "line 1, column 2"),
        (b"3", "no study record"), (b'"text"', "no study record"), (b"null", "no study record"), (b"{}", "no keys at all"),
        (b'{"FullStudiesResponse": {}}', "version 1"), (b'{"Study": {"ProtocolSection": {}}}', "version 1"),
        (b'{"ProtocolSection": {}}', "version 1"), (b'{"StudyFieldsResponse": {}}', "version 1"),
        (f"[{STUDY}]".encode(), "a list of 1 study (NCT99990001)"), (b"[]", "a list of 0 studies"),
        (f'{{"studies": [{STUDY}, {STUDY}], "nextPageToken": "x"}}'.encode(), "a page of search results with 2 studies"),
        (f'{{"studies": [{STUDY}]}}'.encode(), "1 study (NCT99990001)"), (b'{"clinical_study": {}}', "turned into JSON"),
        (b'{"protocolSection": {}}', "no NCT number"), (b'{"nct_id": "NCT99990001"}', "nct_id"), (b"1" * 5000, "too long"),
        (b"[" * 200_000, "nested"), (b" " * (8 * 1024 * 1024 + 1), "8 MB"),
    ],
    ids=lambda value: repr(value)[:30],
)  # fmt: skip
def test_anything_else_is_refused_in_one_line_that_names_it_and_the_way_out(content, words):
    with pytest.raises(TrialError) as refused:
        open_record(content)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "ClinicalTrials.gov" in str(refused.value) or "results" in str(refused.value)


WRONG = st.one_of(
    st.none(), st.booleans(), st.integers(), st.just(10**400), st.floats(), st.text(max_size=20), st.just("\ud800\x00"),
    st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=5), st.dictionaries(st.text(max_size=3), st.integers())), max_size=3),
    st.dictionaries(st.sampled_from(["name", "id", "term", "country"]), st.one_of(st.none(), st.lists(st.integers())), max_size=2),
)  # fmt: skip
FOUND = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(SAMPLES.glob("trial-*.json"))]


def places(value, path=()):
    """The way to every value in plain data."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inside:
        yield from places(below, (*path, key))


def changed(value, path, new):
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(copy[path[0]], path[1:], new)
    return copy


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_value_of_any_wrong_type_anywhere_is_left_out_or_refused_and_nothing_else(data):
    study = data.draw(st.sampled_from(FOUND))
    for _ in range(data.draw(st.integers(1, 3))):
        study = changed(study, data.draw(st.sampled_from(list(places(study)))), data.draw(WRONG))
    try:
        found = read(study)
    except TrialError:
        return
    json.dumps(found.profile, ensure_ascii=False).encode("utf-8")
    assert all("\0" not in str(origin) for origin in found.origins.values())
    assert set(found.profile) <= set(KEYS)
    assert Profile.from_dict({"stage": "phase-1", "modality": "mrna", **found.profile}, VOCABULARY)


def test_a_record_made_to_be_slow_is_read_in_no_time(study):
    made = study()
    module = made["protocolSection"]["armsInterventionsModule"]
    module["interventions"] = [{"type": "DRUG", "name": "adenovir" * 900 + str(i), "otherNames": ["peg" * 700] * 20} for i in range(100)]
    made["protocolSection"]["identificationModule"]["briefTitle"] = "a" * 500_000 + "("
    began = time.process_time()
    read(made)
    assert time.process_time() - began < 10
