"""Who covers which needed service, as a matrix: the services as lines, the vendors of a team or a shortlist as columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.engine.advice import Advice
from vendors.catalogue import Catalogue, Row, is_in
from vendors.models import Vendor


@dataclass(frozen=True)
class Cell:
    """How one vendor stands to one service. state: "known", "possible" or "none". address: of the source that shows it."""

    vendor: Row
    state: str
    address: str = ""


@dataclass(frozen=True)
class Line:
    """One needed service, by its name."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Coverage:
    """A matrix as `partials/_coverage_matrix.html` draws it."""

    members: tuple[Row, ...]
    lines: tuple[Line, ...]


def matrix(advice: Advice, vendors: Sequence[str]) -> Coverage:
    """The needs of a program against these vendors, by slug, in their order; two queries, for the sources.

    Raises KeyError for a vendor that the catalogue of the advice does not have.
    """
    catalogue = advice.catalogue
    stored = {vendor.slug: vendor for vendor in Vendor.objects.published().filter(slug__in=vendors).prefetch_related("sources")}

    def cell(slug: str, service: str) -> Cell:
        state, address = standing(catalogue, slug, service), ""
        if state == "known" and slug in stored and (numbers := stored[slug].source_numbers("services")):
            address = f"{stored[slug].get_absolute_url()}#source-{numbers[0]}"
        return Cell(catalogue.rows[catalogue.place[slug]], state, address)

    return Coverage(
        tuple(catalogue.rows[catalogue.place[slug]] for slug in vendors),
        tuple(
            Line(catalogue.vocabulary.name("services", need.service), tuple(cell(slug, need.service) for slug in vendors))
            for need in advice.needs.needs
        ),
    )


def standing(catalogue: Catalogue, vendor: str, service: str) -> str:
    """known: a source shows it. possible: nothing says otherwise. none: not what this vendor is hired for."""
    place = catalogue.place[vendor]
    if is_in(catalogue.known("services", service), place):
        return "known"
    return "possible" if is_in(catalogue.possible("services", service), place) else "none"
