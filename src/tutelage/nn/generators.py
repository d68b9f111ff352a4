"""Nets that make images in [0, 1] of noise; `shape` is (channels, height, width) of an image."""

from math import prod

from jaxtyping import Float
from torch import Tensor, nn


class DenseGenerator(nn.Module):
    """Two hidden layers, then every pixel of every channel. Goodfellow et al., 2014."""

    def __init__(self, shape: tuple[int, int, int], *, latent: int, hidden: tuple[int, int]) -> None:
        super().__init__()
        first, second = hidden
        self.layers = nn.Sequential(
            nn.Linear(latent, first),
            nn.ReLU(),
            nn.Linear(first, second),
            nn.ReLU(),
            nn.Linear(second, prod(shape)),
            nn.Sigmoid(),
            nn.Unflatten(1, shape),
        )

    def forward(self, z: Float[Tensor, "n latent"]) -> Float[Tensor, "n c h w"]:
        image: Tensor = self.layers(z)
        return image


class ConvGenerator(nn.Module):
    """A quarter of the image's size by one linear layer, doubled twice by transposed convolutions.

    After Radford et al., 2016; GroupNorm in place of BatchNorm, so that an image depends on its own noise alone. A
    kernel of 4 with stride 2 reaches each pixel equally often: no chequers are born. Sides must be multiples of 4.
    """

    def __init__(self, shape: tuple[int, int, int], *, latent: int, channels: tuple[int, int], groups: int) -> None:
        super().__init__()
        c, height, width = shape
        if height % 4 or width % 4:
            raise ValueError(f"images of {height}×{width}: sides must be multiples of 4")
        first, second = channels
        self.layers = nn.Sequential(
            nn.Linear(latent, first * (height // 4) * (width // 4)),
            nn.Unflatten(1, (first, height // 4, width // 4)),
            nn.GroupNorm(groups, first),
            nn.ReLU(),
            nn.ConvTranspose2d(first, second, 4, stride=2, padding=1),
            nn.GroupNorm(groups, second),
            nn.ReLU(),
            nn.ConvTranspose2d(second, c, 4, stride=2, padding=1),
            nn.Sigmoid(),
        )

    def forward(self, z: Float[Tensor, "n latent"]) -> Float[Tensor, "n c h w"]:
        image: Tensor = self.layers(z)
        return image
