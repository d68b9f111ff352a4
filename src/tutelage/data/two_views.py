"""Unlabelled examples in a weak and in a strong view, beside labelled ones in theirs."""

from typing import Annotated

import torch
from annotated_types import Ge, Lt
from jaxtyping import Float
from torch import Generator, Tensor

from tutelage.data import augmentation, views
from tutelage.data.batches import Batch, View
from tutelage.data.pairs import Pair


class Strength(augmentation.Strength):
    """How far a strong view may lie from its image."""

    contrast: Annotated[float, Ge(0), Lt(1)]  # share by which each channel is brightened or darkened, at most


class Both(Pair):
    """A pair that keeps every column of its unlabelled examples: their views."""

    def draw(self) -> Batch:
        told = self._labelled()
        return {**self.unlabelled.draw(), "x_labelled": told["x"], "y": told["y"]}

    def _labelled(self) -> Batch:
        if self._since == self.labelled.per_epoch:
            self._began, self._since = self.labelled.state(), 0
        self._since += 1
        return self.labelled.draw()


def twice(shift: int, strength: Strength | None) -> View:
    """A view with the columns `weak`, moved by up to `shift` pixels, and `strong`, if a strength is given, for `x`."""
    weak, strongly = views.shift(shift), strong(strength) if strength else None

    def view(batch: Batch, draws: Generator) -> Batch:
        told = {name: column for name, column in batch.items() if name != "x"}
        told["weak"] = (weak(batch, draws) if weak else batch)["x"]
        return told | {"strong": strongly(batch, draws)["x"]} if strongly else told

    return view


def strong(strength: Strength) -> View:
    """A view in which each image is augmented, and brightened or darkened."""

    def view(batch: Batch, draws: Generator) -> Batch:
        x = contrasted(batch["x"], strength.contrast, draws)
        return {**batch, "x": augmentation.seen(x, strength, draws)}

    return view


def contrasted(x: Float[Tensor, "n c h w"], by: float, draws: Generator) -> Float[Tensor, "n c h w"]:
    """Each channel of each image times a number of its own, uniform in 1 ± by: of colours the tint changes too."""
    if by == 0:
        return x
    return x * (1 + by * (2 * torch.rand(*x.shape[:2], 1, 1, generator=draws) - 1)).to(x)
