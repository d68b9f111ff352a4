"""Classification and calibration against scikit-learn, limits and hand-made cases."""

import numpy as np
import pytest
from numpy import ndarray
from sklearn import metrics

from tutelage.measure import calibration, classification


@pytest.fixture(scope="module")
def predicted() -> tuple[ndarray, ndarray]:
    draws = np.random.default_rng(1)
    logits = draws.normal(size=(500, 4)) * 2
    y = np.where(draws.random(500) < 0.7, logits.argmax(1), draws.integers(0, 4, 500))
    return logits - np.log(np.exp(logits).sum(1, keepdims=True)), y


def test_accuracies_and_likelihood_agree_with_scikit_learn(predicted: tuple[ndarray, ndarray]) -> None:
    log_p, y = predicted
    told = classification.scores(log_p, y)
    assert told["accuracy"] == metrics.accuracy_score(y, log_p.argmax(1))
    assert told["balanced_accuracy"] == pytest.approx(metrics.balanced_accuracy_score(y, log_p.argmax(1)), rel=1e-12)
    assert told["nll"] == pytest.approx(metrics.log_loss(y, np.exp(log_p)), rel=1e-12)


def test_brier_of_two_classes_is_twice_the_one_for_one_probability(predicted: tuple[ndarray, ndarray]) -> None:
    log_p = np.log(np.array([[0.9, 0.1], [0.4, 0.6], [0.7, 0.3]]))
    y = np.array([0, 1, 1])
    half = metrics.brier_score_loss(y, np.exp(log_p[:, 1]))
    assert calibration.brier(log_p, y) == pytest.approx(2 * half, rel=1e-12)


def test_a_class_without_examples_has_no_recall_and_does_not_count() -> None:
    log_p = np.log(np.array([[0.8, 0.1, 0.1], [0.6, 0.3, 0.1], [0.2, 0.7, 0.1]]))
    y = np.array([0, 0, 1])
    assert np.isnan(classification.recalls(log_p, y)[2])
    assert classification.balanced_accuracy(log_p, y) == 1


def test_a_forecaster_right_as_often_as_it_says_has_no_calibration_error() -> None:
    log_p = np.log(np.tile([0.75, 0.25], (400, 1)))
    y = np.repeat([0, 1], [300, 100])
    assert calibration.ece(log_p, y) == pytest.approx(0, abs=1e-12)


def test_a_forecaster_sure_and_always_wrong_has_all_of_it() -> None:
    log_p = np.log(np.tile([1 - 1e-12, 1e-12], (10, 1)))
    assert calibration.ece(log_p, np.ones(10, int)) == pytest.approx(1)


def test_calibration_error_weighs_bins_by_their_examples() -> None:
    # Two bins: 3 examples sure at 0.9 and all right (gap 0.1), 1 at 0.6 and wrong (gap 0.6).
    log_p = np.log(np.array([[0.9, 0.1]] * 3 + [[0.6, 0.4]]))
    assert calibration.ece(log_p, np.array([0, 0, 0, 1])) == pytest.approx((3 * 0.1 + 0.6) / 4)
