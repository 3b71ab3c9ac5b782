"""Two records become one: what is joined, what has to be chosen, and that nothing is lost."""

from tests.vendors.records import ai, record, source
from vendors import merging

ONE = record(
    name="Alpina Clinical", aliases=["ACL"], parent=None, founded=1998, services=["clinical-operations"], accreditations=["gcp"],
    sources=[source(supports=["name", "founded"]), source(url="https://shared.example", supports=["services"])], verified_on="2026-11-22",
)  # fmt: skip
OTHER = record(
    name="Alpina Trials", aliases=["AT"], parent="Holding", founded=2001, services=["biostatistics", "clinical-operations"],
    accreditations=[],
    sites=[{"city": "Basel", "country": "CH", "what": ""}, {"city": "Bonn", "country": "DE", "what": "clinic"}],
    ai=ai(level="applied", uses=["trial-design-and-feasibility"], sources=[1], checked_on="2026-10-01"),
    sources=[
        source(url="https://shared.example", supports=["founded", "sites"]),
        source(url="https://other.example", supports=["ai", "parent"]),
    ],
    verified_on="2026-05-01",
)  # fmt: skip


def test_what_only_one_of_them_knows_is_kept():
    made = merging.merged(ONE, OTHER, {})
    assert made["parent"] == "Holding"
    assert made["services"] == ["clinical-operations", "biostatistics"]
    assert made["accreditations"] == ["gcp"]
    assert made["aliases"] == ["ACL", "Alpina Trials", "AT"]
    assert [(site["city"], site["what"]) for site in made["sites"]] == [("Basel", "headquarters"), ("Bonn", "clinic")]
    assert made["ai"]["level"] == "applied"
    assert [made["sources"][place]["url"] for place in made["ai"]["sources"]] == ["https://other.example"]


def test_every_source_is_there_once_with_the_day_it_was_read():
    made = {each["url"]: each for each in merging.merged(ONE, OTHER, {})["sources"]}
    assert list(made) == ["https://alpina.example/about", "https://shared.example", "https://other.example"]
    assert made["https://shared.example"]["read_on"] == "2026-11-22"
    assert "read_on" not in made["https://other.example"]  # the day of the whole


def test_what_differs_has_to_be_chosen_and_is_supported_by_its_own_sources_only():
    assert [each.key for each in merging.conflicts(ONE, OTHER)] == ["name", "founded"]
    mine = {each["url"]: each["supports"] for each in merging.merged(ONE, OTHER, {})["sources"]}
    assert mine["https://shared.example"] == ["services", "sites"]
    chosen = merging.merged(ONE, OTHER, {"founded": "other", "name": "other"})
    assert (chosen["founded"], chosen["name"]) == (2001, "Alpina Trials")
    its = {each["url"]: each["supports"] for each in chosen["sources"]}
    assert its["https://shared.example"] == ["services", "founded", "sites"]
    assert its["https://alpina.example/about"] == []
    assert "Alpina Clinical" in chosen["aliases"]
    assert "Alpina Trials" not in chosen["aliases"]


def test_the_whole_is_as_old_as_the_part_that_was_looked_at_longest_ago():
    assert merging.merged(ONE, OTHER, {})["verified_on"] == "2026-05-01"
    assert merging.merged(ONE, {**OTHER, "verified_on": None}, {})["verified_on"] == "2026-11-22"


def test_the_other_record_is_kept_whole_and_leads_to_the_survivor():
    gone = merging.archived(OTHER, "alpina-clinical")
    assert {key: gone[key] for key in OTHER} == OTHER
    assert (gone["status"], gone["successor"]) == ("archived", "alpina-clinical")


def test_the_records_that_were_given_stay_as_they_are():
    before = str((ONE, OTHER))
    merging.merged(ONE, OTHER, {"ai": "other"})
    assert str((ONE, OTHER)) == before
