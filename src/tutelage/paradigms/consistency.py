"""FixMatch: what a net is sure of in a weak view of an unlabelled image, it learns to say of a strong one.

Sohn et al., 2020. Beside it its half, pseudo-labels in the weak view alone (Lee, 2013), and what both must beat:
labels alone, their images as they are, in weak views and in strong ones.
"""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from annotated_types import Gt, Le
from pydantic import NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt
from torch import Tensor, nn

from tutelage import params, streams
from tutelage.data import views
from tutelage.data.batches import Batch, Batches, Source, View
from tutelage.data.two_views import Both, Strength, strong, twice
from tutelage.nn.conv import Encoder
from tutelage.objectives import consistency
from tutelage.paradigms.supervised import Classifier
from tutelage.training import fitting
from tutelage.training.learner import Logs

ALONE = ("plain", "weak", "strong")
"""Labels alone, by the view in which their images are seen."""
ARMS = (*ALONE, "pseudo", "fixmatch")
LOOKS = 4
"""Parts of a fit, of each of which the history tells the means."""


Probability = Annotated[float, Gt(0), Le(1)]


class Thresholds(params.Block):
    """τ of each arm that has one: a class of at least this probability is taken for the truth."""

    pseudo: Probability
    fixmatch: Probability


class Rates(params.Block):
    """AdamW's learning rate at its highest, of each arm."""

    plain: PositiveFloat
    weak: PositiveFloat
    strong: PositiveFloat
    pseudo: PositiveFloat
    fixmatch: PositiveFloat


class Sizes(params.Block):
    """Examples in a batch; all labelled ones where they are fewer."""

    alone: PositiveInt  # of labels alone
    labelled: PositiveInt
    unlabelled: PositiveInt  # beside them; μ is this over that


class Params(params.Block):
    """The block `consistency`."""

    threshold: Thresholds
    weight: NonNegativeFloat  # λ of the unlabelled loss
    shift: NonNegativeInt  # pixels by which a weak view is moved, at most
    presentations: PositiveInt  # of images to f in each fit, each view of an image counted
    batch_size: Sizes
    learning_rate: Rates
    weight_decay: NonNegativeFloat


class Fit(NamedTuple):
    """One learner to teach, by so many labels in all."""

    arm: str
    labels: int
    seed: int


def fits(labels: Sequence[int], seeds: Sequence[int]) -> list[Fit]:
    """All that there is to teach: each arm at each count."""
    return [Fit(arm, m, seed) for arm in ARMS for m in labels for seed in seeds]


class FixMatch(Classifier):
    """Σ_labelled −ln p(y) + λ Σ_unlabelled 1(max q ≥ τ) · −ln p(argmax q), each sum as the mean over its batch.

    q is what it says of an image's weak view, p of its strong one; where `strongly` is false, of the weak one too.
    """

    def __init__(
        self,
        encoder: Encoder,
        head: nn.Linear,
        *,
        strongly: bool,
        threshold: float,
        weight: float,
        learning_rate: float,
        weight_decay: float,
    ) -> None:
        super().__init__(encoder, head, learning_rate=learning_rate, weight_decay=weight_decay)
        self.strongly, self.threshold, self.weight = strongly, threshold, weight

    def loss(self, batch: Batch) -> tuple[Tensor, Logs]:
        known, other = batch["x_labelled"], batch["strong" if self.strongly else "weak"]
        # Once for both: no layer mixes examples.
        labelled, p = self.head(self.encoder(torch.cat([known, other]))).split([len(known), len(other)])
        q = self._asked(batch["weak"]) if self.strongly else p
        told, sure = consistency.pseudo_labels(q, self.threshold)
        cross_entropy = F.cross_entropy(labelled, batch["y"])
        consistent = consistency.cross_entropy(p, told, sure).mean()
        loss = cross_entropy + self.weight * consistent
        terms = {"loss": loss, "cross_entropy": cross_entropy, "consistency": consistent, "sure": sure.float().mean()}
        if (
            "truth" in batch
        ):  # of unlabelled images: told to who watches, and no part of the loss; −1 where nobody knows
            known = (batch["truth"] >= 0).sum().clamp(min=1)
            terms["sure_and_right"] = (sure & (told == batch["truth"])).float().sum() / known
        return loss, terms

    def _asked(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            told: Tensor = self.head(self.encoder(x))
        return told


def build(
    block: Params, arm: str, encoder: params.Encoder, shape: tuple[int, int, int], classes: int, seed: int
) -> Classifier:
    """A learner as it is born from `seed`, the same in all arms, for images of `shape` (channel, height, width)."""
    with streams.born(seed, "encoder"):
        f = Encoder(shape, **encoder.model_dump())
    with streams.born(seed, "head"):
        g = nn.Linear(f.width, classes)
    rate: float = getattr(block.learning_rate, arm)
    if arm in ALONE:
        return Classifier(f, g, learning_rate=rate, weight_decay=block.weight_decay)
    return FixMatch(
        f,
        g,
        strongly=arm == "fixmatch",
        threshold=getattr(block.threshold, arm),
        weight=block.weight,
        learning_rate=rate,
        weight_decay=block.weight_decay,
    )


def fit(
    block: Params,
    strength: Strength,
    arm: str,
    learner: Classifier,
    pool: Batch,
    labelled: Batch,
    seed: int,
    compute: params.Compute,
) -> tuple[list[dict[str, float]], int]:
    """Teaches one learner; returns what was seen in each part of its steps, and the presentations to f.

    `strength` is of strong views. The labels of `pool` are only compared with what was taken for the truth.
    """
    source, shown = _source(block, strength, arm, pool, labelled, seed)
    steps = max(1, block.presentations // shown)
    told = fitting.fit(learner, source, steps=steps, every=-(-steps // LOOKS), compute=compute)
    return [seen for (seen,) in told], steps * shown


def _source(block: Params, strength: Strength, arm: str, pool: Batch, labelled: Batch, seed: int) -> tuple[Source, int]:
    """What a learner draws from, and how many images each draw shows to f."""

    def batches(kind: str, columns: Batch, size: int, view: View | None) -> Batches:
        order, moves = (streams.generator(seed, f"consistency/{kind}{what}") for what in ("", "/views"))
        return Batches(columns, size, order, view, moves)

    known = {name: labelled[name] for name in ("x", "y")}
    sizes, weak = block.batch_size, views.shift(block.shift)
    if arm in ALONE:
        view = {"plain": None, "weak": weak, "strong": strong(strength)}[arm]
        alone = batches("labelled", known, sizes.alone, view)
        return alone, alone.size
    free = {"x": pool["x"], "truth": pool["y"]}
    both = Both(
        batches("unlabelled", free, sizes.unlabelled, twice(block.shift, strength if arm == "fixmatch" else None)),
        batches("labelled", known, sizes.labelled, weak),
    )
    return both, both.size + (both.unlabelled.size if arm == "fixmatch" else 0)
