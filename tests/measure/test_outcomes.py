"""What happens or not: each way on what it is made for, and judged where one of the two is rare."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from jaxtyping import Float
from numpy import ndarray
from sklearn.metrics import balanced_accuracy_score, log_loss

from tutelage import streams
from tutelage.measure import outcomes
from tutelage.measure.outcomes import Ask

WAYS: dict[str, Callable[..., Ask]] = {
    "gaussian_process": outcomes.gaussian_process,
    "boosting": partial(outcomes.boosting, trees=20, learning_rate=0.2),
    "linear": partial(outcomes.linear, strengths=(0.01, 1.0), folds=3),
}


def drawn(seed: int, n: int = 120) -> tuple[Float[ndarray, "n 2"], Float[ndarray, "n"]]:
    x = streams.numpy(seed, "test_outcomes").uniform(-1, 1, (n, 2))
    return x, (x[:, 0] > 0.5).astype(float)


@pytest.mark.parametrize("way", WAYS)
def test_every_way_tells_apart_what_one_parameter_decides(way: str) -> None:
    asked, truth = drawn(1)
    told = outcomes.scores(WAYS[way](*drawn(0))(asked), truth, 0.25)
    floor = outcomes.scores(outcomes.base_rate(*drawn(0))(asked), truth, 0.25)
    assert told["nll"] < 0.6 * floor["nll"]
    assert told["area"] > 0.95
    assert told["balanced_accuracy"] > (0.65 if way == "gaussian_process" else 0.9)  # which is never sure of itself


def test_the_base_rate_tells_nobody_apart_and_is_mostly_right() -> None:
    truth = (np.arange(100) % 10 == 0).astype(float)
    told = outcomes.scores(outcomes.base_rate(truth[:, None], truth)(truth[:, None]), truth, 0.1)
    assert told["nll"] == pytest.approx(-0.1 * np.log(0.1) - 0.9 * np.log(0.9))  # the entropy
    assert (told["area"], told["balanced_accuracy"], told["accuracy"]) == (0.5, 0.5, 0.9)


def test_the_threshold_is_how_often_it_happens() -> None:
    truth, p = np.array([0.0, 0, 0, 0, 1, 1]), np.array([0.1, 0.15, 0.3, 0.05, 0.25, 0.4])
    told = outcomes.scores(p, truth, 0.2)
    assert told["balanced_accuracy"] == pytest.approx(balanced_accuracy_score(truth, p > 0.2)) == 0.875
    assert told["accuracy"] == pytest.approx(4 / 6)  # at a half none is told
    assert told["nll"] == pytest.approx(log_loss(truth, p))


def test_certainty_that_is_wrong_costs_much_and_not_everything() -> None:
    assert outcomes.scores(np.array([0.0, 1.0]), np.array([1.0, 0.0]), 0.5)["nll"] == pytest.approx(27.6, abs=0.1)
