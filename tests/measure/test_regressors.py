"""What else would learn: each on the functions that it is made for, and in any units."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from jaxtyping import Float
from numpy import ndarray

from tutelage import streams
from tutelage.measure import regressors
from tutelage.measure.regressors import Ask

GP = partial(regressors.gaussian_process, fitted_on=40)
WAYS: dict[str, Callable[..., Ask]] = {
    "gaussian_process": GP,
    "boosting": partial(regressors.boosting, trees=60, learning_rate=0.2, left=1e-6),
    "linear": partial(regressors.linear, strengths=(1e-6, 1.0)),
    "mean": regressors.mean,
}


def drawn(n: int) -> Float[ndarray, "n 2"]:
    return streams.numpy(n, "test_regressors").uniform(-1, 1, (n, 2))


def smooth(x: Float[ndarray, "n 2"]) -> Float[ndarray, "n 3"]:
    return np.column_stack([np.sin(2 * x[:, 0]) * x[:, 1], x.sum(1), np.full(len(x), 5.0)])


@pytest.mark.parametrize("way", WAYS)
def test_no_way_knows_units(way: str) -> None:
    x, asked = drawn(60), drawn(30)
    told, scaled = (WAYS[way](x, y)(asked) for y in (smooth(x), 100 + 8 * smooth(x)))
    np.testing.assert_allclose(scaled.answers, 100 + 8 * told.answers, rtol=1e-3)
    np.testing.assert_allclose(told.answers[:, 2], 5.0)  # what never moves
    if told.spread is not None and scaled.spread is not None:
        np.testing.assert_allclose(scaled.spread[:, :2], 8 * told.spread[:, :2], rtol=0.05)


@pytest.mark.parametrize("way", WAYS)
def test_a_single_answer_is_a_column_and_told_as_among_others(way: str) -> None:
    x, asked = drawn(60), drawn(30)
    told = WAYS[way](x, smooth(x)[:, 1:2])(asked)
    assert told.answers.shape == (30, 1)
    assert told.spread is None or told.spread.shape == (30, 1)
    if way in ("linear", "mean"):
        np.testing.assert_allclose(told.answers[:, 0], WAYS[way](x, smooth(x))(asked).answers[:, 1])


def test_a_line_learns_a_line_and_nothing_bent() -> None:
    x, asked = drawn(60), drawn(30)
    error = WAYS["linear"](x, smooth(x))(asked).answers - smooth(asked)
    assert np.abs(error[:, 1]).max() < 1e-6
    assert np.abs(error[:, 0]).max() > 0.1


def test_a_gaussian_process_runs_through_what_it_saw_and_doubts_most_where_it_saw_nothing() -> None:
    x, asked = drawn(60), drawn(30)
    ask = GP(x, smooth(x))
    seen, far = ask(x), ask(asked + 3)
    np.testing.assert_allclose(seen.answers, smooth(x), atol=1e-2)
    assert np.abs(ask(asked).answers - smooth(asked)).max() < 0.05
    assert seen.spread is not None
    assert far.spread is not None
    assert far.spread[:, :2].min() > 5 * seen.spread[:, :2].max()


def test_a_process_with_fewer_runs_than_its_kernel_may_see_sees_all() -> None:
    x, asked = drawn(40), drawn(30)
    more = regressors.gaussian_process(x, smooth(x), fitted_on=400)(asked).answers
    np.testing.assert_array_equal(more, GP(x, smooth(x))(asked).answers)


def steps(x: Float[ndarray, "n 2"]) -> Float[ndarray, "n 2"]:
    return np.column_stack([np.sign(x[:, 0] - 0.3), np.sign(x[:, 1])])


def test_boosting_learns_steps_which_a_line_does_not() -> None:
    x, asked = drawn(300), drawn(30)
    told = {way: ((WAYS[way](x, steps(x))(asked).answers - steps(asked)) ** 2).mean() for way in ("boosting", "linear")}
    assert told["boosting"] < 0.2 * told["linear"]
