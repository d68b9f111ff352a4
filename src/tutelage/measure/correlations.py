"""How far the numbers of a code tell the same as each other."""

from jaxtyping import Float
from torch import Tensor

from tutelage.objectives import redundancy


def alike(z: Float[Tensor, "n dim"]) -> float:
    """√ of the mean of r_ij² over i ≠ j, r_ij the correlation over examples of numbers i and j; 0 of one number."""
    dim = z.shape[1]
    correlation = redundancy.cross_correlation(z.double(), z.double())
    others = redundancy.redundancy(correlation).clamp(min=0)  # a difference, which rounding may take below
    return float((others / max(1, dim * (dim - 1))).sqrt())
