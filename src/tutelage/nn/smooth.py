"""Dense nets for smooth functions, several at once: what a physical law makes of a few numbers has no kinks."""

from itertools import pairwise

import torch
import torch.nn.functional as F  # noqa: N812
from jaxtyping import Float
from torch import Tensor, nn


class Smooth(nn.Module):
    """`nets` nets side by side, each of `depth` hidden layers of SiLU and then a number for each of `told`.

    Their weights are stacked here and multiplied as such, for tiny nets a third of vmap's time.
    """

    def __init__(self, asked: int, told: int, *, hidden: int, depth: int, nets: int) -> None:
        super().__init__()
        shapes = list(pairwise([asked, *[hidden] * depth, told]))
        self.slopes = nn.ParameterList(_born(nets, before, after, before) for before, after in shapes)
        self.offsets = nn.ParameterList(_born(nets, 1, after, before) for before, after in shapes)

    def forward(self, x: Float[Tensor, "net n asked"]) -> Float[Tensor, "net n told"]:
        *hidden, last = zip(self.slopes, self.offsets, strict=True)
        for slope, offset in hidden:
            x = F.silu(torch.baddbmm(offset, x, slope))
        return torch.baddbmm(last[1], x, last[0])


def _born(nets: int, rows: int, columns: int, asked: int) -> nn.Parameter:
    """Uniform within 1/√asked either side, as PyTorch's own layers are born."""
    return nn.Parameter((2 * torch.rand(nets, rows, columns) - 1) / asked**0.5)
