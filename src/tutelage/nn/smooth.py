"""Dense nets for smooth functions: what a physical law makes of a few numbers has no kinks."""

from itertools import pairwise

from jaxtyping import Float
from torch import Tensor, nn


class Smooth(nn.Module):
    """`depth` hidden layers of SiLU, then a number for each of `told`."""

    def __init__(self, asked: int, told: int, *, hidden: int, depth: int) -> None:
        super().__init__()
        widths = [asked, *[hidden] * depth]
        layers: list[nn.Module] = []
        for before, after in pairwise(widths):
            layers += [nn.Linear(before, after), nn.SiLU()]
        self.layers = nn.Sequential(*layers, nn.Linear(widths[-1], told))

    def forward(self, x: Float[Tensor, "n asked"]) -> Float[Tensor, "n told"]:
        told: Tensor = self.layers(x)
        return told
