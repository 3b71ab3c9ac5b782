import json

import pytest

from tests.vendors.records import REAL_FILES, REAL_VOCABULARY, ai, record, source, store, store_vocabulary
from vendors import evidence, figures, snapshot
from vendors.models import FACTS

pytestmark = pytest.mark.django_db


def counted(*records):
    """Held and sourced, as the curators' rule has it, one record after the other."""
    published = [one for one in records if one.get("status", "published") == "published"]
    held = [evidence.to_be_found(evidence.facts_of(one, FACTS)) for one in published]
    without = [evidence.to_be_found(evidence.unsourced(one, FACTS)) for one in published]
    return sum(map(len, held)), sum(map(len, held)) - sum(map(len, without))


def test_the_figures_of_the_real_catalogue_are_those_of_its_records():
    store_vocabulary(REAL_VOCABULARY)
    lines = [line for file in REAL_FILES for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    records = [json.loads(line) for line in lines[::9]]
    store(*records)
    held, sourced = figures.facts(snapshot.current())
    assert (held, sourced) == counted(*records)
    assert held > sourced > 0


def test_what_nobody_can_see_and_what_is_said_twice_does_not_count():
    store_vocabulary()
    site = {"city": "Mainz", "country": "DE", "what": "laboratories"}
    shown = record(name="Shown", sites=[site, {**site, "what": "offices"}], ai=ai(level="none-disclosed", checked_on="2026-11-01"),
                   sources=[source(supports=["sites"])])  # fmt: skip
    store(shown, record(name="Draft", status="draft", services=["bioanalysis"]))
    assert figures.facts(snapshot.current()) == counted(shown)


def test_the_figures_cost_two_queries_however_large_the_catalogue(django_assert_num_queries):
    store_vocabulary()
    store(*(record(name=f"Vendor {number}") for number in range(12)))
    catalogue = snapshot.current()
    with django_assert_num_queries(2):
        figures.facts(catalogue)
