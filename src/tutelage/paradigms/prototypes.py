"""Prototypical networks: an encoder taught by episodes, each a small problem of few shots. Snell et al., 2017."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import torch
from jaxtyping import Float
from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt
from torch import Tensor, nn

from tutelage import params, streams
from tutelage.data.batches import Batch
from tutelage.data.episodes import Size
from tutelage.errors import Mistake
from tutelage.nn import weights
from tutelage.nn.conv import Encoder
from tutelage.objectives import prototypes
from tutelage.training.learner import Learner, Logs


class Tuned(params.Block):
    """How an encoder goes on learning inside one episode, with a new head."""

    arms: tuple[str, ...]  # encoders that do, beside those taught by episodes
    episodes: PositiveInt  # of those asked about, the first so many
    steps: PositiveInt  # of all shots at once
    learning_rate: PositiveFloat
    weight_decay: NonNegativeFloat

    def exam(self, size: Size) -> params.Finetuned:
        """The same as the exam has it, with all shots of an episode in a batch."""
        how = self.model_dump(exclude={"arms", "episodes"})
        return params.Finetuned(labels=(), batch_size=size.way * size.shots, **how)


class Params(params.Block):
    """The block `fewshot`."""

    held_out: params.Distinct[NonNegativeInt]  # classes of which no image is shown, counted from 0; asked about
    way: Annotated[int, Field(ge=2)]  # classes of an episode, in training and when asked
    shots: params.Distinct[PositiveInt]  # labelled examples of each class; a net is taught for each
    queries: PositiveInt  # others of each class
    learning_rate: PositiveFloat  # AdamW's at its highest
    weight_decay: NonNegativeFloat
    episodes: PositiveInt  # asked about, of the test part, the same for every way
    strength: PositiveFloat  # of the linear head's L2 penalty
    finetuned: Tuned

    def size(self, shots: int) -> Size:
        return Size(self.way, shots, self.queries)


class Prototypes(Learner):
    """−ln p(class of a query), p by the squared distances of its code to the mean codes of the classes' shots."""

    def __init__(self, encoder: nn.Module, shots: int, *, learning_rate: float, weight_decay: float) -> None:
        super().__init__(learning_rate=learning_rate, weight_decay=weight_decay)
        self.encoder, self.shots = encoder, shots

    def loss(self, batch: Batch) -> tuple[Tensor, Logs]:
        """Of one `episode` [way, shots + queries, channel, height, width]."""
        x = batch["episode"]
        z = self.encode(x.flatten(0, 1))
        z = (z if z.dtype == torch.float64 else z.float()).unflatten(0, x.shape[:2])
        told = prototypes.log_p(z[:, : self.shots], z[:, self.shots :])
        cost = prototypes.loss(told)
        return cost, {"loss": cost, "accuracy": prototypes.accuracy(told.detach())}

    def encode(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n dim"]:
        z: Tensor = self.encoder(x)
        return z


def arm(shots: int) -> str:
    """What a net that is taught by so many shots is called."""
    return f"prototypes_{shots}"


def shown(block: Params, classes: Sequence[str]) -> list[int]:
    """The classes that are not held out. Raises Mistake for one that the images do not have."""
    if unknown := [c for c in block.held_out if c >= len(classes)]:
        raise Mistake(
            f"params.yaml: fewshot.held_out has {unknown[0]}, and the images have classes 0 to {len(classes) - 1}"
        )
    left = [c for c in range(len(classes)) if c not in block.held_out]
    if len(left) < 2:
        raise Mistake(f"params.yaml: fewshot.held_out leaves {len(left)} of {len(classes)} classes; leave two to teach")
    return left


def build(block: Params, encoder: params.Encoder, shape: tuple[int, int, int], seed: int, *, shots: int) -> Prototypes:
    """A learner as it is born from `seed`; its encoder is that of every other way."""
    with streams.born(seed, "encoder"):
        f = Encoder(shape, **encoder.model_dump())
    return Prototypes(f, shots, learning_rate=block.learning_rate, weight_decay=block.weight_decay)


def load(models: Path, arm: str, seed: int) -> Prototypes:
    """One as its stage left it, to be asked and not taught; the arm says for how many shots."""
    path = models / "about.json"
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    block, encoder = params.parse(Params, "fewshot", told, path), params.parse(params.Encoder, "encoder", told, path)
    learner = build(block, encoder, tuple(told["shape"]), seed, shots=told["shots"][arm])
    weights.give(learner, models / f"{arm}-{seed}.safetensors")
    return learner.eval()
