"""The variational autoencoder's bounds. Kingma and Welling, 2014; Burda, Grosse and Salakhutdinov, 2016."""

import math

import torch
from jaxtyping import Float
from torch import Tensor


def kl(mean: Float[Tensor, "n latent"], log_variance: Float[Tensor, "n latent"]) -> Float[Tensor, "n"]:
    """KL(N(μ, σ²) ‖ N(0, 1)) = ½ Σ (μ² + σ² − 1 − ln σ²) in nats. Kingma and Welling, 2014, appendix B."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(-1)


def log_normal(
    z: Float[Tensor, "... latent"], mean: Float[Tensor, "... latent"], log_variance: Float[Tensor, "... latent"]
) -> Float[Tensor, "..."]:
    """ln N(z; μ, σ²) in nats, summed over the latent numbers."""
    square = (z - mean).square() * (-log_variance).exp()
    return -0.5 * (square + log_variance + math.log(2 * math.pi)).sum(-1)


def importance_weighted(log_weights: Float[Tensor, "k n"]) -> Float[Tensor, "n"]:
    """ln (1/K) Σ_k w_k, w_k = p(x, z_k)/q(z_k|x): a lower bound of ln p(x) in the mean, tighter the more samples.

    One sample of each example is an estimate of the evidence lower bound. Burda et al., 2016, equation 8.
    """
    return torch.logsumexp(log_weights, dim=0) - math.log(len(log_weights))
