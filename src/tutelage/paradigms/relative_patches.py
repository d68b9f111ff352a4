"""Relative patches: which of eight neighbours of a patch another patch is. Doersch, Gupta and Efros, 2015."""

import json
from pathlib import Path
from typing import Annotated, Any

import torch
import torch.nn.functional as F  # noqa: N812
from jaxtyping import Float
from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt, model_validator
from torch import Tensor, nn

from tutelage import params, streams
from tutelage.data import patches
from tutelage.data.batches import Batch
from tutelage.nn import dense, weights
from tutelage.nn.conv import Encoder
from tutelage.training.learner import Learner, Logs


class Params(params.Block):
    """One entry of the block `patches`."""

    side: PositiveInt  # of a patch, pixels; it is shown to f in the size of an image
    gap: NonNegativeInt  # pixels between neighbours
    jitter: NonNegativeInt  # pixels by which each patch of a pair is moved at random, either way
    wander: NonNegativeInt | None  # pixels within which the first one's place is drawn; null: all there is room for
    colour: patches.Colour  # of three channels: kept | projected: no green against magenta | dropped: one stays
    hidden: PositiveInt  # units between both codes and the eight neighbours
    presentations: PositiveInt | None  # of patches to the encoder in all, two a pair; null: the budget's
    learning_rate: PositiveFloat
    weight_decay: NonNegativeFloat

    @property
    def cut(self) -> patches.Cut:
        return patches.Cut(self.side, self.gap, self.jitter, self.wander, self.colour)

    @model_validator(mode="after")
    def _apart(self) -> "Params":
        if self.gap < 2 * self.jitter:
            raise ValueError(
                f"gap is {self.gap} and jitter {self.jitter}: patches would overlap below twice the jitter"
            )
        return self


class Claim(params.Block):
    """The block `patches_exam`: quality not less than by labels."""

    margin: Annotated[float, Field(gt=0, lt=1)]  # of accuracy: less by no more than this is not less


class RelativePatches(Learner):
    """L(g(f(first), f(second)), neighbour): one f for both, cross-entropy over the eight neighbours."""

    def __init__(self, encoder: Encoder, head: nn.Module, *, learning_rate: float, weight_decay: float) -> None:
        super().__init__(learning_rate=learning_rate, weight_decay=weight_decay)
        self.encoder, self.head = encoder, head

    def loss(self, batch: Batch) -> tuple[Tensor, Logs]:
        told = self.predict_neighbour(batch["first"], batch["second"])
        cross_entropy = F.nll_loss(told, batch["neighbour"])
        return cross_entropy, {"loss": cross_entropy}

    def predict_neighbour(
        self, first: Float[Tensor, "n c h w"], second: Float[Tensor, "n c h w"]
    ) -> Float[Tensor, "n 8"]:
        """The logarithms of the neighbours' probabilities, in the order of patches.OFFSETS."""
        told: Tensor = self.head(torch.cat(self.codes(first, second), dim=1))
        return F.log_softmax(told if told.dtype == torch.float64 else told.float(), dim=1)

    def codes(
        self, first: Float[Tensor, "n c h w"], second: Float[Tensor, "n c h w"]
    ) -> tuple[Float[Tensor, "n width"], Float[Tensor, "n width"]]:
        """What g is given of both."""
        one, other = self.encoder(torch.cat([first, second])).chunk(2)
        return one, other

    def encode(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n width"]:
        """Of whole images: what else is asked of f."""
        code: Tensor = self.encoder(x)
        return code


class SecondAlone(RelativePatches):
    """The control, from which the first patch is hidden: what it tells, a second patch tells without another."""

    def codes(
        self, first: Float[Tensor, "n c h w"], second: Float[Tensor, "n c h w"]
    ) -> tuple[Float[Tensor, "n width"], Float[Tensor, "n width"]]:
        z: Tensor = self.encoder(second)
        return torch.zeros_like(z), z


def build(
    block: Params, encoder: params.Encoder, shape: tuple[int, int, int], seed: int, *, alone: bool = False
) -> RelativePatches:
    """A learner as it is born from `seed`, or its control. Raises Mistake for images too small for nine patches."""
    patches.room(block.cut, *shape[1:])
    with streams.born(seed, "encoder"):
        f = Encoder(shape, **encoder.model_dump())
    with streams.born(seed, "neighbours"):
        g = dense.head(2 * f.width, hidden=block.hidden, classes=len(patches.OFFSETS))
    kind = SecondAlone if alone else RelativePatches
    return kind(f, g, learning_rate=block.learning_rate, weight_decay=block.weight_decay)


def about(models: Path) -> dict[str, Any]:
    """What the stage says of the models it leaves."""
    told: dict[str, Any] = json.loads((models / "about.json").read_text(encoding="utf-8"))
    return told


def entry(models: Path, arm: str) -> Params:
    """An entry as it was taught."""
    return params.parse(Params, f"patches.{arm}", about(models), models / "about.json")


def second_of(arm: str) -> str:
    """The name of its control."""
    return f"second_of_{arm}"


def load(models: Path, arm: str, seed: int, *, alone: bool = False) -> RelativePatches:
    """One as its stage left it, or its control, to be asked and not taught."""
    told = about(models)
    encoder = params.parse(params.Encoder, "encoder", told, models / "about.json")
    learner = build(entry(models, arm), encoder, tuple(told["shape"]), seed, alone=alone)
    weights.give(learner, models / f"{second_of(arm) if alone else arm}-{seed}.safetensors")
    return learner.eval()
