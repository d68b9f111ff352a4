"""Many tasks of other data sets: what their own examples bring, and what many tasks bring to those never taught."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from tutelage.report import parts as page
from tutelage.report import tables
from tutelage.report.parts import Cell, Part, Table
from tutelage.report.records import Records
from tutelage.report.sections import multitask_growth as growth
from tutelage.report.sections.multitask_growth import QUALITY, Question

STAGE = "task_sets@"


class Names(NamedTuple):
    """What a data set's parts are called."""

    title: str
    tasks: str
    examples: str  # what is counted of a task
    asked: str  # what is to be said of the tasks never taught


SETS = {
    "omniglot": Names(
        "alphabets of Omniglot",
        "alphabets",
        "drawings of each character",
        "They are the alphabets of the authors' other half; people are asked about from whom the probe learns nothing.",
    ),
    "sarcos": Names(
        "torques of a robot's arm",
        "torques",
        "examples",
        "Each seed draws which they are; what is asked lies in other stretches of time.",
    ),
}


def parts(records: Records) -> list[Part]:
    """Of every set that dvc.yaml has and that left a record; nothing where there is none."""
    left = set(records.scores["stage"])
    made: list[Part] = []
    for stage in records.entries:
        if stage.startswith(STAGE) and stage in left:
            made += _of(stage.removeprefix(STAGE), records)
    return made


def _of(name: str, records: Records) -> list[Part]:
    scores, names, level = records.of(STAGE + name), SETS[name], records.level
    share = page.share(level)
    examples, tasks = (scores[scores["at"] == at] for at in ("examples", "tasks"))
    alone = Question(
        f"{name}-examples",
        f"Learnability: {names.title}",
        names.examples,
        "task",
        f"a task's {names.examples}, taught alone",
        names.examples,
    )
    learn = Question(
        f"{name}-tasks",
        f"Learning to learn: {names.title}",
        f"{names.tasks} taught",
        names.examples,
        f"the number of {names.tasks} taught",
        names.examples,
    )
    labels = records.blocks["task_sets"][name]["learning_to_learn"]["labels"]
    (metric,) = set(scores["metric"])
    return [
        *growth.learnability(examples, level, alone),
        _values(
            f"{alone.heading}, {QUALITY[metric]}: mean over seeds [{share} interval]",
            examples.rename(columns={"with_level": "of"}),
            ["task", "net", names.examples],
            level,
        ),
        *growth.learning_to_learn(tasks, labels, level, learn, names.asked),
        _values(
            f"{learn.heading}, {QUALITY[metric]}: mean over seeds [{share} interval]",
            tasks.rename(columns={"with_level": "of"}),
            [names.examples, "encoder", learn.along],
            level,
        ),
    ]


def _values(caption: str, scores: pd.DataFrame, heads: Sequence[str], level: float) -> Table:
    """A row a curve and an arm, a column a level."""
    cells = tables.cells(scores, ("of", "arm", "level"), level)
    across = sorted({at for *_, at in cells}, key=float)
    rows = list(dict.fromkeys((of, arm) for of, arm, _ in cells))
    first, second, along = heads
    return Table(
        caption,
        [first, second, *across],
        [
            [Cell(of), Cell(arm), *(page.interval(cells.get((of, arm, at)), scale=100) for at in across)]
            for of, arm in rows
        ],
        words=2,
        note=f"Columns: {along}.",
        folded=True,
    )
