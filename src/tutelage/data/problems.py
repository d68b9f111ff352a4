"""Problems with privileged information: x, x*, which is not there when asked, y, and groups that no split cuts."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from tutelage.data import worlds

Numbers = Float[NDArray[np.float64], "n dim"]


class Examples(NamedTuple):
    """Some of a problem's examples."""

    x: Numbers
    star: Numbers
    y: Int[NDArray[np.int64], "n"]
    group: Int[NDArray[np.int64], "n"]  # of a chain, cut into folds as it stands: the chain's parts in order

    def of(self, rows: Int[NDArray[np.int64], "some"]) -> "Examples":
        return Examples(*(column[rows] for column in self))


class Split(NamedTuple):
    """What teaches and what is asked afterwards; no group is in both."""

    taught: Examples
    asked: Examples


def world(which: worlds.World, *, dim: int, labels: int, asked: int, split: int) -> Split:
    """A world drawn anew, as its authors do in each repetition; every example is a group of its own."""
    x, star, y = worlds.draw(which, n=labels + asked, dim=dim, seed=split)
    every = Examples(x, star, y, np.arange(len(y)))
    return Split(every.of(np.arange(labels)), every.of(np.arange(labels, labels + asked)))
