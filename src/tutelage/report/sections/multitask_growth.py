"""Learnability and learning to learn: quality against examples and against tasks, as curves with their slopes."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from markupsafe import Markup

from tutelage.measure import significance, slopes
from tutelage.report import comparisons, figures, parts, verdicts
from tutelage.report.comparisons import Comparison
from tutelage.report.figures import Axis
from tutelage.report.parts import Cell, Figures, Part, Table, Words

QUALITY = {"accuracy": "accuracy, %", "r2": "R², variance explained, %"}
SAID = {"better": "rises", "worse": "falls", "open": "open", "few": "too few seeds"}


class Question(NamedTuple):
    """One of the lecture's two: quality against what, and what one curve is of."""

    name: str  # of its drawings
    heading: str
    along: str
    each: str  # names `scores.curve`
    subject: str  # `Tasks taught alone rise with their examples: …`


LEARNABILITY = Question(
    "examples", "Learnability", "examples of the task", "task", "a task's own examples, taught alone"
)
TO_LEARN = Question("tasks", "Learning to learn", "tasks taught", "examples of each", "the number of tasks taught")


def learnability(scores: pd.DataFrame, level: float) -> list[Part]:
    """Of `at: examples`: each task alone against its own examples; one net for them all beside it."""
    curves = scores.assign(curve=scores["with_level"])
    alone = curves[curves["arm"] == "alone"]
    found = grown(alone, level)
    family = comparisons.compare(curves, [("together", "alone")], ("curve", "level"), level)
    where = _where("examples")
    share = parts.share(level)
    caption = (
        f"Nets of one task each, on the test part. Line: mean over seeds; band: {share} interval. Each seed draws "
        "which examples of a task have answers; fewer are among more."
    )
    said = (
        f"{said_of(found, LEARNABILITY)} {verdicts.said(family, 'One net for these tasks, against alone', where)} Each "
        "net takes as many steps: a task alone has them all, one of several its share. Where a task has fewer examples "
        "than a batch, it is shown fewer images."
    )
    heads = ["arm", "task", "examples"]
    title = f"One net for these tasks less nets of one task, points: mean paired difference [{share} interval]"
    return [
        Words([said], heading=LEARNABILITY.heading),
        _figures(alone, LEARNABILITY, caption, level),
        _slopes(found, LEARNABILITY, share),
        verdicts.table(title, heads, family, scale=100),
    ]


def learning_to_learn(scores: pd.DataFrame, labels: int, level: float) -> list[Part]:
    """Of `at: tasks`: what a probe of the codes makes of tasks never taught; an encoder as it is born is the floor."""
    taught = scores[scores["arm"] == "taught"]
    taught = taught.assign(curve=taught["with_level"])
    floor = scores[scores["arm"] == "random"].set_index(["metric", "seed"])["value"]
    found = grown(taught, level)
    share = parts.share(level)
    floors = taught.assign(arm="random", value=[floor[at] for at in zip(taught["metric"], taught["seed"], strict=True)])
    by = "metric", "curve", "level"
    above = comparisons.compare(pd.concat([taught, floors]), [("taught", "random")], by, level)
    sizes = sorted(set(taught["curve"]), key=float)
    larger = comparisons.compare(
        taught.assign(arm=taught["curve"]), [(m, sizes[0]) for m in sizes[1:]], ("metric", "level"), level
    )
    caption = (
        f"A linear probe of the codes, on {labels} examples of a task never taught; mean over such tasks, on the test "
        f"part. Pairs are of classes of which the encoder saw no image. Line: mean over seeds; band: {share} interval; "
        "dashed: an encoder as it is born. Each seed draws which tasks are taught; fewer are among more."
    )
    said = [
        said_of(found, TO_LEARN),
        _counted("An encoder taught other tasks, less one as it is born", above),
        _counted(f"More examples of each task, less {sizes[0]}", larger) if larger else "",
    ]
    tables: list[Part] = [
        _slopes(found, TO_LEARN, share),
        verdicts.table(
            f"Tasks never taught: less an encoder as it is born, points: mean paired difference [{share} interval]",
            ["arm", "metric", "examples of each", "tasks taught"],
            above,
            scale=100,
            words=2,
        ),
    ]
    if larger:
        tables.append(
            verdicts.table(
                f"Tasks never taught: so many examples of each task less {sizes[0]}, points: mean paired difference "
                f"[{share} interval]",
                ["examples of each", "metric", "tasks taught"],
                larger,
                scale=100,
                words=2,
            )
        )
    return [
        Words([" ".join(filter(None, said))], heading=TO_LEARN.heading),
        _figures(taught, TO_LEARN, caption, level, floor),
        *tables,
    ]


def grown(scores: pd.DataFrame, level: float) -> list[Comparison]:
    """The slope of each curve of each metric, per doubling: one family, corrected together by Holm's rule."""
    made = []
    for (metric, curve), rows in scores.groupby(["metric", "curve"], sort=False):
        each = [
            slopes.a_doubling(one["level"].astype(float).tolist(), one["value"].tolist())
            for _, one in rows.groupby("seed", sort=False)
        ]
        made.append(((str(metric),), str(curve), slopes.from_nothing(np.array(each), level)))
    corrected = significance.holm([told.p for *_, told in made])
    return [
        Comparison(cell, curve, "", told, p, comparisons.verdict(told, p, level))
        for (cell, curve, told), p in zip(made, corrected, strict=True)
    ]


def said_of(found: Sequence[Comparison], question: Question) -> str:
    """Which curves rise and by how much a doubling; that nothing is claimed among it."""
    if any(c.verdict == "few" for c in found):
        return f"{question.heading}: nothing is claimed below {comparisons.FEWEST} seeds."
    told = []
    for verdict in ("better", "worse"):
        claims = [c for c in found if c.verdict == verdict]
        told += [f"{SAID[verdict]} for {parts.series([_claim(c, question) for c in claims])}"] if claims else []
    silent = [_curve(c, question) for c in found if c.verdict == "open"]
    told += [f"of {parts.series(silent)} nothing is claimed"] if silent else []
    return f"With every doubling of {question.subject}, quality {'; '.join(told)}."


def _claim(c: Comparison, question: Question) -> str:
    points = parts.number(c.difference.mean, 1, scale=100, sign=True)
    return f"{_curve(c, question)} ({points} points {parts.apart(c.difference, scale=100)})"


def _curve(c: Comparison, question: Question) -> str:
    metric = "R²" if c.cell[0] == "r2" else c.cell[0]
    return c.arm if question is LEARNABILITY else f"{metric}, {c.arm} {question.each}"


def _counted(subject: str, family: Sequence[Comparison]) -> str:
    told = verdicts.counted(family) or f"Nothing is claimed below {comparisons.FEWEST} seeds."
    return f"{subject}: {told[0].lower()}{told[1:]}"


def _where(unit: str) -> verdicts.Where:
    """Cells of a task and a number: parity at 10 and 40, ink at 640."""

    def said(cells: Sequence[tuple[str, ...]]) -> str:
        of: dict[str, list[str]] = {}
        for curve, number in cells:
            of.setdefault(curve, []).append(number)
        return f"in {parts.series([f'{curve} at {parts.series(told)}' for curve, told in of.items()])} {unit}"

    return said


def _slopes(found: Sequence[Comparison], question: Question, share: str) -> Table:
    rows = [
        [
            Cell(c.arm),
            Cell("R²" if c.cell[0] == "r2" else c.cell[0]),
            *comparisons.told(c, scale=100, digits=2)[:-1],
            Cell(SAID[c.verdict], tone=c.verdict),
        ]
        for c in found
    ]
    return Table(
        f"{question.heading}: points gained with every doubling, slope of each seed's least-squares line: mean "
        f"[{share} interval]",
        [question.each, "metric", "points a doubling", *comparisons.COLUMNS[1:]],
        rows,
        words=2,
        note=f"p: t-test of no slope, corrected by Holm for the {len(rows)} slopes of this table. A line says how much "
        "is gained on the whole, whatever the curve's shape.",
    )


def _figures(
    scores: pd.DataFrame, question: Question, caption: str, level: float, floor: pd.Series | None = None
) -> Figures:
    metrics = [metric for metric in QUALITY if metric in set(scores["metric"])]
    return Figures([(QUALITY[m], _drawing(scores, m, question, level, floor)) for m in metrics], caption)


def _drawing(scores: pd.DataFrame, metric: str, question: Question, level: float, floor: pd.Series | None) -> Markup:
    rows = scores[scores["metric"] == metric]
    title = f"{QUALITY[metric]}, against {question.along}"
    drawn = [
        figures.line(
            f"{curve} {'' if question is LEARNABILITY else question.each}".strip(), of, "level", "value", level
        )
        for curve, of in rows.groupby("curve", sort=False)
    ]
    ticks = sorted({at for line in drawn for at in line.x})
    ends = "; ".join(
        f"{line.name} from {parts.number(line.mean[0], scale=100)} to {parts.number(line.mean[-1], scale=100)}"
        for line in drawn
    )
    return figures.lines(
        f"multitask-{question.name}-{metric}",
        drawn,
        Axis(question.along, ticks, log=True),
        Axis(QUALITY[metric], percent=True),
        title=title,
        told=f"Mean from {ticks[0]:g} to {ticks[-1]:g} {question.along}: {ends}.",
        size=(470, 330),
        seeds=False,
        dashed=None if floor is None else ("as it is born", float(floor[metric].mean())),
    )
