"""Barlow twins: two views of an image shall have one code, and no two numbers of it say the same. Zbontar et al., 2021.

Beside f stands a projector, whose numbers the loss is about; what is kept and examined is f's code.
"""

import json
from pathlib import Path
from typing import Annotated, Any

import torch
from annotated_types import Ge
from jaxtyping import Float
from pydantic import NonNegativeFloat, PositiveFloat, PositiveInt
from torch import Tensor, nn

from tutelage import params, streams
from tutelage.data import augmentation
from tutelage.data.batches import Batch
from tutelage.nn import weights
from tutelage.nn.conv import Encoder
from tutelage.objectives import redundancy
from tutelage.training.learner import Learner, Logs


class Params(params.Block):
    """The block `redundancy`."""

    views: augmentation.Strength
    hidden: PositiveInt  # units of the projector's hidden layer
    projected: PositiveInt  # numbers that the loss is about
    weight: NonNegativeFloat  # λ of the redundancy
    batch_size: Annotated[int, Ge(2)]  # images, each in two views
    learning_rate: PositiveFloat
    weight_decay: NonNegativeFloat


class Twins(Learner):
    """Σ_i (1 − C_ii)² + λ Σ_{i≠j} C_ij², C the correlation over the batch of what one view and the other give."""

    def __init__(self, block: Params, encoder: Encoder, projector: nn.Sequential) -> None:
        super().__init__(learning_rate=block.learning_rate, weight_decay=block.weight_decay)
        self.encoder, self.projector, self.weight = encoder, projector, block.weight

    def loss(self, batch: Batch) -> tuple[Tensor, Logs]:
        codes = self.encoder(torch.cat([batch["one"], batch["other"]])).chunk(2)  # no layer of f mixes examples
        one, other = (self.projector(z) for z in codes)
        with torch.autocast(one.device.type, enabled=False):
            wide = torch.promote_types(one.dtype, torch.float32)  # sums over a batch, whatever the forward pass is in
            correlation = redundancy.cross_correlation(one.to(wide), other.to(wide))
        invariance, redundant = redundancy.invariance(correlation), redundancy.redundancy(correlation)
        loss = invariance + self.weight * redundant
        return loss, {"loss": loss, "invariance": invariance, "redundancy": redundant}

    def encode(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n width"]:
        z: Tensor = self.encoder(x)
        return z


def build(block: Params, encoder: params.Encoder, shape: tuple[int, int, int], seed: int) -> Twins:
    """One as it is born from `seed`, for images of `shape` (channel, height, width)."""
    with streams.born(seed, "encoder"):
        f = Encoder(shape, **encoder.model_dump())
    with streams.born(seed, "projector"):
        projector = nn.Sequential(
            nn.Linear(f.width, block.hidden, bias=False),
            nn.BatchNorm1d(block.hidden, track_running_stats=False),  # nobody asks it outside a batch
            nn.ReLU(),
            nn.Linear(block.hidden, block.projected, bias=False),
        )
    return Twins(block, f, projector)


def load(models: Path, arm: str, seed: int) -> Twins:
    """One as its stage left it, to be asked and not taught."""
    told: dict[str, Any] = json.loads((models / "about.json").read_text(encoding="utf-8"))
    block = params.parse(Params, "redundancy", told, models / "about.json")
    encoder = params.parse(params.Encoder, "encoder", told, models / "about.json")
    learner = build(block, encoder, tuple(told["shape"]), seed)
    weights.give(learner, models / f"{arm}-{seed}.safetensors")
    return learner.eval()
