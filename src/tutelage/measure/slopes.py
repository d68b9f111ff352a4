"""How fast something grows: a line through it, in each replicate, and what may be said of its slope."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from tutelage.measure import significance
from tutelage.measure.significance import Difference


def a_doubling(x: Sequence[float], y: Sequence[float]) -> float:
    """The slope of y's least-squares line in log₂ x: what a doubling of x adds, on the whole."""
    return float(np.polyfit(np.log2(np.asarray(x, float)), np.asarray(y, float), 1)[0])


def from_nothing(slopes: Float[ndarray, "n"], level: float) -> Difference:
    """The replicates' mean slope, its Student interval, and the p of none."""
    return significance.difference(slopes, np.zeros(len(slopes)), level)
