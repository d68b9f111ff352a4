"""Synthesis: images like one that is there, from its code with noise on it."""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor

from tutelage.measure import exam
from tutelage.measure.exam import Decodes, Predicts


def like(learner: Decodes, z: Float[Tensor, "n dim"], deviation: float, generator: Generator) -> Float[Tensor, "n ..."]:
    """What comes of each code with normal noise of that deviation on every number."""
    return exam.decoded(learner, z + deviation * torch.randn(z.shape, generator=generator).to(z.device))


def beside(
    learner: Decodes, z: Float[Tensor, "n dim"], deviations: Sequence[float], generator: Generator
) -> Float[Tensor, "n k ..."]:
    """What is like each of them, a deviation after another."""
    return torch.stack([like(learner, z, deviation, generator) for deviation in deviations], 1)


def kept(
    learner: Decodes,
    judge: Predicts,
    z: Float[Tensor, "n dim"],
    y: Int[Tensor, "n"],
    deviations: Sequence[float],
    generator: Generator,
) -> list[float]:
    """At each deviation the share of what was made that the judge takes for the class it came of."""
    return [exam.direct(judge, like(learner, z, d, generator), y)["accuracy"] for d in deviations]
