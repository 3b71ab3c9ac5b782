"""How the advice stands to real decisions: announced engagements, each a profile with who was hired.

Two baselines show what the method adds: the vendors with most facts first, and chance among the vendors of the hired type.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from advisor.engine.advice import Advice, advise
from advisor.engine.profile import Profile, ProfileError
from advisor.engine.ranking import Ranking
from vendors import facts
from vendors.catalogue import LANES, LANES_OF_TYPE, LISTS, Catalogue
from vendors.folding import fold
from vendors.models import Vendor


@dataclass
class Places:
    """Where hired vendors stood, of those that are in the catalogue. reciprocals: the sum of one over the place."""

    asked: int = 0
    first_10: float = 0
    first_3: float = 0
    reciprocals: float = 0

    def count(self, place: int | None):
        self.asked += 1
        if place is not None:
            self.first_10 += place <= 10
            self.first_3 += place <= 3
            self.reciprocals += 1 / place

    def count_chance(self, among: int):
        """A place drawn by chance among so many."""
        self.asked += 1
        if among:
            self.first_10 += min(1, 10 / among)
            self.first_3 += min(1, 3 / among)
            self.reciprocals += sum(1 / place for place in range(1, among + 1)) / among

    @property
    def mean_reciprocal_rank(self) -> float:
        return self.reciprocals / self.asked if self.asked else 0.0


@dataclass
class Figures:
    """Counts over a file of engagements. `missed` names those the advice would not have found, `faults` unreadable lines."""

    engagements: int = 0
    model_right: int = 0
    vendors: int = 0
    places: dict[str, Places] = field(default_factory=lambda: {lane: Places() for lane in LANES})
    by_facts: Places = field(default_factory=Places)
    by_chance: Places = field(default_factory=Places)
    missed: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def together(self) -> Places:
        """Both lanes as one."""
        lanes = self.places.values()
        return Places(*(sum(getattr(lane, name) for lane in lanes) for name in ("asked", "first_10", "first_3", "reciprocals")))


def names_of_vendors() -> dict[str, str]:
    """Slug by folded name and alias of every published vendor; a name goes before an alias of another."""
    rows = list(Vendor.objects.published().values_list("slug", "name", "aliases"))
    found = {fold(alias): slug for slug, _, aliases in rows for alias in aliases}
    return {**found, **{fold(name): slug for slug, name, _ in rows}}


def evaluate(lines: Iterable[str], catalogue: Catalogue, names: Mapping[str, str]) -> Figures:
    """Advise on every engagement and count. names: slugs by folded name or alias, see `names_of_vendors`."""
    figures = Figures()
    order_by_facts = places_by_facts(catalogue)
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
            found = slug if slug in catalogue.place else names.get(fold(vendor))
            figures.vendors += 1
            if found and found in catalogue.place:
                count_vendor(figures, advice, f"{name}: {vendor}", found, order_by_facts)
    return figures


def count_vendor(figures: Figures, advice: Advice, label: str, slug: str, order_by_facts: Mapping[str, int]):
    """Count one hired vendor: the advice, and both baselines among the vendors of its lane."""
    catalogue = advice.catalogue
    kind = catalogue.rows[catalogue.place[slug]].type
    ranking = lane_of(advice, kind)
    lane = ranking.lane if ranking else next(iter(LANES_OF_TYPE[kind]))
    place = ranking.rank_of(slug) if ranking else None
    figures.places[lane].count(place)
    same_type = [row.slug for row in catalogue.rows if row.type == kind]
    same_lane = [row.slug for row in catalogue.rows if lane in LANES_OF_TYPE[row.type]]
    ahead = sum(order_by_facts[other] < order_by_facts[slug] for other in same_lane)
    figures.by_facts.count(1 + ahead)
    figures.by_chance.count_chance(len(same_type))
    if place is None or place > 10:
        figures.missed.append(f"{label} is {'not in the lane' if place is None else f'number {place}'}")


def lane_of(advice: Advice, kind: str) -> Ranking | None:
    """The lane that a type is hired for, or the other one where that is not asked for."""
    rankings = sorted(advice.rankings, key=lambda ranking: ranking.lane not in LANES_OF_TYPE[kind])
    return rankings[0] if rankings else None


def places_by_facts(catalogue: Catalogue) -> dict[str, int]:
    """The place of every vendor when those of which most is on record come first; ties by name."""
    counts = np.zeros(len(catalogue), dtype=np.int64)
    for dimension in LISTS:
        for bits in catalogue.known_bits[dimension]:
            counts += catalogue.flags(bits)
    order = np.lexsort((np.arange(len(catalogue)), -counts))
    return {catalogue.rows[vendor].slug: place for place, vendor in enumerate(order.tolist())}
