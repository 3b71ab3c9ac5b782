"""Up to five vendors side by side: the rows, what differs, and the sources of every cell, as values that page and export share."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from vendors.catalogue import Bits, Catalogue
from vendors.evidence import key_of
from vendors.folding import fold
from vendors.listing import Link, readable
from vendors.models import FACTS, Vendor

MOST = 5  # columns that a screen and a sheet of paper hold
ONLY = "differences"
LIKE_ENOUGH = 0.7  # below that a name is another name, and offering it would be noise
LONGEST_NAME = 120  # characters, as the column has it

# What the state of a coverage cell is called in words.
COVER_WORDS = {"known": "shown", "possible": "not known", "no": "not hired for this"}


@dataclass(frozen=True, slots=True)
class Cell:
    """What is known of one vendor in one row.

    values: in words, in the order of reading; empty means not known.
    sources: places in the vendor's list of sources, from 1; None where the row is no fact that a source could support.
    cover: of a coverage row `known`, `possible` or `no`.
    served: slugs, for the stage strip.
    vendor: whose it is.
    """

    values: tuple[str, ...] = ()
    sources: tuple[int, ...] | None = None
    cover: str = ""
    served: frozenset[str] = frozenset()
    vendor: Vendor | None = None

    @property
    def words(self) -> str:
        """The cell as plain text."""
        return COVER_WORDS[self.cover] if self.cover else " | ".join(self.values) or "not known"


@dataclass(frozen=True, slots=True)
class Row:
    """One fact, or one term of a list, of every vendor. `kind` says how it is drawn; a list has parts with rows of their own."""

    label: str
    cells: tuple[Cell, ...]
    kind: str = "text"
    parts: "tuple[Part, ...]" = ()

    @property
    def state(self) -> str:
        """`differs`; `open` where what is known agrees and the rest is not known; `same`; `unknown` where nothing is known."""
        if self.kind == "list":
            states = {row.state for part in self.parts for row in part.rows}
            return next((state for state in ("differs", "open", "same") if state in states), "unknown")
        if self.kind == "cover":
            marks = {cell.cover for cell in self.cells}
            return "differs" if {"known", "no"} <= marks else "same" if len(marks) == 1 else "open"
        known = {frozenset(cell.values) for cell in self.cells if cell.values}
        if len(known) > 1:
            return "differs"
        if not known:
            return "unknown"
        return "same" if all(cell.values for cell in self.cells) else "open"

    @property
    def tells_apart(self) -> bool:
        return self.state in {"differs", "open"}


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a list under a heading of their own; the title may be empty."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole table. hidden: rows left out since they tell nobody apart."""

    vendors: tuple[Vendor, ...]
    groups: tuple[Group, ...]
    hidden: int = 0

    def rows(self) -> Iterator[tuple[Group, str, Row]]:
        """Every row with its group and the part of a list that it stands in, lists before their rows."""
        for group in self.groups:
            for row in group.rows:
                yield group, "", row
                for part in row.parts:
                    yield from ((group, part.title or row.label, inner) for inner in part.rows)

    def only_differences(self) -> "Comparison":
        """Without the rows that are the same for all, and those of which nothing is known."""
        groups = tuple(Group(group.title, tuple(telling(group.rows))) for group in self.groups)
        left = replace(self, groups=tuple(group for group in groups if group.rows))
        return replace(left, hidden=sum(1 for _ in self.rows()) - sum(1 for _ in left.rows()))


def telling(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        if row.tells_apart:
            parts = (Part(part.title, tuple(telling(part.rows))) for part in row.parts)
            yield replace(row, parts=tuple(part for part in parts if part.rows))


def compare(vendors: Sequence[Vendor], catalogue: Catalogue, today: dt.date) -> Comparison:
    """Set the vendors side by side, in their order. They need `for_page()`; no query is made here."""
    table = Table(vendors, catalogue, today)
    return Comparison(tuple(vendors), tuple(table.groups()))


class Table:
    """Makes the rows."""

    def __init__(self, vendors: Sequence[Vendor], catalogue: Catalogue, today: dt.date):
        self.vendors, self.catalogue, self.today = vendors, catalogue, today

    def groups(self) -> Iterator[Group]:
        yield Group(
            "The company",
            (
                self.fact("type", lambda vendor: (str(vendor.type),), kind="type"),
                self.fact("summary", lambda vendor: filled(vendor.summary)),
                self.fact("aliases", lambda vendor: tuple(vendor.aliases)),
                self.fact("parent", lambda vendor: filled(vendor.parent)),
                self.fact("hq", headquarters),
                self.fact("founded", lambda vendor: filled(vendor.founded and str(vendor.founded))),
                self.fact("employees", employees),
                self.fact("website", lambda vendor: filled(vendor.website), kind="link"),
            ),
        )
        yield Group(
            "What it does",
            (
                self.stages(),
                self.terms("modalities"),
                self.terms("therapeutic_areas"),
                self.terms("services"),
            ),
        )
        yield Group("Places", (self.fact("sites", sites),))
        yield Group("Accreditations and inspections", (self.terms("accreditations", "On record"),))
        yield Group(
            "AI adoption",
            (
                self.fact("ai", lambda vendor: filled(vendor.get_ai_level_display() if vendor.ai_level else ""), "Level"),
                self.fact("ai", lambda vendor: tuple(use.name for use in vendor.ai_uses.all()), "Used for"),
                self.fact("ai", lambda vendor: filled(vendor.ai_note), "Note"),
                self.row("Looked at", lambda vendor: Cell(filled(vendor.ai_checked_on and day(vendor.ai_checked_on)))),
            ),
        )
        yield Group(
            "Evidence",
            (
                self.row("Sources", sources_on_record, kind="sources"),
                self.row("Facts without a source", lambda vendor: Cell(tuple(unsourced(vendor)) or ("None",))),
                self.row("Checked on", self.checked),
            ),
        )

    def row(self, label: str, cell: Callable[[Vendor], Cell], kind: str = "text") -> Row:
        return Row(label, tuple(replace(cell(vendor), vendor=vendor) for vendor in self.vendors), kind)

    def fact(self, fact: str, values: Callable[[Vendor], tuple[str, ...]], label: str = "", kind: str = "text") -> Row:
        def cell(vendor: Vendor) -> Cell:
            known = values(vendor)
            # "None disclosed" is what was not found: no source shows that.
            nothing_found = fact == "ai" and vendor.ai_level == "none-disclosed"
            return Cell(known, tuple(vendor.source_numbers(fact)) if known and not nothing_found else None)

        return self.row(label or FACTS[fact], cell, kind)

    def stages(self) -> Row:
        def cell(vendor: Vendor) -> Cell:
            stages = vendor.stages.all()
            known = tuple(stage.name for stage in stages)
            return Cell(known, tuple(vendor.source_numbers("stages")) if known else None, served=frozenset(stage.slug for stage in stages))

        return self.row(FACTS["stages"], cell, "stages")

    def terms(self, dimension: str, label: str = "") -> Row:
        """A list as a coverage row for every term that one of the vendors is shown to have, in the order of reading."""
        known = {vendor.pk: {term.slug for term in getattr(vendor, dimension).all()} for vendor in self.vendors}
        shown = set().union(*known.values())
        parts: dict[str, list[Row]] = {}
        for slug, term in self.catalogue.vocabulary.terms(dimension).items():
            if slug in shown:
                possible = self.catalogue.possible(dimension, slug)

                def cell(vendor: Vendor, slug: str = slug, possible: Bits = possible) -> Cell:
                    if slug in known[vendor.pk]:
                        return Cell(cover="known", sources=tuple(vendor.source_numbers(f"{dimension}:{slug}")))
                    return Cell(cover="possible" if self.has(possible, vendor) else "no")

                title = self.catalogue.vocabulary.groups[term.group].name if dimension == "services" else ""
                parts.setdefault(title, []).append(self.row(term.name, cell, "cover"))

        def total(vendor: Vendor) -> Cell:
            number = len(known[vendor.pk])
            return Cell((f"{number} shown",), tuple(vendor.source_numbers(dimension))) if number else Cell()

        return replace(
            self.row(label or FACTS[dimension], total, "list"), parts=tuple(Part(title, tuple(rows)) for title, rows in parts.items())
        )

    def has(self, bits: Bits, vendor: Vendor) -> bool:
        """Whether the vendor's bit is set; a vendor that the snapshot does not hold yet is ruled out by nothing."""
        place = self.catalogue.place.get(vendor.slug)
        return place is None or bool(int(bits[place // 64]) >> (place % 64) & 1)

    def checked(self, vendor: Vendor) -> Cell:
        if vendor.verified_on is None:
            return Cell()
        return Cell((day(vendor.verified_on) + (", over a year ago" if vendor.is_stale(self.today) else ""),))


def filled(text: object) -> tuple[str, ...]:
    """One value, or none where there is nothing."""
    return (str(text),) if text else ()


def day(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"


def headquarters(vendor: Vendor) -> tuple[str, ...]:
    return filled(vendor.hq_country and ", ".join(filter(None, [vendor.hq_city, vendor.hq_country.name])))


def employees(vendor: Vendor) -> tuple[str, ...]:
    return (f"about {vendor.employees:,} in {vendor.employees_year}",) if vendor.employees else ()


def sites(vendor: Vendor) -> tuple[str, ...]:
    return tuple(f"{site.city}, {site.country.name}" + (f" ({site.what})" if site.what else "") for site in vendor.sites.all())


def sources_on_record(vendor: Vendor) -> Cell:
    number = len(vendor.sources.all())
    return Cell((f"{number} source{'' if number == 1 else 's'}",))


def unsourced(vendor: Vendor) -> list[str]:
    """The facts that the record holds and no source of it supports; of a list that has no source at all only its name."""
    return vendor.names_of(fact if vendor.source_numbers(key_of(fact)) else key_of(fact) for fact in vendor.unsourced)


# What an address asks for.


@dataclass(frozen=True, slots=True)
class Missing:
    """A value of the address that is no vendor, with the two ways out."""

    value: str
    nearest: Link | None
    without: str


def address(slugs: Iterable[str], *, only: bool = False) -> str:
    """The query of a comparison, in the order of its columns."""
    return urlencode([*(("v", slug) for slug in slugs), *([("only", ONLY)] if only else [])])


class Asked:
    """One request for a comparison: the vendors that it names, and what in it can't be read.

    A vendor is named by its slug; its full name, whatever case and accents, will do where somebody types it.
    Two queries at most before the vendors' own lists.
    """

    def __init__(self, data: QueryDict, catalogue: Catalogue):
        self.catalogue = catalogue
        self.values = list(dict.fromkeys(value.strip() for value in data.getlist("v") if value.strip()))
        word = data.get("only", "")
        self.wrong_switch = readable(word) if word and word != ONLY else ""
        self.only = word == ONLY
        self.too_many = len(self.values) > MOST
        self.vendors: list[Vendor] = []
        self.typed: dict[str, Vendor] = {}
        if not self.too_many:
            self._find()

    def _find(self):
        askable = [value for value in self.values if value.isprintable() and len(value) <= LONGEST_NAME]
        published = Vendor.objects.published().for_page()
        by_slug = {vendor.slug: vendor for vendor in published.filter(slug__in=askable)} if askable else {}
        names = {fold(value): value for value in askable if value not in by_slug and fold(value)}
        if names:
            named: dict[str, list[Vendor]] = {}
            for vendor in published.filter(sort_name__in=list(names)):
                named.setdefault(vendor.sort_name, []).append(vendor)
            self.typed = {names[name]: vendors[0] for name, vendors in named.items() if len(vendors) == 1}
        found = [by_slug.get(value) or self.typed.get(value) for value in self.values]
        self.vendors = list({vendor.slug: vendor for vendor in found if vendor}.values())

    @property
    def slugs(self) -> list[str]:
        return [vendor.slug for vendor in self.vendors]

    @property
    def is_readable(self) -> bool:
        return not (self.too_many or self.wrong_switch or self.missing)

    @property
    def missing(self) -> list[Missing]:
        """What names no vendor that readers see; none of it is passed over."""
        if self.too_many:
            return []
        slugs = {vendor.slug for vendor in self.vendors}
        return [self._missing(value) for value in self.values if value not in slugs and value not in self.typed]

    def _missing(self, value: str) -> Missing:
        right = nearest_vendor(value, self.catalogue)
        link = None
        if right:
            slug, name = right
            link = Link(name, address(dict.fromkeys(slug if old == value else old for old in self.values), only=self.only))
        return Missing(readable(value), link, address((old for old in self.values if old != value), only=self.only))

    @property
    def first(self) -> str:
        """The query with as many as fit."""
        return address(self.values[:MOST], only=self.only)

    @property
    def query(self) -> str:
        return address(self.slugs, only=self.only)

    @property
    def switched(self) -> str:
        """The same vendors with the switch the other way."""
        return address(self.slugs, only=not self.only)

    @property
    def everything(self) -> str:
        """What is asked, without the switch."""
        return address(self.values)

    def comparison(self, today: dt.date) -> Comparison:
        """What is asked, set side by side; one vendor alone differs from nobody, so then every row stays."""
        whole = compare(self.vendors, self.catalogue, today)
        return whole.only_differences() if self.only and len(self.vendors) > 1 else whole

    def columns(self) -> list[tuple[Vendor, str]]:
        """Each vendor with the query that leaves it out."""
        return [(vendor, address((slug for slug in self.slugs if slug != vendor.slug), only=self.only)) for vendor in self.vendors]


def nearest_vendor(typed: str, catalogue: Catalogue) -> tuple[str, str] | None:
    """Slug and name of the vendor whose name or slug is most like what was typed; None when none is much like it."""
    folded = fold(typed[:LONGEST_NAME])
    best = None
    for texts in ([fold(row.name) for row in catalogue.rows], [row.slug for row in catalogue.rows]):
        found = process.extractOne(folded, texts, scorer=JaroWinkler.normalized_similarity, score_cutoff=LIKE_ENOUGH)
        if found and (best is None or found[1] > best[0]):
            best = found[1], found[2]
    return (catalogue.rows[best[1]].slug, catalogue.rows[best[1]].name) if best else None
