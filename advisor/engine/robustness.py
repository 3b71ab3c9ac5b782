"""Does the order survive other weights, and what would flip the first two.

Published weight sets differ by about half of each weight, so every weight is drawn from half to one and a half times its
size and the draw is renormalized. The draws are seeded: the same ranking gives the same shares.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from advisor.engine.sums import Scores

DRAWS = 1_000
SPREAD = 0.5
# Vendors whose shares are worked out, from the top of the order. One below them is hardly ever among the first five.
CONSIDERED = 50
TOP = 5


@dataclass(frozen=True, slots=True)
class Shares:
    """Share of the sampled weightings in which a vendor comes first, and in which it is among the first five."""

    first: float
    top5: float


@dataclass(frozen=True, slots=True)
class Flip:
    """The smallest change of one weight that swaps the first two. Weights are shares of the total, before and after."""

    criterion: str
    before: float
    after: float


@cache
def factors(draws: int, criteria: int, seed: int) -> NDArray[np.float64]:
    """draws x criteria: by how much each weight is multiplied."""
    return np.random.default_rng(seed).uniform(1 - SPREAD, 1 + SPREAD, (draws, criteria))


def sampled_weights(weights: NDArray[np.float64], *, draws: int = DRAWS, seed: int = 0) -> NDArray[np.float64]:
    """draws x criteria: each weight between half and one and a half times its size, each row summing to 1."""
    drawn = weights * factors(draws, len(weights), seed)
    shares: NDArray[np.float64] = drawn / drawn.sum(axis=1, keepdims=True)
    return shares


def shares(values: NDArray[np.float64], weights: NDArray[np.float64], *, draws: int = DRAWS, seed: int = 0) -> list[Shares]:
    """Shares of each vendor.

    values: vendors x criteria, 0 to 1, in the order of the ranking, which also breaks ties. weights: one a criterion, summing to 1.
    """
    if not len(values) or not len(weights):
        return [Shares(float(i == 0), float(i < TOP)) for i in range(len(values))]
    # The order of the ranking breaks ties, as everywhere: each place down costs less than any real difference.
    places = np.arange(len(values)) * 1e-10
    # Draws by vendors: what is compared with each other then lies side by side in memory.
    scores = sampled_weights(weights, draws=draws, seed=seed) @ values.T - places
    first = np.bincount(scores.argmax(axis=1), minlength=len(values)) / draws
    if len(values) <= TOP:
        return [Shares(float(share), 1.0) for share in first]
    # Whoever never beats the last of the present five in any draw can't be among the five, and need not be sorted.
    rivals = np.flatnonzero((scores >= scores[:, :TOP].min(axis=1, keepdims=True)).any(axis=0))
    leaders = rivals[np.argpartition(scores[:, rivals], len(rivals) - TOP, axis=1)[:, -TOP:]]
    top5 = np.bincount(leaders.ravel(), minlength=len(values)) / draws
    return [Shares(float(a), float(b)) for a, b in zip(first, top5, strict=True)]


def rank_range(score: Scores, possible: Scores, vendor: int) -> tuple[int, int]:
    """The best and the worst place of one vendor, over all truths that the record allows.

    score, possible: of the vendors of the lane. Best: all is true of it that could be, and nothing more of the others;
    worst the other way round.
    """
    others = np.arange(len(score)) != vendor
    best = 1 + int(np.count_nonzero(score[others] > possible[vendor] + 1e-12))
    worst = 1 + int(np.count_nonzero(possible[others] > score[vendor] + 1e-12))
    return best, worst


def nearest_flip(criteria: list[str], weights: NDArray[np.float64], first: NDArray[np.float64], second: NDArray[np.float64]) -> Flip | None:
    """The smallest change of one weight, the others kept in proportion, at which the second draws level with the first.

    first, second: known values of the two by criterion. None when no change of a single weight brings them level.
    """
    lead = float(weights @ (first - second))
    found: list[tuple[float, Flip]] = []
    for i, criterion in enumerate(criteria):
        difference = float(first[i] - second[i])
        if abs(difference) < 1e-12:
            continue
        # Level when lead + change * difference = 0; renormalizing the weights afterwards scales both scores alike.
        change = -lead / difference
        if weights[i] + change < -1e-12 or 1 + change < 1e-12:
            continue
        after = max(0.0, float(weights[i]) + change) / (1 + change)
        found.append((abs(after - float(weights[i])), Flip(criterion, float(weights[i]), after)))
    return min(found, key=lambda pair: (pair[0], pair[1].criterion))[1] if found else None
