"""What it costs to take one image for another: the losses L(g(f(x)), x) of an autoencoder."""

import torch.nn.functional as F  # noqa: N812
from jaxtyping import Float
from torch import Tensor


def squared(told: Float[Tensor, "n ..."], x: Float[Tensor, "n ..."]) -> Float[Tensor, "n"]:
    """Σ (x̂ − x)² over an example's numbers: up to a constant, −ln of a Gaussian with variance 1/2 around x̂."""
    return (told - x).square().flatten(1).sum(1)


def absolute(told: Float[Tensor, "n ..."], x: Float[Tensor, "n ..."]) -> Float[Tensor, "n"]:
    """Σ |x̂ − x| over an example's numbers: −ln of a Laplace distribution around x̂, up to a constant."""
    return (told - x).abs().flatten(1).sum(1)


def bernoulli(logits: Float[Tensor, "n ..."], x: Float[Tensor, "n ..."]) -> Float[Tensor, "n"]:
    """−Σ [x ln p + (1 − x) ln (1 − p)] in nats, p = 1/(1 + exp(−logit)); x in [0, 1].

    Where x is no 0 or 1 it is a cross-entropy and no likelihood: its least value is x's own entropy, not 0.
    """
    # max(l, 0) − l x + ln(1 + exp(−|l|)): the same, and finite where p rounds to 0 or 1
    return F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(1)
