"""Weights, contributions, order: every vendor of a lane against the program."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from advisor.engine.criteria import VALUES, Question, Value
from advisor.engine.needs import Needs
from advisor.engine.profile import Profile
from advisor.engine.robustness import CONSIDERED, Flip, Shares, nearest_flip, rank_range, shares
from advisor.engine.sums import Scores, Sum
from advisor.engine.words import listed
from vendors.catalogue import Bits, Catalogue, Flags, Lane, is_in

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
# A catalogue up to this size is sorted whole; in a larger one the best of each stretch show who need not be sorted.
SMALL = 1_000
STRETCH = 64


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
    """One lane. `score` and `possible` run over all vendors of the catalogue; the score of one outside the lane is -1.

    eligible: the vendors that may offer something needed; failing: those known to fail a must-have.
    Ties in the score are broken by what is possible, then by the number of sources, then by the catalogue's order of names.
    """

    question: Question
    values: Mapping[str, Value]
    weights: Mapping[str, float]
    eligible: Bits
    failing: Bits

    def __len__(self) -> int:
        return int(np.bitwise_count(self.eligible & ~self.failing).sum(dtype=np.int64))

    @property
    def lane(self) -> Lane:
        return self.question.lane

    @cached_property
    def in_lane(self) -> Flags:
        """Of each vendor, whether it is ranked."""
        return self.question.catalogue.flags(self.eligible & ~self.failing)

    @cached_property
    def candidates(self) -> NDArray[np.intp]:
        """The places of those in the lane."""
        return np.flatnonzero(self.in_lane)

    @cached_property
    def failed(self) -> NDArray[np.intp]:
        """The places of those that only a must-have keeps out."""
        return np.flatnonzero(self.question.catalogue.flags(self.eligible & self.failing))

    def total(self, of: Literal["known", "possible"]) -> Sum:
        parts = [(weight, getattr(self.values[name], of)) for name, weight in self.weights.items()]
        return Sum.total(len(self.question.catalogue), parts)

    @cached_property
    def score(self) -> Scores:
        score = self.total("known").all
        np.putmask(score, ~self.in_lane, -1.0)
        return score

    @cached_property
    def _possible(self) -> Sum:
        return self.total("possible")

    @property
    def possible(self) -> Scores:
        return self._possible.all

    @cached_property
    def order(self) -> NDArray[np.intp]:
        """The places of all candidates, best first."""
        return self.sorted(self.candidates)

    def sorted(self, places: NDArray[np.intp]) -> NDArray[np.intp]:
        sources = self.question.catalogue.source_counts
        return places[np.lexsort((places, -sources[places], -rounded(self._possible.at(places)), -rounded(self.score[places])))]

    def head(self, most: int) -> NDArray[np.intp]:
        """The first places of the order, without sorting the rest."""
        if "order" in self.__dict__ or len(self.score) <= SMALL:
            return self.order[:most]
        return self._first[:most] if most <= CONSIDERED else self.first(most)

    @cached_property
    def _first(self) -> NDArray[np.intp]:
        return self.first(CONSIDERED)

    def first(self, most: int) -> NDArray[np.intp]:
        """Sort those only that may be among the first.

        In each stretch of vendors the best one is found; the last of the `most` best ones is reached by that many vendors,
        so whoever is below it is not among the first.
        """
        best = np.sort(np.maximum.reduceat(self.score, np.arange(0, len(self.score), STRETCH)))
        least = best[-most] - 1e-9 if len(best) >= most else 0.0
        return self.sorted(np.flatnonzero(self.score >= max(least, 0.0)))[:most]

    @cached_property
    def _shares(self) -> Mapping[int, Shares]:
        """Shares of the vendors at the top; below them they are as good as nothing."""
        found = shares(self.known_of_first(CONSIDERED), np.array(list(self.weights.values())))
        return dict(zip(self.head(CONSIDERED).tolist(), found, strict=True))

    @cached_property
    def _values_of_first(self) -> Mapping[str, tuple[Scores, Scores]]:
        places = self.head(CONSIDERED)
        return {name: self.values[name].pairs(places) for name in self.weights}

    def values_of(self, start: int, stop: int | None) -> Mapping[str, tuple[Scores, Scores]]:
        """What is known and what is possible of a stretch of the order, by criterion with a weight."""
        if stop is not None and stop <= CONSIDERED:
            return {name: (known[start:stop], possible[start:stop]) for name, (known, possible) in self._values_of_first.items()}
        places = self.stretch(start, stop)
        return {name: self.values[name].pairs(places) for name in self.weights}

    def known_of_first(self, most: int) -> Scores:
        """What is shown of the first vendors: vendors x criteria, in the order of the weights."""
        return np.array([known for known, _ in self.values_of(0, most).values()]).reshape(len(self.weights), len(self.head(most))).T

    @cached_property
    def flip(self) -> Flip | None:
        """The smallest change of one weight that would swap the first two."""
        if len(self) < 2 or not self.weights:
            return None
        return nearest_flip(list(self.weights), np.array(list(self.weights.values())), *self.known_of_first(2))

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
        values = self.values_of(start, stop)
        return [
            self.match(place, start + i + 1, {name: (float(known[i]), float(possible[i])) for name, (known, possible) in values.items()})
            for i, place in enumerate(self.stretch(start, stop).tolist())
        ]

    def stretch(self, start: int, stop: int | None) -> NDArray[np.intp]:
        return (self.order if stop is None else self.head(stop))[start:]

    def match(self, vendor: int, rank: int, pairs: Mapping[str, tuple[float, float]]) -> Match:
        """pairs: what is known and possible of the vendor, by criterion."""
        row = self.question.catalogue.rows[vendor]
        contributions = tuple(
            Contribution(name, weight, *pairs[name], self.values[name].because(vendor)) for name, weight in self.weights.items()
        )
        score = math.fsum(each.weight * each.known for each in contributions)
        possible = math.fsum(each.weight * each.possible for each in contributions)
        return Match(
            self.lane, rank, row.slug, row.name, row.type, score, possible,
            gates_of(self.question, vendor), contributions, self.sentence(vendor),
            self._shares.get(vendor, Shares(0.0, 0.0)),
        )  # fmt: skip

    def sentence(self, vendor: int) -> str:
        """Why it stands where it stands, and what it lacks."""
        services = self.question.services
        shown, unknown, out = services.shown(vendor), services.open(vendor), services.ruled_out(vendor)
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
    offered = question.services.possible
    eligible = np.bitwise_or.reduce(offered) if offered else np.zeros_like(catalogue.everyone)
    return Ranking(question, values, weights_for(profile, lane, list(values)), eligible, failing(question))


def rounded(scores: Scores) -> Scores:
    """Scores as they are compared: a difference in the last bits is rounding, not merit."""
    return np.round(scores, 12)


def failing(question: Question) -> Bits:
    """Vendors known to fail a must-have."""
    passes = [possible for _, terms in question.must_haves for possible in terms.possible]
    return ~np.bitwise_and.reduce(passes) if passes else np.zeros_like(question.catalogue.everyone)


def gates_of(question: Question, vendor: int) -> tuple[Gate, ...]:
    gates = []
    for dimension, terms in question.must_haves:
        for i, slug in enumerate(terms.slugs):
            status: Literal["pass", "to confirm", "fail"] = (
                "pass" if is_in(terms.known[i], vendor) else "to confirm" if is_in(terms.possible[i], vendor) else "fail"
            )
            gates.append(Gate(f"{dimension}:{slug}", question.catalogue.vocabulary.name(dimension, slug), status))
    return tuple(gates)
