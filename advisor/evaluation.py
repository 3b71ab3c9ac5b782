"""How the advice stands to real decisions: announced engagements, each a profile with who was hired."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from advisor.engine.advice import Advice, advise
from advisor.engine.profile import Profile, ProfileError
from vendors import facts
from vendors.catalogue import LANES_OF_TYPE, Catalogue
from vendors.folding import fold
from vendors.models import Vendor


@dataclass
class Figures:
    """Counts over a file of engagements. `missed` names those the advice would not have found, `faults` unreadable lines."""

    engagements: int = 0
    model_right: int = 0
    vendors: int = 0
    in_catalogue: int = 0
    first_10: int = 0
    first_3: int = 0
    missed: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def names_of_vendors() -> dict[str, str]:
    """Slug by folded name and alias of every published vendor; a name goes before an alias of another."""
    rows = list(Vendor.objects.published().values_list("slug", "name", "aliases"))
    found = {fold(alias): slug for slug, _, aliases in rows for alias in aliases}
    return {**found, **{fold(name): slug for slug, name, _ in rows}}


def evaluate(lines: Iterable[str], catalogue: Catalogue, names: Mapping[str, str]) -> Figures:
    """Advise on every engagement and count. names: slugs by folded name or alias, see `names_of_vendors`."""
    figures = Figures()
    for number, engagement in facts.read_lines(lines):
        if isinstance(engagement, facts.Problem):
            figures.faults.append(f"line {number}: {engagement.message}")
            continue
        name = engagement.get("id") or f"line {number}"
        try:
            wanted, hired = engagement["type"], [(one["name"], one.get("slug")) for one in engagement["hired"]]
            advice = advise(Profile.from_dict(engagement["profile"], catalogue.vocabulary), catalogue)
        except ProfileError as error:
            figures.faults += [f"{name}: {problem}" for problem in error.problems]
            continue
        except (KeyError, TypeError, AttributeError) as error:
            figures.faults.append(f"{name}: an engagement has a type, a profile and hired vendors with names: {error!r}")
            continue
        figures.engagements += 1
        if advice.model.first.model == wanted:
            figures.model_right += 1
        else:
            figures.missed.append(f"{name}: {wanted} was hired, {advice.model.first.model} is recommended")
        for vendor, slug in hired:
            count_vendor(figures, advice, f"{name}: {vendor}", slug if slug in catalogue.place else names.get(fold(vendor)))
    return figures


def count_vendor(figures: Figures, advice: Advice, label: str, slug: str | None):
    figures.vendors += 1
    if slug is None or slug not in advice.catalogue.place:
        return
    figures.in_catalogue += 1
    place = rank_in_lane(advice, slug)
    figures.first_10 += place is not None and place <= 10
    figures.first_3 += place is not None and place <= 3
    if place is None or place > 10:
        figures.missed.append(f"{label} is {'not in the lane' if place is None else f'number {place}'}")


def rank_in_lane(advice: Advice, slug: str) -> int | None:
    """The vendor's place in the lane that its type is hired for, or in the other one where that lane is not asked for."""
    lanes = LANES_OF_TYPE[advice.catalogue.rows[advice.catalogue.place[slug]].type]
    rankings = sorted(advice.rankings, key=lambda ranking: ranking.lane not in lanes)
    return rankings[0].rank_of(slug) if rankings else None
