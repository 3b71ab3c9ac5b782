"""Which source supports which fact: a whole list, or one value of it."""

import pytest

from tests.vendors.records import ai, record, source
from vendors import evidence
from vendors.models import FACTS


def one(*supports, **changes):
    return record(sources=[source(supports=list(supports))], **changes)


@pytest.mark.parametrize(
    "supports, fact, covered",
    [
        (["services"], "services:bioanalysis", True),
        (["services:bioanalysis"], "services:bioanalysis", True),
        (["services:bioanalysis"], "services:biostatistics", False),
        (["services:bioanalysis"], "services", True),
        (["sites:Basel, CH"], "sites:Basel, CH", True),
        (["sites"], "services:bioanalysis", False),
        (["hq"], "hq", True),
        ([], "hq", False),
    ],
)
def test_a_source_covers_a_list_or_a_value_of_it(supports, fact, covered):
    assert evidence.covers(supports, fact) is covered


def test_every_value_is_a_fact_of_its_own():
    made = record(
        services=["bioanalysis", "biostatistics"],
        sites=[{"city": "Basel", "country": "CH", "what": what} for what in ("one", "two")],
        ai=ai(level="applied", uses=["manufacturing-and-quality"], sources=[0], checked_on="2026-10-01"),
        founded=None,
    )
    found = list(evidence.facts_of(made, FACTS))
    assert {"services:bioanalysis", "services:biostatistics", "sites:Basel, CH", "ai:level", "ai:manufacturing-and-quality"} <= set(found)
    assert len(found) == len(set(found))
    assert "founded" not in found
    assert "services" not in found


def test_the_sources_of_the_ai_level_are_those_that_the_record_counts_and_those_that_support_all_of_it():
    sources = [source(supports=["ai"]), source(url="https://b.example"), source(url="https://c.example", supports=["ai:x"])]
    made = record(sources=sources, ai=ai(level="applied", uses=["x", "y"], sources=[1], checked_on="2026-10-01"))
    assert evidence.supporting(made, "ai:level") == [0, 1]
    assert evidence.supporting(made, "ai:x") == [0, 2]
    assert evidence.supporting(made, "ai:y") == [0]


def test_what_no_source_supports_is_found_and_nothing_found_needs_none():
    assert evidence.unsourced(one(*FACTS), FACTS) == []
    nothing = ai(level="none-disclosed", checked_on="2026-10-01")
    made = one("services:bioanalysis", "hq", services=["bioanalysis", "biostatistics"], ai=nothing)
    missing = evidence.unsourced(made, FACTS)
    assert "services:biostatistics" in missing
    assert not {"services:bioanalysis", "hq", "ai:level"} & set(missing)
    assert {"name", "type", "website"} & set(evidence.to_be_found(missing)) == set()
    assert {"founded", "summary", "stages:phase-1"} <= set(evidence.to_be_found(missing))


def test_support_of_a_value_that_is_gone_goes_too():
    made = one("services:bioanalysis", "services:clinical-operations", "hq", "sites:Basel, CH", sites=[])
    assert evidence.pruned(made)["sources"][0]["supports"] == ["services:clinical-operations", "hq"]
