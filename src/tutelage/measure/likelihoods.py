"""What a model with latent numbers makes of images it never saw, in nats."""

from collections.abc import Mapping
from typing import Protocol

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from tutelage.objectives import variational


class Latent(Protocol):
    def loss(self, batch: dict[str, Tensor], /) -> tuple[Tensor, Mapping[str, Tensor]]: ...
    def log_weights(
        self, x: Float[Tensor, "n ..."], samples: int, generator: Generator, /
    ) -> Float[Tensor, "samples n"]: ...


def bounds(learner: Latent, x: Float[Tensor, "n ..."], noise: Float[Tensor, "n 1 latent"]) -> dict[str, float]:
    """Distortion, rate and the evidence lower bound of an image in the mean, one sample each."""
    with torch.no_grad():
        _, told = learner.loss({"x": x, "noise": noise})
    distortion, rate = float(told["distortion"]), float(told["rate"])
    return {"distortion": distortion, "rate": rate, "elbo": -distortion - rate}


def importance_weighted(
    learner: Latent, x: Float[Tensor, "n ..."], samples: int, generator: Generator, block: int = 100
) -> dict[str, float]:
    """`log_likelihood`, the importance-weighted estimate of ln p(x) of an image in the mean; its error over images.

    And `elbo`, the mean of the same ln w: by Jensen's inequality never above it, whatever was drawn.
    """
    estimates, elbos = [], []
    for part in x.split(block):
        with torch.no_grad():
            log_weights = learner.log_weights(part, samples, generator).double()
        estimates.append(variational.importance_weighted(log_weights))
        elbos.append(log_weights.mean(0))
    told = torch.cat(estimates)
    error = float(told.std() / len(told) ** 0.5)
    return {
        "elbo": float(torch.cat(elbos).mean()),
        "log_likelihood": float(told.mean()),
        "log_likelihood_error": error,
    }


def active_units(means: Float[Tensor, "n latent"], least: float) -> float:
    """How many latent numbers have a posterior mean whose variance over images exceeds `least`. Burda et al., 2016."""
    return float((means.var(0) > least).sum())
