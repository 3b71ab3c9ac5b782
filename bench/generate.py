"""Made-up catalogues of any size that are skewed as the real one is. The same size and seed give the same catalogue.

Every made-up vendor starts from a real one, so that terms keep the company that they keep; then a tenth of its terms goes
and as many come in, drawn as often as the catalogue has them. Names, slugs and owners are made up.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vendors.catalogue import LISTS, Catalogue, Row, Vocabulary, day, terms_of

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
CHANGED = 0.1
FIRST = (
    "Al",
    "Bio",
    "Cel",
    "Dia",
    "Eu",
    "Far",
    "Gen",
    "Hel",
    "Ix",
    "Jur",
    "Kal",
    "Lab",
    "Med",
    "Nov",
    "Ori",
    "Phar",
    "Quin",
    "Rho",
    "Syn",
    "Tra",
)
SECOND = ("bion", "cura", "dexa", "fera", "gena", "lytic", "mira", "nexis", "phora", "quest", "ryon", "sana", "thera", "vance", "zyme")
Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True)
class Sample:
    """Vendors in the order of their names.

    base: the real vendor that each starts from, by its place in `records`. marks: by dimension, places of terms and of vendors.
    """

    vocabulary: Vocabulary
    records: list[dict]
    base: NDArray[np.int64]
    names: list[str]
    slugs: list[str]
    owners: list[str]
    marks: dict[str, Pairs]

    def catalogue(self) -> Catalogue:
        """As the engine takes it."""
        facts = [(r["type"], len(r["sources"]), day(r["verified_on"]), r["employees"] and r["employees"]["about"]) for r in self.records]
        rows = [
            Row(slug, name, facts[base][0], owner or name, *facts[base][1:])
            for slug, name, owner, base in zip(self.slugs, self.names, self.owners, self.base.tolist(), strict=True)
        ]
        return Catalogue.build(self.vocabulary, rows, self.marks).prepared()

    @property
    def terms_a_vendor(self) -> float:
        return sum(len(terms) for terms, _ in self.marks.values()) / len(self.base)


def real_vocabulary() -> Vocabulary:
    return Vocabulary.from_dict(json.loads((FIXTURES / "vocabulary.json").read_text(encoding="utf-8")))


def real_records() -> list[dict]:
    files = sorted((FIXTURES / "catalogue").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").split("\n") if line.strip()]


def sample(size: int, seed: int = 0) -> Sample:
    """Make up a catalogue of that many vendors."""
    chance, vocabulary, records = np.random.default_rng(seed), real_vocabulary(), real_records()
    base = chance.integers(0, len(records), size)
    names = sorted(
        f"{FIRST[a]}{SECOND[b]} {number}"
        for number, (a, b) in enumerate(
            zip(chance.integers(0, len(FIRST), size).tolist(), chance.integers(0, len(SECOND), size).tolist(), strict=True)
        )
    )
    names.sort(key=str.casefold)
    slugs = [name.lower().replace(" ", "-") for name in names]
    # As many vendors share an owner as in the real catalogue, two or three each.
    group = chance.integers(0, max(1, size // 4), size).tolist()
    owners = [f"Holding {number}" if records[b]["parent"] else "" for b, number in zip(base.tolist(), group, strict=True)]
    marks = {dimension: drawn(chance, vocabulary, records, dimension, base) for dimension in (*LISTS, "types", "ai_levels")}
    return Sample(vocabulary, records, base, names, slugs, owners, marks)


def drawn(chance: np.random.Generator, vocabulary: Vocabulary, records: list[dict], dimension: str, base: NDArray[np.int64]) -> Pairs:
    """The pairs of one dimension: those of the real vendors, some of them changed. Types and AI stay as they are."""
    place = {slug: i for i, slug in enumerate(vocabulary.terms(dimension))}
    own = [[place[slug] for slug in terms_of(record, dimension)] for record in records]
    counts = np.array([len(terms) for terms in own])
    flat = np.array([term for terms in own for term in terms], dtype=np.int64)
    starts = np.cumsum(counts) - counts
    lengths = counts[base]
    vendors = np.repeat(np.arange(len(base)), lengths)
    offsets = np.arange(len(vendors)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    terms = flat[np.repeat(starts[base], lengths) + offsets]
    if dimension not in {"types", "ai_levels", "ai_uses"} and len(terms):
        stays = chance.random(len(terms)) >= CHANGED
        new = int(np.count_nonzero(~stays))
        # A new term goes to whoever lost one, so that broad vendors stay broad and narrow ones narrow.
        terms, vendors = np.append(terms[stays], chance.choice(flat, new)), np.append(vendors[stays], vendors[~stays])
        both = np.unique(vendors * len(place) + terms)
        terms, vendors = both % len(place), both // len(place)
    return terms, vendors
