"""The question that self-supervision asks of patches, on images it never saw, beside what can be told without it."""

from typing import Protocol

import torch
import torch.nn.functional as F  # noqa: N812
from jaxtyping import Float
from torch import Tensor

from tutelage.data.batches import Batch
from tutelage.measure import classification, mosaics


class PredictsNeighbours(Protocol):
    def predict_neighbour(
        self, first: Float[Tensor, "n c h w"], second: Float[Tensor, "n c h w"], /
    ) -> Float[Tensor, "n neighbour"]: ...


def neighbours(learner: PredictsNeighbours, pairs: Batch, block: int = 1000) -> dict[str, float]:
    """How well neighbours are told, asked for block by block; of pairs `first`, `second`, `neighbour`."""
    with torch.no_grad():
        told = [
            learner.predict_neighbour(first, second)
            for first, second in zip(pairs["first"].split(block), pairs["second"].split(block), strict=True)
        ]
    return classification.scores(torch.cat(told).cpu().numpy(), pairs["neighbour"].cpu().numpy())


def strangers(pairs: Batch, apart: int) -> Batch:
    """Each second patch beside a first one from `apart` pairs on, which tells nothing of it and may mislead."""
    return {**pairs, "first": pairs["first"].roll(apart, 0)}


def around(pairs: Batch, images: int) -> bytes:
    """A PNG of so many images, eight pairs each: one first patch, and the second ones around it, in grey frames."""
    first, second = (
        F.pad(pairs[name][: 8 * images].cpu(), (2, 2, 2, 2), value=0.5).unflatten(0, (images, 8))
        for name in ("first", "second")
    )
    nine = torch.cat([second[:, :4], first[:, :1], second[:, 4:]], 1).unflatten(1, (3, 3))
    return mosaics.png(mosaics.mosaic(mosaics.pixels(nine.transpose(0, 1).flatten(0, 2)), across=3 * images))
