"""Transformers, hour by hour: x what was, x* what is around the hour asked about, y whether the oil is hotter."""

import csv
from pathlib import Path

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from tutelage.data import kinds, windows
from tutelage.data.problems import Examples, Made
from tutelage.errors import Mistake

FILES = ("ETTh1.csv", "ETTh2.csv")
COLUMNS = ["date", "HUFL", "HULL", "MUFL", "MULL", "LUFL", "LULL", "OT"]  # six loads, and the temperature of the oil
BLOCK = 28 * 24  # hours of a group
GAP = 24  # hours at least between windows of two groups
STEP = 7  # hours from a window to the next, so that all hours of the day are asked about


def make(problem: kinds.Ett, raw: Path) -> Made:
    """Whether the oil of a transformer will be hotter in `horizon` hours than now.

    x are the last `history` hours of oil and loads, x* the oil `around` the hour asked about, itself left out, less
    now. A group are the windows that lie in 28 days of both transformers, who have one weather: no window reaches from
    a group into another, and a day lies between them. Raises Mistake where a file is missing or damaged.
    """
    parts = [_windows(_hours(raw / name), problem) for name in FILES]
    every = Examples(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    return Made(every, ("not hotter", "hotter"), standardised=True)


def _windows(hours: Float[NDArray[np.float64], "hour column"], of: kinds.Ett) -> Examples:
    *loads, oil = [windows.cut(c, history=of.history, horizon=of.horizon, around=of.around) for c in hours.T]
    begins = np.arange(0, len(oil.x), STEP)
    begins = begins[begins // BLOCK == (begins + oil.span + GAP - 1) // BLOCK]
    x = np.concatenate([load.x for load in (*loads, oil)], axis=1)
    return Examples(x[begins], (oil.star - oil.x[:, -1:])[begins], oil.rises[begins].astype(np.int64), begins // BLOCK)


def _hours(path: Path) -> Float[NDArray[np.float64], "hour column"]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        if header != COLUMNS:
            raise ValueError(f"its columns are {', '.join(header)}")
        return np.array([row[1:] for row in rows], np.float64)
    except FileNotFoundError:
        raise Mistake(f"{path} is missing; run `make repro`, which fetches ett") from None
    except ValueError as error:
        raise Mistake(f"{path} is damaged ({str(error).splitlines()[0]}); delete it and fetch it again") from None
