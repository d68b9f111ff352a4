"""Parzen windows: the likelihood of images under samples blurred by a Gaussian. Parzen, 1962; Goodfellow et al., 2014.

In many dimensions a poor judge, kept because tables have it: k-means centroids beat real images. Theis et al., 2016.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from tutelage.measure import distances


class Likelihood(NamedTuple):
    """Of images under windows around samples."""

    mean: float  # nats an image
    error: float  # standard error over images, the samples held as they are
    sigma: float  # the windows' standard deviation; the grid was too narrow where it is its first or last


def log_densities(
    x: Float[Tensor, "n ..."], samples: Float[Tensor, "m ..."], sigmas: Sequence[float]
) -> Float[Tensor, "sigma n"]:
    """ln (1/m) Σ_j N(x; s_j, σ²I) in nats, for each σ."""
    x, samples = x.flatten(1).double(), samples.flatten(1).double()
    told = x.new_empty(len(sigmas), len(x))
    for rows, rho in distances.squared(x, samples):
        for row, sigma in zip(told, sigmas, strict=True):
            norm = math.log(len(samples)) + x.shape[1] * math.log(sigma * math.sqrt(2 * math.pi))
            row[rows] = torch.logsumexp(rho / (-2 * sigma**2), 1) - norm
    return told


def bandwidth(valid: Float[Tensor, "n ..."], samples: Float[Tensor, "m ..."], sigmas: Sequence[float]) -> float:
    """The σ of the grid under which the validation images are likeliest; of equals the first."""
    return sigmas[int(log_densities(valid, samples, sigmas).mean(1).argmax())]


def log_likelihood(
    x: Float[Tensor, "n ..."],
    samples: Float[Tensor, "m ..."],
    *,
    valid: Float[Tensor, "v ..."],
    sigmas: Sequence[float],
) -> Likelihood:
    """The mean of ln p over images x, σ chosen on others. Goodfellow et al., 2014, section 5."""
    sigma = bandwidth(valid, samples, sigmas)
    (told,) = log_densities(x, samples, [sigma])
    return Likelihood(float(told.mean()), float(told.std() / len(told) ** 0.5), sigma)
