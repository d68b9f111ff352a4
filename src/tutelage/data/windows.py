"""Windows of a series: what was, to be told from; what is to come, to be told; and what is around that, which is x*."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy.typing import NDArray

Numbers = Float[NDArray[np.float64], "n dim"]


class Windows(NamedTuple):
    """One window a row, in the order of time, each a step later than the one before."""

    x: Numbers  # history
    star: Numbers  # around the target, before it and after
    y: Float[NDArray[np.float64], "n 1"]  # the target
    rises: Bool[NDArray[np.bool_], "n"]  # whether it is above the last that is in x
    span: int  # points from the first of a window to the last: windows so far apart share none


def cut(series: Float[NDArray[np.float64], "time"], *, history: int, horizon: int, around: int) -> Windows:
    """Every window there is: x `history` points up to now, y the point `horizon` later, x* `around` before y and after.

    Raises ValueError where x* would reach back into x, and where the series is shorter than a window.
    """
    if not 0 < around < horizon:
        raise ValueError(f"{around} points before a target {horizon} steps ahead are none, or in the history too")
    span = history + horizon + around
    if len(series) < span:
        raise ValueError(f"a window takes {span} points, and the series has {len(series)}")
    rows = np.lib.stride_tricks.sliding_window_view(series, span)
    target = history + horizon - 1
    star = np.concatenate([rows[:, target - around : target], rows[:, target + 1 :]], axis=1)
    return Windows(rows[:, :history].copy(), star, rows[:, [target]], rows[:, target] > rows[:, history - 1], span)


def blocks(n: int, sizes: tuple[int, ...], *, span: int, first: int = 0) -> tuple[Int[NDArray[np.int64], "size"], ...]:
    """Rows of contiguous blocks of n windows, one after another from `first` on; no two blocks share a point in time.

    Between them span − 1 windows are left out. Raises ValueError where there are too few.
    """
    begins = first + np.cumsum([0, *(size + span - 1 for size in sizes)])
    if begins[-1] - (span - 1) > n:
        raise ValueError(
            f"blocks of {sizes} windows of {span} points end at {begins[-1] - span + 1}, and there are {n}"
        )
    return tuple(np.arange(begin, begin + size) for begin, size in zip(begins[:-1], sizes, strict=True))
