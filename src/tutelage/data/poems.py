"""Fives and eights with what a poet says of some, and how much yin and yang is in them. Vapnik and Vashist, 2009."""

from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from tutelage.errors import Mistake

Description = Literal["poetic", "yin_yang"]
FILES: dict[Description, str] = {"poetic": "PF", "yin_yang": "YY"}
SIDE = 10
DIGITS = (5, 8)


class Digits(NamedTuple):
    """Those of one of the authors' parts; 0 is a five, 1 an eight."""

    x: Float[NDArray[np.float64], "n pixel"]  # 0 to 255, row by row
    y: Int[NDArray[np.int64], "n"]


class Poems(NamedTuple):
    """The authors' three parts; only the digits of the first are described, by hand."""

    train: Digits
    valid: Digits
    test: Digits
    described: dict[Description, Float[NDArray[np.float64], "n feature"]]  # of train, each feature a small count


def read(raw: Path) -> Poems:
    """The digits in the order of their files. Raises Mistake where one is missing or damaged."""
    train, valid, test = (_part(raw, part) for part in ("train", "val", "test"))
    described = {way: _rows(raw / f"train_{short}features.txt", len(train.y)) for way, short in FILES.items()}
    return Poems(train, valid, test, described)


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
