"""Dense layers that learn their own activation. Goodfellow et al., 2013: maxout networks."""

from math import prod

from jaxtyping import Float
from torch import Tensor, nn


class Maxout(nn.Module):
    """max over j of W_j x + b_j, for each unit its own pieces; section 3."""

    def __init__(self, features: int, units: int, pieces: int) -> None:
        super().__init__()
        self.linear = nn.Linear(features, units * pieces)
        self.pieces = pieces

    def forward(self, x: Float[Tensor, "n features"]) -> Float[Tensor, "n units"]:
        most: Tensor = self.linear(x).unflatten(1, (-1, self.pieces)).amax(2)
        return most


class MaxoutEncoder(nn.Module):
    """An image's numbers through one hidden layer to a code of `width` numbers, both maxout.

    The discriminator of Goodfellow et al., 2014, less its dropout.
    """

    def __init__(self, shape: tuple[int, int, int], *, hidden: int, pieces: int, width: int) -> None:
        super().__init__()
        self.width = width
        self.layers = nn.Sequential(nn.Flatten(), Maxout(prod(shape), hidden, pieces), Maxout(hidden, width, pieces))

    def forward(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n width"]:
        code: Tensor = self.layers(x)
        return code
