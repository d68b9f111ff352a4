"""Teaching by labels: the encoder and a linear head descend the cross-entropy together."""

import json
from pathlib import Path
from typing import Annotated, Any

import torch.nn.functional as F  # noqa: N812
from annotated_types import Len
from jaxtyping import Float
from pydantic import NonNegativeFloat, NonNegativeInt, PositiveFloat
from torch import Tensor, nn

from tutelage import params, streams
from tutelage.data.batches import Batch
from tutelage.errors import Mistake
from tutelage.nn import weights
from tutelage.nn.conv import Encoder
from tutelage.training.learner import Learner, Logs


class Params(params.Block):
    """The block `pretrain`."""

    base_classes: Annotated[tuple[NonNegativeInt, ...], Len(2)]  # what the second encoder sees; far transfer: the rest
    learning_rate: PositiveFloat  # AdamW's at its highest; a cosine takes it to 0
    weight_decay: NonNegativeFloat
    shift: NonNegativeInt  # pixels by which a view may be moved; 0 for none


class Classifier(Learner):
    """g(f(x, α), β), both learned."""

    def __init__(self, encoder: Encoder, head: nn.Module, *, learning_rate: float, weight_decay: float) -> None:
        super().__init__(learning_rate=learning_rate, weight_decay=weight_decay)
        self.encoder, self.head = encoder, head

    def loss(self, batch: Batch) -> tuple[Tensor, Logs]:
        cross_entropy = F.cross_entropy(self.head(self.encoder(batch["x"])), batch["y"])
        return cross_entropy, {"loss": cross_entropy}

    def encode(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n width"]:
        return self.encoder(x)

    def predict(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n class"]:
        """The logarithms of the classes' probabilities."""
        return F.log_softmax(self.head(self.encoder(x)).float(), dim=1)


def build(block: Params, encoder: params.Encoder, shape: tuple[int, int, int], classes: int, seed: int) -> Classifier:
    """A classifier as it is born from `seed`, for images of `shape` (channel, height, width)."""
    with streams.born(seed, "encoder"):
        f = Encoder(shape, **encoder.model_dump())
    with streams.born(seed, "head"):
        g = nn.Linear(f.width, classes)
    return Classifier(f, g, learning_rate=block.learning_rate, weight_decay=block.weight_decay)


def base_classes(block: Params, classes: list[str]) -> list[int]:
    """The classes the second encoder sees. Raises Mistake where one is unknown or fewer than two are left over."""
    base = sorted(set(block.base_classes))
    if base[-1] >= len(classes) or len(classes) - len(base) < 2:
        raise Mistake(
            f"params.yaml: pretrain.base_classes = {list(block.base_classes)}: the images have classes 0 to "
            f"{len(classes) - 1}, and at least two must be left for far transfer"
        )
    return base


def about(models: Path) -> dict[str, Any]:
    """What pretrain says of the models it leaves: classes and seeds, the images' shape, the encoder's numbers."""
    told: dict[str, Any] = json.loads((models / "about.json").read_text(encoding="utf-8"))
    return told


def load(models: Path, arm: str, seed: int) -> Classifier:
    """A classifier as pretrain left it, to be asked and not taught."""
    told = about(models)
    f = Encoder(tuple(told["shape"]), **told["encoder"])
    classifier = Classifier(f, nn.Linear(f.width, len(told["classes"][arm])), learning_rate=0, weight_decay=0)
    weights.give(classifier, models / f"{arm}-{seed}.safetensors")
    return classifier.eval()
