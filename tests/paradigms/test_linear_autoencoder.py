"""The linear autoencoder at its minimum: principal components, whichever way and from wherever it gets there."""

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from tutelage.measure import exam, subspaces
from tutelage.objectives import principal
from tutelage.paradigms import linear_autoencoder
from tutelage.training import lbfgs

SPREAD = torch.tensor([6.0, 4.0, 2.5, 1.0, 0.6, 0.3, 0.1])
X = torch.randn(200, 7, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) * SPREAD + 3


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("width", [1, 3])
def test_at_its_minimum_it_is_pca(width: int, tied: bool) -> None:
    rows, variances = principal.moments(X)
    learner = linear_autoencoder.build(7, width=width, tied=tied, seed=4)
    lbfgs.descend(learner, {"x": rows}, iterations=500, tolerance=1e-12)
    known = PCA(width).fit(X.numpy())
    least = float(((X.numpy() - known.inverse_transform(known.transform(X.numpy()))) ** 2).sum(1).mean())
    assert float(variances[width:].sum()) == pytest.approx(least)
    assert exam.reconstructed(learner, rows, rows)["sse"] == pytest.approx(least, rel=1e-6)
    assert subspaces.angle(learner.directions(), known.components_) < 0.1


def test_the_rows_of_moments_have_the_covariance_of_all_examples() -> None:
    rows, variances = principal.moments(X)
    assert rows.shape == (7, 7)
    known = np.cov(X.numpy().T, bias=True)
    np.testing.assert_allclose((rows.T @ rows / 7).numpy(), known, atol=1e-12)
    np.testing.assert_allclose(variances.numpy(), np.linalg.eigvalsh(known)[::-1], rtol=1e-9)


def test_the_angle_of_two_lines_is_theirs_and_none_to_itself() -> None:
    assert subspaces.angle(np.array([[1.0, 0, 0]]), np.array([[1.0, 1, 0]])) == pytest.approx(45)
    plane = np.array([[1.0, 0, 0], [0, 1, 0]])
    assert subspaces.angle(plane, np.array([[1.0, 2, 0], [3, -1, 0]])) == pytest.approx(0, abs=1e-6)


def test_a_descent_ends_early_where_nothing_is_gained() -> None:
    rows, _ = principal.moments(X)
    learner = linear_autoencoder.build(7, width=2, tied=True, seed=0)
    assert lbfgs.descend(learner, {"x": rows}, iterations=500, tolerance=1e-6) < 100
