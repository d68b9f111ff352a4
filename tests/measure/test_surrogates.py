"""Errors in deviations, doubt as large as error, and who jumps."""

import numpy as np
import pytest

from tutelage import streams
from tutelage.measure import surrogates

HALVES = np.repeat([0.0, 1.0], 2000)


def answers() -> np.ndarray:
    """Two answers: normal of deviation 2 about −10 and +10 by halves, and of deviation 1 about 0."""
    draws = streams.numpy(0, "test_surrogates").normal(size=(4000, 2))
    return draws * [2.0, 1.0] + np.outer(20 * HALVES - 10, [1.0, 0.0])


def test_the_mean_of_all_errs_by_a_deviation_and_the_mean_of_its_half_by_one_among_those_alike() -> None:
    y = answers()
    whole, alike = surrogates.deviations(y, HALVES)
    np.testing.assert_allclose(surrogates.errors(np.tile(y.mean(0), (len(y), 1)), y, whole), 1)
    own = np.where(HALVES[:, None] == 1, y[HALVES == 1].mean(0), y[HALVES == 0].mean(0))
    np.testing.assert_allclose(surrogates.errors(own, y, alike), 1)
    np.testing.assert_allclose(whole, [np.sqrt(104), 1], rtol=0.02)
    np.testing.assert_allclose(alike, [2, 1], rtol=0.05)


def test_errors_know_no_units_and_of_an_answer_that_never_moves_they_are_its_own() -> None:
    y = answers()
    told = y + 0.3
    whole, _ = surrogates.deviations(y, HALVES)
    np.testing.assert_allclose(surrogates.errors(7 * told, 7 * y, 7 * whole), surrogates.errors(told, y, whole))
    np.testing.assert_allclose(surrogates.errors(told, y, np.zeros(2)), 0.3)


def test_unlike_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"answers of shapes \(4000,\) and \(4000, 2\)"):
        surrogates.errors(answers()[:, 0], answers(), np.ones(2))


def test_doubt_as_large_as_error_covers_nineteen_of_twenty_and_half_of_it_fewer() -> None:
    y = streams.numpy(1, "test_surrogates").normal(size=(20000, 2))
    told, spread = np.zeros_like(y), np.ones_like(y)
    assert surrogates.coverage(told, spread, y) == pytest.approx(0.95, abs=0.005)
    assert surrogates.coverage(told, spread / 2, y) == pytest.approx(0.673, abs=0.01)


def test_who_answers_as_the_other_half_has_jumped() -> None:
    inside = answers()
    outside, halves = np.array([[-11.0, 0.0], [12.0, 0.0], [9.0, 1.0]]), np.array([0.0, 0.0, 1.0])
    assert surrogates.jumped(outside, halves, inside, HALVES).tolist() == [False, True, False]
    one = HALVES == 0  # of the other half nothing is known
    assert not surrogates.jumped(outside, halves, inside[one], HALVES[one]).any()
