"""Two views of one image should give one code whose numbers say different things. Zbontar et al., 2021."""

import torch
from jaxtyping import Float
from torch import Tensor


def cross_correlation(one: Float[Tensor, "n dim"], other: Float[Tensor, "n dim"]) -> Float[Tensor, "dim dim"]:
    """C_ij = Σ (a_i − ā_i)(b_j − b̄_j) / √(Σ (a_i − ā_i)² Σ (b_j − b̄_j)²), sums over examples; equation 2.

    A number that is the same for all examples correlates with none.
    """
    a, b = (z - z.mean(0) for z in (one, other))
    least = torch.finfo(one.dtype).tiny
    a, b = (z / z.square().sum(0).clamp(min=least).sqrt() for z in (a, b))
    return a.T @ b


def invariance(correlation: Float[Tensor, "dim dim"]) -> Float[Tensor, ""]:
    """Σ_i (1 − C_ii)²: nothing where both views tell the same; equation 1."""
    return (1 - correlation.diagonal()).square().sum()


def redundancy(correlation: Float[Tensor, "dim dim"]) -> Float[Tensor, ""]:
    """Σ_{i≠j} C_ij²: nothing where no two numbers tell the same; equation 1."""
    return correlation.square().sum() - correlation.diagonal().square().sum()
