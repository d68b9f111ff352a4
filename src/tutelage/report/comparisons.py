"""Which arm is better than which, and when nothing is said."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import pandas as pd

from tutelage.measure import significance
from tutelage.measure.significance import Difference
from tutelage.report import parts
from tutelage.report.parts import Cell

FEWEST = 5
"""Replicates below which nothing is called better or worse: with 3, no corrected test can reject."""

COLUMNS = ("difference", "p, corrected", "n", "verdict")
"""What `told` tells."""

Verdict = Literal["better", "worse", "open", "few"]


class Comparison(NamedTuple):
    """`arm` less `against` in one cell, paired by seed; `p` is corrected for all comparisons of the family."""

    cell: tuple[str, ...]
    arm: str
    against: str
    difference: Difference
    p: float
    verdict: Verdict


def compare(
    scores: pd.DataFrame, pairs: Sequence[tuple[str, str]], by: Sequence[str], level: float
) -> list[Comparison]:
    """Every pair (arm, against) in every cell of `by`: one family, corrected together by Holm's rule.

    `scores` are of one metric of which more is better.
    """
    made = []
    for key, cell in scores.groupby(list(by), sort=False):
        arms = {str(arm): values.set_index("seed")["value"] for arm, values in cell.groupby("arm")}
        for arm, against in pairs:
            if arm in arms and against in arms:
                both = pd.concat([arms[arm], arms[against]], axis=1, join="inner").to_numpy(dtype=float)
                if len(both):
                    told = significance.difference(both[:, 0], both[:, 1], level)
                    made.append((tuple(str(part) for part in key), arm, against, told))
    corrected = significance.holm([told.p for *_, told in made])
    return [Comparison(*told, p, verdict(told[-1], p, level)) for told, p in zip(made, corrected, strict=True)]


def verdict(difference: Difference, p: float, level: float) -> Verdict:
    """`few` below FEWEST replicates; `open` where the corrected p is not below 1 − level."""
    if difference.n < FEWEST:
        return "few"
    # 1 − 0.95 is a hair above 0.05 in binary; a p of exactly 0.05 must not pass.
    if p >= round(1 - level, 12):
        return "open"
    return "better" if difference.mean > 0 else "worse"


def told(c: Comparison, *, scale: float, digits: int = 1) -> list[Cell]:
    """A comparison as a row of a table ends. A negative scale: scores that were turned, so that more was better."""
    d = c.difference
    if scale < 0:
        d, scale = Difference(-d.mean, -d.high, -d.low, d.n, d.p), -scale
    return [
        Cell(parts.number(d.mean, digits, scale=scale, sign=True), parts.apart(d, digits, scale=scale)),
        Cell("< 0.001" if c.p < 0.001 else parts.number(c.p, 3)),
        Cell(str(d.n)),
        Cell({"few": "too few seeds"}.get(c.verdict, c.verdict), tone=c.verdict),
    ]


def mark(c: Comparison | None) -> Cell:
    """A comparison as one cell of a grid, in points."""
    if c is None:
        return Cell("")
    sign = {"better": "▲ ", "worse": "▼ "}.get(c.verdict, "")
    return Cell(sign + parts.number(c.difference.mean, scale=100, sign=True), tone=c.verdict)


def marks(level: float) -> str:
    """What the marks of such a grid mean."""
    return f"▲ better, ▼ worse: corrected p below {1 - level:.6g}. Grey: open."
