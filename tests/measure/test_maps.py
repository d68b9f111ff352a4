"""Measures of maps, against scikit-learn and by hand."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn import manifold
from sklearn.metrics import pairwise_distances

from tutelage import streams
from tutelage.measure import maps, pictures

DRAWS = streams.numpy(0, "test")
X = DRAWS.normal(size=(60, 4))
LINE = np.abs(np.subtract.outer(range(3), range(3))) == 1  # three nodes in a row


def ranks(x: NDArray[np.float64]) -> maps.Ranks:
    return maps.ranks(pairwise_distances(x), np.ones(len(x), int))


@pytest.mark.parametrize("k", [1, 5, 20])
def test_trustworthiness_without_ties_is_that_of_sklearn_and_continuity_its_mirror(k: int) -> None:
    shown = X[:, :2]
    told = maps.trustworthiness(ranks(X), ranks(shown), k)
    assert told == pytest.approx(manifold.trustworthiness(X, shown, n_neighbors=k), rel=1e-12)
    told = maps.trustworthiness(ranks(shown), ranks(X), k)
    assert told == pytest.approx(manifold.trustworthiness(shown, X, n_neighbors=k), rel=1e-12)


def test_with_ties_it_is_the_mean_over_orders_in_which_they_could_stand() -> None:
    node = DRAWS.integers(0, 5, 60)
    r = np.abs(np.subtract.outer(np.arange(5.0), np.arange(5.0)))
    shown = maps.of(maps.ranks(r, np.bincount(node, minlength=5)), node)
    told = maps.trustworthiness(ranks(X), shown, 7)
    noise = 1e-6 * DRAWS.normal(size=(1500, 60))
    drawn = [manifold.trustworthiness(X, (node + jitter)[:, None], n_neighbors=7) for jitter in noise]
    assert told == pytest.approx(np.mean(drawn), abs=4 * np.std(drawn) / 1500**0.5 + 2e-3)


def test_what_is_shown_as_it_is_is_trusted() -> None:
    assert maps.trustworthiness(ranks(X), ranks(X), 10) == 1


def test_ranks_between_nodes_are_those_between_their_examples() -> None:
    places, node = DRAWS.normal(size=(6, 2)), DRAWS.integers(0, 6, 40)
    r = pairwise_distances(places)
    apart, between = ranks(places[node]), maps.of(maps.ranks(r, np.bincount(node, minlength=6)), node)
    others = ~np.eye(40, dtype=bool)
    for one, other in zip(apart, between, strict=True):
        assert (one[others] == other[others]).all()


def test_errors_by_hand() -> None:
    rho = np.array([[1.0, 2, 3], [3, 2, 1], [1, 3, 2], [2, 0, 5]])
    assert maps.quantization_error(rho) == 0.75
    assert maps.topographic_error(rho, LINE) == 0.25  # the third: its two best are the two ends


def test_all_measures_of_a_map_are_told_by_name() -> None:
    space = maps.space(X)
    rho = maps.distances(X, X[:3])
    grid = maps.Grid(np.abs(np.subtract.outer(np.arange(3.0), np.arange(3.0))), LINE)
    told = maps.measures(space, grid, rho, np.zeros(60, int), 5)
    node = rho.argmin(1)
    between = grid.r[node[:, None], node]
    assert told["purity"] == 1
    assert told["far_on_map"] == maps.far_on_map(ranks(X), between, 5)
    assert told["far_in_space"] == maps.far_in_space(pairwise_distances(X), between <= 1)
    assert told["quantization_error"] == pytest.approx(pairwise_distances(X, X[:3]).min(1).mean())


def test_purity_by_hand() -> None:
    assert maps.purity(np.array([0, 0, 0, 2, 2]), np.array([0, 0, 1, 1, 1])) == 0.8


def test_a_picture_of_the_space_itself_distorts_nothing_and_one_by_chance_half() -> None:
    x = np.sort(DRAWS.random(200))[:, None]
    apart = pairwise_distances(x)
    assert maps.far_on_map(ranks(x), apart, 5) == 0
    assert maps.far_in_space(apart, apart < 0.05) == 0
    shuffled = DRAWS.permutation(200)
    mixed = apart[shuffled][:, shuffled]
    assert maps.far_on_map(ranks(x), mixed, 5) == pytest.approx(0.5, abs=0.1)
    assert maps.far_in_space(mixed, apart < 0.05) == pytest.approx(0.5, abs=0.1)


def test_density_and_u_matrix_by_hand() -> None:
    assert pictures.density(np.array([[1.0, 4], [3, 0], [9, 9]]), 2).tolist() == [2, 2]
    assert pictures.u_matrix(np.array([[0.0, 0], [3, 4], [3, 5]]), LINE) == [(0, 1, 5.0), (1, 2, 1.0)]
