"""Classes of classes: by the chain rule both losses are one."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, log_loss

from tutelage import streams
from tutelage.measure import hierarchy

ABOVE = np.array([0, 0, 1, 1, 1])


@pytest.fixture
def told() -> tuple[np.ndarray, np.ndarray]:
    draws = streams.numpy(0, "test_hierarchy")
    p = draws.dirichlet(np.ones(5), 200)
    return np.log(p), draws.integers(0, 5, 200)


def test_what_is_lost_above_and_within_is_all_that_is_lost(told: tuple[np.ndarray, np.ndarray]) -> None:
    found = hierarchy.scores(*told, ABOVE)
    p, y = np.exp(told[0]), told[1]
    assert found["above_nll"] + found["within_nll"] == pytest.approx(log_loss(y, p))
    summed = np.stack([p[:, :2].sum(1), p[:, 2:].sum(1)], 1)
    assert found["above_nll"] == pytest.approx(log_loss(ABOVE[y], summed))
    assert found["above_accuracy"] == accuracy_score(ABOVE[y], summed.argmax(1))


def test_within_a_class_that_is_alone_nothing_is_lost(told: tuple[np.ndarray, np.ndarray]) -> None:
    assert hierarchy.scores(*told, np.arange(5))["within_nll"] == pytest.approx(0, abs=1e-12)
    assert hierarchy.scores(*told, np.zeros(5, int))["above_nll"] == pytest.approx(0, abs=1e-12)
    assert hierarchy.scores(*told, np.zeros(5, int))["above_accuracy"] == 1


def test_whoever_knows_the_class_above_and_nothing_else_loses_within_what_there_is_to_guess() -> None:
    y = np.array([0, 1, 2, 3, 4])
    p = (ABOVE[y][:, None] == ABOVE) / np.array([2, 2, 3, 3, 3])
    found = hierarchy.scores(np.log(np.maximum(p, 1e-300)), y, ABOVE)
    assert found["above_accuracy"] == 1
    assert found["above_nll"] == pytest.approx(0)
    assert found["within_nll"] == pytest.approx((2 * np.log(2) + 3 * np.log(3)) / 5)
