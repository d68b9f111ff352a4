"""Which points of a series stand in a window, and that blocks share none."""

import numpy as np
import pytest

from tutelage.data import windows

TIME = np.arange(40.0)  # a series of its own times


def test_a_window_is_history_target_and_what_is_around_it() -> None:
    made = windows.cut(TIME, history=4, horizon=5, around=2)
    assert made.x[0].tolist() == [0, 1, 2, 3]
    assert made.y[0].tolist() == [8]
    assert made.star[0].tolist() == [6, 7, 9, 10]
    assert made.span == 11
    assert (len(made.x), made.y.shape) == (30, (30, 1))
    for part in (made.x, made.star, made.y):
        assert (np.diff(part, axis=0) == 1).all()  # each a step later
    assert made.star[-1, -1] == 39


def test_it_rises_where_the_target_is_above_the_last_that_was() -> None:
    assert windows.cut(TIME, history=4, horizon=5, around=2).rises.all()
    assert not windows.cut(-TIME, history=4, horizon=5, around=2).rises.any()
    assert not windows.cut(0 * TIME, history=4, horizon=5, around=2).rises.any()


@pytest.mark.parametrize("horizon", [2, 5])
def test_x_star_holds_neither_the_target_nor_a_point_of_x(horizon: int) -> None:
    made = windows.cut(TIME, history=4, horizon=horizon, around=horizon - 1)
    for x, star, y in zip(made.x, made.star, made.y, strict=True):
        assert not set(star) & (set(x) | set(y))


def test_blocks_share_no_point_in_time_and_could_be_no_nearer() -> None:
    made = windows.cut(TIME, history=2, horizon=3, around=1)
    train, valid, test = windows.blocks(len(made.x), (8, 5, 4), span=made.span, first=3)
    assert (train[0], len(train), len(valid), len(test)) == (3, 8, 5, 4)

    def times(rows: np.ndarray) -> set[float]:
        return {float(v) for part in (made.x, made.star, made.y) for v in part[rows].ravel()}

    assert max(times(train)) + 1 == min(times(valid))
    assert max(times(valid)) + 1 == min(times(test))


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="in the history too"):
        windows.cut(TIME, history=4, horizon=3, around=3)
    with pytest.raises(ValueError, match="a window takes 41 points, and the series has 40"):
        windows.cut(TIME, history=31, horizon=6, around=4)
    assert windows.blocks(20, (6, 10), span=5)[1][-1] == 19
    with pytest.raises(ValueError, match="end at 20, and there are 19"):
        windows.blocks(19, (6, 10), span=5)
