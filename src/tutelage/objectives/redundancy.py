"""Two views of one image should give one code whose numbers say different things. Zbontar et al., 2021."""

import torch
from jaxtyping import Float
from torch import Tensor


def cross_correlation(one: Float[Tensor, "n dim"], other: Float[Tensor, "n dim"]) -> Float[Tensor, "dim dim"]:
    """C_ij = Σ (a_i − ā_i)(b_j − b̄_j) / √(Σ (a_i − ā_i)² Σ (b_j − b̄_j)²), sums over examples; equation 2.

    A number that is the same for all examples correlates with none.
    """
    a, b = (_centred(z) for z in (one, other))
    return a.T @ b


def _centred(z: Float[Tensor, "n dim"]) -> Float[Tensor, "n dim"]:
    """Each number less its mean, of length 1; 0 where all that is left is rounding."""
    away = z - z.mean(0)
    length, rounding = away.square().sum(0), len(z) * (16 * torch.finfo(z.dtype).eps * z.abs().amax(0)).square()
    differs = length > rounding
    return torch.where(differs, away / torch.where(differs, length, 1).sqrt(), 0)


def invariance(correlation: Float[Tensor, "dim dim"]) -> Float[Tensor, ""]:
    """Σ_i (1 − C_ii)²: nothing where both views tell the same; equation 1."""
    return (1 - correlation.diagonal()).square().sum()


def redundancy(correlation: Float[Tensor, "dim dim"]) -> Float[Tensor, ""]:
    """Σ_{i≠j} C_ij²: nothing where no two numbers tell the same; equation 1."""
    return correlation.square().sum() - correlation.diagonal().square().sum()
