"""Euclidean distances of one set to another, block by block: memory is flat in the number of pairs.

What comes of a block is written into one array made before: small ones kept between freed blocks would hold these back.
"""

from collections.abc import Iterator

import torch
from jaxtyping import Float, Int
from torch import Tensor

CELLS = 2**20  # numbers in a block: 8 MiB of doubles
CANDIDATES = 4  # the expansion's nearest, whose differences are then looked at

Block = tuple[slice, Float[Tensor, "block m"]]


def exact(x: Float[Tensor, "n dim"], others: Float[Tensor, "m dim"]) -> Iterator[Block]:
    """ρ(x, y) of some rows of x, by the differences themselves: 0 between equals, and to the last digit the same both
    ways, so that on the rim of a ball is neither in nor out by chance."""
    for rows in slices(len(x), len(others)):
        yield rows, torch.cdist(x[rows], others, compute_mode="donot_use_mm_for_euclid_dist")


def squared(x: Float[Tensor, "n dim"], others: Float[Tensor, "m dim"]) -> Iterator[Block]:
    """ρ²(x, y) = ‖x‖² + ‖y‖² − 2xy of some rows of x, as one product; in doubles wrong by some 1e-16·(‖x‖² + ‖y‖²)."""
    length = others.square().sum(1)
    for rows in slices(len(x), len(others)):
        part = x[rows]
        yield rows, torch.addmm(part.square().sum(1, keepdim=True) + length, part, others.T, alpha=-2).clamp_(min=0)


def nearest(x: Float[Tensor, "n ..."], others: Float[Tensor, "m ..."]) -> tuple[Int[Tensor, "n"], Float[Tensor, "n"]]:
    """Which of the others is nearest to each x, of up to four equals the first, and ρ to it."""
    x, others = x.flatten(1).double(), others.flatten(1).double()
    index, distance = torch.empty(len(x), dtype=torch.long, device=x.device), x.new_empty(len(x))
    for rows, rho in squared(x, others):
        few = rho.topk(min(CANDIDATES, len(others)), largest=False).indices.sort(1).values
        # One after another: all their pixels at once would be more than the block of distances.
        apart = torch.stack([(x[rows] - others[one]).square().sum(1) for one in few.T], 1)
        best = apart.argmin(1, keepdim=True)
        index[rows], distance[rows] = few.gather(1, best)[:, 0], apart.gather(1, best)[:, 0].sqrt()
    return index, distance


def slices(n: int, m: int) -> Iterator[slice]:
    """Rows of n whose distances to m others fill a block, and the next, to the end."""
    size = max(1, CELLS // m)
    return (slice(first, first + size) for first in range(0, n, size))
