"""How far two maps of one sample agree: what of a map is the sample's, and what a choice."""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from jaxtyping import Bool, Int
from numpy import ndarray


def agreement(
    one: Int[ndarray, "n"], other: Int[ndarray, "n"], *, near: Bool[ndarray, "k k"], near_other: Bool[ndarray, "k k"]
) -> float:
    """Cohen's κ of two maps over all pairs of examples, each asked "at one node or at neighbouring ones?"

    1: they say the same of every pair, however turned; 0: as often as chance has it. Where only one's own node counts
    as near it is the adjusted Rand index (Warrens, 2008).
    """
    n, a, b = len(one), near | np.eye(len(near), dtype=bool), near_other | np.eye(len(near_other), dtype=bool)
    table = np.zeros((len(a), len(b)))
    np.add.at(table, (one, other), 1)
    # Σ over pairs, as products of the table of who sits where on both maps
    pairs = n * (n - 1)
    both = ((a @ table @ b) * table).sum() - n
    first, second = (((m @ held) * held).sum() - n for m, held in ((a, table.sum(1)), (b, table.sum(0))))
    chance = (first * second + (pairs - first) * (pairs - second)) / pairs**2
    agreed = (pairs - first - second + 2 * both) / pairs
    return float((agreed - chance) / (1 - chance)) if chance < 1 else 1.0


Sits = Sequence[Int[ndarray, "n"]]  # of each replicate the node of each example
Agreed = list[tuple[str, int, float]]  # what differs, replicate, agreement


def ways(sits: Mapping[str, Sits], near: Bool[ndarray, "k k"]) -> Agreed:
    """Every two ways of making a map, replicate by replicate."""
    return [
        (f"{one}, {other}", replicate, agreement(a, b, near=near, near_other=near))
        for one, other in combinations(sits, 2)
        for replicate, (a, b) in enumerate(zip(sits[one], sits[other], strict=True))
    ]


def draws(sits: Sits, near: Bool[ndarray, "k k"], name: str) -> Agreed:
    """Replicates of one way, which differ by what was drawn: each with the next, the last with the first."""
    turned = [*sits[1:], sits[0]]
    return [
        (name, i, agreement(a, b, near=near, near_other=near))
        for i, (a, b) in enumerate(zip(sits, turned, strict=True))
    ]
