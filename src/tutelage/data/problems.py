"""Problems with privileged information: x, x*, which is not there when asked, y, and groups that no split cuts."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from tutelage import streams
from tutelage.data import mackey_glass, windows, worlds

Numbers = Float[NDArray[np.float64], "n dim"]
STAR = "privileged"
CONTROLS = {
    "noise": "standard normal numbers, as many",
    "shuffled": "x* of other examples",
    "constant": "the same for all",
    "smoothing": "no teacher: each class as often, for all",
    "self": "x itself",
}
"""What stands in x*'s place; none at all is the student alone."""
STEPS = 4  # of the Mackey-Glass equation in a unit of time
DROPPED = 500  # units of time until a series has forgotten how it began


class Examples(NamedTuple):
    """Some of a problem's examples."""

    x: Numbers
    star: Numbers
    y: Int[NDArray[np.int64], "n"]
    group: Int[NDArray[np.int64], "n"]

    def of(self, rows: Int[NDArray[np.int64], "some"]) -> "Examples":
        return Examples(self.x[rows], self.star[rows], self.y[rows], self.group[rows])


class Split(NamedTuple):
    """What teaches and what is asked afterwards; no group is in both."""

    taught: Examples
    asked: Examples


def world(which: worlds.World, *, dim: int, labels: int, asked: int, split: int) -> Split:
    """A world drawn anew, as its authors do in each repetition; every example is a group of its own."""
    x, star, y = worlds.draw(which, n=labels + asked, dim=dim, seed=split)
    every = Examples(x, star, y, np.arange(len(y)))
    return Split(every.of(np.arange(labels)), every.of(np.arange(labels, labels + asked)))


def series(*, history: int, horizon: int, around: int, labels: int, asked: int, split: int) -> Split:
    """Whether a Mackey-Glass series (a .1, b .2, τ 17) is higher in `horizon` steps than now; each split has its own.

    x are the last `history` points, x* what is `around` the point asked about, itself left out, less the last point
    that is in x. No two windows share a point in time; what is asked is one stretch, after a gap, behind the other.
    """
    span = history + horizon + around
    length = (labels + asked + 1) * span
    start = float(streams.numpy(split, "series/start").uniform(0.5, 1.5))
    told = mackey_glass.series(length, a=0.1, b=0.2, tau=17, steps=STEPS, start=start, dropped=DROPPED)
    cut = windows.cut(told, history=history, horizon=horizon, around=around)
    every = Examples(cut.x, cut.star - cut.x[:, -1:], cut.rises.astype(np.int64), np.arange(len(cut.x)))
    sizes = ((labels - 1) * span + 1, (asked - 1) * span + 1)
    before, after = windows.blocks(len(cut.x), sizes, span=span)
    return Split(every.of(before[::span]), every.of(after[::span]))
