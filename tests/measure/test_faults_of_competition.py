"""The faults of competition by hand, and k-means as it is counted."""

from itertools import pairwise

import numpy as np
import pytest
from sklearn.cluster import KMeans

from tutelage import streams
from tutelage.measure import competition, maps

X = streams.numpy(0, "test").normal(size=(60, 4))


def test_faults_of_competition_are_counted() -> None:
    rho = np.array([[1.0, 2, 3], [0, 2, 1]])
    assert competition.never_chosen(rho) == 2
    assert competition.until(2.0, [(10, 3.0), (20, 2.0), (30, 1.0)]) == 20
    assert competition.until(0.5, [(10, 3.0)]) is None


def test_q_is_the_mean_square_to_the_winner() -> None:
    rho = maps.distances(X, X[:7])
    assert competition.distortion(X, X[:7]) == pytest.approx(np.square(rho.min(1)).mean())


def test_what_is_never_reached_or_settled_is_not_told() -> None:
    rho, y = np.array([[1.0, 2, 3], [0, 2, 1]]), np.array([0, 1])
    told = competition.measures(rho, y, 2.0, [(10, 3.0), (20, 2.0)], settled=15)
    assert (told["presentations_to_q"], told["reached_q"], told["presentations_to_settle"]) == (20, 1, 15)
    assert told["centres_never_chosen"] == 2
    told = competition.measures(rho, y, 1.0, [(10, 3.0), (20, 2.0)])
    assert told["reached_q"] == 0
    assert not {"presentations_to_q", "presentations_to_settle"} & set(told)


def test_k_means_is_counted_pass_by_pass_and_never_gets_worse() -> None:
    centres, course = competition.kmeans(X, competition.seeded(X, 5, 0))
    assert [shown for shown, _ in course] == [60 * (i + 1) for i in range(len(course))]
    assert all(a >= b for (_, a), (_, b) in pairwise(course))
    assert competition.best(X, 5) <= course[-1][1] * (1 + 1e-9)
    whole = KMeans(5, init=X[:5], n_init=1, tol=0).fit(X)
    np.testing.assert_allclose(competition.kmeans(X, X[:5])[0], whole.cluster_centers_)
    assert competition.distortion(X, centres) == pytest.approx(course[-1][1])


def test_k_means_from_one_place_leaves_no_centre_idle() -> None:
    centres, _ = competition.kmeans(X, np.zeros((5, 4)) + np.arange(5)[:, None] * 1e-9)
    assert competition.never_chosen(maps.distances(X, centres)) == 0
