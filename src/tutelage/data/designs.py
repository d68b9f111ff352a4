"""Where a simulator is run: designs that fill its region, draws from it, and from a shell around it."""

import math
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from numpy.random import Generator
from scipy.stats import qmc

from tutelage.simulators.region import Parameter

Region = Sequence[Parameter]


def filling(region: Region, n: int, draws: Generator) -> Float[ndarray, "n parameter"]:
    """n points that lie evenly, and so do the first of them: Sobol's sequence, scrambled. Owen, 1998.

    Of a parameter that has but its ends every half of a power of two is at either.
    """
    points = qmc.Sobol(len(region), rng=draws).random_base2(math.ceil(math.log2(max(n, 2))))
    return _placed(region, points[:n])


def uniform(region: Region, n: int, draws: Generator) -> Float[ndarray, "n parameter"]:
    """n points drawn each by itself."""
    return _placed(region, draws.random((n, len(region))))


def shell(region: Region, n: int, reach: float, draws: Generator) -> Float[ndarray, "n parameter"]:
    """n points drawn outside: no parameter further than `reach` of its range, and one at least beyond it.

    One that has but its ends stays at them.
    """
    free = np.array([not parameter.ends for parameter in region])
    found: list[Float[ndarray, "m parameter"]] = []
    while sum(map(len, found)) < n:
        points = draws.random((n, len(region)))
        points = np.where(free, (1 + 2 * reach) * points - reach, points)
        found.append(points[((points < 0) | (points > 1)).any(1)])
    return _placed(region, np.concatenate(found)[:n])


def bounds(region: Region) -> tuple[Float[ndarray, "parameter"], Float[ndarray, "parameter"]]:
    """The least and the most of each parameter."""
    return np.array([p.low for p in region]), np.array([p.high for p in region])


def halves(region: Region, table: Float[ndarray, "n parameter"]) -> Float[ndarray, "n"]:
    """Which runs belong together since all parameters that have but their ends are at the same: a number for each."""
    _, high = bounds(region)
    ends = np.array([p.ends for p in region])
    return (table[:, ends] == high[ends]) @ 2.0 ** np.arange(ends.sum())


def _placed(region: Region, points: Float[ndarray, "n parameter"]) -> Float[ndarray, "n parameter"]:
    """From the unit cube, or beyond it, to the region."""
    low, high = bounds(region)
    points = np.where([p.ends for p in region], points >= 0.5, points)
    return low + (high - low) * points
