"""Which sources support which facts of a record. Plain data in the form of `vendors.facts`; no Django.

A source names what it supports by `key`, such as `services`, which covers every value of that list, or by `key:value`, which
covers that one: `services:bioanalysis`, `sites:Basel, CH`, `ai:lead-discovery`. So a fact is `key` or `key:value` too, and
the AI level is `ai:level`, which the sources support that `ai.sources` counts.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

# Keys whose values are facts of their own.
LISTS = ("aliases", "services", "stages", "therapeutic_areas", "modalities", "accreditations")
VALUED = (*LISTS, "sites", "ai")
AI_LEVEL = "ai:level"
# What says which company is meant, and our own word for its kind: shown without a source, but nobody is asked to find one.
IDENTITY = frozenset({"name", "aliases", "type", "website"})
NOTHING_FOUND = "none-disclosed"


def key_of(fact: str) -> str:
    return fact.partition(":")[0]


def value_of(fact: str) -> str:
    return fact.partition(":")[2]


def place_of(site: Mapping[str, Any]) -> str:
    """A site as a value of `sites`."""
    return f"{site['city']}, {site['country']}"


def values_of(record: Mapping[str, Any], key: str) -> list[str]:
    """What the record holds under one of VALUED, each once, in its order."""
    if key == "sites":
        return list(dict.fromkeys(place_of(site) for site in record["sites"]))
    if key == "ai":
        # "None disclosed" is what was not found: no source shows that.
        level = record["ai"]["level"]
        return [*(["level"] if level and level != NOTHING_FOUND else []), *record["ai"]["uses"]]
    return list(record[key])


def facts_of(record: Mapping[str, Any], keys: Iterable[str]) -> Iterator[str]:
    """Every fact that the record holds, under these keys in their order."""
    for key in keys:
        if key in VALUED:
            yield from (f"{key}:{value}" for value in values_of(record, key))
        elif record[key]:
            yield key


def covers(supports: Iterable[str], fact: str) -> bool:
    """Whether a source that supports this supports the fact. A whole list (`services`) is covered by any of its values."""
    key, value = key_of(fact), value_of(fact)
    return any(each in (fact, key) or (not value and key_of(each) == key) for each in supports)


def supporting(record: Mapping[str, Any], fact: str) -> list[int]:
    """Places in the record's list of sources, from 0, of those that support the fact."""
    of_level = record["ai"]["sources"] if fact in {AI_LEVEL, "ai"} else ()
    return [i for i, source in enumerate(record["sources"]) if i in of_level or covers(source["supports"], fact)]


def unsourced(record: Mapping[str, Any], keys: Iterable[str]) -> list[str]:
    """The facts that the record holds and no source of it supports."""
    return [fact for fact in facts_of(record, keys) if not supporting(record, fact)]


def to_be_found(facts: Iterable[str]) -> list[str]:
    """Those facts for which a curator should look for a source."""
    return [fact for fact in facts if key_of(fact) not in IDENTITY]


def pruned(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record whose sources support no single value that it does not hold any more."""
    held = {key: set(values_of(record, key)) for key in VALUED}

    def kept(supports: list[str]) -> list[str]:
        return [fact for fact in supports if not value_of(fact) or value_of(fact) in held[key_of(fact)]]

    return {**record, "sources": [{**source, "supports": kept(source["supports"])} for source in record["sources"]]}
