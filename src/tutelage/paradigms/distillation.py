"""A small net learns what a large one answers: Σ L(b(x′, w′), a(x′, w)). Hinton, Vinyals and Dean, 2015.

Beside it what a gain must be told from: labels of the very same views, labels of images that nobody moved, labels made
soft without a teacher, and a teacher no larger than its student.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import torch
import torch.nn.functional as F  # noqa: N812
from annotated_types import Ge, Len, Lt
from jaxtyping import Float
from pydantic import NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt, model_validator
from torch import Generator, Tensor, nn

from tutelage import params, streams
from tutelage.data import views
from tutelage.data.batches import Batch, Batches, View
from tutelage.errors import Mistake
from tutelage.nn import descriptions, weights
from tutelage.nn.conv import Encoder
from tutelage.objectives import distillation
from tutelage.paradigms.supervised import Classifier
from tutelage.training import fitting
from tutelage.training.learner import Logs

ARMS = ("hard", "alone", "smoothing", "self", "soft", "both")
"""In the order in which they are taught: the student of `hard` is the teacher of `self`."""
ELSEWHERE = ("few", "target", "noise")
"""Other things to learn from: few labels alone; the teacher's answers on another data set's images, and on noise."""
LOOKS = 4
"""Parts of a fit, of each of which the history tells the means."""


class Rates(params.Block):
    """AdamW's learning rate at its highest."""

    teacher: PositiveFloat
    student: PositiveFloat  # the same for all arms and sizes


class Params(params.Block):
    """The block `distill`."""

    teacher: params.Encoder
    students: Annotated[tuple[params.Encoder, ...], Len(1)]  # from large to small
    asked: NonNegativeInt  # which of them, counted from 0, learns by all arms, elsewhere and without a class
    temperature: PositiveFloat  # T
    labels_weight: NonNegativeFloat  # λ of the labels beside the teacher's answers, in `both`
    smoothing: Annotated[float, Ge(0), Lt(1)]  # share of a label that is spread over all classes
    shift: NonNegativeInt  # pixels by which a view is moved, at most
    views: PositiveInt  # k, of each image, on which the teacher answers once
    few: PositiveInt  # labels in all
    noise: PositiveInt  # images of noise
    omitted: NonNegativeInt  # a class, counted from 0, of which a student sees no image
    lessons: PositiveInt  # images shown to the teacher in all
    presentations: PositiveInt  # and to each student
    batch_size: PositiveInt
    learning_rate: Rates
    weight_decay: NonNegativeFloat

    @model_validator(mode="after")
    def _fits(self) -> "Params":
        if self.asked >= len(self.students):
            raise ValueError(f"asked is {self.asked}, and students are counted from 0 to {len(self.students) - 1}")
        if self.views > (there := (2 * self.shift + 1) ** 2):
            raise ValueError(f"views is {self.views}, and a shift of {self.shift} px has {there}; ask for fewer")
        return self

    def known(self, shape: Sequence[int], classes: int, target: Sequence[int]) -> None:
        """Raises Mistake where a student is not smaller than the teacher, the omitted class is not there, or images of
        `target` have another shape (channel, height, width)."""
        if list(target) != list(shape):
            raise Mistake(
                f"{params.FILE}: images of target are {list(target)} (channel, height, width) and those of images "
                f"{list(shape)}, and one student learns from both; give target.resize a scale and pad that bring them "
                "to one shape"
            )
        if self.omitted >= classes:
            raise Mistake(
                f"{params.FILE}: distill.omitted = {self.omitted}: the images have classes 0 to {classes - 1}"
            )
        most = _weights(self.teacher, shape, classes)
        for number, student in enumerate(self.students):
            if (size := _weights(student, shape, classes)) >= most:
                raise Mistake(
                    f"{params.FILE}: distill.students.{number} has {size} weights, and the teacher {most}; a student "
                    "is smaller"
                )


class Student(Classifier):
    """What each arm descends: T²·H(teacher's answer, its own), both at temperature T, and λ·H(label, its own).

    Of `answered` false there is only the label, a share `smoothing` of which is spread over all classes.
    """

    def __init__(
        self,
        encoder: Encoder,
        head: nn.Linear,
        *,
        answered: bool,
        temperature: float,
        labels_weight: float,
        smoothing: float,
        learning_rate: float,
        weight_decay: float,
    ) -> None:
        super().__init__(encoder, head, learning_rate=learning_rate, weight_decay=weight_decay)
        self.answered, self.temperature = answered, temperature
        self.labels_weight, self.smoothing = labels_weight, smoothing

    def loss(self, batch: Batch) -> tuple[Tensor, Logs]:
        logits = self.head(self.encoder(batch["x"]))
        if not self.answered:
            labelled = F.cross_entropy(logits, batch["y"], label_smoothing=self.smoothing)
            return labelled, {"loss": labelled}
        matched = distillation.matched(logits, batch["answers"], temperature=self.temperature).mean()
        if not self.labels_weight:
            return matched, {"loss": matched}
        labelled = F.cross_entropy(logits, batch["y"])
        loss = matched + self.labels_weight * labelled
        return loss, {"loss": loss, "answers": matched, "labels": labelled}


def build(block: Params, arm: str, encoder: params.Encoder, shape: Sequence[int], classes: int, seed: int) -> Student:
    """A student as it is born from `seed`, the same in all arms, for images of `shape` (channel, height, width)."""
    f, g = _net(encoder, shape, classes, seed)
    return Student(
        f,
        g,
        answered=arm not in ("hard", "alone", "smoothing", "few"),
        temperature=block.temperature,
        labels_weight=block.labels_weight if arm == "both" else 0.0,
        smoothing=block.smoothing if arm == "smoothing" else 0.0,
        learning_rate=block.learning_rate.student,
        weight_decay=block.weight_decay,
    )


def teacher(block: Params, shape: Sequence[int], classes: int, seed: int) -> Classifier:
    """A teacher as it is born, to be taught by labels."""
    f, g = _net(block.teacher, shape, classes, seed)
    return Classifier(f, g, learning_rate=block.learning_rate.teacher, weight_decay=block.weight_decay)


def fit(
    block: Params, learner: Student, columns: Batch, seed: int, compute: params.Compute
) -> tuple[list[dict[str, float]], int]:
    """Teaches one student from such columns; returns what was seen in each part of its steps, and its presentations.

    Of equally many images all arms see the same views in the same order.
    """
    order, drawn = (streams.generator(seed, f"distill/{what}") for what in ("batches", "views"))
    source = Batches(columns, block.batch_size, order, one_view(block.shift), drawn)
    steps = max(1, block.presentations // source.size)
    told = fitting.fit(learner, source, steps=steps, every=-(-steps // LOOKS), compute=compute)
    return [seen for (seen,) in told], steps * source.size


def places(n: int, block: Params, draws: Generator) -> Batch:
    """Where each of n images stands in each of its k views, no two alike: columns `down`, `right` Int[n view]."""
    side = 2 * block.shift + 1
    drawn = torch.rand(n, side * side, generator=draws).argsort(1)[:, : block.views]
    return {"down": drawn // side, "right": drawn % side}


def unmoved(n: int, block: Params) -> Batch:
    """The one place where an image stands as it is."""
    middle = torch.full((n, 1), block.shift)
    return {"down": middle, "right": middle}


def answered(learner: Classifier, columns: Batch, by: int) -> Float[Tensor, "n view class"]:
    """What it says, as logits, of each view of each image: a column, filled once."""
    told = []
    with torch.no_grad():
        for view in range(columns["down"].shape[1]):
            x = views.shifted(columns["x"], by=by, down=columns["down"][:, view], right=columns["right"][:, view])
            told.append(torch.cat([learner.head(learner.encoder(part)) for part in x.split(500)]))
    return torch.stack(told, 1)


def one_view(by: int) -> View:
    """Of each image one of its views, drawn, and what was answered on that view, where anything was."""

    def view(batch: Batch, draws: Generator) -> Batch:
        n, k = batch["down"].shape
        rows, drawn = torch.arange(n), torch.randint(0, k, (n,), generator=draws)
        x = views.shifted(batch["x"], by=by, down=batch["down"][rows, drawn], right=batch["right"][rows, drawn])
        seen = {name: column for name, column in batch.items() if name not in ("down", "right")} | {"x": x}
        return seen | ({"answers": batch["answers"][rows, drawn]} if "answers" in batch else {})

    return view


def noise(n: int, shape: Sequence[int], draws: Generator) -> Float[Tensor, "n c h w"]:
    """Images of which each pixel is uniform in [0, 1]."""
    return torch.rand(n, *shape, generator=draws)


def raised(logits: Float[Tensor, "n class"], omitted: int, share: float) -> float:
    """By how much that class's bias must rise for its mean probability to be `share`; section 3.

    The mean rises with the bias from 0 to 1, so that halving finds it.
    """
    low, high = -100.0, 100.0
    for _ in range(60):
        bias = (low + high) / 2
        told = logits.double().clone()
        told[:, omitted] += bias
        low, high = (bias, high) if float(told.softmax(1)[:, omitted].mean()) < share else (low, bias)
    return (low + high) / 2


def load(models: Path, arm: str, seed: int) -> Classifier:
    """The teacher or a student (soft-0: of the first size) as the stage left it, to be asked and not taught."""
    told = descriptions.read(models)
    encoder = params.parse(params.Encoder, f"encoders.{arm}", told, models / descriptions.FILE)
    classifier = Classifier(
        *_net(encoder, told["shape"], len(told["classes"][arm]), 0), learning_rate=0, weight_decay=0
    )
    weights.give(classifier, models / f"{arm}-{seed}.safetensors")
    return classifier.eval()


def _weights(encoder: params.Encoder, shape: Sequence[int], classes: int) -> int:
    return sum(weight.numel() for part in _net(encoder, shape, classes, 0) for weight in part.parameters())


def _net(encoder: params.Encoder, shape: Sequence[int], classes: int, seed: int) -> tuple[Encoder, nn.Linear]:
    with streams.born(seed, "encoder"):
        channel, height, width = shape
        f = Encoder((channel, height, width), **encoder.model_dump())
    with streams.born(seed, "head"):
        g = nn.Linear(f.width, classes)
    return f, g
