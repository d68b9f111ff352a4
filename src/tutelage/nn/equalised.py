"""Weights are born with variance 1 and scaled as they work, so that one rate suits all layers. Karras et al., 2018."""

import torch
import torch.nn.functional as F  # noqa: N812
from jaxtyping import Float
from torch import Tensor, nn


class Linear(nn.Module):
    """Section 4.1: W/√features at work. `rate` below 1: weights are born as much larger, so that a step moves less."""

    def __init__(self, features: int, units: int, *, bias: float = 0, rate: float = 1) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(units, features) / rate)
        self.bias = nn.Parameter(torch.full((units,), bias / rate))
        self.scale, self.rate = rate / features**0.5, rate

    def forward(self, x: Float[Tensor, "n features"]) -> Float[Tensor, "n units"]:
        return F.linear(x, self.scale * self.weight, self.rate * self.bias)


def leaky(x: Float[Tensor, "n ..."]) -> Float[Tensor, "n ..."]:
    """A leak of 0.2, and √2 so that what comes in with variance 1 goes out with about as much."""
    return 2**0.5 * F.leaky_relu(x, 0.2)
