"""Weighted sums over all vendors at once, worked out from the catalogue's bits.

A vendor's score is a sum over the terms it has. Eight terms make a number below 256 a vendor, whose sum is looked up in a
table: so a catalogue of 100,000 is added up in a few passes over bytes, and floats are made once, for the total.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vendors.catalogue import Bits

Scores = NDArray[np.float64]
Codes = NDArray[np.uint8]
AT_ONCE = 8
BLOCK = 16_384


@dataclass(frozen=True, eq=False)
class Sum:
    """A number for each vendor of a catalogue: a constant, a weight for each set it is in, and what tables say of its codes.

    size: vendors. sets: weight and members. tables: the value of each code, and each vendor's code.
    """

    size: int
    constant: float = 0.0
    sets: tuple[tuple[float, Bits], ...] = ()
    tables: tuple[tuple[Scores, Codes], ...] = ()

    @classmethod
    def total(cls, size: int, parts: Iterable[tuple[float, "Sum"]]) -> "Sum":
        """The sum of weighted sums."""
        constant, sets, tables = 0.0, [], []
        for weight, part in parts:
            constant += weight * part.constant
            sets += [(weight * each, members) for each, members in part.sets]
            tables += [(weight * table, codes) for table, codes in part.tables]
        return cls(size, constant, tuple(sets), tuple(tables))

    @cached_property
    def all(self) -> Scores:
        """One number a vendor."""
        looked_up = list(self.tables)
        for start in range(0, len(self.sets), AT_ONCE):
            some = self.sets[start : start + AT_ONCE]
            looked_up.append((sums_of([weight for weight, _ in some]), numbers([members for _, members in some])))
        total = np.full(self.size, self.constant)
        # Block by block: arrays of hundreds of kilobytes that live for a moment cost more than what is done with them.
        for start in range(0, self.size, BLOCK):
            block = total[start : start + BLOCK]
            for table, codes in looked_up:
                block += table.take(codes[start : start + len(block)])
        return total

    def at(self, places: NDArray[np.intp]) -> Scores:
        """The numbers of some vendors, by their places: for a few this is far less work than `all`."""
        found = np.full(len(places), self.constant)
        words, shifts = places >> 6, (places & 63).astype(np.uint64)
        for weight, members in self.sets:
            found += weight * (members[words] >> shifts & np.uint64(1))
        for table, codes in self.tables:
            found += table[codes[places]]
        return found


def sums_of(weights: list[float]) -> Scores:
    """The sum of the weights of every choice among them; bit i of a choice's place says whether weight i is in."""
    table = np.zeros(1)
    for weight in weights:
        table = np.concatenate((table, table + weight))
    return table


def numbers(sets: list[Bits]) -> Codes:
    """In which of up to eight sets each vendor is: bit i is the i-th set. Runs on past the last vendor, to whole words."""
    flags = np.unpackbits(np.array(sets).view(np.uint8), axis=1, bitorder="little").view(np.uint64)
    flags <<= np.arange(len(sets), dtype=np.uint64)[:, None]
    codes: Codes = np.bitwise_or.reduce(flags, axis=0).view(np.uint8)
    return codes
