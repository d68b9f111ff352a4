"""Errors of numbers, and the probe that tells them."""

import numpy as np
import pytest
from sklearn.metrics import mean_squared_error, r2_score

from tutelage.measure import regression


def test_scores_agree_with_scikit_learn() -> None:
    draws = np.random.default_rng(0)
    told, y = draws.normal(size=(2, 40, 1))
    scores = regression.scores(told, y)
    assert scores["mse"] == pytest.approx(mean_squared_error(y, told))
    assert scores["r2"] == pytest.approx(r2_score(y, told))


def test_telling_the_mean_is_worth_nothing_and_the_truth_everything() -> None:
    y = np.arange(5.0)[:, None]
    assert regression.scores(np.full((5, 1), 2.0), y)["r2"] == 0
    assert regression.scores(y, y) == {"mse": 0, "r2": 1}


def test_ridge_finds_a_line_whatever_the_scale_of_the_codes() -> None:
    draws = np.random.default_rng(0)
    z = draws.normal(size=(60, 3)) * [1e-3, 1, 1e3] + 7
    y = (z @ [2e3, -1, 1e-3])[:, None]
    told = regression.ridge(z[:50], y[:50], z[50:], strengths=[1e-6, 1.0])
    np.testing.assert_allclose(told, y[50:], rtol=1e-4)


def test_a_number_of_the_codes_that_is_always_the_same_is_no_trouble() -> None:
    z = np.column_stack([np.arange(10.0), np.full(10, 3.0)])
    told = regression.ridge(z, z[:, :1], z, strengths=[1e-9])
    np.testing.assert_allclose(told, z[:, :1], atol=1e-6)


def test_views_that_look_the_same_teach_ridge_nothing() -> None:
    draws = np.random.default_rng(0)
    z, y = draws.normal(size=(20, 3)), draws.normal(size=(20, 1))
    plain, viewed = (
        regression.ridge(z, y, z, strengths=[0.1, 1.0, 10.0], views=views) for views in (None, np.stack([z] * 4))
    )
    np.testing.assert_allclose(viewed, plain, rtol=1e-9)
