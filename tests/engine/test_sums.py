"""Sums over all vendors by look-up: they must be what adding up one by one gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.engine.sums import BLOCK, Sum
from vendors.catalogue import pack


@st.composite
def sums(draw):
    """A sum of up to twenty sets and two tables over up to 200 vendors, and what it adds up to one by one."""
    size = draw(st.integers(1, 200))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    weights, flags = random.random(draw(st.integers(0, 20))), random.random((20, size)) < 0.4
    tables = [(random.random(256), random.integers(0, 256, size).astype(np.uint8)) for _ in range(draw(st.integers(0, 2)))]
    constant = draw(st.floats(0, 1))
    plain = constant + sum((weight * row for weight, row in zip(weights, flags, strict=False)), np.zeros(size))
    plain = plain + sum((table[codes] for table, codes in tables), np.zeros(size))
    sets = tuple((float(weight), pack(row)) for weight, row in zip(weights, flags, strict=False))
    return Sum(size, constant, sets, tuple(tables)), plain


@given(sums())
def test_all_and_some_are_what_adding_up_gives(pair):
    total, plain = pair
    assert total.all == pytest.approx(plain, abs=1e-12)
    places = np.arange(len(plain))[::-2]
    assert total.at(places) == pytest.approx(plain[places], abs=1e-12)


@given(sums(), st.floats(0, 1))
def test_a_weighted_sum_of_sums_is_one_sum(pair, weight):
    total, plain = pair
    assert Sum.total(total.size, [(weight, total), (1.0, total)]).all == pytest.approx((1 + weight) * plain, abs=1e-12)


def test_vendors_beyond_the_first_block_are_added_up_too():
    size = 2 * BLOCK + 70
    member = np.zeros(size, dtype=bool)
    member[[0, BLOCK - 1, BLOCK, size - 1]] = True
    assert np.flatnonzero(Sum(size, sets=((0.5, pack(member)),)).all).tolist() == [0, BLOCK - 1, BLOCK, size - 1]
