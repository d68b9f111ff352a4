"""Whether samples lie where the reference does and reach all of it: manifolds as balls around examples.

Kynkäänniemi et al., 2019 (precision and recall); Naeem et al., 2020 (density and coverage).
"""

import torch
from jaxtyping import Float
from torch import Tensor

from tutelage.errors import Mistake
from tutelage.measure import distances


def radii(x: Float[Tensor, "n dim"], neighbours: int) -> Float[Tensor, "n"]:
    """How far each example's k-th nearest other is. Raises Mistake where there are not as many others."""
    if len(x) <= neighbours:
        raise Mistake(
            f"of {len(x)} examples none has a neighbour number {neighbours}; take more examples or ask for fewer"
        )
    x = x.double()
    told = x.new_empty(len(x))
    for rows, rho in distances.exact(x, x):
        # One more, since everyone is their own nearest; kthvalue has no deterministic form on a GPU.
        told[rows] = rho.topk(neighbours + 1, largest=False).values[:, -1]
    return told


def scores(samples: Float[Tensor, "m dim"], reference: Float[Tensor, "n dim"], *, neighbours: int) -> dict[str, float]:
    """Of samples y_j and a reference x_i, B_k(x) the ball around x up to the k-th nearest of its own set:

    precision: the share of y_j that lie in some B_k(x_i); recall: the share of x_i that lie in some B_k(y_j).
    density: Σ_ij [y_j ∈ B_k(x_i)]/(k·m), 1 in the mean for two samples of one distribution, and more where samples
    crowd. coverage: the share of x_i with some y_j in B_k(x_i).

    Kynkäänniemi et al., 2019, equations 1 and 2, whose balls hold their rim; Naeem et al., 2020, section 3,
    whose balls are open in their code, so that a set has density 1 in itself.
    """
    y, x = samples.double(), reference.double()
    around_y, around_x = radii(y, neighbours), radii(x, neighbours)
    precise = inside = torch.zeros((), dtype=torch.long, device=x.device)
    recalled = torch.zeros(len(x), dtype=torch.bool, device=x.device)
    nearest = torch.full_like(around_x, torch.inf)
    for rows, rho in distances.exact(y, x):
        precise = precise + (rho <= around_x).any(1).sum()
        inside = inside + (rho < around_x).sum()
        recalled |= (rho <= around_y[rows, None]).any(0)
        nearest = torch.minimum(nearest, rho.amin(0))
    return {
        "precision": int(precise) / len(y),
        "recall": float(recalled.double().mean()),
        "density": int(inside) / (neighbours * len(y)),
        "coverage": float((nearest < around_x).double().mean()),
    }
