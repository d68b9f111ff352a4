"""Episodes asked about: all solved together as each would be alone by another library."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestCentroid
from sklearn.preprocessing import StandardScaler

from tutelage import streams
from tutelage.data.episodes import Members, Size
from tutelage.measure import few_shot

DRAWS = torch.Generator().manual_seed(0)
Y = torch.arange(120) % 6
Z = torch.randn(6, 7, generator=DRAWS)[Y] + torch.randn(120, 7, generator=DRAWS)
SIZE = Size(way=4, shots=3, queries=5)
ROWS = Members(Y).draw(SIZE, 12, streams.generator(0, "episodes"))
truth = np.arange(4)


def parts(rows: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """One episode's codes: of the shots, of the queries."""
    codes = Z[rows].double()
    return codes[:, :3].flatten(0, 1).numpy(), codes[:, 3:].flatten(0, 1).numpy()


def test_the_nearest_mean_is_scikit_learns_nearest_centroid() -> None:
    told = few_shot.nearest(Z, ROWS, 3)
    for accuracy, rows in zip(told.tolist(), ROWS, strict=True):
        shots, queries = parts(rows)
        known = NearestCentroid().fit(shots, truth.repeat(3)).score(queries, truth.repeat(5))
        assert accuracy == pytest.approx(known)


def test_the_linear_heads_are_scikit_learns_logistic_regressions_each_alone() -> None:
    told = few_shot.linear(Z, ROWS, 3, strength=0.5)
    for accuracy, rows in zip(told.tolist(), ROWS, strict=True):
        shots, queries = parts(rows)
        scale = StandardScaler().fit(shots)
        probe = LogisticRegression(C=2, tol=1e-8, max_iter=5000).fit(scale.transform(shots), truth.repeat(3))
        assert accuracy == pytest.approx(probe.score(scale.transform(queries), truth.repeat(5)))


def test_their_weights_are_too() -> None:
    shots = StandardScaler().fit_transform(parts(ROWS[0])[0])
    weights = few_shot.fitted(torch.from_numpy(shots)[None], 4, strength=0.5, tolerance=1e-9)[0]
    probe = LogisticRegression(C=2, solver="newton-cg", tol=1e-9).fit(shots, truth.repeat(3))
    np.testing.assert_allclose(weights[:-1].T, probe.coef_, atol=1e-5)
    free = weights[-1] - weights[-1].mean()
    np.testing.assert_allclose(free, probe.intercept_ - probe.intercept_.mean(), atol=1e-5)


def test_a_number_that_is_the_same_in_every_shot_does_no_harm() -> None:
    dead = torch.cat([Z, torch.ones(120, 1)], 1)
    torch.testing.assert_close(few_shot.linear(dead, ROWS, 3, strength=1), few_shot.linear(Z, ROWS, 3, strength=1))


def test_a_learner_is_asked_about_the_queries_alone() -> None:
    class Knows:
        def predict(self, x: torch.Tensor, /) -> torch.Tensor:
            return (x[:, None] == torch.arange(4)).double().log()

    number = torch.full((120,), -1.0)
    rows = ROWS[0]
    number[rows[:, 3:]] = torch.arange(4.0)[:, None]
    assert few_shot.directly(Knows(), number, rows, 3) == 1
    number[rows[0, 3:]] = 1
    assert few_shot.directly(Knows(), number, rows, 3) == 0.75
