"""What a model with latent numbers makes of images it never saw, in nats."""

from collections.abc import Mapping
from typing import Any, Protocol

import torch
from jaxtyping import Float
from torch import Generator, Tensor


class Latent(Protocol):
    def loss(self, batch: dict[str, Tensor], /) -> tuple[Tensor, Mapping[str, Tensor]]: ...
    def encode(self, x: Float[Tensor, "n ..."], /) -> Float[Tensor, "n latent"]: ...
    def log_likelihood(self, x: Float[Tensor, "n ..."], samples: int, generator: Generator, /) -> Any: ...


def bounds(learner: Latent, x: Float[Tensor, "n ..."], noise: Float[Tensor, "n 1 latent"]) -> dict[str, float]:
    """Distortion, rate and the evidence lower bound of an image in the mean, one sample each."""
    with torch.no_grad():
        _, told = learner.loss({"x": x, "noise": noise})
    distortion, rate = float(told["distortion"]), float(told["rate"])
    return {"distortion": distortion, "rate": rate, "elbo": -distortion - rate}


def importance_weighted(
    learner: Latent, x: Float[Tensor, "n ..."], samples: int, generator: Generator, block: int = 100
) -> dict[str, float]:
    """The importance-weighted estimate of ln p(x) of an image in the mean, and its standard error over images."""
    with torch.no_grad():
        told = torch.cat([learner.log_likelihood(part, samples, generator) for part in x.split(block)]).double()
    return {"log_likelihood": float(told.mean()), "log_likelihood_error": float(told.std() / len(told) ** 0.5)}


def active_units(means: Float[Tensor, "n latent"], least: float) -> float:
    """How many latent numbers have a posterior mean whose variance over images exceeds `least`. Burda et al., 2016."""
    return float((means.var(0) > least).sum())
