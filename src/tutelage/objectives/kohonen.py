"""Kohonen's map (1982): grids, kernels, the plane it starts from, the batch rule."""

from collections.abc import Callable
from typing import Literal

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from tutelage.objectives.competition import gaussian

Topology = Literal["rectangular", "hexagonal"]
ADJACENT = 1.5  # nodes nearer than this are neighbours: 1 and √2 are on a square grid, 1 is on a hexagonal one, √3 not


def nodes(size: tuple[int, int], topology: Topology) -> Float[Tensor, "node 2"]:
    """The nodes' places in the plane, x by x, neighbours at distance 1.

    Hexagonal: every second row is moved by 1/2, rows are √3/2 apart.
    """
    x, y = torch.meshgrid(*(torch.arange(side, dtype=torch.float64) for side in size), indexing="ij")
    if topology == "hexagonal":
        x, y = x + y % 2 / 2, y * 3**0.5 / 2
    return torch.stack([x, y], -1).flatten(0, 1)


def grid_distances(places: Float[Tensor, "node 2"]) -> Float[Tensor, "node node"]:
    """r((x, y), (a, b)) = √((x − a)² + (y − b)²)."""
    return (places[:, None] - places).square().sum(-1).sqrt()


def neighbours(r: Float[Tensor, "node node"]) -> Bool[Tensor, "node node"]:
    """Which nodes are next to each other: up to 8 on a square grid, diagonals too, and up to 6 on a hexagonal one."""
    return (r > 0) & (r < ADJACENT)


def bubble(r: Float[Tensor, "..."], radius: float) -> Float[Tensor, "..."]:
    """1 where r ≤ σ, else 0."""
    return (r <= radius).to(r.dtype)


def mexican_hat(r: Float[Tensor, "..."], radius: float) -> Float[Tensor, "..."]:
    """(1 − r²/2σ²)·exp(−r²/2σ²): the one whose integral over the plane is 0.

    Published code has 1 − r²/σ², which is the hat of one dimension: in two its integral is −2πσ².
    """
    s = r.square() / (2 * radius**2)
    return (1 - s) * torch.exp(-s)


KERNELS: dict[str, Callable[[Tensor, float], Tensor]] = {
    "gaussian": gaussian,
    "bubble": bubble,
    "mexican_hat": mexican_hat,
}


def components(x: Float[Tensor, "n m"], places: Float[Tensor, "node 2"]) -> Float[Tensor, "node m"]:
    """The grid laid on the plane of the first two principal components, its edges a standard deviation from the mean.

    The longer side lies along the first component. Kohonen, 2001. Signs: the largest loading is positive.
    """
    values, vectors = torch.linalg.eigh(torch.atleast_2d(torch.cov(x.double().T)))
    along = torch.zeros(x.shape[1], 2, dtype=torch.float64, device=x.device)  # of one feature there is one component
    found = vectors[:, -2:].flip(1) * values[-2:].flip(0).clamp(min=0).sqrt()
    along[:, : found.shape[1]] = found * found.gather(0, found.abs().argmax(0, keepdim=True)).sign()
    spread = places - (places.amax(0) + places.amin(0)) / 2
    half = spread.amax(0)
    unit = spread / half.clamp(min=0.5)
    if half[1] > half[0]:
        unit = unit.flip(1)
    return (x.double().mean(0) + unit.to(x.device) @ along.T).to(x.dtype)


def batch(
    w: Float[Tensor, "k m"], sums: Float[Tensor, "k m"], counts: Float[Tensor, "k"], kernel: Float[Tensor, "k k"]
) -> Float[Tensor, "k m"]:
    """w_h ← Σ_i K(r(h, y_i))·x_i / Σ_i K(r(h, y_i)); a centre that no example reaches stays. Kohonen, 2013."""
    weight = kernel @ counts
    return torch.where(weight[:, None] > 0, kernel @ sums / weight[:, None], w)
