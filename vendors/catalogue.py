"""The published catalogue as columns of bits. Pure NumPy, no Django: the engine is handed one of these.

One bit a vendor, one row of 64-bit words a term. Vendors stand in the order of their names, so the bits of a filtered
list are already sorted. What is known is stored; what is possible is derived, since little rules anything out.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import batched, pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from vendors.folding import fold

Bits = NDArray[np.uint64]
Flags = NDArray[np.bool_]
Lane = Literal["research", "making"]

LANES: tuple[Lane, ...] = ("research", "making")
TYPES = ("CRO", "CMO", "CDMO")
AI_LEVELS = ("none-disclosed", "exploring", "applied", "embedded")
# Which lane a type is hired for. A service of the other lane is possible only where the vendor is known to work in its group.
LANES_OF_TYPE: Mapping[str, frozenset[str]] = {
    "CRO": frozenset({"research"}),
    "CMO": frozenset({"making"}),
    "CDMO": frozenset({"making"}),
}
# Vendors by their employees: each class from this number on, up to the next. Our own classes.
SIZES: Mapping[str, int] = {"small": 0, "mid-size": 500, "large": 5_000}
# How long ago a record was checked against its sources, in days; after the last it is stale.
VERIFIED_WITHIN: Mapping[str, int] = {"3-months": 91, "6-months": 182, "12-months": 365}
STALE_AFTER = dt.timedelta(days=VERIFIED_WITHIN["12-months"])
# The dimensions of which a vendor has any number of terms, as the record and the profile name them.
LISTS = ("services", "stages", "therapeutic_areas", "modalities", "accreditations", "ai_uses", "countries")


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a closed vocabulary; `group` and `lane` are filled for services, `group` with the region for countries."""

    slug: str
    name: str
    group: str = ""
    lane: str = ""
    description: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """The closed lists, each by slug and in reading order (stages: order of time)."""

    services: Mapping[str, Term]
    stages: Mapping[str, Term]
    therapeutic_areas: Mapping[str, Term]
    modalities: Mapping[str, Term]
    accreditations: Mapping[str, Term]
    ai_uses: Mapping[str, Term]
    countries: Mapping[str, Term]
    groups: Mapping[str, Term]
    types: Mapping[str, Term] = field(default_factory=lambda: {slug: Term(slug, slug) for slug in TYPES})
    ai_levels: Mapping[str, Term] = field(
        default_factory=lambda: {slug: Term(slug, slug.replace("-", " ").capitalize()) for slug in AI_LEVELS}
    )
    # By list, the slugs of today by those that a curator changed.
    former: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Vocabulary":
        """Read the form of `fixtures/vocabulary.json`."""
        groups = {
            row["slug"]: Term(row["slug"], row["name"], lane=row["lane"], description=row.get("description", ""))
            for row in data["service_groups"]
        }

        def terms(name: str) -> dict[str, Term]:
            return {row["slug"]: Term(row["slug"], row["name"], description=row.get("description", "")) for row in data[name]}

        return cls(
            services={
                row["slug"]: Term(row["slug"], row["name"], row["group"], groups[row["group"]].lane, row.get("description", ""))
                for row in data["services"]
            },
            countries={
                row["code"]: Term(row["code"], row["name"], group=row["region"])
                for row in sorted(data["countries"], key=lambda row: fold(row["name"]))
            },
            groups=groups,
            stages=terms("stages"),
            therapeutic_areas=terms("therapeutic_areas"),
            modalities=terms("modalities"),
            accreditations=terms("accreditations"),
            ai_uses=terms("ai_uses"),
        )

    @cached_property
    def regions(self) -> Mapping[str, str]:
        """Groups of countries: names by slug."""
        return {region_slug(name): name for name in sorted({country.group for country in self.countries.values()})}

    def terms(self, dimension: str) -> Mapping[str, Term]:
        """The list of a dimension: one of LISTS, `types` or `ai_levels`."""
        found: Mapping[str, Term] = getattr(self, dimension)
        return found

    @cached_property
    def names(self) -> Mapping[str, Mapping[str, str]]:
        """By dimension, the names of its terms by slug, in reading order."""
        lists = (*LISTS, "types", "ai_levels")
        return {dimension: {slug: term.name for slug, term in self.terms(dimension).items()} for dimension in lists}

    def name(self, dimension: str, slug: str) -> str:
        return self.terms(dimension)[slug].name


def region_slug(name: str) -> str:
    """ "Middle East" as addresses have it: "middle-east"."""
    return fold(name).replace(" ", "-")


# What people type for a term whose letters are of no help.
SHORT_FORMS = {
    "uk": "GB", "great britain": "GB", "england": "GB", "usa": "US", "america": "US", "korea": "KR", "holland": "NL",
    "cancer": "oncology", "cns": "neurology", "heart": "cardiovascular", "diabetes": "metabolic", "liver": "gastroenterology",
    "adc": "antibody-drug-conjugate", "mab": "antibody-protein", "antibody": "antibody-protein", "biologic": "antibody-protein",
    "sirna": "oligonucleotide", "aav": "gene-therapy", "car-t": "cell-therapy", "monitoring": "clinical-operations",
    "api": "small-molecule-api", "fsp": "functional-service-provision", "rwe": "real-world-evidence", "tablets": "oral-solid-dose",
    "capsules": "oral-solid-dose", "tox": "toxicology", "gmp": "gmp", "cgmp": "gmp", "phase i": "phase-1", "phase ii": "phase-2",
    "phase iii": "phase-3", "phase iv": "post-marketing", "phase-4": "post-marketing", "phase 4": "post-marketing",
}  # fmt: skip


def nearest(value: str, choices: Mapping[str, str] | Iterable[str]) -> str | None:
    """The choice most like what was typed, by its slug or by its name; None when there is nothing to choose from.

    choices: slugs, or names by slug. `nearest("onclogy", {"oncology": "Oncology"})` is `"oncology"`.
    """
    named = choices if isinstance(choices, Mapping) else {slug: slug for slug in choices}
    typed = " ".join(value[:80].casefold().split())
    if SHORT_FORMS.get(typed) in named:
        return SHORT_FORMS[typed]
    typed = typed.replace("-", " ").replace("_", " ")

    def likeness(slug: str) -> float:
        return max(_likeness(typed, text.casefold().replace("-", " ").replace("_", " ")) for text in (slug, named[slug]))

    return max(sorted(named), key=likeness, default=None)


def _likeness(typed: str, text: str) -> float:
    """0 to 1. Letters in order with weight on the beginning, or words in any order, whichever says more."""
    letters = 0.5 * JaroWinkler.normalized_similarity(typed, text) + 0.5 * DamerauLevenshtein.normalized_similarity(typed, text)
    words = fuzz.token_sort_ratio(typed, text) / 100
    shared = 0.9 * fuzz.token_set_ratio(typed, text) / 100 if set(typed.split()) & set(text.split()) else 0.0
    return max(letters, words, shared)


def pack(flags: Flags) -> Bits:
    """Flags by vendor as words of bits, vendor 0 in the lowest bit of the first word."""
    padded = np.zeros((*flags.shape[:-1], -(-flags.shape[-1] // 64) * 64), dtype=bool)
    padded[..., : flags.shape[-1]] = flags
    return np.packbits(padded, axis=-1, bitorder="little").view(np.uint64)


def columns_of(terms: int, size: int, term: NDArray[np.integer], vendor: NDArray[np.integer]) -> Bits:
    """Bits of every term, from the pairs (place of the term, place of the vendor): terms x words.

    A term that nobody has, such as most countries, is never written to, and so takes no memory of the machine.
    """
    bits = np.zeros((terms, -(-size // 64)), dtype=np.uint64)
    # One term at a time: flags of all terms at once would be eight times the size of the bits.
    order = np.argsort(term, kind="stable")
    ends = np.searchsorted(term[order], np.arange(terms + 1))
    for place, (start, stop) in enumerate(pairwise(ends)):
        if start < stop:
            flags = np.zeros(size, dtype=bool)
            flags[vendor[order[start:stop]]] = True
            bits[place] = pack(flags)
    return bits


# Words of bits worked on at a time, so that what lies between two steps stays in the processor's cache.
AT_ONCE = 65_536


def counted(columns: Bits, within: Bits, places: NDArray[np.intp] | None = None) -> NDArray[np.int64]:
    """How many of the vendors of `within` each column has; 0 for the columns that are not among `places`, if given.

    columns: terms x words.
    """
    counts = np.zeros(len(columns), dtype=np.int64)
    places = np.arange(len(columns)) if places is None else places
    step = max(1, AT_ONCE // max(1, len(within)))
    common = np.empty((step, len(within)), dtype=np.uint64)
    numbers = np.empty((step, len(within)), dtype=np.uint8)
    for start in range(0, len(places), step):
        some = places[start : start + step]
        found, ones = common[: len(some)], numbers[: len(some)]
        if some[-1] - some[0] == len(some) - 1:
            np.bitwise_and(columns[some[0] : some[-1] + 1], within, out=found)
        else:
            np.bitwise_and(columns[some], within, out=found)
        np.bitwise_count(found, out=ones)
        counts[some] = ones.sum(axis=1, dtype=np.uint32)
    return counts


@dataclass(frozen=True, slots=True)
class Row:
    """What the catalogue keeps of one vendor beside its bits."""

    slug: str
    name: str
    type: str
    organization: str
    sources: int
    verified_on: dt.date | None
    employees: int | None = None


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Published vendors, in the order of their names, and one row of bits for every term of every dimension.

    known: by dimension, terms x words. Dimensions are those of LISTS, and `types` and `ai_levels`. denied: the same, for what
    somebody said not to hold; the catalogue itself has none, see `as_stated`.
    """

    vocabulary: Vocabulary
    rows: Sequence[Row]
    known_bits: Mapping[str, Bits]
    version: str
    denied_bits: Mapping[str, Bits] = field(default_factory=dict)

    @classmethod
    def build(
        cls, vocabulary: Vocabulary, rows: Sequence[Row], marks: Mapping[str, tuple[NDArray[np.intp], NDArray[np.intp]]]
    ) -> "Catalogue":
        """Make the columns.

        marks: by dimension, the pairs (place of the term in its list, place of the vendor in `rows`).
        """
        bits = {dimension: columns_of(len(vocabulary.terms(dimension)), len(rows), *pairs) for dimension, pairs in marks.items()}
        return cls(vocabulary, rows, bits, fingerprint(vocabulary, rows, bits))

    @classmethod
    def from_records(cls, vocabulary: Vocabulary, records: Iterable[Mapping[str, Any]]) -> "Catalogue":
        """Make it from plain vendor records (the form of the catalogue files), sorted by name."""
        ordered = sorted(records, key=lambda record: (fold(record["name"]), record["slug"]))
        rows = [
            Row(
                r["slug"], r["name"], r["type"], r["parent"] or r["name"], len(r["sources"]), day(r["verified_on"]),
                r["employees"] and r["employees"]["about"],
            )
            for r in ordered
        ]  # fmt: skip
        marks = {}
        for dimension in (*LISTS, "types", "ai_levels"):
            place = {slug: i for i, slug in enumerate(vocabulary.terms(dimension))}
            pairs = [(place[slug], i) for i, record in enumerate(ordered) for slug in terms_of(record, dimension)]
            marks[dimension] = as_marks(pairs)
        return cls.build(vocabulary, rows, marks)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Where each vendor stands, by slug."""
        return {row.slug: i for i, row in enumerate(self.rows)}

    @cached_property
    def _term_place(self) -> Mapping[str, Mapping[str, int]]:
        return {dimension: {slug: i for i, slug in enumerate(self.vocabulary.terms(dimension))} for dimension in self.known_bits}

    @cached_property
    def everyone(self) -> Bits:
        return pack(np.ones(len(self), dtype=bool))

    @cached_property
    def present(self) -> Mapping[str, NDArray[np.intp]]:
        """By dimension, the places of the terms that somebody has."""
        return {dimension: np.flatnonzero(totals) for dimension, totals in self.totals.items()}

    @cached_property
    def totals(self) -> Mapping[str, NDArray[np.int64]]:
        """By dimension, how many vendors have each term."""
        return {dimension: counted(bits, self.everyone) for dimension, bits in self.known_bits.items()}

    @cached_property
    def source_counts(self) -> NDArray[np.int64]:
        return np.array([row.sources for row in self.rows], dtype=np.int64)

    @cached_property
    def source_codes(self) -> NDArray[np.uint8]:
        """The number of sources as a byte, to look up in a table; 255 stands for that and more."""
        return as_bytes(self.source_counts)

    @cached_property
    def service_codes(self) -> NDArray[np.uint8]:
        return as_bytes(self.service_counts)

    @cached_property
    def employee_counts(self) -> NDArray[np.float64]:
        """Employees by vendor; not a number where unknown."""
        return np.array([np.nan if row.employees is None else row.employees for row in self.rows], dtype=np.float64)

    @cached_property
    def size_bits(self) -> Bits:
        """The vendors of each class of SIZES, and those whose number of employees is not known: classes + 1 x words."""
        known = ~np.isnan(self.employee_counts)
        classes = np.searchsorted(list(SIZES.values()), np.nan_to_num(self.employee_counts), side="right") - 1
        return pack(np.array([*(known & (classes == place) for place in range(len(SIZES))), ~known]))

    @cached_property
    def region_bits(self) -> Bits:
        """The vendors with a site or headquarters in each region of the vocabulary: regions x words."""
        place = {slug: i for i, slug in enumerate(self.vocabulary.regions)}
        bits = np.zeros((len(place), self.known_bits["countries"].shape[1]), dtype=np.uint64)
        for country, vendors in zip(self.vocabulary.countries.values(), self.known_bits["countries"], strict=True):
            bits[place[region_slug(country.group)]] |= vendors
        return bits

    @cached_property
    def verified_days(self) -> NDArray[np.int32]:
        """The day of the last check by vendor, as an ordinal; 0 where there was none."""
        return np.array([row.verified_on.toordinal() if row.verified_on else 0 for row in self.rows], dtype=np.int32)

    @cached_property
    def _verified_bits(self) -> dict[dt.date, Bits]:
        return {}

    def verified_bits(self, today: dt.date) -> Bits:
        """The vendors checked within each of VERIFIED_WITHIN, longer ago, and never, as of a day: 5 x words.

        Whoever was checked within three months was so within six. Kept for the day that was asked for last.
        """
        bits = self._verified_bits.get(today)
        if bits is None:
            days, ever = self.verified_days, self.verified_days > 0
            within = [ever & (days >= today.toordinal() - longest) for longest in VERIFIED_WITHIN.values()]
            bits = pack(np.array([*within, ever & ~within[-1], ~ever]))
            self._verified_bits.clear()
            self._verified_bits[today] = bits
        return bits

    @cached_property
    def service_counts(self) -> NDArray[np.int64]:
        """How many services sources show of each vendor."""
        counts = np.zeros(len(self), dtype=np.int64)
        for bits in self.known_bits["services"]:
            counts += self.flags(bits)
        return counts

    @cached_property
    def orders(self) -> Mapping[str, NDArray[np.intp]]:
        """The places of all vendors, those with most first, by what a list is sorted by; equal ones stand by name."""
        keys: dict[str, NDArray[Any]] = {"services": self.service_counts, "sources": self.source_counts, "verified": self.verified_days}
        return {name: np.argsort(-numbers, kind="stable") for name, numbers in keys.items()}

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """A number a vendor, the same for vendors of one organization."""
        numbers: dict[str, int] = {}
        return np.array([numbers.setdefault(fold(row.organization), len(numbers)) for row in self.rows], dtype=np.int64)

    def known(self, dimension: str, slug: str) -> Bits:
        """The vendors of which a source shows this term."""
        words: Bits = self.known_bits[dimension][self._term_place[dimension][slug]]
        return words

    def possible(self, dimension: str, slug: str) -> Bits:
        """The vendors of which it is known, or nothing says otherwise.

        Two things say otherwise: a service of the lane that the type is not hired for, unless the vendor is known to work
        in its group; and an AI level, once somebody has looked.
        """
        known = self.known(dimension, slug)
        may = self._not_ruled_out(dimension, slug, known)
        if dimension not in self.denied_bits:
            return may
        denied: Bits = self.denied_bits[dimension][self._term_place[dimension][slug]]
        return known | (may & ~denied)

    def _not_ruled_out(self, dimension: str, slug: str, known: Bits) -> Bits:
        if dimension == "services":
            term = self.vocabulary.services[slug]
            return known | self._open_groups[term.group]
        if dimension in {"ai_levels", "ai_uses"}:
            return known | self.ai_unchecked
        return known if dimension == "types" else self.everyone

    def as_stated(self, terms: Iterable[tuple[str, str, str, bool]], employees: Mapping[str, int] | None = None) -> "Catalogue":
        """The catalogue as it would be if it were true what was stated; this one stays as it is, and so does what is stored.

        terms: vendor, dimension, term, and whether it was stated to hold. employees: numbers by vendor. Vendors and terms that
        are not here are passed over. A no takes away only what is not shown by a source.
        """
        known, denied = dict(self.known_bits), dict(self.denied_bits)
        for vendor, dimension, slug, holds in terms:
            place, row = self.place.get(vendor), self._term_place.get(dimension, {}).get(slug)
            if place is None or row is None:
                continue
            bits = known if holds else denied
            changed = bits[dimension].copy() if dimension in bits else np.zeros_like(known[dimension])
            changed[row, place >> 6] |= np.uint64(1) << np.uint64(place & 63)
            bits[dimension] = changed
        rows = [replace(row, employees=(employees or {}).get(row.slug, row.employees)) for row in self.rows]
        return replace(self, rows=rows, known_bits=known, denied_bits=denied, version=f"{self.version} as stated")

    @cached_property
    def _open_groups(self) -> Mapping[str, Bits]:
        """By service group, the vendors that may well offer more of it."""
        hired = {lane: np.bitwise_or.reduce([self.known("types", kind) for kind in TYPES if lane in LANES_OF_TYPE[kind]]) for lane in LANES}
        open_groups = {slug: hired[group.lane] for slug, group in self.vocabulary.groups.items()}  # type: ignore[index]
        for term, bits in zip(self.vocabulary.services.values(), self.known_bits["services"], strict=True):
            open_groups[term.group] = open_groups[term.group] | bits
        return open_groups

    @cached_property
    def _ai_checked(self) -> Bits:
        checked: Bits = np.bitwise_or.reduce(self.known_bits["ai_levels"], axis=0)
        return checked

    @cached_property
    def ai_unchecked(self) -> Bits:
        """The vendors whose use of AI nobody has looked at yet."""
        return ~self._ai_checked & self.everyone

    def flags(self, bits: Bits) -> Flags:
        """Bits as one truth value a vendor."""
        return np.unpackbits(bits.view(np.uint8), bitorder="little", count=len(self)).view(bool)

    def prepared(self) -> "Catalogue":
        """Work out what is kept of it, so that no reader waits for that; returns itself."""
        for name in PREPARED:
            getattr(self, name)
        return self


PREPARED = (
    "place", "everyone", "totals", "source_counts", "employee_counts", "service_counts", "source_codes", "service_codes", "owners",
    "ai_unchecked", "_term_place", "_open_groups", "size_bits", "region_bits", "verified_days", "orders",
)  # fmt: skip


def is_in(bits: Bits, place: int) -> bool:
    """Whether one vendor is in a set."""
    return bool(int(bits[place >> 6]) >> (place & 63) & 1)


def as_bytes(counts: NDArray[np.int64]) -> NDArray[np.uint8]:
    return np.minimum(counts, 255).astype(np.uint8)


def as_marks(pairs: Sequence[tuple[int, int]]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    array = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    return array[:, 0], array[:, 1]


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def terms_of(record: Mapping[str, Any], dimension: str) -> Sequence[str]:
    """The slugs of one dimension on a vendor record; countries are those of its headquarters and its sites."""
    match dimension:
        case "types":
            return [record["type"]]
        case "ai_levels":
            return [record["ai"]["level"]] if record["ai"]["level"] else []
        case "ai_uses":
            return list(record["ai"]["uses"])
        case "countries":
            places = [record["hq"], *record["sites"]] if record["hq"] else record["sites"]
            return list(dict.fromkeys(place["country"] for place in places))
        case _:
            return list(record[dimension])


def fingerprint(vocabulary: Vocabulary, rows: Sequence[Row], bits: Mapping[str, Bits]) -> str:
    """Twelve characters that change whenever anything the advice rests on does; the same on every database."""
    digest = hashlib.sha256()
    for dimension in sorted(bits):
        terms = [(term.slug, term.name, term.group, term.lane) for term in vocabulary.terms(dimension).values()]
        digest.update(json.dumps([dimension, terms]).encode())
        digest.update(bits[dimension].astype("<u8").tobytes())
    written = json.JSONEncoder(default=str).encode
    for some in batched(rows, 1_000):
        # A thousand vendors a text: for each its own would take most of the time in which a large catalogue is built.
        fields = [(row.slug, row.name, row.type, row.organization, row.sources, row.verified_on, row.employees) for row in some]
        digest.update(written(fields).encode())
    return digest.hexdigest()[:12]
