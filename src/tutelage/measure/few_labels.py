"""What few labels lead to, of classes or of numbers: a learner's own answers, or a probe's of its codes."""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Num
from torch import Tensor

from tutelage.measure import classification, exam, probes, regression


def direct(learner: exam.Predicts, x: Float[Tensor, "n ..."], y: Num[Tensor, "n ..."]) -> dict[str, float]:
    """Its own predictions against the truth; whole numbers are classes."""
    return (regression if y.is_floating_point() else exam).direct(learner, x, y)


def probed(
    learner: exam.Encodes,
    views: Float[Tensor, "view n c h w"],
    y: Num[Tensor, "n ..."],
    x_asked: Float[Tensor, "m c h w"],
    y_asked: Num[Tensor, "m ..."],
    *,
    strengths: Sequence[float],
    folds: int,
) -> dict[str, float]:
    """A linear probe of its codes, taught on the labelled examples in all their views, of which the middle is plain."""
    z = torch.stack([exam.encoded(learner, x) for x in views]).cpu().numpy()
    questions, known, truth = exam.encoded(learner, x_asked).cpu().numpy(), y.cpu().numpy(), y_asked.cpu().numpy()
    plain = z[len(z) // 2]
    if y.is_floating_point():
        return regression.scores(regression.ridge(plain, known, questions, strengths=strengths, views=z), truth)
    told = probes.linear(plain, known, questions, strengths=strengths, folds=folds, views=z)
    return classification.scores(told, truth)
