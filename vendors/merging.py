"""Two records of one vendor become one, and nothing that they said is lost. Plain data in the format of `vendors.facts`.

The survivor gets what the other knew beside it. The other is archived as it stands, with its sources and its history, and its address
leads to the survivor.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from vendors import evidence
from vendors.facts import LIST_KEYS
from vendors.models import AILevel, Vendor

# Of these a record has one value, so that somebody has to choose where two differ.
SINGLE = ("name", "type", "parent", "website", "hq", "founded", "employees", "summary", "ai")
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value of which the two records say different things."""

    key: str
    survivor: Any
    other: Any


def conflicts(survivor: Record, other: Record) -> list[Conflict]:
    """What has to be chosen. Where only one of the two knows something there is nothing to choose."""
    found = (Conflict(key, single(survivor, key), single(other, key)) for key in SINGLE)
    return [each for each in found if each.survivor and each.other and each.survivor != each.other]


def single(record: Record, key: str) -> Any:
    """One value; of the AI part its level, with which its uses, note, day and sources go."""
    return record["ai"]["level"] if key == "ai" else record[key]


def merged(survivor: Record, other: Record, chosen: Mapping[str, str]) -> dict[str, Any]:
    """The survivor's record with what the other knew. chosen: by key `survivor` or `other`; the survivor's where nothing is said."""

    def taken(key: str) -> Record:
        mine, its = single(survivor, key), single(other, key)
        if mine and its:
            return other if chosen.get(key) == "other" else survivor
        return survivor if mine else other

    record = {**survivor, **{key: taken(key)[key] for key in SINGLE}}
    record["aliases"] = unique([*survivor["aliases"], survivor["name"], other["name"], *other["aliases"]], without=record["name"])
    for key in LIST_KEYS:
        record[key] = unique([*survivor[key], *other[key]])
    record["sites"] = list(sites(survivor, other))
    # The one that was looked at longer ago says how old the whole may be.
    days = [day for day in (survivor["verified_on"], other["verified_on"]) if day]
    record["verified_on"] = min(days) if survivor["verified_on"] else None
    record["sources"] = list(sources(survivor, other, taken, record["verified_on"]))
    record["ai"] = ai(record, taken("ai"), survivor, other)
    return evidence.pruned(record)


def unique(values: list[str], without: str | None = None) -> list[str]:
    return [value for value in dict.fromkeys(values) if value != without]


def sites(survivor: Record, other: Record) -> Iterator[Record]:
    """Every site; one of which the other record says no more than the place is not there twice."""
    seen = {tuple(site.values()) for site in survivor["sites"]}
    places = {evidence.place_of(site) for site in survivor["sites"]}
    yield from survivor["sites"]
    for site in other["sites"]:
        if tuple(site.values()) not in seen and (site["what"] or evidence.place_of(site) not in places):
            yield site


def sources(survivor: Record, other: Record, taken, verified_on: str | None) -> Iterator[dict[str, Any]]:
    """Every source once, supporting what it supported on either record, but no value that was not chosen.

    A source was read on the day that its record was verified, unless it says otherwise; where the whole has another day, it does.
    """
    found: dict[str, dict[str, Any]] = {}
    for record in (survivor, other):
        for source in record["sources"]:
            supports = [fact for fact in source["supports"] if evidence.key_of(fact) not in SINGLE or agrees(fact, record, taken)]
            read_on = source.get("read_on") or record["verified_on"]
            known = found.setdefault(source["url"], {**source, "supports": [], "read_on": read_on})
            known["supports"] = unique([*known["supports"], *supports])
            known["published"] = known["published"] or source["published"]
            known["read_on"] = max(filter(None, [known["read_on"], read_on]), default=None)
    for source in found.values():
        yield {key: value for key, value in source.items() if key != "read_on" or value not in (None, verified_on)}


def agrees(fact: str, record: Record, taken) -> bool:
    key = evidence.key_of(fact)
    return single(record, key) == single(taken(key), key)


def ai(record: Record, chosen: Record, survivor: Record, other: Record) -> dict[str, Any]:
    """The AI part that was chosen. Its uses are joined by those of the other record, if both found the same level."""
    both = survivor["ai"]["level"] == other["ai"]["level"]
    parts = [survivor, other] if both else [chosen]
    shows = {each["sources"][place]["url"] for each in parts for place in each["ai"]["sources"]}
    level = chosen["ai"]["level"]
    return {
        **chosen["ai"],
        "uses": unique([use for each in parts for use in each["ai"]["uses"]]) if level not in (None, AILevel.NONE_DISCLOSED) else [],
        "sources": [place for place, source in enumerate(record["sources"]) if source["url"] in shows],
    }


def archived(record: Record, successor: str) -> dict[str, Any]:
    """The other record, as it is kept."""
    return {**record, "status": str(Vendor.Status.ARCHIVED), "successor": successor}
