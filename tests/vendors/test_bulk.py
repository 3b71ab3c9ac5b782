"""One change for many records, as plain data."""

from tests.vendors.records import record, source
from vendors import bulk


def test_terms_are_added_once_and_in_their_order():
    change = bulk.with_terms("services", ["biostatistics", "clinical-operations"])
    assert change(record())["services"] == ["clinical-operations", "biostatistics"]


def test_terms_are_taken_away_from_the_record_and_from_what_supports_them():
    before = record(
        services=["biostatistics", "bioanalysis"], sources=[source(supports=["services:biostatistics", "services:bioanalysis"])]
    )
    after = bulk.without_terms("services", ["biostatistics", "clinical-operations"])(before)
    assert after["services"] == ["bioanalysis"]
    assert after["sources"][0]["supports"] == ["services:bioanalysis"]


def test_another_owner_rests_on_the_source_that_shows_it_and_on_no_other():
    new = {"url": "https://news.example", "title": "Bought", "publisher": "News", "published": None, "read_on": "2026-11-01"}
    after = bulk.owned_by("Buyer", new)(record(parent="Seller", sources=[source(supports=["name", "parent"])]))
    assert after["parent"] == "Buyer"
    assert [each["supports"] for each in after["sources"]] == [["name"], ["parent"]]
    known = bulk.owned_by("Buyer", {**new, "url": source()["url"]})(record(parent=None))
    assert [each["supports"] for each in known["sources"]] == [["name", "services", "parent"]]


def test_who_has_that_owner_already_is_left_alone():
    before = record(parent="Buyer")
    assert bulk.owned_by("Buyer", source(url="https://news.example"))(before) == before
