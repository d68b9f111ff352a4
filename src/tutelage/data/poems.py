"""Fives and eights with what a poet says of some, and how much yin and yang is in them. Vapnik and Vashist, 2009."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from tutelage.data.kinds import Description, Poems
from tutelage.data.problems import Examples, Made
from tutelage.errors import Mistake

FILES: dict[Description, str] = {"poetic": "PF", "yin_yang": "YY"}
SIDE = 10
DIGITS = (5, 8)


class Digits(NamedTuple):
    """Those of one of the authors' parts; 0 is a five, 1 an eight."""

    x: Float[NDArray[np.float64], "n pixel"]  # 0 to 255, row by row
    y: Int[NDArray[np.int64], "n"]


class Parts(NamedTuple):
    """The authors' three parts; only the digits of the first are described, by hand."""

    train: Digits
    valid: Digits
    test: Digits
    described: dict[Description, Float[NDArray[np.float64], "n feature"]]  # of train, each feature a small count


def make(problem: Poems, raw: Path) -> Made:
    """Training digits, x* a description of them; and those of the authors' test, of which there is none: x* is NaN.

    So none of these teaches, as none did for the authors. Their validation part is left out: choices are made inside
    the labels.
    """
    of = read(raw)
    told = of.described[problem.description]
    star = np.concatenate([told, np.full((len(of.test.y), told.shape[1]), np.nan)])
    x, y = (np.concatenate(column) for column in zip(of.train, of.test, strict=True))
    return Made(Examples(x, star, y, np.arange(len(y))), tuple(map(str, DIGITS)), standardised=True)


def read(raw: Path) -> Parts:
    """The digits in the order of their files. Raises Mistake where one is missing or damaged."""
    train, valid, test = (_part(raw, part) for part in ("train", "val", "test"))
    described = {way: _rows(raw / f"train_{short}features.txt", len(train.y)) for way, short in FILES.items()}
    return Parts(train, valid, test, described)


def _part(raw: Path, part: str) -> Digits:
    path = raw / f"{part}_labels.txt"
    digits = _rows(path)[:, 0].astype(np.int64)
    if set(digits.tolist()) != set(DIGITS):
        raise Mistake(f"{path} is damaged (its digits are not {DIGITS[0]} and {DIGITS[1]}); delete it, fetch it again")
    path = raw / f"{part}_features.txt"
    x = _rows(path, len(digits))
    if x.shape[1] != SIDE**2:
        raise Mistake(f"{path} is damaged ({x.shape[1]} columns and not {SIDE**2}); delete it and fetch it again")
    return Digits(x, (digits == DIGITS[1]).astype(np.int64))


def _rows(path: Path, count: int | None = None) -> Float[NDArray[np.float64], "n column"]:
    try:
        rows = np.loadtxt(path, delimiter=",", ndmin=2)
    except FileNotFoundError:
        raise Mistake(f"{path} is missing; run `make repro`, which fetches mnist-plus") from None
    except ValueError as error:
        raise Mistake(f"{path} is damaged ({str(error).splitlines()[0]}); delete it and fetch it again") from None
    if count not in (None, len(rows)):
        raise Mistake(f"{path} is damaged ({len(rows)} rows and not {count}); delete it and fetch it again")
    return rows
