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
FLOORS = {"random": "an encoder as it is born", "raw": "the examples as they are"}
BESIDE = {"random": "one as it is born", "raw": "the examples as they are"}
PAIRS = "Pairs are of classes of which the encoder saw no image."
SAID = {"better": "rises", "worse": "falls", "open": "open", "few": "too few seeds"}


class Question(NamedTuple):
    """One of the lecture's two: quality against what, and what one curve is of."""

    name: str  # of its drawings, unique on the page
    heading: str
    along: str
    each: str  # names `scores.curve`; `task` where that is a task's name
    subject: str  # `Tasks taught alone rise with their examples: …`
    unit: str  # what is counted of a task


LEARNABILITY = Question(
    "multitask-examples",
    "Learnability",
    "examples of the task",
    "task",
    "a task's own examples, taught alone",
    "examples",
)
TO_LEARN = Question(
    "multitask-tasks", "Learning to learn", "tasks taught", "examples of each", "the number of tasks taught", "examples"
)


def learnability(scores: pd.DataFrame, level: float, question: Question = LEARNABILITY) -> list[Part]:
    """Of `at: examples`: each task alone against its own examples; one net for them all beside it."""
    curves = scores.assign(curve=scores["with_level"])
    alone = curves[curves["arm"] == "alone"]
    found = grown(alone, level)
    family = comparisons.compare(curves, [("together", "alone")], ("curve", "level"), level)
    where = _where(question.unit)
    share = parts.share(level)
    caption = (
        f"Nets of one task each, on the test part. Line: mean over seeds; band: {share} interval. Each seed draws "
        "which examples of a task have answers; fewer are among more."
    )
    said = (
        f"{said_of(found, question)} {verdicts.said(family, 'One net for these tasks, against alone', where)} Each "
        "net takes as many steps: a task alone has them all, one of several its share. Where a task has fewer examples "
        "than a batch, fewer are shown."
    )
    heads = ["arm", "task", question.unit]
    title = f"One net for these tasks less nets of one task, points: mean paired difference [{share} interval]"
    return [
        Words([said], heading=question.heading),
        _figures(alone, question, caption, level),
        _slopes(found, question, share),
        verdicts.table(title, heads, family, scale=100),
    ]


def learning_to_learn(
    scores: pd.DataFrame, labels: int, level: float, question: Question = TO_LEARN, asked: str = PAIRS
) -> list[Part]:
    """Of `at: tasks`: what a probe of the codes makes of tasks never taught; an encoder as it is born is the floor.

    `asked` says of the tasks never taught what else there is to say.
    """
    taught = scores[scores["arm"] == "taught"]
    taught = taught.assign(curve=taught["with_level"])
    floors = {arm: scores[scores["arm"] == arm].set_index(["metric", "seed"])["value"] for arm in FLOORS}
    floors = {arm: floor for arm, floor in floors.items() if len(floor)}
    found = grown(taught, level)
    share = parts.share(level)
    above = {arm: _above(taught, arm, floor, level) for arm, floor in floors.items()}
    sizes = sorted(set(taught["curve"]), key=float)
    larger = comparisons.compare(
        taught.assign(arm=taught["curve"]), [(m, sizes[0]) for m in sizes[1:]], ("metric", "level"), level
    )
    caption = (
        f"A linear probe of the codes, on {labels} {question.unit} of a task never taught; mean over such tasks, on "
        f"the test part. {asked} Line: mean over seeds; band: {share} interval; dashed: an encoder as it is born. Each "
        "seed draws which tasks are taught; fewer are among more."
    )
    said = [
        said_of(found, question),
        *(_counted(f"An encoder taught other tasks, less {BESIDE[arm]}", family) for arm, family in above.items()),
        _counted(f"More examples of each task, less {sizes[0]}", larger) if larger else "",
    ]
    tables: list[Part] = [
        _slopes(found, question, share),
        *(
            verdicts.table(
                f"Tasks never taught: less {FLOORS[arm]}, points: mean paired difference [{share} interval]",
                ["arm", "metric", question.each, question.along],
                family,
                scale=100,
                words=2,
            )
            for arm, family in above.items()
        ),
    ]
    if larger:
        tables.append(
            verdicts.table(
                f"Tasks never taught: so many examples of each task less {sizes[0]}, points: mean paired difference "
                f"[{share} interval]",
                [question.each, "metric", question.along],
                larger,
                scale=100,
                words=2,
            )
        )
    return [
        Words([" ".join(filter(None, said))], heading=question.heading),
        _figures(taught, question, caption, level, floors["random"]),
        *tables,
    ]


def _above(taught: pd.DataFrame, arm: str, floor: pd.Series, level: float) -> list[Comparison]:
    """What was taught, less a floor of the same seed, in one family."""
    below = taught.assign(arm=arm, value=[floor[at] for at in zip(taught["metric"], taught["seed"], strict=True)])
    return comparisons.compare(pd.concat([taught, below]), [("taught", arm)], ("metric", "curve", "level"), level)


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
    return c.arm if question.each == "task" else f"{metric}, {c.arm} {question.each}"


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
        figures.line(f"{curve} {'' if question.each == 'task' else question.each}".strip(), of, "level", "value", level)
        for curve, of in rows.groupby("curve", sort=False)
    ]
    ticks = sorted({at for line in drawn for at in line.x})
    ends = "; ".join(
        f"{line.name} from {parts.number(line.mean[0], scale=100)} to {parts.number(line.mean[-1], scale=100)}"
        for line in drawn
    )
    return figures.lines(
        f"{question.name}-{metric}",
        drawn,
        Axis(question.along, ticks, log=True),
        Axis(QUALITY[metric], percent=True),
        title=title,
        told=f"Mean from {ticks[0]:g} to {ticks[-1]:g} {question.along}: {ends}.",
        size=(470, 330),
        seeds=False,
        dashed=None if floor is None else ("as it is born", float(floor[metric].mean())),
    )
