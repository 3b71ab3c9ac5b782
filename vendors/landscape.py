"""A picture of the field: how many vendors of each type work where. Pure NumPy over the catalogue's bits, no Django."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil, sqrt
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray

from vendors.catalogue import TYPES, Bits, Catalogue

# What the columns of services can be crossed with, by the word in the address.
CROSSINGS: Mapping[str, str] = {"stages": "Stages", "therapeutic_areas": "Therapeutic areas"}
SHADES = 5  # steps from "somebody" to "the most"
Counts = NDArray[np.int64]


def of_groups(catalogue: Catalogue) -> Bits:
    """The vendors shown to offer any service of each group: groups x words."""
    known, groups = catalogue.known_bits["services"], catalogue.vocabulary.groups
    place = {group: i for i, group in enumerate(groups)}
    bits = np.zeros((len(groups), known.shape[1]), dtype=np.uint64)
    for term, vendors in zip(catalogue.vocabulary.services.values(), known, strict=True):
        bits[place[term.group]] |= vendors
    return bits


def crossed(catalogue: Catalogue, by: str) -> Counts:
    """Vendors by service group, term of the other dimension, and type: groups x terms x 3.

    Counts the vendors shown to offer any service of the group and shown to have the term.
    """
    types, terms = catalogue.known_bits["types"], catalogue.known_bits[by]
    groups = of_groups(catalogue)
    counts = np.zeros((len(groups), len(terms), len(TYPES)), dtype=np.int64)
    # A group at a time: all at once would need a lot of memory for a million vendors.
    for place, group in enumerate(groups):
        counts[place] = by_type(terms & group, types)
    return counts


def by_type(columns: Bits, types: Bits) -> Counts:
    """How many vendors of each column are of each type: columns x 3."""
    counts: Counts = np.stack([np.bitwise_count(columns & kind).sum(axis=1, dtype=np.int64) for kind in types], axis=1)
    return counts


@dataclass(frozen=True, slots=True)
class Share:
    """The vendors of one type in a cell: how many, and the address of the list that shows them."""

    type: str
    count: int
    query: str


@dataclass(frozen=True, slots=True)
class Cell:
    """shade: 0 for nobody to SHADES for the fullest cell of the table."""

    shares: tuple[Share, ...]
    query: str
    shade: int

    @property
    def count(self) -> int:
        return sum(share.count for share in self.shares)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the matrix: a stage or a therapeutic area, and one cell a service group."""

    name: str
    query: str
    cells: tuple[Cell, ...]


def shade(count: int, most: int) -> int:
    """Steps by the square root, so that the small cells of a skewed table can still be told apart."""
    return ceil(SHADES * sqrt(count / most)) if count else 0


def cell(counts: NDArray[np.int64], asked: list[tuple[str, str]], most: int) -> Cell:
    """One cell; `asked` are the filters that find its vendors in the list."""
    shares = tuple(Share(kind, int(n), urlencode([("type", kind), *asked])) for kind, n in zip(TYPES, counts, strict=True))
    return Cell(shares, urlencode(asked), shade(int(counts.sum()), most))


def lines(catalogue: Catalogue, by: str) -> Iterator[Line]:
    """The rows of the matrix, in the order of reading; the columns are the service groups in theirs."""
    counts = crossed(catalogue, by)
    most = int(counts.sum(axis=2).max(initial=0))
    vocabulary = catalogue.vocabulary
    services = {group: [("services", s.slug) for s in vocabulary.services.values() if s.group == group] for group in vocabulary.groups}
    for place, term in enumerate(vocabulary.terms(by).values()):
        asked = (by, term.slug)
        yield Line(
            term.name,
            urlencode([asked]),
            tuple(cell(counts[i, place], [*services[group], asked], most) for i, group in enumerate(vocabulary.groups)),
        )


@dataclass(frozen=True, slots=True)
class Lane:
    """Service groups side by side under the half of the work that they belong to; each with the address of its vendors."""

    name: str
    groups: tuple[tuple[str, str], ...]


def lanes(catalogue: Catalogue) -> list[Lane]:
    """The heads of the columns. Groups of a lane that do not stand together make two."""
    vocabulary = catalogue.vocabulary
    found: list[tuple[str, list[tuple[str, str]]]] = []
    for group in vocabulary.groups.values():
        services = urlencode([("services", s.slug) for s in vocabulary.services.values() if s.group == group.slug])
        if found and found[-1][0] == group.lane:
            found[-1][1].append((group.name, services))
        else:
            found.append((group.lane, [(group.name, services)]))
    return [Lane(lane.capitalize(), tuple(groups)) for lane, groups in found]


@dataclass(frozen=True, slots=True)
class Place:
    """A country or a region: its vendors by type, sites on record, and for the bar where each type begins and how far it goes."""

    name: str
    cell: Cell
    sites: int
    bars: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True, slots=True)
class Region:
    total: Place
    countries: tuple[Place, ...]


def regions(catalogue: Catalogue, sites: Mapping[str, int]) -> list[Region]:
    """Regions and their countries, the fullest first; countries without a vendor are left out.

    A vendor counts for the country of its headquarters and of each site, and once for the region of several.
    sites: sites on record by country.
    """
    vocabulary, types = catalogue.vocabulary, catalogue.known_bits["types"]
    counts = by_type(catalogue.known_bits["countries"], types)
    totals = counts.sum(axis=1)
    most = int(totals.max(initial=1))
    found = []
    for (slug, name), together in zip(vocabulary.regions.items(), by_type(catalogue.region_bits, types), strict=True):
        listed = [
            Place(
                country.name,
                cell(counts[i], [("country", country.slug)], most),
                sites.get(country.slug, 0),
                tuple(bars(counts[i], most)),
            )
            for i, country in enumerate(vocabulary.countries.values())
            if country.group == name and totals[i]
        ]
        if listed:
            total = Place(name, cell(together, [("region", slug)], int(totals.sum())), sum(place.sites for place in listed), ())
            found.append(Region(total, tuple(sorted(listed, key=lambda place: -place.cell.count))))
    return sorted(found, key=lambda region: -region.total.cell.count)


def bars(counts: NDArray[np.int64], most: int) -> Iterator[tuple[str, float, float]]:
    """Type, beginning and width of each part of a bar that is as long as the fullest country's, 0 to 1."""
    at = 0.0
    for kind, count in zip(TYPES, counts, strict=True):
        yield kind, at, count / most
        at += count / most
