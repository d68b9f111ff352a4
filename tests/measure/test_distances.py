"""Distances in blocks, against scikit-learn and where digits are lost."""

import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestNeighbors

from tutelage import streams
from tutelage.measure import distances

DRAWS = streams.generator(0, "test")
X, OTHERS = (torch.rand(n, 1, 5, 4, generator=DRAWS, dtype=torch.float64) for n in (70, 90))


@pytest.fixture(params=[2**20, 200], ids=["one block", "many blocks"])
def _block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distances, "CELLS", request.param)


@pytest.mark.usefixtures("_block")
def test_the_nearest_is_that_of_sklearn() -> None:
    index, distance = distances.nearest(X, OTHERS)
    flat, among = X.flatten(1).numpy(), OTHERS.flatten(1).numpy()
    far, found = NearestNeighbors(n_neighbors=1, algorithm="brute", metric="sqeuclidean").fit(among).kneighbors(flat)
    assert index.tolist() == found[:, 0].tolist()
    np.testing.assert_allclose(distance, np.sqrt(far[:, 0]), rtol=1e-12)


def test_a_copy_is_at_no_distance_at_all_and_of_two_it_is_the_first() -> None:
    twice = torch.cat([OTHERS, OTHERS])
    index, distance = distances.nearest(OTHERS, twice)
    assert index.tolist() == list(range(len(OTHERS)))
    assert distance.eq(0).all()


def test_where_the_expansion_has_lost_its_digits_the_differences_say_who_is_nearest() -> None:
    line = 1 + 2e-8 * torch.arange(50, dtype=torch.float64)[:, None]
    index, distance = distances.nearest(line + 3e-9, line)
    assert index.tolist() == list(range(50))
    np.testing.assert_allclose(distance, 3e-9, rtol=1e-6)


def test_one_other_is_everyones_nearest() -> None:
    assert distances.nearest(X, OTHERS[:1])[0].eq(0).all()


@pytest.mark.usefixtures("_block")
def test_both_kinds_of_blocks_hold_all_distances() -> None:
    x, others = X.flatten(1), OTHERS.flatten(1)
    truth = (x[:, None] - others).square().sum(2)
    for rows, rho in distances.exact(x, others):
        np.testing.assert_allclose(rho.square(), truth[rows], rtol=1e-12)
    for rows, rho in distances.squared(x, others):
        np.testing.assert_allclose(rho, truth[rows], atol=1e-13)


def test_exact_distances_are_the_same_both_ways_to_the_last_digit() -> None:
    x, others = X.flatten(1), OTHERS.flatten(1)
    ((_, there),), ((_, back),) = distances.exact(x, others), distances.exact(others, x)
    assert there.equal(back.T)
    ((_, within),) = distances.exact(x, x)
    assert within.diagonal().eq(0).all()
