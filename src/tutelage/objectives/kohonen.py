"""Competition between centres, and Kohonen's map (1982): grids, kernels, winners, the online and the batch rule.

A leading `*seed` axis, where there is one, holds centres that learn side by side.
"""

from collections.abc import Callable
from typing import Literal

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

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


def gaussian(r: Float[Tensor, "..."], radius: float) -> Float[Tensor, "..."]:
    """exp(−r²/2σ²)."""
    return torch.exp(r.square() / (-2 * radius**2))


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


def shrunk(start: float, end: float, progress: float) -> float:
    """start / (1 + (start/end − 1)·p), from start at p = 0 to end at p = 1; at end = start/3 MiniSom's p/(1 + 2t/T)."""
    return start / (1 + (start / end - 1) * progress)


def random(
    count: int, features: int, generator: torch.Generator, dtype: torch.dtype = torch.float32
) -> Float[Tensor, "count features"]:
    """Uniform in ±1/(2MH), M features and H centres."""
    return (torch.rand(count, features, generator=generator, dtype=dtype) - 0.5) / (features * count)


def samples(x: Float[Tensor, "n m"], count: int, generator: torch.Generator) -> Float[Tensor, "count m"]:
    """As many examples, no two the same one."""
    return x[torch.randperm(len(x), generator=generator)[:count].to(x.device)]


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


def nearest_two(
    x: Float[Tensor, "n m"], w: Float[Tensor, "k m"], length: Float[Tensor, "k"] | None = None
) -> tuple[Int[Tensor, "n 2"], Float[Tensor, "n 2"]]:
    """The winner argmin ρ(x, w_y) and the next, with ρ² to each; the first of two that are equally near.

    ‖x‖² + ‖w‖² − 2xw as one matrix product finds them (‖x‖² moves none); the differences themselves then say how far,
    and which is nearer: the expansion loses digits where both are far from the origin. `length` is ‖w‖², if known.
    """
    scores = x @ w.T
    torch.sub(w.square().sum(1) if length is None else length, scores, alpha=2, out=scores)
    one, other = scores.topk(2, dim=1, largest=False).indices.unbind(1)
    near, far = (x - w[one]).square().sum(1), (x - w[other]).square().sum(1)
    swap = (far < near) | ((far == near) & (other < one))
    found = torch.stack([torch.where(swap, other, one), torch.where(swap, one, other)], 1)
    return found, torch.stack([torch.where(swap, far, near), torch.where(swap, near, far)], 1)


def online(
    w: Float[Tensor, "*seed k m"], apart: Float[Tensor, "*seed k m"], pull: Float[Tensor, "*seed k"]
) -> Float[Tensor, "*seed k m"]:
    """w_y ← w_y + ηK·(x − w_y) for every y, in place; `apart` is x − w_y, `pull` is ηK."""
    return w.addcmul_(apart, pull.unsqueeze(-1))


def gather(
    x: Float[Tensor, "n m"], w: Float[Tensor, "k m"], block: int
) -> tuple[Float[Tensor, "k m"], Float[Tensor, "k"], Float[Tensor, ""]]:
    """Of each centre the sum and the number of the examples it wins, and of all the mean ρ² to the winner.

    Block by block: memory is flat in n.
    """
    sums, counts, cost = torch.zeros_like(w), torch.zeros_like(w[:, 0]), w.new_zeros(())
    length = w.square().sum(1)
    for part in x.split(block):
        found, squares = nearest_two(part, w, length)
        sums.index_add_(0, found[:, 0], part)
        counts += torch.bincount(found[:, 0], minlength=len(w))
        cost += squares[:, 0].sum()
    return sums, counts, cost / len(x)


def batch(
    w: Float[Tensor, "k m"], sums: Float[Tensor, "k m"], counts: Float[Tensor, "k"], kernel: Float[Tensor, "k k"]
) -> Float[Tensor, "k m"]:
    """w_h ← Σ_i K(r(h, y_i))·x_i / Σ_i K(r(h, y_i)); a centre that no example reaches stays. Kohonen, 2013."""
    weight = kernel @ counts
    return torch.where(weight[:, None] > 0, kernel @ sums / weight[:, None], w)
