"""Weights, contributions, order: every vendor of a lane against the program."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from advisor.engine.criteria import VALUES, Question, Scores, Terms, Value
from advisor.engine.needs import Needs
from advisor.engine.profile import Profile
from advisor.engine.robustness import CONSIDERED, Flip, Shares, nearest_flip, rank_range, shares
from advisor.engine.words import listed
from vendors.catalogue import Catalogue, Lane

# Our starting point, never a survey result: points of 100 for what the catalogue can show, after the published weight sets
# named on the method page. What no record shows (delivery, team, cost) has no weight here and is asked of the vendor.
DEFAULT_WEIGHTS: Mapping[Lane, Mapping[str, float]] = {
    "making": {
        "services": 34, "stages": 12, "therapeutic_areas": 0, "modality": 25, "countries": 7, "accreditations": 15, "ai": 0,
        "biomarkers": 6, "focus": 6, "size": 6, "evidence": 7,
    },
    "research": {
        "services": 33, "stages": 15, "therapeutic_areas": 22, "modality": 6, "countries": 8, "accreditations": 8, "ai": 0,
        "biomarkers": 6, "focus": 6, "size": 6, "evidence": 8,
    },
}  # fmt: skip
# A priority of 3 leaves a weight as it is, 0 halves it, 5 raises it by a third.
SHAPED_BY: Mapping[str, str] = {"services": "single_vendor", "therapeutic_areas": "expertise", "modality": "expertise"}
AI_POINTS = 3.0  # a step of the AI priority


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one criterion adds to a match. weight is the share of the total; known and possible run 0 to 1."""

    criterion: str
    weight: float
    known: float
    possible: float
    because: str


@dataclass(frozen=True, slots=True)
class Gate:
    """A must-have and how a vendor stands to it: unknown is to be confirmed, and only a known no is a fail."""

    key: str
    name: str
    status: Literal["pass", "to confirm", "fail"]


@dataclass(frozen=True, slots=True)
class Match:
    """One vendor against one profile in one lane. score and possible are the sums of the contributions."""

    lane: Lane
    rank: int
    vendor: str
    name: str
    type: str
    score: float
    possible: float
    gates: tuple[Gate, ...]
    contributions: tuple[Contribution, ...]
    because: str
    shares: Shares


def weights_for(profile: Profile, lane: Lane, asked: Sequence[str]) -> dict[str, float]:
    """Weights of the criteria asked about, summing to 1; a weight of the profile's own replaces the default."""
    points: dict[str, float] = {}
    for criterion in asked:
        if criterion in profile.weights:
            points[criterion] = profile.weights[criterion]
        elif criterion == "ai":
            points[criterion] = AI_POINTS * profile.priorities["ai"]
        else:
            priority = SHAPED_BY.get(criterion)
            factor = (profile.priorities[priority] + 3) / 6 if priority else 1.0
            points[criterion] = DEFAULT_WEIGHTS[lane][criterion] * factor
    total = math.fsum(points.values())
    return {criterion: value / total for criterion, value in points.items() if value > 0}


@dataclass(frozen=True)
class Ranking:
    """One lane. Arrays run over all vendors of the catalogue; `candidates` are the places of those in the lane.

    Ties in the score are broken by what is possible, then by the number of sources, then by the catalogue's order of names.
    """

    question: Question
    values: Mapping[str, Value]
    weights: Mapping[str, float]
    score: Scores
    possible: Scores
    candidates: NDArray[np.intp]
    failed: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.candidates)

    @property
    def lane(self) -> Lane:
        return self.question.lane

    @cached_property
    def order(self) -> NDArray[np.intp]:
        """The places of all candidates, best first."""
        return self.sorted(self.candidates)

    def sorted(self, places: NDArray[np.intp]) -> NDArray[np.intp]:
        sources = self.question.catalogue.source_counts
        return places[np.lexsort((places, -sources[places], -rounded(self.possible[places]), -rounded(self.score[places])))]

    def head(self, most: int) -> NDArray[np.intp]:
        """The first places of the order, without sorting the rest."""
        if "order" in self.__dict__ or len(self.candidates) <= 4 * most:
            return self.order[:most]
        return self._first[:most] if most <= CONSIDERED else self.first(most)

    @cached_property
    def _first(self) -> NDArray[np.intp]:
        return self.first(CONSIDERED)

    def first(self, most: int) -> NDArray[np.intp]:
        """Sort those only that share a thousandth of the scale with one of the first, or stand above it."""
        # Many scores are equal, which np.partition is slow with.
        thousandths = (rounded(self.score[self.candidates]) * 1_000).astype(np.int64)
        from_top = np.cumsum(np.bincount(thousandths, minlength=1_001)[::-1])
        least = len(from_top) - 1 - int(np.searchsorted(from_top, min(most, len(thousandths))))
        return self.sorted(self.candidates[thousandths >= least])[:most]

    @cached_property
    def _services(self) -> Terms:
        return Terms.of(self.question.catalogue, "services", [need.service for need in self.question.needs])

    @cached_property
    def _must_haves(self) -> list[tuple[str, Terms]]:
        return must_haves(self.question)

    @cached_property
    def _shares(self) -> Mapping[int, Shares]:
        """Shares of the vendors at the top; below them they are as good as nothing."""
        head = self.head(CONSIDERED)
        names = list(self.weights)
        values = np.array([self.values[name].known[head] for name in names]).reshape(len(names), len(head)).T
        found = shares(values, np.array([self.weights[name] for name in names]))
        return dict(zip(head.tolist(), found, strict=True))

    @cached_property
    def flip(self) -> Flip | None:
        """The smallest change of one weight that would swap the first two."""
        head = self.head(2)
        if len(head) < 2 or not self.weights:
            return None
        names = list(self.weights)
        first, second = (np.array([self.values[name].known[place] for name in names]) for place in head)
        return nearest_flip(names, np.array([self.weights[name] for name in names]), first, second)

    def rank_range(self, vendor: int) -> tuple[int, int]:
        """The best and the worst place of a vendor, with unknowns at best and at worst."""
        within = self.candidates == vendor
        return rank_range(self.score[self.candidates], self.possible[self.candidates], int(np.flatnonzero(within)[0]))

    def rank_of(self, vendor: str) -> int | None:
        """The place of a vendor in the lane, from 1; None when it is not in it."""
        found = np.flatnonzero(self.order == self.question.catalogue.place.get(vendor, -1))
        return int(found[0]) + 1 if len(found) else None

    def matches(self, start: int = 0, stop: int | None = None) -> list[Match]:
        """The matches of a stretch of the order, with their reasons."""
        order = self.order if stop is None else self.head(stop)
        return [self.match(int(vendor), start + i + 1) for i, vendor in enumerate(order[start:])]

    def match(self, vendor: int, rank: int) -> Match:
        row = self.question.catalogue.rows[vendor]
        contributions = tuple(
            Contribution(name, weight, float(self.values[name].known[vendor]), float(self.values[name].possible[vendor]),
                         self.values[name].because(vendor))
            for name, weight in self.weights.items()
        )  # fmt: skip
        return Match(
            self.lane, rank, row.slug, row.name, row.type, float(self.score[vendor]), float(self.possible[vendor]),
            gates_of(self.question, self._must_haves, vendor), contributions, self.sentence(vendor),
            self._shares.get(vendor, Shares(0.0, 0.0)),
        )  # fmt: skip

    def sentence(self, vendor: int) -> str:
        """Why it stands where it stands, and what it lacks."""
        shown, unknown, out = self._services.shown(vendor), self._services.open(vendor), self._services.ruled_out(vendor)
        text = f"Offers {listed(shown, 4)}" if shown else "None of the services you need is shown"
        if unknown:
            text += f"; ask about {listed(unknown, 3)}"
        if out:
            text += f"; {listed(out, 3)} {'is' if len(out) == 1 else 'are'} not expected of a {self.question.catalogue.rows[vendor].type}"
        return text + "."


def rank(profile: Profile, needs: Needs, catalogue: Catalogue, lane: Lane) -> Ranking:
    """Order the vendors that may offer at least one needed service of the lane; a known fail of a must-have leaves one out."""
    question = Question(profile, catalogue, lane, needs.of(lane), needs.stages_of(lane))
    values = {name: value for name, function in VALUES.items() if (value := function(question))}
    weights = weights_for(profile, lane, list(values))
    score, possible = np.zeros(len(catalogue)), np.zeros(len(catalogue))
    for name, weight in weights.items():
        score += weight * values[name].known
        possible += weight * values[name].possible
    eligible = values["services"].possible > 0
    fails = failing(question)
    return Ranking(question, values, weights, score, possible, np.flatnonzero(eligible & ~fails), np.flatnonzero(eligible & fails))


def rounded(scores: Scores) -> Scores:
    """Scores as they are compared: a difference in the last bits is rounding, not merit."""
    return np.round(scores, 12)


def must_haves(question: Question) -> list[tuple[str, Terms]]:
    wanted = (("accreditations", question.must_accreditations), ("countries", question.profile.must_countries))
    return [(dimension, Terms.of(question.catalogue, dimension, slugs)) for dimension, slugs in wanted if slugs]


def failing(question: Question) -> NDArray[np.bool_]:
    """Vendors known to fail a must-have."""
    fails = np.zeros(len(question.catalogue), dtype=bool)
    for _, terms in must_haves(question):
        fails |= ~terms.possible.all(axis=0)
    return fails


def gates_of(question: Question, wanted: Sequence[tuple[str, Terms]], vendor: int) -> tuple[Gate, ...]:
    gates = []
    for dimension, terms in wanted:
        for i, slug in enumerate(terms.slugs):
            status: Literal["pass", "to confirm", "fail"] = (
                "pass" if terms.known[i, vendor] else "to confirm" if terms.possible[i, vendor] else "fail"
            )
            gates.append(Gate(f"{dimension}:{slug}", question.catalogue.vocabulary.name(dimension, slug), status))
    return tuple(gates)
