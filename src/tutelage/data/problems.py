"""Problems with privileged information: x, x*, which is not there when asked, y, and groups that no split cuts."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from tutelage import streams
from tutelage.data import mackey_glass, windows, worlds
from tutelage.errors import Mistake

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
    star: Numbers  # NaN where a cell is not known; all of a row: it is not described, and teaches nothing
    y: Int[NDArray[np.int64], "n"]
    group: Int[NDArray[np.int64], "n"]

    def of(self, rows: Int[NDArray[np.int64], "some"]) -> "Examples":
        return Examples(self.x[rows], self.star[rows], self.y[rows], self.group[rows])


class Made(NamedTuple):
    """A problem's examples from files, and what is known of them."""

    examples: Examples
    classes: tuple[str, ...]  # y counts them from 0
    standardised: bool  # each column, by what teaches; else columns stay as they are, and rows have unit length
    above: tuple[int, ...] = ()  # of each class the one that it is of, counted from 0, where classes have such
    columns: tuple[str, ...] = ()  # of x, where they have names
    star_columns: tuple[str, ...] = ()
    data: str = ""  # these three, where no entry of the catalogue says them
    licence: str = ""
    citation: str = ""


def called(made: Made | None, of: Examples) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the columns of x and of x*; where they have none, their numbers."""
    given = (made.columns, made.star_columns) if made else ((), ())
    names, star_names = (given[i] or tuple(map(str, range(side.shape[1]))) for i, side in enumerate((of.x, of.star)))
    return names, star_names


class Split(NamedTuple):
    """What teaches and what is asked afterwards; no group is in both."""

    taught: Examples
    asked: Examples


def load(folder: Path) -> Made | None:
    """What stage `problem` left; None where each split is drawn anew. Raises Mistake where it left nothing."""
    try:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        if "drawn" in about:
            return None
        x, star, y, group = (
            np.load(folder / f"{name}.npy", allow_pickle=False) for name in ("x", "star", "y", "group")
        )
    except FileNotFoundError as error:
        raise Mistake(f"{error.filename} is missing; run `make repro`, which makes it") from None
    said: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in about.items()
        if name in Made._fields
    }
    return Made(Examples(x.astype(np.float64), star.astype(np.float64), y, group), **said)


def drawn(of: Examples, *, labels: int, asked: int, split: int) -> Split:
    """Whole groups at random to the part that is asked; from all the others so many labels, one by one.

    What is asked is the same whatever the number of labels, and fewer labels are some of more. Groups of which nobody
    is described are asked before the others. Raises Mistake where there are too few.
    """
    draws = streams.numpy(split, "problems/drawn")
    names, number = np.unique(of.group, return_inverse=True)
    described = ~np.all(np.isnan(of.star), axis=1)
    teaches = np.bincount(number, described) > 0
    place = (draws.permutation(len(names)) + len(names) * teaches)[number]
    order = draws.permutation(len(of.y))
    order = order[np.argsort(place[order], kind="stable")]  # group by group
    if len(order) < asked:
        raise Mistake(f"asked is {asked}, and there are {len(order)} examples in all; lower it")
    told = order[:asked]
    if not described[told].any():
        raise Mistake(
            f"asked is {asked}, and none of these has x*, so that it cannot be said what it is worth; raise it"
        )
    rest = np.flatnonzero((place > place[told[-1]]) & described)
    if len(rest) < labels:
        raise Mistake(
            f"labels asks for {labels}, and of {len(order)} examples {len(rest)} are in no group of the {asked} "
            "that are asked; lower one of them"
        )
    return Split(of.of(draws.permutation(rest)[:labels]), of.of(told))


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
