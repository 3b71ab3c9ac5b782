"""Vendor records in and out as plain data. Files, import and export all go through here.

The format is one JSON object a line; `fixtures/catalogue/` holds the real ones. Every key is there in every record:
null, "" or [] where nothing is known. Some keys are optional: `status`, for a record that is not published as its
`verified_on` would have it; `successor`, the slug of the vendor that an archived one went into; `former_slugs`, whose
addresses lead to this vendor; and `read_on` of a source that was read on another day than the record was verified.
A stored vendor keeps its own of the first three where a record does not have the key.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import batched
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import CheckConstraint

from vendors import evidence, search
from vendors.catalogue import Vocabulary, day, nearest
from vendors.models import (
    AI_LEVELS_WITH_EVIDENCE,
    FACTS,
    AILevel,
    CatalogueVersion,
    FormerVendorSlug,
    Site,
    Source,
    Type,
    Vendor,
    is_fact,
    slug_pattern,
)
from vendors.vocabulary import stored_vocabulary

LIST_KEYS = ("services", "stages", "therapeutic_areas", "modalities", "accreditations")
KEYS = (
    "slug", "name", "aliases", "parent", "type", "website", "hq", "founded", "employees", "summary",
    *LIST_KEYS, "sites", "ai", "sources", "verified_on",
)  # fmt: skip
NESTED_KEYS = {
    "hq": ("city", "country"),
    "employees": ("about", "as_of"),
    "sites": ("city", "country", "what"),
    "ai": ("level", "uses", "note", "sources", "checked_on"),
    "sources": ("url", "title", "publisher", "published", "supports"),
}
OPTIONAL_KEYS = {"": ("status", "successor", "former_slugs"), "sources": ("read_on",)}
# Columns whose name differs from the key that a file's reader knows.
COLUMN_KEYS = {
    "hq_city": "hq", "hq_country": "hq", "employees_year": "employees", "ai_level": "ai", "ai_note": "ai", "ai_checked_on": "ai",
    "vendor_ai_level_has_a_day": "ai", "vendor_employees_have_a_year": "employees", "vendor_hq_city_has_country": "hq",
    "published_vendor_is_verified": "verified_on", "vendor_founded_is_a_year": "founded", "source_address_is_on_the_web": "url",
    "vendor_has_slug": "slug", "vendor_has_name": "name", "site_has_city": "city", "source_has_title_and_publisher": "title",
}  # fmt: skip
# What a column of every database holds.
LARGEST = 2**31 - 1
# Tabs and line breaks are for texts of several lines; the others no database or page can show, and one refuses.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
CONTROL_BUT_BREAKS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# Checked against the vocabulary already, without a query a row.
FOREIGN = {"vendor", "hq_country", "country"}


@dataclass(frozen=True)
class Problem:
    """What is wrong with one value of one record, and the way out."""

    line: int
    slug: str
    key: str
    value: object
    message: str
    file: str = ""
    # Which of the sites or sources of the record, from 0.
    index: int | None = None
    # In words, where a file has its values in sheets: sheet, row and column.
    where: str = ""

    def __str__(self) -> str:
        place = f"{self.file}: {self.where}" if self.where else f"{self.file}:{self.line}"
        key = "" if self.where else f"{self.key}: "
        return f"{place}: {self.slug or '(no slug)'}: {key}{self.shown}: {self.message}"

    @property
    def shown(self) -> str:
        """The value as JSON, cut short when it is long."""
        shown = json.dumps(self.value, ensure_ascii=False, default=str)
        return shown if len(shown) <= 120 else shown[:117] + "…"


@dataclass
class Outcome:
    """What loading one file did. With problems nothing was loaded."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    # The changed records, each as it was and as it is.
    changes: list[tuple[dict, dict]] = field(default_factory=list)

    def named(self, file: str) -> "Outcome":
        """The same, its problems with the name of their file."""
        return replace(self, problems=[replace(problem, file=file) for problem in self.problems])


@dataclass(frozen=True)
class Entry:
    """One record as a file has it. Without a record there was nothing that could be read as one, and the problems say why."""

    line: int
    record: Mapping | None
    problems: Sequence[Problem] = ()
    # Says in words where the value that a problem is about stands; "" where the line is enough.
    locate: Callable[[Problem], str] = field(default=lambda problem: "", compare=False)


class Checker:
    """Collects the problems of one record, and what it would change."""

    def __init__(self, entry: Entry, vocabulary: Vocabulary):
        self.entry, self.line, self.vocabulary = entry, entry.line, vocabulary
        self.record = entry.record or {}
        slug = self.record.get("slug")
        self.slug = slug if isinstance(slug, str) else ""
        self.problems: list[Problem] = list(entry.problems)
        self.refusals = 0
        self.index: int | None = None
        # The vendor that is stored under this slug and its record; that record as it would be stored, and as rows if it differs.
        self.vendor: Vendor | None = None
        self.stored: dict | None = None
        self.after: dict | None = None
        self.parts: Parts | None = None

    @property
    def state(self) -> str:
        """What loading the record would do: `new`, `changed` or `unchanged`; or that it is `refused`."""
        if self.problems:
            return "refused"
        return ("new" if self.stored is None else "changed") if self.parts else "unchanged"

    @property
    def known_after(self) -> dict:
        """The record as it would be stored, of one whose shape is right."""
        assert self.after is not None  # noqa: S101
        return self.after

    def refuse(self, key: str, value: object, message: str):
        problem = Problem(self.line, self.slug, key, value, message, index=self.index)
        problem = replace(problem, where=self.entry.locate(problem))
        self.refusals += 1
        # Of a place where nothing could be read no more is said.
        unread = problem.where and any(problem.where == each.where for each in self.entry.problems)
        if problem not in self.problems and not unread:
            self.problems.append(problem)

    def keys(self, where: str, value: object) -> bool:
        """Whether it is an object with just the keys that it should have."""
        wanted = NESTED_KEYS[where] if where else KEYS
        optional = OPTIONAL_KEYS.get(where, ())
        if not isinstance(value, Mapping):
            self.refuse(where, value, f"Write an object with the keys {', '.join(wanted)}.")
            return False
        for key in wanted:
            if key not in value:
                self.refuse(
                    f"{where}.{key}".lstrip("."), None, "The key is missing; write null, [] or an empty text where nothing is known."
                )
        for key in value:
            if key not in wanted and key not in optional:
                right = nearest(str(key), [*wanted, *optional])
                self.refuse(f"{where}.{key}".lstrip("."), value[key], f"There is no such key; the nearest is {right}.")
        return set(wanted) <= set(value)

    def term(self, key: str, dimension: str, value: object):
        terms = self.vocabulary.terms(dimension)
        if not isinstance(value, str) or value not in terms:
            if right := self.vocabulary.former.get(dimension, {}).get(str(value)):
                self.refuse(key, value, f"Renamed; the slug is now {right}.")
                return
            right = nearest(str(value), {slug: term.name for slug, term in terms.items()})
            # A code of two letters says little by itself.
            named = f"{terms[right].name} ({right})" if dimension == "countries" and right else right
            self.refuse(key, value, f"Not in the vocabulary; the nearest is {named}.")

    def terms(self, key: str, dimension: str, values: object):
        values = self.listed(key, values)
        for value in values:
            self.term(key, dimension, value)
        for value in {str(v) for v in values if values.count(v) > 1}:
            self.refuse(key, value, "It is there twice; name it once.")

    def date(self, key: str, value: object):
        if value is None:
            return
        try:
            if not isinstance(value, str) or dt.date.fromisoformat(value).isoformat() != value:
                raise ValueError
        except ValueError:
            self.refuse(key, value, "Write a day as YYYY-MM-DD, or null.")

    def text(self, key: str, value: object, *, nullable: bool = False, lines: bool = False):
        if value is None and nullable:
            return
        if not isinstance(value, str):
            self.refuse(key, value, "Write a text, or null." if nullable else "Write a text.")
        elif found := (CONTROL_BUT_BREAKS if lines else CONTROL).search(value):
            self.refuse(key, value, f"Remove the character U+{ord(found[0]):04X}, which is no part of a text.")
        elif value != value.strip():
            self.refuse(key, value, "Remove the space at the beginning or the end.")
        elif nullable and not value:
            self.refuse(key, value, "Write null where nothing is known.")

    def whole(self, key: str, value: object, *, nullable: bool = False):
        if value is None and nullable:
            return
        if not isinstance(value, int) or isinstance(value, bool):
            self.refuse(key, value, "Write a whole number, or null." if nullable else "Write a whole number.")
        elif abs(value) > LARGEST:
            self.refuse(key, value, "The number is too large.")

    def shape(self) -> bool:
        """Kinds of value and vocabulary; whether the record can be turned into rows."""
        r, refusals = self.record, self.refusals
        if not self.keys("", r):
            return False
        self.text("slug", r["slug"])
        self.text("name", r["name"])
        self.text("summary", r["summary"], lines=True)
        self.text("parent", r["parent"], nullable=True)
        self.text("website", r["website"], nullable=True)
        for name in self.listed("aliases", r["aliases"]):
            self.text("aliases", name)
        self.whole("founded", r["founded"], nullable=True)
        self.date("verified_on", r["verified_on"])
        if r["type"] not in Type.values:
            self.refuse("type", r["type"], f"Write CRO, CMO or CDMO; the nearest is {nearest(str(r['type']), Type.values)}.")
        if "status" in r and r["status"] not in Vendor.Status.values:
            self.refuse("status", r["status"], f"Write one of {', '.join(Vendor.Status.values)}.")
        for key in LIST_KEYS:
            self.terms(key, key, r[key])
        if r["hq"] is not None and self.keys("hq", r["hq"]):
            self.text("hq.city", r["hq"]["city"])
            self.term("hq.country", "countries", r["hq"]["country"])
        if r["employees"] is not None and self.keys("employees", r["employees"]):
            self.whole("employees.about", r["employees"]["about"])
            self.whole("employees.as_of", r["employees"]["as_of"])
        for site in self.objects("sites"):
            self.text("sites.city", site["city"])
            self.text("sites.what", site["what"])
            self.term("sites.country", "countries", site["country"])
        sources = 0
        for source in self.objects("sources"):
            sources += 1
            for key in ("url", "title", "publisher"):
                self.text(f"sources.{key}", source[key])
            self.text("sources.published", source["published"], nullable=True)
            self.date("sources.read_on", source.get("read_on"))
            for fact in self.listed("sources.supports", source["supports"]):
                if fact == evidence.AI_LEVEL:
                    self.refuse("sources.supports", fact, "Count the source under ai.sources instead.")
                elif not isinstance(fact, str) or not is_fact(fact):
                    right = nearest(evidence.key_of(str(fact)), FACTS)
                    self.refuse("sources.supports", fact, f"No such fact; the nearest is {right}.")
        if r["sources"] == []:
            self.refuse("sources", r["sources"], "A record rests on at least one source.")
        if self.keys("ai", r["ai"]):
            self.ai(r["ai"], sources)
        self.addresses()
        if self.refusals == refusals:
            self.single_values()
        return self.refusals == refusals

    def addresses(self):
        """Where the record's address leads, and which other addresses lead to it."""
        former = self.listed("former_slugs", self.record.get("former_slugs", []))
        for slug in former:
            if not isinstance(slug, str) or not re.search(slug_pattern.regex, slug):
                self.refuse("former_slugs", slug, str(slug_pattern.message))
            elif slug == self.slug or former.count(slug) > 1:
                self.refuse("former_slugs", slug, "It is there twice; name it once.")
        successor = self.record.get("successor")
        if successor is not None and (not isinstance(successor, str) or successor == self.slug):
            self.refuse("successor", successor, "Write the slug of another vendor, or null.")

    def single_values(self):
        """A source can only support a value that the record holds."""
        for number, source in enumerate(self.record["sources"]):
            self.index = number
            for fact in source["supports"]:
                key, value = evidence.key_of(fact), evidence.value_of(fact)
                if value and value not in evidence.values_of(self.record, key):
                    self.refuse("sources.supports", fact, f"Not among the {key} of the record; add it there, or take it from the source.")
        self.index = None

    def listed(self, key: str, value: object) -> list:
        """The value, if it is a list."""
        if isinstance(value, list):
            return value
        self.refuse(key, value, "Write a list.")
        return []

    def objects(self, key: str) -> Iterator[Mapping]:
        """The objects of a list that have the right keys."""
        for number, value in enumerate(self.listed(key, self.record[key])):
            self.index = number
            if self.keys(key, value):
                yield value
        self.index = None

    def ai(self, ai: Mapping, sources: int):
        if ai["level"] is not None and ai["level"] not in AILevel.values:
            right = nearest(str(ai["level"]), AILevel.values)
            self.refuse("ai.level", ai["level"], f"Not an AI level; the nearest is {right}. Null means that nobody has looked.")
        self.terms("ai.uses", "ai_uses", ai["uses"])
        self.text("ai.note", ai["note"])
        self.date("ai.checked_on", ai["checked_on"])
        indexes = self.listed("ai.sources", ai["sources"])
        for index in indexes:
            if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < sources:
                self.refuse("ai.sources", index, f"Sources are counted from 0 to {sources - 1}.")
            elif indexes.count(index) > 1:
                self.refuse("ai.sources", index, "It is there twice; name it once.")
        if ai["level"] in AI_LEVELS_WITH_EVIDENCE and ai["sources"] == []:
            self.refuse("ai.sources", ai["sources"], f"The level {ai['level']} needs a source that shows it.")
        if ai["level"] in (None, AILevel.NONE_DISCLOSED) and ai["uses"]:
            self.refuse("ai.uses", ai["uses"], "Uses go with the level exploring, applied or embedded.")

    def fields(self, parts: "Parts"):
        """The rules of the model's fields, the same that the curator's form applies."""
        for key, instance in self.each(parts):
            try:
                instance.clean_fields(exclude=FOREIGN)
            except ValidationError as error:
                self.refuse_columns(key, instance, error.message_dict)
        rows: dict[str, list] = {"sites": [(s.city, s.country_id, s.what) for s in parts.sites], "sources": [s.url for s in parts.sources]}
        for key, values in rows.items():
            for value in {v for v in values if values.count(v) > 1}:
                self.index = len(values) - 1 - values[::-1].index(value)
                self.refuse(key, value, "It is there twice; name it once.")
        self.index = None

    def each(self, parts: "Parts") -> Iterator[tuple[str, Any]]:
        """The rows that would be, each with the key under which the record has it; what is refused meanwhile names the row."""
        for key, instances in parts.by_key():
            for number, instance in enumerate(instances):
                self.index = number if key else None
                yield key, instance
        self.index = None

    def constraints(self, parts: "Parts"):
        """The rules that the database keeps, asked one by one: slow, so only of records that may break one.

        Of a value with a problem already no more is said.
        """
        refused = {problem.key for problem in self.problems}
        for key, instance in self.each(parts):
            for constraint in instance._meta.constraints:
                if isinstance(constraint, CheckConstraint):
                    try:
                        constraint.validate(type(instance), instance)
                    except ValidationError as error:
                        if key_of(key, constraint.name) not in refused:
                            self.refuse_columns(key, instance, {constraint.name: error.messages})

    def refuse_columns(self, key: str, instance, messages: Mapping[str, list[str]]):
        for column, errors in messages.items():
            name = COLUMN_KEYS.get(column, column)
            value = getattr(instance, name, None) if key else self.record.get(name)
            for error in errors:
                self.refuse(key_of(key, column), value, error)


def key_of(key: str, column: str) -> str:
    """The key of a record that a column or a constraint of its rows belongs to."""
    name = COLUMN_KEYS.get(column, column)
    return f"{key}.{name}" if key else name


@dataclass
class Parts:
    """One record as unsaved rows."""

    vendor: Vendor
    sites: list[Site]
    sources: list[Source]
    terms: dict[str, list[str]]
    successor: str | None
    former_slugs: list[str]

    def by_key(self) -> tuple[tuple[str, list], ...]:
        """The rows, by the key under which the record has them."""
        return ("", [self.vendor]), ("sites", self.sites), ("sources", self.sources)


def default_status(verified_on: object) -> str:
    """A verified record is published, another waits as a draft."""
    return Vendor.Status.PUBLISHED if verified_on else Vendor.Status.DRAFT


def parts_of(record: Mapping, existing: Vendor | None) -> Parts:
    """Turn a record of the right shape into rows; an existing vendor keeps its id, and what the record does not say, see `kept_keys`."""
    ai, hq, employees = record["ai"], record["hq"] or {}, record["employees"] or {}
    kept = kept_keys(record, existing)
    vendor = existing or Vendor()
    vendor.slug, vendor.status = record["slug"], kept["status"]
    vendor.name, vendor.aliases, vendor.type = record["name"], record["aliases"], record["type"]
    vendor.parent, vendor.website, vendor.summary = record["parent"] or "", record["website"] or "", record["summary"]
    vendor.hq_city, vendor.hq_country_id = hq.get("city", ""), hq.get("country")
    vendor.founded, vendor.employees, vendor.employees_year = record["founded"], employees.get("about"), employees.get("as_of")
    vendor.ai_level, vendor.ai_note, vendor.ai_checked_on = ai["level"] or "", ai["note"], day(ai["checked_on"])
    if vendor.verified_on != day(record["verified_on"]):
        vendor.verified_on, vendor.verified_by = day(record["verified_on"]), ""
    vendor.unsourced = evidence.unsourced(record, FACTS)
    vendor.unsourced_number = len(evidence.to_be_found(vendor.unsourced))
    return Parts(
        vendor,
        [
            Site(vendor=vendor, position=i, city=site["city"], country_id=site["country"], what=site["what"])
            for i, site in enumerate(record["sites"])
        ],
        [
            Source(
                vendor=vendor, position=i, url=s["url"], title=s["title"], publisher=s["publisher"], published=s["published"] or "",
                read_on=day(s.get("read_on")), supports=s["supports"], shows_ai_level=i in ai["sources"],
            )
            for i, s in enumerate(record["sources"])
        ],
        {**{key: record[key] for key in LIST_KEYS}, "ai_uses": ai["uses"]},
        kept["successor"],
        kept["former_slugs"],
    )  # fmt: skip


def kept_keys(record: Mapping, existing: Vendor | None) -> dict[str, Any]:
    """Status, successor and former slugs: those of the record, else those that the stored vendor has already."""
    status = record.get("status", existing.status if existing else default_status(record["verified_on"]))
    successor = existing.successor.slug if existing and existing.successor and status == Vendor.Status.ARCHIVED else None
    former = [row.old for row in existing.former_slugs.all()] if existing else []
    return {
        "status": status,
        "successor": record.get("successor", successor),
        "former_slugs": sorted(record.get("former_slugs", former)),
    }


def outspoken(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with all of its optional keys, so that nothing is kept of what is stored."""
    kept: dict[str, Any] = {"status": default_status(record["verified_on"]), "successor": None, "former_slugs": []}
    return {**kept, **record}


def with_kept_keys(record: dict, kept: Mapping[str, Any]) -> dict:
    """The record with those of its optional keys that say something."""
    usual = outspoken({"verified_on": record["verified_on"]})
    return {**record, **{key: value for key, value in kept.items() if value != usual[key]}}


def record_of(vendor: Vendor, terms: Mapping[str, list[str]]) -> dict:
    """One vendor as a plain record. terms: slugs by list, in the order in which they were recorded."""
    sources = list(vendor.sources.all())
    record = {
        "slug": vendor.slug,
        "name": vendor.name,
        "aliases": vendor.aliases,
        "parent": vendor.parent or None,
        "type": str(vendor.type),
        "website": vendor.website or None,
        "hq": {"city": vendor.hq_city, "country": vendor.hq_country_id} if vendor.hq_country_id else None,
        "founded": vendor.founded,
        "employees": {"about": vendor.employees, "as_of": vendor.employees_year} if vendor.employees else None,
        "summary": vendor.summary,
        **{key: terms[key] for key in LIST_KEYS},
        "sites": [{"city": site.city, "country": site.country_id, "what": site.what} for site in vendor.sites.all()],
        "ai": {
            "level": str(vendor.ai_level) or None,
            "uses": terms["ai_uses"],
            "note": vendor.ai_note,
            "sources": [i for i, source in enumerate(sources) if source.shows_ai_level],
            "checked_on": vendor.ai_checked_on and vendor.ai_checked_on.isoformat(),
        },
        "sources": [
            {
                "url": s.url,
                "title": s.title,
                "publisher": s.publisher,
                "published": s.published or None,
                "supports": s.supports,
                **({"read_on": s.read_on.isoformat()} if s.read_on else {}),
            }
            for s in sources
        ],
        "verified_on": vendor.verified_on and vendor.verified_on.isoformat(),
    }
    return with_kept_keys(record, kept_keys({}, vendor))


def links(list_name: str):
    """The rows that tie vendors to the terms of one list."""
    return getattr(Vendor, list_name).through


def term_column(list_name: str) -> str:
    return getattr(Vendor, list_name).field.m2m_reverse_field_name()


def with_addresses(vendors):
    """The queryset with what `kept_keys` asks of a vendor."""
    return vendors.select_related("successor").prefetch_related("former_slugs")


def dump(vendors) -> Iterator[dict]:
    """Plain records of a queryset of vendors, in its order."""
    found = list(with_addresses(vendors).prefetch_related("sites", "sources"))
    terms: dict[int, dict[str, list[str]]] = {vendor.pk: {name: [] for name in (*LIST_KEYS, "ai_uses")} for vendor in found}
    for name in (*LIST_KEYS, "ai_uses"):
        rows = links(name).objects.filter(vendor__in=vendors.order_by()).order_by("pk")
        for vendor_id, slug in rows.values_list("vendor_id", f"{term_column(name)}__slug"):
            terms[vendor_id][name].append(slug)
    for vendor in found:
        yield record_of(vendor, terms[vendor.pk])


def read_lines(lines: Iterable[str]) -> Iterator[tuple[int, Mapping | Problem]]:
    """Records of a JSON Lines file with their line numbers; a line that is no JSON object becomes a Problem."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line, object_pairs_hook=distinct_keys)
        except (ValueError, RecursionError) as error:
            yield number, Problem(number, "", "line", line.strip(), f"Not readable as JSON: {error}.")
            continue
        if isinstance(record, Mapping):
            yield number, record
        else:
            yield number, Problem(number, "", "line", record, "Write one object a line.")


def entries_of(lines: Iterable[str]) -> Iterator[Entry]:
    """The lines of a JSON Lines file, to be planned."""
    for number, found in read_lines(lines):
        yield Entry(number, None, [found]) if isinstance(found, Problem) else Entry(number, found)


def distinct_keys(pairs: list[tuple[str, object]]) -> dict:
    """Object hook: JSON would silently keep the last of two equal keys."""
    made = dict(pairs)
    if len(made) != len(pairs):
        twice = next(key for i, (key, _) in enumerate(pairs) if key in dict(pairs[:i]))
        raise ValueError(f"the key {twice!r} is there twice")
    return made


@dataclass
class Plan:
    """What loading a file would do, record by record. Nothing is stored yet."""

    rows: list[Checker]
    vocabulary: Vocabulary

    @property
    def problems(self) -> list[Problem]:
        return sorted((problem for row in self.rows for problem in row.problems), key=lambda problem: problem.line)

    def rows_that(self, *states: str) -> list[Checker]:
        return [row for row in self.rows if row.state in states]

    def parts(self) -> list["Parts"]:
        """The rows of the records that would be new or changed."""
        return [row.parts for row in self.rows_that("new", "changed") if row.parts]

    def outcome(self) -> Outcome:
        if self.problems:
            return Outcome(problems=self.problems)
        changed = self.rows_that("changed")
        changes = [(row.stored, row.known_after) for row in changed if row.stored]
        return Outcome(len(self.rows_that("new")), len(changed), len(self.rows_that("unchanged")), changes=changes)


class Addresses:
    """Which slugs lead where now, as far as these records name them; three queries."""

    def __init__(self, rows: Sequence[Checker]):
        def named(key: str) -> set[str]:
            values = (row.record.get(key) for row in rows)
            named = (slug for value in values for slug in (value if isinstance(value, list) else [value]))
            return {slug for slug in named if isinstance(slug, str) and re.search(slug_pattern.regex, slug)}

        slugs = named("slug")
        wanted = slugs | named("successor") | named("former_slugs")
        self.vendors = dict(
            pair for some in batched(wanted, 500) for pair in Vendor.objects.filter(slug__in=some).values_list("slug", "pk")
        )
        self.coming = slugs
        former = FormerVendorSlug.objects.values_list("old", "vendor")
        self.former = dict(pair for some in batched(wanted, 500) for pair in former.filter(old__in=some))

    def check(self, row: Checker):
        """Refuse a record whose addresses are another vendor's, or whose own address would lead nowhere."""
        kept, own = kept_keys(row.record, row.vendor), row.vendor and row.vendor.pk
        for slug in (row.slug, *kept["former_slugs"]):
            key = "slug" if slug == row.slug else "former_slugs"
            if self.vendors.get(slug, own) != own or (key == "former_slugs" and slug in self.coming and slug not in self.vendors):
                row.refuse(key, slug, "Another vendor has this address; choose another.")
            elif self.former.get(slug, own) != own:
                row.refuse(key, slug, "This was the address of another vendor, and leads there; choose another.")
        successor = kept["successor"]
        if successor and kept["status"] != Vendor.Status.ARCHIVED:
            row.refuse("successor", successor, "Only an archived record has a successor: archive it, or write null.")
        elif successor and successor not in self.coming and "successor" in row.record and successor not in self.vendors:
            row.refuse("successor", successor, "There is no vendor with this slug.")


def plan(entries: Iterable[Entry], *, old_slugs: Mapping[str, str] = MappingProxyType({})) -> Plan:
    """Check every record by all rules but those that the database keeps, and compare it with what is stored under its slug.

    old_slugs: where a record renames a vendor, the slug under which it is stored, by the one that the record has.
    """
    vocabulary = stored_vocabulary()
    rows = [Checker(entry, vocabulary) for entry in entries]
    slugs = [row.slug for row in rows if re.search(slug_pattern.regex, row.slug)]
    meant = [old_slugs.get(slug, slug) for slug in slugs]
    existing = {vendor.slug: vendor for some in batched(meant, 500) for vendor in with_addresses(Vendor.objects.filter(slug__in=some))}
    stored = stored_records(meant)
    addresses = Addresses(rows)
    seen: dict[str, Checker] = {}
    for row in rows:
        if row.entry.record is None:
            continue
        if row.slug and (first := seen.get(row.slug)):
            row.refuse("slug", row.slug, f"The slug is also on line {first.line}; a vendor has one record.")
        elif row.shape():
            old_slug = old_slugs.get(row.slug, row.slug)
            row.vendor, row.stored = existing.get(old_slug), stored.get(old_slug)
            addresses.check(row)
            row.after = as_dumped(row.record, row.vendor)
            if row.after != row.stored:
                row.parts = parts_of(row.record, row.vendor)
                row.fields(row.parts)
        seen[row.slug] = row
    return Plan(rows, vocabulary)


def stored_records(slugs: Sequence[str]) -> dict[str, dict]:
    """The stored records of these slugs; some hundred at a time, since a database takes only so many values in a query."""
    return {record["slug"]: record for some in batched(slugs, 500) for record in dump(Vendor.objects.filter(slug__in=some))}


def complete(planned: Plan) -> Plan:
    """The plan with what the database would refuse, too: it is tried, and undone."""
    if not accepted(planned.parts(), keep=False):
        constraint_problems(planned.rows)
    return planned


def load(entries: Iterable[Entry]) -> Outcome:
    """Check every record and store those that differ from what is stored; all of them in one transaction, or none.

    A record is found again by its slug. Equal records are left alone, so loading twice changes nothing.
    """
    with transaction.atomic():
        planned = plan(entries)
        outcome, parts = planned.outcome(), planned.parts()
        if outcome.problems or not accepted(parts):
            # Also when something else is wrong already: all that is wrong is said at once.
            constraint_problems(planned.rows)
            outcome = planned.outcome()
            if not outcome.problems:
                store(parts)  # It was no rule of ours, such as another process with the same slug: let the database say what.
    return outcome


def load_lines(lines: Iterable[str]) -> Outcome:
    """Load the lines of a JSON Lines file; see `load`."""
    return load(entries_of(lines))


def accepted(all_parts: list[Parts], *, keep: bool = True) -> bool:
    """Store the records, unless the database refuses one of them; whether it took them all. Without `keep` only to try."""
    try:
        with transaction.atomic():
            if all_parts:
                store(all_parts)
            transaction.set_rollback(not keep)
    except IntegrityError:
        return False
    return True


def constraint_problems(rows: Sequence[Checker]):
    """Find what the database would refuse of records whose values are fine one by one, and note it with each.

    It is asked for half of them, and half of that, so that one bad record among thousands is found soon.
    """
    rows = [row for row in rows if row.parts]
    if accepted([row.parts for row in rows if row.parts and not row.problems], keep=False):
        rows = [row for row in rows if row.problems]
    elif len(rows) > 1:
        half = len(rows) // 2
        constraint_problems(rows[:half])
        constraint_problems(rows[half:])
        return
    for row in rows:
        if row.parts:
            row.constraints(row.parts)


def as_dumped(record: Mapping, existing: Vendor | None) -> dict:
    """A record of the right shape as `record_of` would write it once it were stored in the place of `existing`."""
    dumped = {key: record[key] for key in KEYS}
    dumped["ai"] = {**record["ai"], "sources": sorted(record["ai"]["sources"])}
    dumped["sources"] = [{key: value for key, value in s.items() if key != "read_on" or value} for s in record["sources"]]
    return with_kept_keys(dumped, kept_keys(record, existing))


def store(all_parts: list[Parts]):
    """Write rows in bulk, with the words by which they are found, and say that the catalogue changed. Must run in a transaction."""
    changed = [parts.vendor for parts in all_parts if parts.vendor.pk]
    for vendor in changed:
        vendor.successor = None  # named below, when every vendor is there
        vendor.save()
    Site.objects.filter(vendor__in=changed).delete()
    Source.objects.filter(vendor__in=changed).delete()
    Vendor.objects.bulk_create([parts.vendor for parts in all_parts if not parts.vendor.pk])
    FormerVendorSlug.objects.filter(vendor__in=changed).delete()
    FormerVendorSlug.objects.bulk_create(
        [FormerVendorSlug(old=old, vendor=parts.vendor) for parts in all_parts for old in parts.former_slugs]
    )
    if successors := {parts.successor for parts in all_parts if parts.successor}:
        keys = dict(Vendor.objects.filter(slug__in=successors).values_list("slug", "pk"))
        for parts in all_parts:
            if parts.successor:
                Vendor.objects.filter(pk=parts.vendor.pk).update(successor=keys[parts.successor])
    Site.objects.bulk_create([site for parts in all_parts for site in parts.sites])
    Source.objects.bulk_create([source for parts in all_parts for source in parts.sources])
    for name in (*LIST_KEYS, "ai_uses"):
        through, column = links(name), f"{term_column(name)}_id"
        ids = dict(getattr(Vendor, name).field.related_model.objects.values_list("slug", "pk"))
        through.objects.filter(vendor__in=changed).delete()
        # Created in the order of the record, so that their ids keep that order.
        through.objects.bulk_create(
            [through(**{"vendor_id": parts.vendor.pk, column: ids[slug]}) for parts in all_parts for slug in parts.terms[name]]
        )
    search.index(parts.vendor.pk for parts in all_parts)
    CatalogueVersion.bump()


def load_file(path: Path) -> Outcome:
    """Load one JSON Lines file; see `load_lines`. Problems name the file."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return Outcome(problems=[Problem(0, "", "file", path.name, f"The file can't be read: {error}.", str(path))])
    # Not splitlines: a text in a record may hold a line separator of Unicode.
    return load_lines(text.split("\n")).named(str(path))
