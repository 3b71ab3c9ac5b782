"""What differs between two records of one vendor, in words, and how two changes of the same record come together.

Records are plain data in the format of `vendors.facts`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vendors import evidence
from vendors.catalogue import Vocabulary
from vendors.facts import KEYS, LIST_KEYS, outspoken
from vendors.models import FACTS, Vendor

LABELS: Mapping[str, str] = {
    **FACTS,
    "ai.level": "AI level",
    "ai.uses": "AI uses",
    "ai.note": "AI note",
    "ai.checked_on": "AI checked on",
    "ai.sources": "Sources of the AI level",
    "sources": "Sources",
    "verified_on": "Verified on",
    "status": "Status",
    "slug": "Address",
    "successor": "Successor",
    "former_slugs": "Former addresses",
}
SOURCE_LABELS = {"title": "title", "publisher": "publisher", "published": "published", "read_on": "read on", "supports": "supports"}
# Values that are lists of others, which are added and removed one by one.
LISTS = frozenset({"aliases", *LIST_KEYS, "sites", "ai.uses", "ai.sources", "sources", "former_slugs"})
SOURCE = "source "
# Words that may be put in other words: a new text replaces no fact.
WORDING = frozenset({"summary"})


@dataclass(frozen=True)
class Difference:
    """One field of a record before and after, in words; "" where nothing is known. Of a list also what was added and removed."""

    key: str
    label: str
    before: str
    after: str
    removed: Sequence[str] = ()
    added: Sequence[str] = ()

    @property
    def is_list(self) -> bool:
        return bool(self.removed or self.added)


def apart(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record as values that can be compared one by one: sources by their address, and named by it from the AI level."""
    urls = [source["url"] for source in record["sources"]]
    ai = record["ai"]
    return {
        **{key: record[key] for key in KEYS if key not in {"sites", "ai", "sources"}},
        "sites": [(site["city"], site["country"], site["what"]) for site in record["sites"]],
        **{f"ai.{key}": ai[key] for key in ("level", "uses", "note", "checked_on")},
        "ai.sources": [urls[i] for i in ai["sources"]],
        "sources": urls,
        **{key: outspoken(record)[key] for key in ("status", "successor", "former_slugs")},
        **{f"{SOURCE}{source['url']}": source for source in record["sources"]},
    }


def together(values: Mapping[str, Any]) -> dict[str, Any]:
    """The record that was taken apart, with all of its optional keys."""
    sources = [values[f"{SOURCE}{url}"] for url in values["sources"]]
    places = sorted(values["sources"].index(url) for url in values["ai.sources"] if url in values["sources"])
    record = {
        **{key: values[key] for key in KEYS if key not in {"sites", "ai", "sources"}},
        "sites": [{"city": city, "country": country, "what": what} for city, country, what in values["sites"]],
        "ai": {**{key: values[f"ai.{key}"] for key in ("level", "uses", "note", "checked_on")}, "sources": places},
        "sources": sources,
    }
    optional = {key: values[key] for key in ("status", "successor", "former_slugs")}
    return {**{key: record[key] for key in KEYS}, **optional}


def merged(before: Mapping, after: Mapping, now: Mapping) -> tuple[dict[str, Any], list[str]]:
    """The change from `before` to `after`, made to what the record is `now`; and the labels of what both changed differently.

    Of those the change wins: whoever reviews it sees them beside what is there now.
    """
    old, new, present = apart(before), apart(after), apart(now)
    values, both = dict(present), []
    for key in dict.fromkeys([*new, *old]):
        was, becomes, is_ = old.get(key), new.get(key), present.get(key)
        if becomes == was:
            continue
        if key in LISTS and is_ != was:
            was, becomes, is_ = was or [], becomes or [], is_ or []
            values[key] = [v for v in is_ if v in becomes or v not in was] + [v for v in becomes if v not in was and v not in is_]
            continue
        if is_ not in (was, becomes):
            both.append(label_of(key, {**old, **new}))
        values[key] = becomes
    # A source that one of the two took away is gone, whatever the other did to it.
    values["sources"] = [url for url in values["sources"] if values.get(f"{SOURCE}{url}")]
    return evidence.pruned(together(values)), both


def label_of(key: str, values: Mapping[str, Any]) -> str:
    if key.startswith(SOURCE):
        source = values.get(key)
        return f"Source {source['title'] if source else key.removeprefix(SOURCE)}"
    return LABELS[key]


class Words:
    """The values of records in the words of the vocabulary."""

    def __init__(self, vocabulary: Vocabulary):
        self.vocabulary = vocabulary

    def term(self, dimension: str, slug: str) -> str:
        found = self.vocabulary.terms(dimension).get(slug)
        return found.name if found else slug

    def fact(self, fact: str, record: Mapping[str, Any] | None = None) -> str:
        """A fact's value: one of a list by itself, another as `record` has it."""
        key, value = evidence.key_of(fact), evidence.value_of(fact)
        if fact == evidence.AI_LEVEL:
            return self.value("ai.level", record["ai"]["level"]) if record else "Level"
        if value:
            return self.item("ai.uses" if key == "ai" else key, value)
        return self.value(key, record[key]) if record and key not in evidence.VALUED else FACTS[key]

    def item(self, key: str, value: Any, values: Mapping[str, Any] | None = None) -> str:
        """One of the values of a list."""
        if key in LIST_KEYS:
            return self.term(key, value)
        if key == "ai.uses":
            return self.term("ai_uses", value)
        if key == "sites":
            if isinstance(value, str):
                city, _, country = value.rpartition(", ")
                return f"{city}, {self.term('countries', country)}"
            city, country, what = value
            return f"{city}, {self.term('countries', country)}" + (f" ({what})" if what else "")
        if key in {"sources", "ai.sources"} and values and (source := values.get(f"{SOURCE}{value}")):
            return f"{source['title']}, {source['publisher']}: {value}" if key == "sources" else source["title"]
        return str(value)

    def value(self, key: str, value: Any) -> str:
        """A value that is no list."""
        if value in (None, ""):
            return ""
        match key:
            case "hq":
                return ", ".join(filter(None, [value["city"], self.term("countries", value["country"])]))
            case "employees":
                return f"about {value['about']:,} in {value['as_of']}"
            case "ai.level":
                return self.term("ai_levels", value)
            case "status":
                return str(Vendor.Status(value).label)
        return str(value)

    def supported(self, supports: Sequence[str]) -> list[str]:
        """What a source supports: "Services", or one of them by name."""
        in_order = sorted(supports, key=lambda fact: list(FACTS).index(evidence.key_of(fact)))
        return [f"{FACTS[evidence.key_of(f)]}: {self.fact(f)}" if evidence.value_of(f) else FACTS[f] for f in in_order]

    def differences(self, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Difference]:
        """Field by field, in the order of a record; a record that is not there is one of which nothing is known."""
        old, new = apart(before) if before else {}, apart(after) if after else {}
        found: list[Difference] = []
        for key, label in LABELS.items():
            was, becomes = old.get(key), new.get(key)
            if was == becomes or (not was and not becomes):
                continue
            if key in LISTS:
                found.append(self.of_list(key, label, was or [], becomes or [], old, new))
            else:
                found.append(Difference(key, label, self.value(key, was), self.value(key, becomes)))
        for url in old.get("sources", []):
            was, becomes = old[f"{SOURCE}{url}"], new.get(f"{SOURCE}{url}")
            if becomes and was != becomes:
                found += self.of_source(was, becomes)
        return found

    def of_list(self, key: str, label: str, was: list, becomes: list, old: Mapping, new: Mapping) -> Difference:
        before, after = [self.item(key, v, old) for v in was], [self.item(key, v, new) for v in becomes]
        removed = [words for value, words in zip(was, before, strict=True) if value not in becomes]
        added = [words for value, words in zip(becomes, after, strict=True) if value not in was]
        return Difference(key, label, "; ".join(before), "; ".join(after), removed, added)

    def of_source(self, was: Mapping, becomes: Mapping) -> Iterator[Difference]:
        for key, label in SOURCE_LABELS.items():
            old, new = was.get(key), becomes.get(key)
            if old == new:
                continue
            name = f"Source “{becomes['title']}”: {label}"
            if key == "supports":
                before, after = self.supported(old or []), self.supported(new or [])
                removed, added = [w for w in before if w not in after], [w for w in after if w not in before]
                yield Difference(f"source.{key}", name, "; ".join(before), "; ".join(after), removed, added)
            else:
                yield Difference(f"source.{key}", name, old or "", new or "")


def lost(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The facts that a change removes or replaces by others."""

    def held(record: Mapping[str, Any]) -> dict[str, Any]:
        return {fact: fact_value(record, fact) for fact in evidence.facts_of(record, FACTS)}

    old, new = held(before), held(after)
    return [fact for fact, value in old.items() if new.get(fact) != value and fact not in WORDING]


def fact_value(record: Mapping[str, Any], fact: str) -> Any:
    """What makes a fact another one: its value, or being on the list."""
    if fact == evidence.AI_LEVEL:
        return record["ai"]["level"]
    return True if evidence.value_of(fact) else record[fact]


def of_today(record: Mapping[str, Any] | None, vocabulary: Vocabulary) -> dict[str, Any] | None:
    """The record with the slugs that its terms have today, where some were renamed since it was written."""
    if record is None:
        return None

    def today(dimension: str, slug: str) -> str:
        return vocabulary.former.get(dimension, {}).get(slug, slug)

    def fact_today(fact: str) -> str:
        key, value = evidence.key_of(fact), evidence.value_of(fact)
        return f"{key}:{today('ai_uses' if key == 'ai' else key, value)}" if value else fact

    return {
        **record,
        **{key: [today(key, slug) for slug in record[key]] for key in LIST_KEYS},
        "ai": {**record["ai"], "uses": [today("ai_uses", slug) for slug in record["ai"]["uses"]]},
        "sources": [{**source, "supports": [fact_today(fact) for fact in source["supports"]]} for source in record["sources"]],
    }
