"""Pre-training, then transfer: α learned on much data is kept or tuned where labels are few.

Yosinski et al., 2014; Kornblith, Shlens and Le, 2019. Beside it what it must beat: labels alone, and random features.
"""

import copy
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from annotated_types import Len
from jaxtyping import Float
from pydantic import NonNegativeFloat, PositiveFloat, PositiveInt, model_validator
from torch import Tensor, nn

from tutelage import params, streams
from tutelage.data.batches import Batch, Batches, Stacked, View
from tutelage.errors import Mistake
from tutelage.nn import dense
from tutelage.nn.conv import Encoder
from tutelage.paradigms.supervised import Classifier
from tutelage.training import fitting
from tutelage.training.learner import Learner, Logs
from tutelage.training.seeds import Seeds

Each = Annotated[tuple[PositiveFloat, ...], Len(1)]  # one for each of labels_per_class


class Rates(params.Block):
    """AdamW's highest learning rate in each arm."""

    frozen: PositiveFloat  # f as it was taught, a new head
    finetuned: PositiveFloat  # f as it was taught goes on learning, a new head
    scratch: PositiveFloat  # f as it is born learns, a new head: labels alone
    random: PositiveFloat  # f as it is born, frozen, a new head: the floor


class RatesByLabels(params.Block):
    """The same arms, a rate for each number of labels: what is best for one label is not for fifty."""

    frozen: Each
    finetuned: Each
    scratch: Each
    random: Each


class Few(params.Block):
    """What both blocks share."""

    labels_per_class: params.Distinct[PositiveInt]
    steps: PositiveInt  # the same for all arms, so they see equally many presentations
    batch_size: PositiveInt  # or all labelled examples, where they are fewer
    weight_decay: NonNegativeFloat


class Params(Few):
    """The block `transfer`."""

    learning_rate: Rates

    def rate(self, arm: str, labels: int) -> float:
        told: float = getattr(self.learning_rate, arm)
        return told

    @property
    def hidden(self) -> int:
        """The head is linear."""
        return 0


class Embedded(Few):
    """The block `embedded`: the encoder as the lower part of a deeper classifier."""

    learning_rate: RatesByLabels
    hidden: PositiveInt  # units between the code and the classes

    @model_validator(mode="after")
    def _fits(self) -> "Embedded":
        wanted = len(self.labels_per_class)
        for arm, rates in self.learning_rate:
            if len(rates) != wanted:
                raise ValueError(f"learning_rate.{arm} has {len(rates)} rates, and labels_per_class {wanted} numbers")
        return self

    def rate(self, arm: str, labels: int) -> float:
        told: tuple[float, ...] = getattr(self.learning_rate, arm)
        return told[self.labels_per_class.index(labels)]


class Target(NamedTuple):
    """What is transferred to: classes of a role's images, and the arm of pretrain that never saw them."""

    role: str
    data: str
    classes: list[int]
    names: list[str]
    source: str


def targets(images: Mapping[str, Any], target: Mapping[str, Any], seen: Mapping[str, list[int]]) -> dict[str, Target]:
    """Near: another sample of a like problem. Far: other classes of the same images.

    From what prepare says of both roles and pretrain of its classes. Raises Mistake where their shapes differ.
    """
    if target["shape"] != images["shape"]:
        raise Mistake(
            f"params.yaml: images of target are {target['shape']} (channel, height, width) and those of images "
            f"{images['shape']}; give target.resize a scale and pad that bring them to one shape, or, where channels "
            "differ, target.name another data set"
        )
    unseen = [c for c in seen["all"] if c not in seen["base"]]
    names = [images["classes"][c] for c in unseen]
    return {
        "near": Target("target", target["name"], list(range(len(target["classes"]))), target["classes"], "all"),
        "far": Target("images", images["name"], unseen, names, "base"),
    }


class Below(nn.Module):
    """What any learner encodes, as the lower part of a classifier."""

    learner: Any

    def __init__(self, learner: nn.Module) -> None:
        super().__init__()
        self.learner = learner

    def forward(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n width"]:
        code: Tensor = self.learner.encode(x)
        return code


def finetuned(
    block: params.Finetuned,
    learner: nn.Module,
    labelled: Batch,
    classes: int,
    seed: int,
    compute: params.Compute,
    view: View | None = None,
) -> Classifier:
    """A copy of any learner that can encode goes on learning from these labels, with a new head on its codes.

    Where images are seen in views, a batch is filled by several of each if the labels are fewer.
    """
    below: Any = Below(copy.deepcopy(learner))
    with torch.no_grad():
        width = below(labelled["x"][:1]).shape[1]
    with streams.born(seed, "transfer/head"):
        head = nn.Linear(width, classes).to(labelled["x"].device)
    classifier = Classifier(below, head, learning_rate=block.learning_rate, weight_decay=block.weight_decay)
    if view:
        times = -(-block.batch_size // len(labelled["x"]))
        labelled = {name: torch.cat([column] * times) for name, column in labelled.items()}
    order, moves = (streams.generator(seed, f"transfer/{name}") for name in ("batches", "views"))
    source = Batches(labelled, block.batch_size, order, view, moves)
    fitting.fit(classifier, source, steps=block.steps, every=block.steps, compute=compute)
    return classifier


class Head(Learner):
    """A head alone, on codes `z` that were computed once."""

    def __init__(self, head: nn.Module, *, learning_rate: float, weight_decay: float) -> None:
        super().__init__(learning_rate=learning_rate, weight_decay=weight_decay)
        self.head = head

    def loss(self, batch: Batch) -> tuple[Tensor, Logs]:
        cross_entropy = F.cross_entropy(self.head(batch["z"]), batch["y"])
        return cross_entropy, {"loss": cross_entropy}


ARMS = tuple(Rates.model_fields)
FROZEN = ("frozen", "random")


def build(block: Params | Embedded, arm: str, taught: Encoder, classes: int, seed: int, *, labels: int) -> Classifier:
    """What the arm starts from: the taught encoder or one like it just born, and a head that is new in every arm.

    `labels` a class decide about the rate only.
    """
    encoder = copy.deepcopy(taught)
    if arm in ("scratch", "random"):
        with streams.born(seed, "transfer/encoder"):
            encoder.born()
    with streams.born(seed, "transfer/head"):
        head = dense.head(encoder.width, hidden=block.hidden, classes=classes)
    if arm in FROZEN:
        encoder.requires_grad_(False)
    return Classifier(encoder, head, learning_rate=block.rate(arm, labels), weight_decay=block.weight_decay)


def fit(
    block: Few,
    arm: str,
    learners: Sequence[Classifier],
    labelled: Sequence[Batch],
    seeds: Sequence[int],
    compute: params.Compute,
) -> list[dict[str, float]]:
    """Teaches each seed's learner its labelled examples; returns what each cost in the last quarter of its steps.

    Frozen codes are computed once and their heads trained together; whole networks learn in turn.
    """
    rest: Any = {"steps": block.steps, "every": -(-block.steps // 4), "compute": compute}
    if arm not in FROZEN:
        sources = [_batches(block, batch, seed) for batch, seed in zip(labelled, seeds, strict=True)]
        return [fitting.fit(f, source, **rest)[-1][0] for f, source in zip(learners, sources, strict=True)]
    with torch.no_grad():
        codes = [{"z": f.encode(batch["x"]), "y": batch["y"]} for f, batch in zip(learners, labelled, strict=True)]
    rate, decay = learners[0].learning_rate, learners[0].weight_decay
    heads = [Head(f.head, learning_rate=rate, weight_decay=decay) for f in learners]
    together = Seeds(heads)
    source = Stacked([_batches(block, batch, seed) for batch, seed in zip(codes, seeds, strict=True)])
    history = fitting.fit(together, source, **rest)
    together.unstack(heads)
    return history[-1]


def _batches(block: Few, batch: Batch, seed: int) -> Batches:
    return Batches(batch, block.batch_size, streams.generator(seed, "transfer/batches"))
