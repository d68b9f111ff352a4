"""Small dense nets side by side, each a row of numbers: what many at once are asked costs one product of matrices."""

from itertools import pairwise
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from tutelage import streams


class Net(NamedTuple):
    """Stacked nets of one build, each a row of numbers; a row is the weights, then the biases."""

    features: int
    hidden: int
    classes: int

    def size(self) -> int:
        sides = self._sides()
        return sum(a * b + b for a, b in sides)

    def answer(self, w: Float[Tensor, "split fit p"], x: Float[Tensor, "split n d"]) -> Float[Tensor, "split fit n k"]:
        """Logits: of the examples of its split each fit's own."""
        told, begin = x, 0
        for number, (a, b) in enumerate(self._sides()):
            weight = w[..., begin : begin + a * b].unflatten(-1, (a, b))
            bias = w[..., begin + a * b : begin + a * b + b].unsqueeze(-2)
            told = (torch.einsum("snd,sfdk->sfnk", told, weight) if number == 0 else told.tanh() @ weight) + bias
            begin += a * b + b
        return told

    def weighs(self) -> Float[Tensor, "p"]:
        """1 for each weight, 0 for each bias: a penalty is of weights."""
        return torch.cat([torch.cat([torch.ones(a * b), torch.zeros(b)]) for a, b in self._sides()]).double()

    def born(self, splits: int, name: str) -> Float[Tensor, "split p"]:
        """Linear ones at 0, whose minimum is one; others drawn, a split's the same in every fit."""
        if not self.hidden:
            return torch.zeros(splits, self.size(), dtype=torch.float64)
        return torch.stack([self._drawn(streams.generator(split, name)) for split in range(splits)])

    def _drawn(self, draws: torch.Generator) -> Float[Tensor, "p"]:
        parts = [
            torch.cat([torch.randn(a * b, generator=draws, dtype=torch.float64) / a**0.5, torch.zeros(b).double()])
            for a, b in self._sides()
        ]
        return torch.cat(parts)

    def _sides(self) -> list[tuple[int, int]]:
        sides = [self.features, *([self.hidden] if self.hidden else []), self.classes]
        return list(pairwise(sides))
