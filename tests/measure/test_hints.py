"""A label that hides in x*, and columns that are in x as well."""

import numpy as np
import pytest

from tutelage.measure import hints

DRAWS = np.random.default_rng(0)
Y = DRAWS.integers(0, 3, 200)
NOISE = DRAWS.normal(size=(200, 2))


def test_a_column_that_is_the_label_has_all_its_information_whatever_it_calls_the_classes() -> None:
    named = np.array([5.0, -1.0, 2.5])[Y]
    told = hints.information(np.column_stack([NOISE, named]), Y)
    assert told[2] == pytest.approx(1)
    assert told[:2].max() < 0.2


def test_a_label_with_a_little_noise_is_seen_too() -> None:
    assert hints.information((Y + 0.01 * NOISE[:, 0])[:, None], Y)[0] > 0.95


def test_a_number_that_only_leans_to_a_class_is_not_taken_for_it() -> None:
    assert hints.information((Y + NOISE[:, 0])[:, None], Y)[0] < 0.6


def test_a_cell_that_is_not_known_hides_no_label() -> None:
    star = np.where(np.arange(200) < 4, np.nan, Y + 0.01 * NOISE[:, 0])[:, None]
    assert hints.information(star, Y)[0] > 0.9


def test_columns_that_are_in_both_are_named() -> None:
    assert hints.shared(NOISE, np.column_stack([Y, NOISE[:, 1]])) == [(1, 1)]
    assert hints.shared(NOISE, NOISE + 1e-9) == []
