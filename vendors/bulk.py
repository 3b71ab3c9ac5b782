"""One change for many vendors: what it makes of each record. Plain data in the format of `vendors.facts`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from vendors import evidence

Record = Mapping[str, Any]
Change = Callable[[Record], dict[str, Any]]
MOST = 500  # vendors at once


def with_terms(key: str, slugs: Sequence[str]) -> Change:
    """Add terms of one list."""
    return lambda record: {**record, key: [*record[key], *(slug for slug in slugs if slug not in record[key])]}


def without_terms(key: str, slugs: Sequence[str]) -> Change:
    """Take terms of one list away, and from the sources that support them."""
    return lambda record: evidence.pruned({**record, key: [slug for slug in record[key] if slug not in slugs]})


def verified_on(day: str) -> Change:
    return lambda record: {**record, "verified_on": day}


def status(value: str) -> Change:
    return lambda record: {**record, "status": value}


def owned_by(owner: str | None, source: Record) -> Change:
    """Another owner, which this source shows; those that showed the former one support it no longer."""

    def change(record: Record) -> dict[str, Any]:
        if record["parent"] == owner:
            return dict(record)
        sources = [{**each, "supports": [fact for fact in each["supports"] if fact != "parent"]} for each in record["sources"]]
        known = next((each for each in sources if each["url"] == source["url"]), None)
        if known:
            known["supports"] = [*known["supports"], "parent"]
        else:
            sources.append({**source, "supports": ["parent"]})
        return {**record, "parent": owner, "sources": sources}

    return change
