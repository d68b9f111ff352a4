"""A code from distances to centres. Coates, Lee and Ng, 2011."""

from jaxtyping import Float
from torch import Tensor


def triangle(distances: Float[Tensor, "n k"]) -> Float[Tensor, "n k"]:
    """max(0, ρ̄ − ρ_k), ρ̄ the mean of an example's distances: 0 for the half of the centres that are far; section 3.2.

    Softer than which centre is nearest, and sparse; the same distance added to all changes nothing.
    """
    return (distances.mean(-1, keepdim=True) - distances).clamp(min=0)
