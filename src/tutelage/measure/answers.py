"""How well tasks are told: the share of right classes, or the share of a number's variance that is explained."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from torch import Tensor

from tutelage.data import tasks as data
from tutelage.data.tasks import Table, Task
from tutelage.measure import regression

Told = tuple[str, str, float]
"""A task's name, the metric and its value."""
Encode = Callable[[Float[Tensor, "n ..."]], Float[Tensor, "n dim"]]


class Answers(Protocol):
    """The ability to tell many tasks: a column each, as a table has them."""

    def answers(self, x: Float[Tensor, "n ..."], /) -> Float[Tensor, "n task"]: ...


def quality(told: Float[ndarray, "n"], y: Float[ndarray, "n"], *, number: bool) -> tuple[str, float]:
    """The metric's name, `r2` of a number and `accuracy` of classes, and its value where y is not NaN."""
    of = ~np.isnan(y)
    if number:
        return "r2", regression.scores(told[of, None], y[of, None])["r2"]
    return "accuracy", float(np.mean(told[of] == y[of]))


def probed(
    z: Float[ndarray, "n dim"],
    y: Float[ndarray, "n"],
    asked: Float[ndarray, "m dim"],
    *,
    classes: int,
    strengths: Sequence[float],
) -> Float[ndarray, "m"]:
    """A probe's answers, from the codes of examples whose y is not NaN; 0 classes: a number.

    Ridge regression, of classes on their indicators: one probe for both, in closed form; leaving one out chooses the
    strength of its L2 penalty.
    """
    of = ~np.isnan(y)
    known = np.eye(classes)[y[of].astype(int)] if classes else y[of, None]
    told = regression.ridge(z[of], known, asked, strengths=strengths)
    return np.asarray(told.argmax(1) if classes else told[:, 0], float)


def direct(learner: Answers, x: Float[Tensor, "n ..."], table: Table, tasks: Sequence[Task]) -> list[Told]:
    """Each of its tasks as it tells them itself, asked of the examples that are of any."""
    rows = data.asked(table)
    told, truth = learner.answers(x[rows]).cpu().numpy(), table[rows].cpu().numpy()
    return [(t.name, *quality(told[:, k], truth[:, k], number=not t.classes)) for k, t in enumerate(tasks)]


def by_probe(
    encode: Encode,
    few: tuple[Tensor, Table],
    asked: tuple[Tensor, Table],
    tasks: Sequence[Task],
    *,
    strengths: Sequence[float],
) -> list[Told]:
    """The same by a probe of codes, from the few examples that have answers."""
    rows, others = data.asked(few[1]), data.asked(asked[1])
    z, questions = (encode(x[of]).cpu().numpy() for x, of in ((few[0], rows), (asked[0], others)))
    known, truth = few[1][rows].cpu().numpy(), asked[1][others].cpu().numpy()
    made = []
    for k, task in enumerate(tasks):
        of = ~np.isnan(truth[:, k])
        told = probed(z, known[:, k], questions[of], classes=len(task.classes), strengths=strengths)
        made.append((task.name, *quality(told, truth[of, k], number=not task.classes)))
    return made


def means(scores: Sequence[Told]) -> dict[str, float]:
    """Over tasks of a kind: shares of right classes and of variance are no one unit."""
    kinds = {metric: [v for _, m, v in scores if m == metric] for _, metric, _ in scores}
    return {metric: sum(values) / len(values) for metric, values in kinds.items()}
