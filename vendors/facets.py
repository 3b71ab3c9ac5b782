"""How many vendors each choice of each filter would leave. Pure NumPy over the catalogue's bits, no Django.

Counting goes sideways: the selection of the filter itself is set aside, so that its choices can be compared.
"""

from collections.abc import Collection, Iterable, Mapping

import numpy as np

from vendors.catalogue import Bits, Catalogue, pack

# The filters, by the name that addresses use, and the dimension of the catalogue that each one asks about.
DIMENSIONS: Mapping[str, str] = {
    "type": "types",
    "services": "services",
    "stages": "stages",
    "therapeutic_areas": "therapeutic_areas",
    "modalities": "modalities",
    "accreditations": "accreditations",
    "ai": "ai_levels",
    "country": "countries",
}
# Beside the levels of AI use, a reader can ask for the vendors that nobody has looked at yet.
NOT_CHECKED = "not-checked"


def choices(catalogue: Catalogue, name: str) -> Mapping[str, str]:
    """What can be chosen in one filter: names by slug, in reading order."""
    found = {slug: term.name for slug, term in catalogue.vocabulary.terms(DIMENSIONS[name]).items()}
    return found | {NOT_CHECKED: "Not checked yet"} if name == "ai" else found


def columns(catalogue: Catalogue, name: str) -> Bits:
    """The bits of every choice of one filter, in the order of `choices`: choices x words."""
    known = catalogue.known_bits[DIMENSIONS[name]]
    if name != "ai":
        return known
    checked = np.bitwise_or.reduce(known, axis=0)
    return np.vstack([known, ~checked & catalogue.everyone])


def chosen(catalogue: Catalogue, name: str, slugs: Collection[str]) -> Bits:
    """The vendors that have any of the chosen values of one filter."""
    rows = [place for place, slug in enumerate(choices(catalogue, name)) if slug in slugs]
    found: Bits = np.bitwise_or.reduce(columns(catalogue, name)[rows], axis=0)
    return found


def only(catalogue: Catalogue, slugs: Iterable[str]) -> Bits:
    """The vendors of these slugs, as far as the catalogue has them."""
    flags = np.zeros(len(catalogue), dtype=bool)
    flags[[catalogue.place[slug] for slug in slugs if slug in catalogue.place]] = True
    return pack(flags)


def counts(catalogue: Catalogue, selection: Mapping[str, Collection[str]], within: Bits | None = None) -> dict[str, dict[str, int]]:
    """By filter and choice, the vendors that would be left if that choice were the only one of its filter.

    selection: chosen slugs by filter; any of the values of one filter, all of the filters.
    within: the vendors that a text search left; everyone when it is not given.
    """
    picked = {name: chosen(catalogue, name, slugs) for name, slugs in selection.items() if slugs}
    everyone = catalogue.everyone if within is None else within
    left = {}
    for name in DIMENSIONS:
        others = everyone
        for other, bits in picked.items():
            if other != name:
                others = others & bits
        numbers = np.bitwise_count(columns(catalogue, name) & others).sum(axis=1)
        left[name] = dict(zip(choices(catalogue, name), map(int, numbers), strict=True))
    return left
