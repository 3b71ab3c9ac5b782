import itertools

import numpy as np
import pytest

from advisor.engine.advice import advise
from advisor.engine.team import MOST_CELLS, Cell, best_teams
from tests.engine.builders import catalogue, profile, vendor


def cells(count):
    return [Cell(f"service-{i}", "phase-1", "making") for i in range(count)]


def brute_force(covers, fits, owners):
    """Mean fit of the best cover of each size, by trying every set of owners."""
    wanted = covers.any(axis=0)
    names = sorted(set(owners.tolist()))
    best: dict[int, float] = {}
    for size in range(1, len(names) + 1):
        for chosen in itertools.combinations(names, size):
            within = np.isin(owners, chosen)
            carried = np.where(covers[within], fits[within], -np.inf)[:, wanted].max(axis=0)
            if np.isfinite(carried).all():
                best[size] = max(best.get(size, 0.0), float(carried.mean()))
    return best


@pytest.mark.parametrize("seed", range(60))
def test_teams_equal_brute_force(seed):
    rng = np.random.default_rng(seed)
    count, vendors = int(rng.integers(1, 7)), int(rng.integers(2, 9))
    covers, fits = rng.random((vendors, count)) < 0.45, rng.random((vendors, count))
    owners = rng.integers(0, vendors, vendors) if seed % 2 else np.arange(vendors)
    teams = best_teams(cells(count), covers, fits, owners)
    assert teams.exact
    assert {cell.service for cell in teams.uncovered} == {f"service-{i}" for i in np.flatnonzero(~covers.any(axis=0))}
    if not covers.any():
        assert not teams.by_size
        return
    expected = brute_force(covers, fits, owners)
    sizes = [len({int(owners[vendor]) for vendor in team.vendors}) for team in teams.by_size]
    assert sizes[0] == min(expected)
    for size, team in zip(sizes, teams.by_size, strict=True):
        assert team.fit == pytest.approx(expected[size])
    assert sizes == sorted(set(sizes))


def test_every_cell_is_carried_once_by_somebody_who_covers_it():
    rng = np.random.default_rng(5)
    covers, fits = rng.random((20, 6)) < 0.4, rng.random((20, 6))
    for team in best_teams(cells(6), covers, fits, np.arange(20)).by_size:
        carried = [cell for member in team.members for cell in member.cells]
        assert sorted(cell.service for cell in carried) == [f"service-{i}" for i in range(6)]
        for member in team.members:
            assert all(covers[member.vendor, int(cell.service[-1])] for cell in member.cells)


def test_too_many_cells_to_prove_are_still_covered_and_it_says_so():
    count = MOST_CELLS + 6
    covers = np.zeros((count, count), dtype=bool)
    np.fill_diagonal(covers, True)
    covers[0] = True
    covers[1, : count // 2] = covers[2, count // 2 :] = True
    teams = best_teams(cells(count), covers, np.full((count, count), 0.5), np.arange(count))
    assert {cell for member in teams.by_size[0].members for cell in member.cells} == set(cells(count))
    assert not teams.exact or len(teams.by_size[0].members) == 1


SERVICES = ["formulation", "clinical-operations"]


def team_for(*records, **answers):
    advice = advise(profile(**{"services": SERVICES, **answers}), catalogue(*records))
    return advice.as_dict()["team"]


def test_a_team_covers_both_lanes():
    maker = vendor("maker", services=["formulation"], stages=["phase-1"])
    runner = vendor("runner", type="CRO", services=["clinical-operations"], stages=["phase-1"])
    assert team_for(maker, runner) == {
        "vendors": ["runner", "maker"], "covers": ["clinical-operations", "formulation"], "uncovered": [], "organizations": 2,
    }  # fmt: skip


def test_vendors_of_one_owner_count_once():
    group = {"parent": "Group", "stages": ["phase-1"]}
    arms = [vendor("arm-m", services=["formulation"], **group), vendor("arm-r", type="CRO", services=["clinical-operations"], **group)]
    others = [
        vendor("x", services=["formulation"], stages=["phase-1"], modalities=["small-molecule"]),
        vendor("y", type="CRO", services=["clinical-operations"], stages=["phase-1"], modalities=["small-molecule"]),
    ]
    found = team_for(*arms, *others)
    assert (set(found["vendors"]), found["organizations"]) == ({"arm-m", "arm-r"}, 1)


def test_what_nobody_covers_at_every_stage_is_named():
    maker = vendor("maker", services=["formulation"], stages=["phase-1"])
    found = team_for(maker, through="phase-2")
    assert found["uncovered"] == ["clinical-operations", "formulation"]
    assert found["vendors"] == ["maker"]
    assert found["covers"] == []


def test_a_sponsor_who_wants_specialists_gets_the_better_fit():
    both = vendor("both", services=SERVICES, stages=["phase-1"])
    maker = vendor("maker", services=["formulation"], stages=["phase-1"], modalities=["small-molecule"], accreditations=["gmp"])
    assert team_for(both, maker)["vendors"] == ["both"]
    assert "maker" in team_for(both, maker, priorities={"single_vendor": 0})["vendors"]
