"""The closed vocabularies: from a file into their tables, and from the tables into the value that the rest works with."""

import json
from copy import deepcopy

import pytest
from django.core.management import call_command

from tests.vendors.records import REAL_VOCABULARY, SMALL_VOCABULARY, store_vocabulary
from vendors import vocabulary
from vendors.catalogue import AI_LEVELS, LISTS, TYPES, Vocabulary
from vendors.models import AILevel, CatalogueVersion, Country, Lane, Service, ServiceGroup, Stage, TherapeuticArea, Type

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(tmp_path):
    def load(data, **options):
        file = tmp_path / "vocabulary.json"
        file.write_text(json.dumps(data), encoding="utf-8")
        return vocabulary.load(file, **options)

    return load


def altered(vocabulary_list, slug, **values):
    data = deepcopy(SMALL_VOCABULARY)
    next(row for row in data[vocabulary_list] if row.get("slug", row.get("code")) == slug).update(values)
    return data


def test_what_is_stored_is_what_the_file_says():
    store_vocabulary(REAL_VOCABULARY)
    stored, read = vocabulary.stored_vocabulary(), Vocabulary.from_dict(REAL_VOCABULARY)
    assert stored == read
    # Equal mappings may still differ in their order, which is the order of reading.
    for dimension in (*LISTS, "groups", "types", "ai_levels"):
        assert list(getattr(stored, dimension)) == list(getattr(read, dimension))
    assert len(stored.services) == len(REAL_VOCABULARY["services"]) > 50


def test_stages_stand_in_the_order_of_time():
    store_vocabulary(REAL_VOCABULARY)
    slugs = list(vocabulary.stored_vocabulary().stages)
    assert slugs == ["discovery", "preclinical", "phase-1", "phase-2", "phase-3", "registration", "commercial", "post-marketing"]


def test_countries_stand_by_name_with_accents_ignored_on_every_database():
    store_vocabulary()
    stored = vocabulary.stored_vocabulary()
    assert list(stored.countries) == list(Vocabulary.from_dict(SMALL_VOCABULARY).countries)
    assert next(iter(stored.countries)) == "AX"  # Åland Islands


def test_a_service_knows_its_group_and_its_lane():
    store_vocabulary()
    term = vocabulary.stored_vocabulary().services["oral-solid-dose"]
    assert (term.group, term.lane) == ("drug-product", "making")


def test_loading_again_adds_and_changes_nothing(load):
    total = sum(map(len, SMALL_VOCABULARY.values()))
    assert load(SMALL_VOCABULARY) == (total, 0)
    before = CatalogueVersion.current()
    assert load(SMALL_VOCABULARY) == (0, 0)
    assert CatalogueVersion.current() == before


def test_a_changed_entry_is_found_again_by_its_slug_and_the_snapshots_are_told(load):
    load(SMALL_VOCABULARY)
    before, key = CatalogueVersion.current(), TherapeuticArea.objects.get(slug="oncology").pk
    assert load(altered("therapeutic_areas", "oncology", name="Cancer")) == (0, 1)
    assert TherapeuticArea.objects.get(pk=key).name == "Cancer"
    assert CatalogueVersion.current() > before


def test_a_service_can_move_to_another_group(load):
    load(SMALL_VOCABULARY)
    load(altered("services", "bioanalysis", group="clinical"))
    assert Service.objects.get(slug="bioanalysis").group.slug == "clinical"


def test_with_only_new_what_a_curator_changed_stays_and_new_entries_come_in(load):
    load(SMALL_VOCABULARY)
    Stage.objects.filter(slug="phase-1").update(name="First in human")
    Country.objects.filter(code="US").update(name="USA")
    data = altered("stages", "phase-2", name="Phase II")
    data["stages"].append({"slug": "afterwards", "name": "Afterwards"})
    assert load(data, only_new=True) == (1, 0)
    assert dict(Stage.objects.values_list("slug", "name")) == {
        "preclinical": "Preclinical", "phase-1": "First in human", "phase-2": "Phase 2", "phase-3": "Phase 3", "afterwards": "Afterwards",
    }  # fmt: skip
    assert Country.objects.get(code="US").name == "USA"


def test_nothing_is_removed_since_records_may_use_it(load):
    load(SMALL_VOCABULARY)
    load({**SMALL_VOCABULARY, "stages": []})
    assert Stage.objects.count() == len(SMALL_VOCABULARY["stages"])


def test_a_file_that_breaks_in_the_middle_stores_nothing(load):
    data = deepcopy(SMALL_VOCABULARY)
    data["modalities"].append({"slug": "nameless"})
    with pytest.raises(KeyError):
        load(data)
    assert not ServiceGroup.objects.exists()


def test_reading_takes_nine_queries(count_queries):
    store_vocabulary()
    with count_queries() as queries:
        vocabulary.stored_vocabulary()
    assert len(queries) == 9


def test_the_command_says_what_it_did(capsys, tmp_path):
    file = tmp_path / "vocabulary.json"
    file.write_text(json.dumps(SMALL_VOCABULARY), encoding="utf-8")
    call_command("load_vocabulary", file)
    call_command("load_vocabulary", file)
    total = sum(map(len, SMALL_VOCABULARY.values()))
    assert capsys.readouterr().out == f"{file}: {total} new, 0 changed\n{file}: 0 new, 0 changed\n"


def test_tables_and_catalogue_mean_the_same_lists():
    """The catalogue knows no Django, so it names types, levels and lanes itself."""
    assert tuple(Type.values) == TYPES
    assert tuple(AILevel.values) == AI_LEVELS
    assert {row["lane"] for row in REAL_VOCABULARY["service_groups"]} == set(Lane.values)
