"""Coverage of classes against SciPy's entropy and its two ends."""

import math

import pytest
import torch
from scipy.stats import entropy

from tutelage.measure import coverage


def certain(*classes: int) -> torch.Tensor:
    """Log-probabilities of one sample a class named, out of four classes."""
    return torch.eye(4)[list(classes)].mul(0.7).add(0.1).log()


def test_a_collapse_to_one_class_hits_one_and_has_no_entropy() -> None:
    assert coverage.classes_hit(certain(2, 2, 2)) == 1
    assert coverage.class_entropy(certain(2, 2, 2)) == 0


def test_classes_that_are_alike_have_the_logarithm_of_their_number() -> None:
    assert coverage.classes_hit(certain(0, 1, 2, 3)) == 4
    assert coverage.class_entropy(certain(0, 1, 2, 3)) == pytest.approx(math.log(4))


def test_the_entropy_is_scipys_of_the_histogram() -> None:
    assert coverage.class_entropy(certain(0, 0, 0, 1, 3, 3)) == pytest.approx(entropy([3, 1, 0, 2]))
