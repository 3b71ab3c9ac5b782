"""The published catalogue as columns of bits. Pure NumPy, no Django: the engine is handed one of these.

One bit a vendor, one row of 64-bit words a term. Vendors stand in the order of their names, so the bits of a filtered
list are already sorted. What is known is stored; what is possible is derived, since little rules anything out.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
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
# The dimensions of which a vendor has any number of terms, as the record and the profile name them.
LISTS = ("services", "stages", "therapeutic_areas", "modalities", "accreditations", "ai_uses", "countries")


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a closed vocabulary; `group` and `lane` are filled for services only."""

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
            **{name: terms(name) for name in LISTS if name not in {"services", "countries"}},
        )

    def terms(self, dimension: str) -> Mapping[str, Term]:
        """The list of a dimension: one of LISTS, `types` or `ai_levels`."""
        found: Mapping[str, Term] = getattr(self, dimension)
        return found

    def name(self, dimension: str, slug: str) -> str:
        return self.terms(dimension)[slug].name


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

    known: by dimension, terms x words. Dimensions are those of LISTS, and `types` and `ai_levels`.
    """

    vocabulary: Vocabulary
    rows: Sequence[Row]
    known_bits: Mapping[str, Bits]
    version: str

    @classmethod
    def build(
        cls, vocabulary: Vocabulary, rows: Sequence[Row], marks: Mapping[str, tuple[NDArray[np.intp], NDArray[np.intp]]]
    ) -> "Catalogue":
        """Make the columns.

        marks: by dimension, the pairs (place of the term in its list, place of the vendor in `rows`).
        """
        bits = {}
        for dimension, (terms, vendors) in marks.items():
            flags = np.zeros((len(vocabulary.terms(dimension)), len(rows)), dtype=bool)
            flags[terms, vendors] = True
            bits[dimension] = pack(flags)
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
    def source_counts(self) -> NDArray[np.int64]:
        return np.array([row.sources for row in self.rows], dtype=np.int64)

    @cached_property
    def employee_counts(self) -> NDArray[np.float64]:
        """Employees by vendor; not a number where unknown."""
        return np.array([np.nan if row.employees is None else row.employees for row in self.rows], dtype=np.float64)

    @cached_property
    def service_counts(self) -> NDArray[np.int64]:
        """How many services sources show of each vendor."""
        counts = np.zeros(len(self), dtype=np.int64)
        for bits in self.known_bits["services"]:
            counts += self.flags(bits)
        return counts

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
        if dimension == "services":
            term = self.vocabulary.services[slug]
            return known | self._open_groups[term.group]
        if dimension in {"ai_levels", "ai_uses"}:
            return known | ~self._ai_checked & self.everyone
        return known if dimension == "types" else self.everyone

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

    def flags(self, bits: Bits) -> Flags:
        """Bits as one truth value a vendor."""
        return np.unpackbits(bits.view(np.uint8), bitorder="little", count=len(self)).astype(bool)


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
    for row in rows:
        digest.update(json.dumps([row.slug, row.name, row.type, row.organization, row.sources, str(row.verified_on), row.employees]).encode())
    return digest.hexdigest()[:12]
