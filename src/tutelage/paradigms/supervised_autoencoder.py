"""Supervised autoencoder: encoder, decoder and classifier learn together from unlabelled and labelled examples.

Ranzato and Szummer, 2008; Le, Patterson and White, 2018. Beside it what it must beat: labels alone, and the
autoencoder with a probe after it.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from annotated_types import Ge, Len
from jaxtyping import Float
from pydantic import AfterValidator, NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt, model_validator
from torch import Generator, Tensor, nn

from tutelage import params, streams
from tutelage.data import views
from tutelage.data.batches import Batch, Batches, Source, View
from tutelage.data.pairs import Pair
from tutelage.errors import Mistake
from tutelage.nn.conv import Encoder
from tutelage.nn.dense import Decoder
from tutelage.objectives import reconstruction
from tutelage.paradigms import autoencoder
from tutelage.training import fitting
from tutelage.training.learner import Learner, Logs

Target = Literal["classes", "numbers"]
TASK = {"classes": "cross_entropy", "numbers": "squared_error"}
"""What L̃ is called in the logs, by the kind of target."""
ARMS = ("alone", "probe", "together")
"""The classifier alone; λ = 0, then a probe of the codes; both losses at once."""


def _from_nothing(weights: tuple[float, ...]) -> tuple[float, ...]:
    if 0 not in weights or not any(weights):
        raise ValueError(f"it is {list(weights)}; it holds 0, for the autoencoder alone, and another")
    return weights


Weights = Annotated[tuple[NonNegativeFloat, ...], Len(1), AfterValidator(_from_nothing)]
"""λs of the mean labelled loss beside the mean unlabelled one."""


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

    labels: params.Distinct[PositiveInt]
    weights: Weights
    images: PositiveInt  # without labels, and as many to examine
    side: Annotated[int, Ge(8)]  # pixels
    noise: NonNegativeFloat  # its standard deviation; a blob is 0.4 to 1 high

    @model_validator(mode="after")
    def _enough(self) -> "Drawn":
        if max(self.labels) > self.images:
            raise ValueError(f"labels has {max(self.labels)}, and images is {self.images}; draw more, or ask for fewer")
        return self


class Params(params.Block):
    """The block `supervised_autoencoder`."""

    labels: params.Distinct[PositiveInt]  # in all, equally many of each class
    weights: Weights
    shift: NonNegativeInt  # pixels by which any image shown is moved, the probe's too; 0 for none
    presentations: PositiveInt  # of examples to f in each fit, labelled or not
    batch_size: Sizes
    learning_rate: Rates
    weight_decay: NonNegativeFloat
    numbers: Drawn


class Fit(NamedTuple):
    """One learner to teach; of `probe` one serves all label counts, since it sees no label."""

    target: Target
    arm: str
    weight: float  # λ; 1 of `alone`, which has no other loss
    labels: tuple[int, ...]
    seed: int


def fits(block: Params, images: int, seeds: Sequence[int]) -> list[Fit]:
    """All that there is to teach: each arm of each target, of the joint one each λ.

    Where all `images` have labels there is no probe: the autoencoder's exam has it, and in all views it takes minutes.
    """
    plans: Mapping[Target, Params | Drawn] = {"classes": block, "numbers": block.numbers}
    all_too = {"classes": sorted({*block.labels, images}), "numbers": block.numbers.labels}
    return [
        Fit(target, arm, weight, labels, seed)
        for target, plan in plans.items()
        for arm, weight in [("alone", 1.0), *(("together" if w else "probe", w) for w in plan.weights)]
        for labels in ([plan.labels] if arm == "probe" else [(m,) for m in all_too[target]])
        for seed in seeds
    ]


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
    block: Params, fit: Fit, encoder: params.Encoder, decoder: params.Decoder, shape: tuple[int, int, int], out: int
) -> SupervisedAutoencoder:
    """A learner as it is born from its seed, the same in all arms, for images of `shape`, `out` classes or numbers."""
    autoencoder.narrow(encoder.width, shape, "encoder.width")
    with streams.born(fit.seed, "encoder"):
        f = Encoder(shape, **encoder.model_dump())
    with streams.born(fit.seed, "decoder"):
        g = None if fit.arm == "alone" else Decoder(shape, hidden=decoder.hidden, width=f.width)
    with streams.born(fit.seed, "head"):
        h = nn.Linear(f.width, out)
    rate: float = getattr(block.learning_rate, fit.arm)
    return SupervisedAutoencoder(
        f, g, h, target=fit.target, weight=fit.weight, learning_rate=rate, weight_decay=block.weight_decay
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
    def batches(kind: str, columns: Batch, size: int, view: View | None) -> Batches:
        order, moves = (streams.generator(seed, f"supervised_autoencoder/{kind}{what}") for what in ("", "/views"))
        return Batches(columns, size, order, view, moves)

    moved = views.shift(block.shift)
    if learner.decoder is None:
        return batches("labelled", labelled, block.batch_size.labelled, _labelled(moved))
    unlabelled = batches("unlabelled", {"x": pool["x"]}, block.batch_size.unlabelled, moved)
    if learner.weight == 0:
        return unlabelled
    return Pair(unlabelled, batches("labelled", labelled, block.batch_size.labelled, moved))


def _labelled(moved: View | None) -> View:
    """Examples under the name that they have in a pair."""

    def view(batch: Batch, draws: Generator) -> Batch:
        told = moved(batch, draws) if moved else batch
        return {"x_labelled": told["x"], "y": told["y"]}

    return view
