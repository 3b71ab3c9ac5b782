"""The smallest set of vendors that covers the program, and among those the best.

A cell is a needed service at a stage; a vendor covers it when sources show the service and the stage. Each cell is carried
by one member of the team, and a team's fit is the mean over the cells of the carrier's score in the cell's lane. Exact: a
dynamic program over sets of cells, in NumPy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from advisor.engine.ranking import Ranking
from vendors.catalogue import Lane, is_in

# Beyond this many different cells the dynamic program would take seconds: then the stages are left out of the cells,
# and if that is still too many, the cells that most vendors cover are given out last, one by one.
MOST_CELLS = 12
MOST_MEMBERS = 5
MASKS = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cell:
    """A needed service at a stage."""

    service: str
    stage: str
    lane: Lane


@dataclass(frozen=True, slots=True)
class Member:
    """A vendor of the team with the cells that it carries."""

    vendor: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Team:
    """Members with what each carries. fit: mean score over the cells, 0 to 1."""

    members: tuple[Member, ...]
    fit: float

    @property
    def vendors(self) -> tuple[int, ...]:
        return tuple(member.vendor for member in self.members)


@dataclass(frozen=True, slots=True)
class Teams:
    """The best team of each size, the smallest first; `uncovered` are cells that nobody covers. `exact` is False where
    there were too many cells to prove that the teams are the best.
    """

    by_size: tuple[Team, ...]
    uncovered: tuple[Cell, ...]
    exact: bool = True


def teams_for(rankings: Sequence[Ranking]) -> Teams:
    """The teams for a program, of vendors that no must-have rules out."""
    if not rankings:
        return Teams((), ())
    catalogue = rankings[0].question.catalogue
    cells, covers, fits = [], [], []
    for ranking in rankings:
        question = ranking.question
        stages = {slug: catalogue.flags(catalogue.known("stages", slug)) for slug in question.stages}
        for need in question.needs:
            offers = catalogue.flags(catalogue.known("services", need.service)) & ranking.in_lane
            for stage in need.stages:
                cells.append(Cell(need.service, stage, ranking.lane))
                covers.append(offers & stages.get(stage, np.zeros(len(catalogue), dtype=bool)))
                fits.append(ranking.score)
    return best_teams(cells, np.array(covers).T, np.array(fits).T, catalogue.owners)


def team_of_vendors(rankings: Sequence[Ranking], vendors: Sequence[int]) -> tuple[Team, tuple[Cell, ...]]:
    """What a team that somebody else put together makes of the program: who carries what, and the cells that none of them covers.

    vendors: their places in the catalogue. A must-have that one of them fails takes nothing from what it covers.
    """
    carried: dict[int, list[Cell]] = {vendor: [] for vendor in vendors}
    uncovered: list[Cell] = []
    worth = []
    for ranking in rankings:
        catalogue, score = ranking.question.catalogue, ranking.total("known").all
        for need in ranking.question.needs:
            for stage in need.stages:
                cell = Cell(need.service, stage, ranking.lane)
                covering = [
                    vendor
                    for vendor in vendors
                    if is_in(catalogue.known("services", need.service), vendor) and is_in(catalogue.known("stages", stage), vendor)
                ]
                if not covering:
                    uncovered.append(cell)
                    continue
                best = max(covering, key=lambda vendor: float(score[vendor]))
                carried[best].append(cell)
                worth.append(float(score[best]))
    members = tuple(Member(vendor, tuple(cells)) for vendor, cells in carried.items())
    return Team(members, sum(worth) / len(worth) if worth else 0.0), tuple(uncovered)


def best_teams(cells: Sequence[Cell], covers: NDArray[np.bool_], fits: NDArray[np.float64], owners: NDArray[np.int64]) -> Teams:
    """The best team of every size from the smallest that covers, as long as one more member still helps.

    covers: vendors x cells. fits: vendors x cells, the score with which a vendor would carry a cell. owners: a number a
    vendor; vendors of one owner count as one member, and each cell goes to the owner's best.
    """
    covered = covers.any(axis=0)
    uncovered = tuple(cell for cell, has in zip(cells, covered, strict=True) if not has)
    wanted = np.flatnonzero(covered)
    if not len(wanted):
        return Teams((), uncovered)
    # An owner carries a cell with the best of its vendors. Whoever covers nothing is left out before any of this.
    able = np.flatnonzero(covers.any(axis=1))
    worth = np.where(covers[able], fits[able], -np.inf)[:, wanted]
    _, group = np.unique(owners[able], return_inverse=True)
    order = np.argsort(group, kind="stable")
    best = np.maximum.reduceat(worth[order], np.searchsorted(group[order], np.arange(group.max() + 1)), axis=0)
    kept = np.arange(len(best))
    best, kept = undominated(best, kept)
    chosen, rest, exact = wanted_first(best)
    sets = smallest_covers(best[:, chosen], MOST_MEMBERS if not len(rest) else 1 + MOST_MEMBERS)
    teams: list[Team] = []
    for members in sets:
        if len(rest):
            members = completed(best, members, rest)
        team = team_of(cells, wanted, best, members, kept, group, worth, able)
        if not teams or (len(team.members) > len(teams[-1].members) and team.fit > teams[-1].fit + 1e-9):
            teams.append(team)
    return Teams(tuple(teams), uncovered, exact)


def undominated(best: NDArray[np.float64], kept: NDArray[np.intp]) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Leave out candidates that another one matches or beats in every cell; the first of equals stays."""
    left = np.lexsort((np.arange(len(best)), -np.where(np.isfinite(best), best, -1.0).sum(axis=1)))
    stays: list[int] = []
    while len(left):
        # Nobody after the first can match or beat it, but for equals.
        stays.append(int(left[0]))
        left = left[(best[left] > best[left[0]]).any(axis=1)]
    return best[stays], kept[stays]


def wanted_first(best: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp], bool]:
    """The cells to solve exactly, those that fewest cover first; the rest; and whether that is all of them."""
    count = best.shape[1]
    if count <= MOST_CELLS:
        return np.arange(count), np.arange(0), True
    rare = np.argsort(np.isfinite(best).sum(axis=0), kind="stable")
    return np.sort(rare[:MOST_CELLS]), np.sort(rare[MOST_CELLS:]), False


def smallest_covers(best: NDArray[np.float64], most: int) -> list[tuple[int, ...]]:
    """For each size from the smallest that covers, the candidates of the best cover with at most that many members.

    best: candidates x cells, minus infinity where a candidate does not cover. value[s] is the most that one candidate adds
    when it carries exactly the cells of the set s; total[k][m] the most that k candidates add when they carry the set m.
    Every set is split by the part that holds its lowest cell, so no split is tried twice.
    """
    cells = best.shape[1]
    size = 1 << cells
    sums = np.zeros((len(best), size))
    for bit in range(cells):
        sums[:, 1 << bit : 2 << bit] = sums[:, : 1 << bit] + best[:, bit, None]
    value, carrier = sums.max(axis=0), sums.argmax(axis=0)
    total = np.where(np.isfinite(value), value, -np.inf)
    total[0] = 0.0
    totals, splits = [total], [np.arange(size)]
    full = size - 1
    found: list[tuple[int, ...]] = []
    for members in range(1, most + 1):
        if members > 1:
            total, split = extended(totals[-1], value, cells)
            totals.append(total)
            splits.append(split)
        if np.isfinite(totals[-1][full]):
            found.append(unwound(splits, carrier, full))
            if members > 1 and len(found) > 1 and totals[-1][full] <= totals[-2][full] + 1e-9:
                found.pop()
                break
    return found


@lru_cache(maxsize=MOST_CELLS + 1)
def split_in_two(cells: int) -> tuple[MASKS, MASKS, MASKS]:
    """Every way to split every set of cells: the part with its lowest cell, the rest, and where the splits of each set begin.

    Splits stand in the order of their sets from 1 on, and within a set in the order of the parts.
    """
    part, rest = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    for bit in range(cells):
        part, rest = np.concatenate([part, part | 1 << bit, part]), np.concatenate([rest, rest, rest | 1 << bit])
    whole = part | rest
    holds_lowest = (part & whole & -whole) > 0
    part, rest, whole = part[holds_lowest], rest[holds_lowest], whole[holds_lowest]
    order = np.lexsort((part, whole))
    return part[order], rest[order], np.searchsorted(whole[order], np.arange(1, 1 << cells))


def extended(total: NDArray[np.float64], value: NDArray[np.float64], cells: int) -> tuple[NDArray[np.float64], MASKS]:
    """One more member: the best split of every set into a part for the new member and the rest for the others."""
    part, rest, starts = split_in_two(cells)
    sums = value[part] + total[rest]
    most = np.maximum.reduceat(sums, starts)
    # The first of those that are as good, but for rounding.
    as_good = sums >= np.repeat(most, np.diff(starts, append=len(sums))) - 1e-12
    chosen = np.minimum.reduceat(np.where(as_good, np.arange(len(sums)), len(sums)), starts)
    better = most > total[1:] + 1e-12
    grown, split = total.copy(), np.zeros(len(total), dtype=np.int64)
    grown[1:][better], split[1:][better] = sums[chosen[better]], part[chosen[better]]
    return grown, split


def unwound(splits: list[MASKS], carrier: NDArray[np.intp], full: int) -> tuple[int, ...]:
    """The candidates behind a total, in the order of their cells."""
    members, mask, level = [], full, len(splits) - 1
    while mask:
        part = int(splits[level][mask]) if level else mask
        if level and not part:
            level -= 1
            continue
        members.append(int(carrier[part]))
        mask ^= part
        level -= 1
    return tuple(members)


def completed(best: NDArray[np.float64], members: tuple[int, ...], rest: NDArray[np.intp]) -> tuple[int, ...]:
    """Add, one by one, whoever covers most of what is left."""
    chosen = list(members)
    while True:
        open_ = [cell for cell in rest if not np.isfinite(best[chosen, cell]).any()]
        if not open_:
            return tuple(chosen)
        chosen.append(int(np.isfinite(best[:, open_]).sum(axis=1).argmax()))


def team_of(
    cells: Sequence[Cell], wanted: NDArray[np.intp], best: NDArray[np.float64], members: tuple[int, ...], kept: NDArray[np.intp],
    group: NDArray[np.intp], worth: NDArray[np.float64], able: NDArray[np.intp],
) -> Team:  # fmt: skip
    """Give each cell to the member that carries it best, and within an owner to the vendor that does."""
    chosen = list(dict.fromkeys(members))
    carried: dict[int, list[Cell]] = {}
    total = 0.0
    for place, cell in enumerate(wanted):
        owner = kept[chosen[int(best[chosen, place].argmax())]]
        vendors = np.flatnonzero(group == owner)
        vendor = int(vendors[int(worth[vendors, place].argmax())])
        carried.setdefault(int(able[vendor]), []).append(cells[int(cell)])
        total += float(worth[vendor, place])
    return Team(tuple(Member(vendor, tuple(own)) for vendor, own in carried.items()), total / len(wanted))
