import numpy as np
import pytest

from advisor.engine.robustness import nearest_flip, rank_range, sampled_weights, shares

WEIGHTS = np.array([0.5, 0.3, 0.2])


def test_each_weight_is_drawn_within_half_of_its_size_before_renormalizing():
    drawn = sampled_weights(WEIGHTS, draws=500)
    assert drawn.shape == (500, 3)
    assert drawn.sum(axis=1) == pytest.approx(np.ones(500))
    ratios = (drawn / WEIGHTS) / (drawn / WEIGHTS).max(axis=1, keepdims=True)
    assert ratios.min() >= 1 / 3 - 1e-12


def test_a_vendor_that_is_better_in_everything_is_always_first():
    found = shares(np.array([[1.0, 1.0, 1.0], [0.9, 0.9, 0.9], [0.1, 0.2, 0.3]]), WEIGHTS)
    assert [share.first for share in found] == [1.0, 0.0, 0.0]
    assert [share.top5 for share in found] == [1.0, 1.0, 1.0]


def test_two_that_lead_in_different_criteria_share_the_first_place():
    found = shares(np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 1.0]]), np.array([0.5, 0.3, 0.2]))
    assert 0 < found[0].first < 1
    assert found[0].first + found[1].first == pytest.approx(1)


def test_a_tie_goes_to_whoever_stands_higher_in_the_order():
    found = shares(np.full((8, 3), 0.5), WEIGHTS)
    assert [share.first for share in found] == [1.0] + [0.0] * 7
    assert [share.top5 for share in found] == [1.0] * 5 + [0.0] * 3


def test_the_same_seed_gives_the_same_shares():
    values = np.random.default_rng(3).random((30, 3))
    assert shares(values, WEIGHTS) == shares(values, WEIGHTS)
    assert shares(values, WEIGHTS) != shares(values, WEIGHTS, seed=1)


@pytest.mark.parametrize("seed", range(40))
def test_the_nearest_flip_brings_the_two_level_when_worked_out_again(seed):
    rng = np.random.default_rng(seed)
    first, second = rng.random((2, 4))
    weights = rng.random(4)
    weights /= weights.sum()
    if weights @ first < weights @ second:
        first, second = second, first
    names = ["a", "b", "c", "d"]
    flip = nearest_flip(names, weights, first, second)
    if flip is None:
        # Then no weight between nothing and all brings the second level.
        for i in range(4):
            for after in np.linspace(0, 0.999, 50):
                changed = weights * (1 - after) / (1 - weights[i])
                changed[i] = after
                assert changed @ first > changed @ second - 1e-9
        return
    i = names.index(flip.criterion)
    changed = weights * (1 - flip.after) / (1 - weights[i])
    changed[i] = flip.after
    assert changed @ first == pytest.approx(changed @ second, abs=1e-9)
    for j in range(4):
        for after in np.linspace(
            max(0, weights[j] - abs(flip.after - flip.before) * 0.99), min(1, weights[j] + abs(flip.after - flip.before) * 0.99), 7
        ):
            nearer = weights * (1 - after) / (1 - weights[j])
            nearer[j] = after
            assert nearer @ first > nearer @ second - 1e-9


def test_no_single_weight_flips_two_of_which_one_is_better_in_everything():
    assert nearest_flip(["a", "b"], np.array([0.5, 0.5]), np.array([1.0, 1.0]), np.array([0.5, 0.9])) is None


def test_the_range_of_places_takes_unknowns_at_best_and_at_worst():
    score, possible = np.array([0.9, 0.5, 0.4]), np.array([0.95, 1.0, 0.45])
    assert rank_range(score, possible, 0) == (1, 2)
    assert rank_range(score, possible, 1) == (1, 2)
    assert rank_range(score, possible, 2) == (3, 3)
