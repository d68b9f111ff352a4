"""Synthesis: images like one that is there, from its code with noise on it; and like none, from all codes' Gaussian."""

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


def drawn(learner: Decodes, z: Float[Tensor, "t dim"], count: int, generator: Generator) -> Float[Tensor, "count ..."]:
    """What comes of codes drawn from the Gaussian that has the mean and the covariance of z: a model that only gives
    images back makes new ones. Numbers that do not vary, or vary together, go on to."""
    codes = z.double()
    mean = codes.mean(0)
    # z − μ = QR, so RᵀR/(n − 1) = C; Cholesky's needs full rank.
    root = torch.linalg.qr((codes - mean) / (len(z) - 1) ** 0.5, mode="r").R
    draws = torch.randn(count, len(root), generator=generator, dtype=torch.float64).to(z.device)
    return exam.decoded(learner, (mean + draws @ root).to(z))
