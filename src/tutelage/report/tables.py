"""The one tidy table of all scores, and intervals from it."""

import io
import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from tutelage import runs
from tutelage.errors import Mistake
from tutelage.measure import significance
from tutelage.measure.significance import Interval

_NUMBERED = ("level", "with_level", "seed", "value")


def gather(folder: Path, stages: Iterable[str]) -> pd.DataFrame:
    """The scores those stages left in `folder`, sorted by every column in turn; 2 comes before 10. Raises Mistake."""
    rows = [[stage, *row] for stage in stages for row in _rows(folder / stage / "scores.json")]
    rows.sort(key=lambda row: [_place(column, cell) for column, cell in zip(runs.SCORE, row, strict=True)])
    scores = pd.DataFrame(rows, columns=list(runs.SCORE)).astype({"value": float})
    twice = scores[scores.duplicated(list(runs.SCORE[:-1]))]
    if len(twice):
        cell = ", ".join(str(part) for part in twice.iloc[0, :-1] if part)
        raise Mistake(f"{folder}: two values for one cell ({cell}); mend the stage that recorded both")
    return scores


def write(scores: pd.DataFrame, path: Path) -> None:
    """The table as CSV, the same bytes for the same scores on every system."""
    text = io.StringIO()
    scores.to_csv(text, index=False, lineterminator="\n", na_rep="nan")
    runs.write(path, text.getvalue())


def cells(scores: pd.DataFrame, by: Sequence[str], level: float) -> dict[tuple[str, ...], Interval]:
    """Student's interval over the seeds of each group, in the table's order."""
    groups = scores.groupby(list(by), sort=False)["value"]
    return {
        tuple(str(part) for part in key): significance.interval(values.to_numpy(dtype=float), level)
        for key, values in groups
    }


def _rows(path: Path) -> list[list[Any]]:
    told = json.loads(path.read_text(encoding="utf-8"))
    if told["columns"] != list(runs.SCORE[1:]):
        raise Mistake(f"{path} has other columns than this version writes; run its stage again")
    rows: list[list[Any]] = told["rows"]
    return rows


def _place(column: str, cell: Any) -> tuple[int, float, str]:
    """Nothing before numbers, numbers before words."""
    if cell == "":
        return 0, 0.0, ""
    try:
        number = float(cell) if column in _NUMBERED else math.nan
    except ValueError:
        number = math.nan
    return (2, 0.0, str(cell)) if math.isnan(number) else (1, number, str(cell))
