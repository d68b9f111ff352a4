"""What else in params.yaml does not fit images of yours, and how long a reproduction will take."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tutelage.data.own_images import Whole

BY_CLASS = ("fewshot.held_out", "multitask.pairs", "multitask.learnability.tasks",
            "multitask.learning_to_learn.classes", "distill.omitted")  # fmt: skip
BY_LABELS = {
    "images": ("exam.labels", "embedded.labels_per_class", "supervised_autoencoder.labels", "distill.few"),
    "target": ("transfer.labels_per_class",),
}
"""What params say of classes by their number, and how many labels they ask for, where other images play the role."""


def unfit(blocks: Mapping[str, Any], role: str, whole: Whole, train: Any) -> Iterator[str]:
    """What else in params.yaml speaks of classes or of counts of labels that these images do not have."""
    k = len(whole.classes)
    if role == "images":
        base = set(_integers(_value(blocks, "pretrain.base_classes")))
        if k < 4:
            yield f"transfer and fewshot take four classes, two base and two others, and these are {k}: they end so"
        elif max(base, default=0) >= k or k - len(base) < 2:
            yield f"pretrain.base_classes: write {list(range(max(2, (k - 1) // 2)))}, since classes are 0 to {k - 1}"
        for key in BY_CLASS:
            if (named := max(_integers(_value(blocks, key)), default=0)) >= k:
                yield f"{key} names class {named}, and these are 0 to {k - 1}: edit it, or its stage ends with this"
    fewest = int(np.bincount(whole.labels[train][whole.labels[train] >= 0], minlength=k).min())
    for key in BY_LABELS.get(role, ()):
        most = max(_integers(_value(blocks, key)), default=0)
        each = most if key.endswith("per_class") else most // k
        if each > fewest:
            yield f"{key} asks for {each:,} labels of a class, and one has {fewest:,} to learn from: edit it, too"


def beside(role: str, shape: tuple[int, int, int]) -> Iterator[str]:
    """Whether what plays the other of both roles, as it was prepared last, has the same shape."""
    other = {"images": "target", "target": "images"}.get(role, "")
    about = Path("data/prepared", other, "about.json")
    if other and about.is_file():
        there = json.loads(about.read_text(encoding="utf-8"))["shape"]
        if there != list(shape):
            yield (
                f"transfer and distill take one shape: these are {list(shape)} (channel, height, width) and {other} "
                f"{there}; give {other} images of yours, too, or edit {other}.resize"
            )


def takes(blocks: Mapping[str, Any], shape: tuple[int, int, int], n: int) -> str:
    """The minutes of a reproduction, by a rule and not measured."""
    # Of the 25 that the default pipeline takes on two cores (README: 5 seeds, 20,000 presentations, 5,000 images of
    # 1 × 28 × 28) 5 are of what sees no images; 20 go with the operations of the encoder's convolutions for what is
    # shown. Encoding for exams adds one for each 20,000 images.
    budget, encoder = blocks["budget"], blocks["encoder"]

    def operations(shape: tuple[int, int, int], first: int, second: int, kernel: int) -> float:
        channels, height, width = shape
        return height * width * kernel**2 * (channels * first / 4 + first * second / 16)

    first, second = encoder["channels"]
    now = operations(shape, first, second, encoder["kernel"]) * budget["presentations"] * len(budget["seeds"])
    then = operations((1, 28, 28), 16, 32, 5) * 20_000 * 5
    return (
        f"a reproduction will take about {5 + 20 * now / then + n / 20_000:,.0f} minutes on two cores, by a rough rule"
    )


def _value(blocks: Mapping[str, Any], key: str) -> Any:
    value: Any = blocks
    for name in key.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _integers(value: Any) -> Iterator[int]:
    if isinstance(value, int):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _integers(one)
