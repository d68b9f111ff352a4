"""Supervised autoencoder: encoder, decoder and classifier learn together from unlabelled and labelled examples.

Ranzato and Szummer, 2008; Le, Patterson and White, 2018. Beside it what it must beat: labels alone, and the
autoencoder with a probe after it.
"""

from typing import Annotated, Literal

import torch
import torch.nn.functional as F  # noqa: N812
from annotated_types import Len
from jaxtyping import Float
from pydantic import NonNegativeFloat, PositiveFloat, PositiveInt, model_validator
from torch import Tensor, nn

from tutelage import params, streams
from tutelage.data.batches import Batch, Batches, Source
from tutelage.data.pairs import Pair
from tutelage.errors import Mistake
from tutelage.nn.conv import Encoder
from tutelage.nn.dense import Decoder
from tutelage.objectives import reconstruction
from tutelage.training import fitting
from tutelage.training.learner import Learner, Logs

Target = Literal["classes", "numbers"]
TASK = {"classes": "cross_entropy", "numbers": "squared_error"}
"""What L̃ is called in the logs, by the kind of target."""
ARMS = ("alone", "probe", "together")
"""The classifier alone; λ = 0, then a probe of the codes; both losses at once."""


class Rates(params.Block):
    """AdamW's learning rate at the start of each arm."""

    alone: PositiveFloat
    probe: PositiveFloat  # of the autoencoder; the probe has none
    together: PositiveFloat


class Sizes(params.Block):
    """Examples in a batch; all labelled ones where they are fewer."""

    unlabelled: PositiveInt
    labelled: PositiveInt


class Drawn(params.Block):
    """Teaching numbers: blobs that were drawn, of known widths."""

    labels: Annotated[tuple[PositiveInt, ...], Len(1)]
    images: PositiveInt  # without labels, and as many to examine
    side: PositiveInt  # pixels
    noise: NonNegativeFloat  # its standard deviation; a blob is 0.4 to 1 high


class Params(params.Block):
    """The block `supervised_autoencoder`."""

    labels: Annotated[tuple[PositiveInt, ...], Len(1)]  # in all, equally many of each class
    weights: Annotated[tuple[NonNegativeFloat, ...], Len(1)]  # λ of the mean labelled loss beside the mean unlabelled
    presentations: PositiveInt  # of examples to f in each fit, labelled or not
    batch_size: Sizes
    learning_rate: Rates
    weight_decay: NonNegativeFloat
    numbers: Drawn

    @model_validator(mode="after")
    def _from_nothing(self) -> "Params":
        if 0 not in self.weights or not any(self.weights):
            raise ValueError(f"weights are {list(self.weights)}; they hold 0, for the autoencoder alone, and another")
        return self


class SupervisedAutoencoder(Learner):
    """Σ_unlabelled L(g(f(x)), x) + λ Σ_labelled L̃(ŷ(f(x)), y), each sum as the mean over its batch.

    λ = 0 is the autoencoder alone, whose head stays as it is born; without a decoder it is the classifier alone. A
    batch then need not hold what is not looked at.
    """

    def __init__(
        self,
        encoder: Encoder,
        decoder: Decoder | None,
        head: nn.Linear,
        *,
        target: Target,
        weight: float,
        learning_rate: float,
        weight_decay: float,
    ) -> None:
        super().__init__(learning_rate=learning_rate, weight_decay=weight_decay)
        self.encoder, self.decoder, self.head = encoder, decoder, head
        self.target, self.weight = target, weight
        head.requires_grad_(weight > 0)  # or weight decay would move it

    def loss(self, batch: Batch) -> tuple[Tensor, Logs]:
        kinds = [kind for kind, asked in (("x", self.decoder), ("x_labelled", self.weight)) if asked]
        codes = self.encoder(torch.cat([batch[kind] for kind in kinds]))  # once for both: no layer mixes examples
        z = dict(zip(kinds, codes.split([len(batch[kind]) for kind in kinds]), strict=True))
        terms, loss = {}, torch.zeros((), dtype=codes.dtype, device=codes.device)
        if self.decoder:
            terms["reconstruction"] = reconstruction.squared(self.decoder(z["x"]), batch["x"]).mean()
            loss = loss + terms["reconstruction"]
        if self.weight:
            terms[TASK[self.target]] = self._task(self.head(z["x_labelled"]), batch["y"]).mean()
            loss = loss + self.weight * terms[TASK[self.target]]
        return loss, {"loss": loss, **terms}

    def _task(self, told: Tensor, y: Tensor) -> Float[Tensor, "n"]:
        if self.target == "classes":
            return F.cross_entropy(told, y, reduction="none")
        return reconstruction.squared(told, y)

    def encode(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n width"]:
        z: Tensor = self.encoder(x)
        return z

    def reconstruct(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h w"]:
        assert self.decoder
        told: Tensor = self.decoder(self.encoder(x))
        return told

    def predict(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n out"]:
        """The logarithms of the classes' probabilities, or the numbers themselves."""
        told: Tensor = self.head(self.encoder(x)).float()
        return F.log_softmax(told, dim=1) if self.target == "classes" else told


def build(
    block: Params,
    arm: str,
    weight: float,
    encoder: params.Encoder,
    decoder: params.Decoder,
    shape: tuple[int, int, int],
    out: int,
    *,
    target: Target,
    seed: int,
) -> SupervisedAutoencoder:
    """A learner as it is born from `seed`, the same in all arms, for images of `shape` and `out` classes or numbers."""
    with streams.born(seed, "encoder"):
        f = Encoder(shape, **encoder.model_dump())
    with streams.born(seed, "decoder"):
        g = None if arm == "alone" else Decoder(shape, hidden=decoder.hidden, width=f.width)
    with streams.born(seed, "head"):
        h = nn.Linear(f.width, out)
    rate: float = getattr(block.learning_rate, arm)
    weight = {"alone": 1.0, "probe": 0.0}.get(arm, weight)
    return SupervisedAutoencoder(
        f, g, h, target=target, weight=weight, learning_rate=rate, weight_decay=block.weight_decay
    )


def per_class(labels: int, classes: int) -> int:
    """Labels of each class where there are so many in all. Raises Mistake where that is no whole number."""
    if labels % classes:
        raise Mistake(
            f"params.yaml: supervised_autoencoder.labels has {labels}, and the images have {classes} classes; "
            f"give a multiple of {classes}"
        )
    return labels // classes


def fit(
    block: Params, learner: SupervisedAutoencoder, pool: Batch, labelled: Batch, seed: int, compute: params.Compute
) -> dict[str, float]:
    """Teaches one learner; returns each term in the last quarter of its steps, and what was spent.

    Of `pool` the images alone are seen, whatever else it holds.
    """
    source = _source(block, learner, pool, labelled, seed)
    steps = max(1, block.presentations // source.size)
    told = fitting.fit(learner, source, steps=steps, every=-(-steps // 4), compute=compute)[-1][0]
    return told | {"presentations": steps * source.size}


def _source(block: Params, learner: SupervisedAutoencoder, pool: Batch, labelled: Batch, seed: int) -> Source:
    orders = [streams.generator(seed, f"supervised_autoencoder/{kind}") for kind in ("unlabelled", "labelled")]
    unlabelled = Batches({"x": pool["x"]}, block.batch_size.unlabelled, orders[0])
    if learner.weight == 0:
        return unlabelled
    if learner.decoder is None:
        known = {"x_labelled": labelled["x"], "y": labelled["y"]}
        return Batches(known, block.batch_size.labelled, orders[1])
    return Pair(unlabelled, Batches(labelled, block.batch_size.labelled, orders[1]))
