"""How many vendors each choice of each filter would leave. Pure NumPy over the catalogue's bits, no Django.

Counting goes sideways: the selection of the filter itself is set aside, so that its choices can be compared. A filter of
which all the chosen values are asked for is the exception: there the figure says what adding the choice would leave, since
its choices are not had instead of each other.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from vendors.catalogue import VERIFIED_WITHIN, Bits, Catalogue, counted, pack

# The filters that ask about a dimension of the catalogue, by the name that addresses use.
DIMENSIONS: Mapping[str, str] = {
    "type": "types",
    "services": "services",
    "stages": "stages",
    "therapeutic_areas": "therapeutic_areas",
    "modalities": "modalities",
    "accreditations": "accreditations",
    "ai": "ai_levels",
    "ai_uses": "ai_uses",
    "country": "countries",
}
# All filters, in the order of the page; the last three are worked out from other columns.
NAMES = (*DIMENSIONS, "region", "size", "verified")
# Those of which a vendor can have several values, so that a reader may ask for all that were chosen instead of any.
LISTS = frozenset({"services", "stages", "therapeutic_areas", "modalities", "accreditations", "ai_uses", "country"})
# Beside the levels of AI use, a reader can ask for the vendors that nobody has looked at yet.
NOT_CHECKED = "not-checked"
SIZE_NAMES: Mapping[str, str] = {
    "small": "Small, under 500 people",
    "mid-size": "Mid-size, under 5,000",
    "large": "Large, 5,000 and more",
    "not-known": "Not known",
}
VERIFIED_NAMES: Mapping[str, str] = {
    **{slug: f"Within {slug.replace('-', ' ')}" for slug in VERIFIED_WITHIN},
    "older": "Longer ago",
    "never": "Never",
}


def choices(catalogue: Catalogue, name: str) -> Mapping[str, str]:
    """What can be chosen in one filter: names by slug, in reading order."""
    match name:
        case "region":
            return catalogue.vocabulary.regions
        case "size":
            return SIZE_NAMES
        case "verified":
            return VERIFIED_NAMES
    found = catalogue.vocabulary.names[DIMENSIONS[name]]
    return {**found, NOT_CHECKED: "Not checked yet"} if name == "ai" else found


def columns(catalogue: Catalogue, name: str, today: dt.date | None = None) -> Bits:
    """The bits of every choice of one filter, in the order of `choices`: choices x words.

    today: the day that "verified within" is counted back from; the other filters need none.
    """
    match name:
        case "region":
            return catalogue.region_bits
        case "size":
            return catalogue.size_bits
        case "verified" if today is not None:
            return catalogue.verified_bits(today)
    known = catalogue.known_bits[DIMENSIONS[name]]
    if name != "ai":
        return known
    return np.vstack([known, catalogue.ai_unchecked])


def chosen(catalogue: Catalogue, name: str, slugs: Collection[str], *, today: dt.date | None = None, all_of: bool = False) -> Bits:
    """The vendors that have any of the chosen values of one filter, or all of them."""
    rows = [place for place, slug in enumerate(choices(catalogue, name)) if slug in slugs]
    join = np.bitwise_and if all_of else np.bitwise_or
    found: Bits = join.reduce(columns(catalogue, name, today)[rows], axis=0)
    return found


def only(catalogue: Catalogue, slugs: Iterable[str]) -> Bits:
    """The vendors of these slugs, as far as the catalogue has them."""
    flags = np.zeros(len(catalogue), dtype=bool)
    flags[[catalogue.place[slug] for slug in slugs if slug in catalogue.place]] = True
    return pack(flags)


def places(found: Bits, start: int, stop: int) -> NDArray[np.intp]:
    """Where the vendors of a stretch of a list stand, the first at 0; the list is in the order of names."""
    # The words before the stretch are only counted, and only the words of the stretch are looked into.
    ends = np.cumsum(np.bitwise_count(found), dtype=np.int64)
    first, last = np.searchsorted(ends, [start, stop - 1], side="right")
    bits = np.unpackbits(found[first : last + 1].view(np.uint8), bitorder="little")
    before = int(ends[first - 1]) if first else 0
    return np.flatnonzero(bits)[start - before : stop - before] + 64 * first


def sorted_places(catalogue: Catalogue, found: Bits, sort: str, start: int, stop: int) -> NDArray[np.intp]:
    """As `places`, of a list in the order of the name, or in one of the catalogue's other orders."""
    if sort == "name":
        return places(found, start, stop)
    order = catalogue.orders[sort]
    return order[np.flatnonzero(catalogue.flags(found)[order])[start:stop]]


def counts(
    catalogue: Catalogue,
    selection: Mapping[str, Collection[str]],
    within: Bits | None = None,
    *,
    all_of: Collection[str] = (),
    today: dt.date | None = None,
) -> dict[str, dict[str, int]]:
    """By filter and choice, the vendors that would be left if that choice were the only one of its filter.

    selection: chosen slugs by filter; any of the values of one filter, all of the filters.
    within: the vendors that a text search left; everyone when it is not given.
    all_of: the filters of which every chosen value has to be met; their figures say what is left with that choice added.
    today: the day that "verified within" is counted back from; without it that filter is left out.
    """
    picked = {name: chosen(catalogue, name, slugs, today=today, all_of=name in all_of) for name, slugs in selection.items() if slugs}
    everyone = catalogue.everyone if within is None else within
    # All filters without a selection of their own are counted within the same vendors.
    all_picked = reduce(np.bitwise_and, picked.values(), everyone)
    left = {}
    for name in NAMES:
        if name == "verified" and today is None:
            continue
        others = all_picked
        if name in picked and name not in all_of:
            others = reduce(np.bitwise_and, [bits for other, bits in picked.items() if other != name], everyone)
        left[name] = dict(zip(choices(catalogue, name), counted_within(catalogue, name, others, today).tolist(), strict=True))
    return left


def counted_within(catalogue: Catalogue, name: str, within: Bits, today: dt.date | None) -> NDArray[np.int64]:
    """How many of these vendors each choice of one filter has, in the order of `choices`."""
    if name not in DIMENSIONS:
        return counted(columns(catalogue, name, today), within)
    dimension = DIMENSIONS[name]
    totals = catalogue.totals[dimension]
    # Most countries have nobody, and need not be looked through.
    numbers = totals if within is catalogue.everyone else counted(catalogue.known_bits[dimension], within, catalogue.present[dimension])
    if name != "ai":
        return numbers
    return np.append(numbers, np.bitwise_count(catalogue.ai_unchecked & within).sum(dtype=np.int64))
