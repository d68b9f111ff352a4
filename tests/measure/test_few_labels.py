"""Few labels examined: a learner's own answers and a probe's, of classes and of numbers."""

from typing import Any

import pytest
import torch
from torch import Tensor

from tutelage.measure import exam, few_labels

DRAWS = torch.Generator().manual_seed(0)
X = torch.randn(90, 1, 2, 2, generator=DRAWS)
MIXED = torch.randn(4, 4, generator=DRAWS)
CLASSES = X.flatten(1)[:, :3].argmax(1)
NUMBERS = X.flatten(1)[:, :1] + 2


class Turned:
    """Its codes are all of an image's pixels, mixed; its predictions the first three."""

    def encode(self, x: Tensor) -> Tensor:
        return x.flatten(1) @ MIXED

    def predict(self, x: Tensor) -> Tensor:
        return x.flatten(1)[:, :3].log_softmax(1)


CHOICE: dict[str, Any] = {"strengths": [1e-3, 1.0], "folds": 3}


def test_whole_numbers_are_classes_and_others_are_numbers() -> None:
    assert few_labels.direct(Turned(), X, CLASSES)["accuracy"] == 1
    assert few_labels.direct(Turned(), X, NUMBERS.expand(-1, 3))["mse"] > 0


@pytest.mark.parametrize(("y", "metric", "least"), [(CLASSES, "accuracy", 0.9), (NUMBERS, "r2", 0.999)])
def test_a_probe_of_codes_finds_what_is_a_line_in_them(y: Tensor, metric: str, least: float) -> None:
    assert few_labels.probed(Turned(), X[None, :60], y[:60], X[60:], y[60:], **CHOICE)[metric] > least


def test_a_probe_is_taught_by_all_views() -> None:
    views = torch.stack([-X[:60], X[:60], -X[:60]])  # the plain one in the middle is outvoted
    assert few_labels.probed(Turned(), views, NUMBERS[:60] - 2, X[60:], NUMBERS[60:] - 2, **CHOICE)["r2"] < 0


def test_the_mean_of_recalls_is_the_balanced_accuracy() -> None:
    wrong = CLASSES.roll(1)
    recalls = exam.recalls(Turned(), X, wrong)
    assert recalls.shape == (3,)
    assert recalls.mean() == pytest.approx(exam.direct(Turned(), X, wrong)["balanced_accuracy"], rel=1e-12)
