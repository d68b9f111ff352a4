"""What can be said from a few seeds: intervals, paired differences, many comparisons at once."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy import stats


class Interval(NamedTuple):
    """A mean over replicates and the interval that covers the true one in `level` of all repetitions."""

    mean: float
    low: float
    high: float
    n: int


class Difference(NamedTuple):
    """A mean paired difference, its interval, and the two-sided p of no difference."""

    mean: float
    low: float
    high: float
    n: int
    p: float


def interval(values: Float[ndarray, "n"], level: float = 0.95) -> Interval:
    """mean ± t(n−1)·s/√n (Student, 1908): the chance of seeds and draws is in it, that of the test set is not.

    Of one value the interval is infinite: nothing is known of the spread.
    """
    mean, half = float(np.mean(values)), _half(values, level)
    return Interval(mean, mean - half, mean + half, len(values))


def difference(a: Float[ndarray, "n"], b: Float[ndarray, "n"], level: float = 0.95) -> Difference:
    """a − b, paired replicate by replicate. Equal pairs everywhere are no evidence: p is 1."""
    if len(a) != len(b):
        raise ValueError(f"{len(a)} replicates cannot be paired with {len(b)}")
    mean, half = float(np.mean(a - b)), _half(a - b, level)
    error = half / stats.t.ppf((1 + level) / 2, len(a) - 1) if len(a) > 1 else np.inf
    if error > 0:
        p = float(2 * stats.t.sf(abs(mean) / error, len(a) - 1)) if len(a) > 1 else 1.0
    else:
        p = 1.0 if mean == 0 else 0.0
    return Difference(mean, mean - half, mean + half, len(a), p)


def holm(p: Sequence[float]) -> list[float]:
    """p-values corrected for their number, step down: max over j ≤ i of (m − j + 1)·p_(j), at most 1. Holm, 1979."""
    order = np.argsort(p)
    stepped = np.maximum.accumulate((len(p) - np.arange(len(p))) * np.asarray(p)[order])
    corrected = np.empty(len(p))
    corrected[order] = np.minimum(stepped, 1)
    return [float(value) for value in corrected]


def _half(values: Float[ndarray, "n"], level: float) -> float:
    if len(values) < 2:
        return float("inf")
    return float(stats.t.ppf((1 + level) / 2, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values)))
