"""Probes of codes: what they learn, what they choose by, and that they are never surprised for ever."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from tutelage.measure import probes

DRAWS = np.random.default_rng(0)
CENTRES = 8 * np.eye(3, 4)
Y = np.repeat(np.arange(3), 20)
Z = CENTRES[Y] + DRAWS.normal(size=(60, 4))
ASKED = CENTRES[Y] + DRAWS.normal(size=(60, 4))


def test_the_linear_probe_of_one_strength_is_logistic_regression_on_standardised_codes() -> None:
    told = probes.linear(Z, Y, ASKED, strengths=[0.5], folds=3)
    scale = StandardScaler().fit(Z)
    known = LogisticRegression(C=2.0, max_iter=1000).fit(scale.transform(Z), Y)
    np.testing.assert_allclose(told, known.predict_log_proba(scale.transform(ASKED)), rtol=0.02)


def test_where_labels_are_noise_it_chooses_the_strongest_penalty() -> None:
    noise = np.random.default_rng(1).permutation(Y)
    free = probes.linear(Z, noise, ASKED, strengths=[1e-3], folds=3)
    chosen = probes.linear(Z, noise, ASKED, strengths=[1e-3, 1e3], folds=3)
    assert chosen.std() < 0.1 * free.std()


@pytest.mark.parametrize("classes", [2, 3])
def test_of_codes_far_out_by_a_number_that_labels_hardly_show_each_class_is_told_by_a_finite_logarithm(
    classes: int,
) -> None:
    few = np.zeros((classes, 2), np.float32)
    few[0] = 0.001, 1
    told = probes.linear(few, np.arange(classes), np.array([[9, 0], [0, 9]], np.float32), strengths=[1.0], folds=3)
    assert np.isfinite(told).all()
    assert told.min() < -1000
    np.testing.assert_allclose(np.exp(told).sum(1), 1)


@pytest.mark.parametrize("scale", [1.0, 1000.0])
def test_a_codes_scale_does_not_matter_to_the_linear_probe(scale: float) -> None:
    told = probes.linear(scale * Z, Y, scale * ASKED, strengths=[0.1, 1.0], folds=3)
    np.testing.assert_allclose(told, probes.linear(Z, Y, ASKED, strengths=[0.1, 1.0], folds=3), atol=1e-6)


@pytest.mark.parametrize("labels", [60, 3])
def test_views_that_look_the_same_teach_the_linear_probe_nothing(labels: int) -> None:
    some = np.arange(60)[:: 60 // labels]
    plain, viewed = (
        probes.linear(Z[some], Y[some], ASKED, strengths=[0.1, 1.0], folds=3, views=views)
        for views in (None, np.stack([Z[some]] * 3))
    )
    np.testing.assert_allclose(viewed, plain, atol=0.1)


def test_what_views_differ_in_the_linear_probe_no_longer_looks_at() -> None:
    hint = 3 * np.eye(3)[Y]
    seen = np.hstack([Z, hint])
    views = np.stack([np.hstack([Z, np.roll(hint, by, axis=1)]) for by in range(3)])
    asked = [np.hstack([ASKED, np.roll(hint, by, axis=1)]) for by in (0, 1)]
    told, moved = (probes.linear(seen, Y, a, strengths=[1.0], folds=3, views=views) for a in asked)
    np.testing.assert_allclose(told, moved, atol=0.05)
    apart = np.subtract(*(probes.linear(seen, Y, a, strengths=[1.0], folds=3) for a in asked))
    assert np.abs(apart).max() > 1


def test_a_class_without_a_label_is_never_told_and_the_others_as_if_it_were_none() -> None:
    some = Y != 1
    told = probes.linear_of_some(Z[some], Y[some], ASKED, classes=3, strengths=[0.1, 1.0], folds=3)
    np.testing.assert_array_equal(told[:, 1], -np.inf)
    known = probes.linear(Z[some], Y[some] // 2, ASKED, strengths=[0.1, 1.0], folds=3)
    np.testing.assert_array_equal(told[:, [0, 2]], known)
    alone = probes.linear_of_some(Z[:9], Y[:9], ASKED, classes=3, strengths=[1.0], folds=3)
    np.testing.assert_array_equal(alone, np.tile([0, -np.inf, -np.inf], (60, 1)))


def test_one_label_a_class_is_enough_for_both() -> None:
    one = [0, 20, 40]
    for told in (
        probes.linear(Z[one], Y[one], ASKED, strengths=[0.1, 1.0], folds=5),
        probes.nearest(Z[one], Y[one], ASKED, neighbours=5),
    ):
        assert (told.argmax(1) == Y).mean() > 0.6


def test_a_number_that_is_the_same_in_every_code_is_no_division_by_zero() -> None:
    flat = np.concatenate([Z, np.ones((60, 1))], axis=1)
    assert np.isfinite(probes.linear(flat, Y, flat, strengths=[1.0], folds=3)).all()


def test_neighbours_are_shares_and_none_is_infinitely_surprising() -> None:
    told = np.exp(probes.nearest(Z, Y, ASKED, neighbours=5))
    np.testing.assert_allclose(told.sum(1), 1)
    assert told.min() > 0
