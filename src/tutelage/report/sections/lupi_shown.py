"""Privileged information, drawn and tabled: accuracy, gains over who learns without x*, and how the losses went."""

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from tutelage.data.problems import CONTROLS, STAR
from tutelage.report import figures, parts, tables
from tutelage.report.figures import Axis, Line
from tutelage.report.parts import Cell, Part, Table
from tutelage.report.records import Records

ALONE = {"separate": "student", "together": "student", "distilled": "student", "svm_plus": "svm"}
"""Of each method who learns as it does, and with nothing in x*'s place."""


def table(name: str, accuracy: pd.DataFrame, level: float) -> Table:
    """First what the information is worth, then each method with x*, then with each control."""
    cells = tables.cells(accuracy, ("arm", "with_level", "level"), level)
    counts = sorted({at for *_, at in cells}, key=float)
    rows = [("teacher", ""), ("student", ""), ("svm", "")]
    rows += [(method, control) for method in ALONE for control in (STAR, *CONTROLS)]
    rows = [row for row in rows if any((*row, at) in cells for at in counts)]
    place = {STAR: "x*", "": "", **{control: control for control in CONTROLS}}
    first = {"teacher": "asked x*", "student": "none", "svm": "none"}
    return Table(
        f"{name}: accuracy, %, by labels: mean over splits [{parts.share(level)} interval]",
        ["arm", "in x*'s place", *counts],
        [
            [
                Cell(arm),
                Cell(first.get(arm, place[control])),
                *(parts.interval(cells.get((arm, control, at)), scale=100) for at in counts),
            ]
            for arm, control in rows
        ],
        words=2,
        note="The teacher is asked x* of the same examples: no student is.",
    )


def _alone(method: str) -> str:
    return {"student": "student alone"}.get(ALONE[method], ALONE[method])


def accuracies(name: str, accuracy: pd.DataFrame, level: float) -> Markup:
    """Of the teacher, of who learns alone, and of each method with x*, against labels."""
    own = accuracy[accuracy["with_level"].isin(["", STAR])]
    arms = [arm for arm in ("teacher", "student", "svm", *ALONE) if arm in set(own["arm"])]
    drawn = [figures.line(arm, own[own["arm"] == arm], "level", "value", level) for arm in arms]
    return _lines(f"lupi-{name}", drawn, "accuracy", f"{name}: accuracy against labels", "Mean in %", sign=False)


def _gains(accuracy: pd.DataFrame, arm: str, control: str) -> pd.DataFrame:
    alone = accuracy[accuracy["arm"] == ALONE[arm]].set_index(["level", "seed"])["value"]
    own = accuracy[(accuracy["arm"] == arm) & (accuracy["with_level"] == control)].set_index(["level", "seed"])["value"]
    return (own - alone).dropna().reset_index()


def gains(name: str, method: str, accuracy: pd.DataFrame, level: float) -> Markup:
    drawn = [
        figures.line("x*" if control == STAR else control, _gains(accuracy, method, control), "level", "value", level)
        for control in (STAR, *CONTROLS)
        if ((accuracy["arm"] == method) & (accuracy["with_level"] == control)).any()
    ]
    return _lines(
        f"lupi-{name}-{method}",
        drawn,
        f"points above {_alone(method)}",
        f"{name}, {method}: gain over {_alone(method)} against labels",
        "Mean in points",
        dashed=(_alone(method), 0.0),
    )


def _lines(
    of: str,
    drawn: Sequence[Line],
    tells: str,
    title: str,
    unit: str,
    *,
    sign: bool = True,
    dashed: tuple[str, float] | None = None,
) -> Markup:
    ticks = sorted({at for line in drawn for at in line.x})
    ends = "; ".join(f"{line.name} {parts.number(line.mean[-1], scale=100, sign=sign)}" for line in drawn)
    return figures.lines(
        of,
        drawn,
        Axis("labels", ticks, log=True),
        Axis(tells, percent=True),
        title=title,
        told=f"{unit} with {ticks[-1]:g} labels: {ends}.",
        size=(340, 300),
        seeds=False,
        dashed=dashed,
    )


def curves(name: str, records: Records, level: float) -> Sequence[Part]:
    """How the losses went, of x* and the most labels."""
    history = records.history(f"lupi@{name}")
    most = max(records.blocks["lupi"][name]["labels"])
    columns = {"student": f"train/loss/{most}", "teacher": f"train/loss/{most}"}
    columns |= dict.fromkeys((m for m in ALONE if m in set(history["arm"])), f"train/loss/{most}/{STAR}")
    rows = {arm: history[(history["arm"] == arm) & history[column].notna()] for arm, column in columns.items()}
    steps = sorted({int(step) for of in rows.values() for step in of["step"]})
    cells = {
        (arm, step): parts.interval(cell, 3)
        for arm, of in rows.items()
        for (step,), cell in tables.cells(
            of.assign(step=of["step"].astype(int), value=of[columns[arm]]), ("step",), level
        ).items()
    }
    return [
        Table(
            f"{name}: the loss that is descended, with {most} labels: mean over splits [{parts.share(level)} interval]",
            ["evaluations", *columns],
            [[Cell(str(step)), *(cells.get((arm, str(step)), Cell("")) for arm in columns)] for step in steps],
            note="Losses of different arms have different terms, so that only a column's course says something.",
            folded=True,
        )
    ]
