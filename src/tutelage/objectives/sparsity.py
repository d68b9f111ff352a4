"""Penalties that ask for few: few weights, few active numbers in a code."""

from jaxtyping import Float
from torch import Tensor


def soft_threshold(weight: Tensor, by: float) -> Tensor:
    """sign(w) max(|w| − by, 0): the proximal step of by·Σ|w|. What is smaller than `by` becomes exactly 0.

    Parikh and Boyd, Proximal algorithms, 2014, section 6.5.2.
    """
    return weight.sign() * (weight.abs() - by).clamp(min=0)


def shrink(weight: Tensor, by: float) -> Tensor:
    """w / (1 + by): the proximal step of by·Σw²/2. Everything gets smaller and nothing 0.

    Parikh and Boyd, Proximal algorithms, 2014, section 6.1.1.
    """
    return weight / (1 + by)


def l1(codes: Float[Tensor, "n width"]) -> Float[Tensor, "n"]:
    """Σ_j |z_j| of each example."""
    return codes.abs().sum(1)


def rate_divergence(codes: Float[Tensor, "n width"], *, target: float) -> Float[Tensor, ""]:
    """Σ_j [ρ ln(ρ/ρ̂_j) + (1 − ρ) ln((1 − ρ)/(1 − ρ̂_j))] in nats, ρ̂_j unit j's mean over the batch, codes in (0, 1).

    Ng, Sparse autoencoder, CS294A lecture notes, 2011, section 3. Of a batch and not of an example: the mean rate is.
    """
    rate = codes.mean(0)
    return (target * (target / rate).log() + (1 - target) * ((1 - target) / (1 - rate)).log()).sum()
