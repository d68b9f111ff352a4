"""Retrieval against all distances, one by one."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from tutelage.measure import retrieval

DRAWS = np.random.default_rng(0)


def test_the_nearest_are_found_nearest_first() -> None:
    z, asked = DRAWS.normal(size=(200, 7)), DRAWS.normal(size=(30, 7))
    known = np.argsort(cdist(asked, z), axis=1)[:, :5]
    assert np.array_equal(retrieval.found(z, asked, 5), known)


def test_precision_is_the_share_of_the_class_that_was_asked_about() -> None:
    assert retrieval.precision(np.array([[1, 1, 2], [0, 0, 0]]), np.array([1, 3])) == pytest.approx(1 / 3)
