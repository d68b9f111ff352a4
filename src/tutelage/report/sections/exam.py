"""The exam of the pre-trained classifiers: their own predictions on the images' test part."""

import pandas as pd

from tutelage.measure.significance import Interval
from tutelage.report import parts, tables
from tutelage.report.parts import Cell, Section, Table
from tutelage.report.records import Records

FLOOR = "random"  # guesses a class or two: no class's recall says anything
METRICS = {
    "accuracy": "accuracy, %",
    "balanced_accuracy": "balanced accuracy, %",
    "nll": "nll, nats",
    "ece": "ece",
    "brier": "brier",
}


def section(records: Records) -> Section:
    """A row an arm of pretrain, a column a metric; and a row a class, a column an arm."""
    direct = records.of("exam_pretrain").query("protocol == 'direct'")
    scores = direct[direct["at"] == ""]
    cells = tables.cells(scores, ("arm", "metric"), records.level)
    rows = [
        [
            Cell(arm),
            *(metric_cell(metric, cells.get((arm, metric))) for metric in METRICS),
            Cell(str(cells[arm, "nll"].n)),
        ]
        for arm in dict.fromkeys(arm for arm, _ in cells)
    ]
    data = parts.series(sorted(set(scores["data"])))
    table = Table(
        f"Test part of {data}: mean over n seeds [{parts.share(records.level)} interval]",
        ["arm", *METRICS.values(), "n"],
        rows,
        note="all was taught and is examined on every class, base on the base classes alone, so their rows are two "
        "tasks and no comparison; random is an encoder and a head as they are born. nll, ece (expected calibration "
        "error) and brier: less is better.",
    )
    return Section(
        "The pre-trained classifiers", [table, _recalls(direct[direct["metric"] == "recall"], records.level)]
    )


def _recalls(scores: pd.DataFrame, level: float) -> Table:
    cells = tables.cells(scores[scores["arm"] != FLOOR], ("arm", "level"), level)
    arms = dict.fromkeys(arm for arm, _ in cells)
    rows = [
        [
            Cell(name),
            *(parts.interval(cells.get((arm, name)), scale=100) for arm in arms),
        ]
        for name in dict.fromkeys(name for _, name in cells)
    ]
    return Table(
        f"Recall of each class, %: mean over seeds [{parts.share(level)} interval]",
        ["class", *arms],
        rows,
        note="The share of a class's test images that are taken for this class; balanced accuracy is their mean. "
        "Student's t knows no bound and may pass 100. Empty: a class that base was not taught.",
        folded=True,
    )


def metric_cell(metric: str, value: Interval | None) -> Cell:
    """Shares in percent, all else as it is."""
    return parts.interval(value, 1, scale=100) if METRICS[metric].endswith("%") else parts.interval(value, 3)
