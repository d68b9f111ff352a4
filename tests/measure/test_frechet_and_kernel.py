"""Distances of two samples of features, against closed forms, SciPy's root of a matrix and scikit-learn's kernel."""

from itertools import combinations

import numpy as np
import pytest
import torch
from scipy import linalg
from sklearn.metrics.pairwise import polynomial_kernel
from torch import Tensor

from tutelage import streams
from tutelage.errors import Mistake
from tutelage.measure import distances, frechet, kernel

DRAWS = streams.generator(0, "test")


def normal(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=DRAWS, dtype=torch.float64)


def sample(mean: Tensor, covariance: Tensor, n: int = 40) -> Tensor:
    """Examples whose own mean and covariance are these, up to rounding."""
    x = normal(n, len(mean))
    x -= x.mean(0)
    white = torch.linalg.qr(x).Q * (n - 1) ** 0.5
    return mean + white @ torch.linalg.cholesky(covariance).T


def covariance(dim: int) -> Tensor:
    root = normal(dim, dim)
    return root @ root.T + 0.1 * torch.eye(dim)


def test_of_one_feature_it_is_that_of_means_and_deviations() -> None:
    x, y = (sample(torch.tensor([m]).double(), torch.tensor([[s**2]]).double()) for m, s in ((1.0, 2.0), (4.0, 0.5)))
    assert frechet.distance(x, y) == pytest.approx(3**2 + 1.5**2)


def test_of_features_that_are_not_correlated_it_is_the_sum_over_features() -> None:
    (mean, spread), (mean_y, spread_y) = ((normal(6), normal(6).abs()) for _ in range(2))
    x, y = sample(mean, spread.square().diag()), sample(mean_y, spread_y.square().diag(), 55)
    told = (mean - mean_y).square().sum() + (spread - spread_y).square().sum()
    assert frechet.distance(x, y) == pytest.approx(float(told))


def test_of_covariances_that_commute_it_is_of_the_roots_of_their_eigenvalues() -> None:
    axes = torch.linalg.qr(normal(5, 5)).Q
    one, other = normal(5).abs() + 0.1, normal(5).abs() + 0.1
    x, y = (sample(torch.zeros(5).double(), axes @ values.diag() @ axes.T) for values in (one, other))
    assert frechet.distance(x, y) == pytest.approx(float((one.sqrt() - other.sqrt()).square().sum()))


def test_of_any_two_gaussians_it_is_what_the_root_of_a_matrix_gives() -> None:
    (mean, c), (mean_y, c_y) = ((normal(8), covariance(8)) for _ in range(2))
    root = linalg.sqrtm((c @ c_y).numpy())
    told = (mean - mean_y).square().sum() + (c + c_y).trace() - 2 * np.trace(root).real
    assert frechet.distance(sample(mean, c), sample(mean_y, c_y)) == pytest.approx(float(told))


def test_a_sample_is_at_no_frechet_distance_from_itself_and_a_moved_one_where_it_went() -> None:
    x = normal(50, 10) @ normal(10, 10)
    assert frechet.distance(x, x) == pytest.approx(0, abs=1e-10)
    assert frechet.distance(x, x + 3) == pytest.approx(90)


def test_the_same_image_over_and_over_has_a_frechet_distance() -> None:
    x, one = normal(50, 10), torch.ones(50, 10)
    told = (x.mean(0) - 1).square().sum() + x.var(0).sum()
    assert frechet.distance(one, x) == pytest.approx(float(told), rel=1e-12)


def test_single_precision_far_from_the_origin_is_taken_in_doubles() -> None:
    x, y = (1000 + normal(50, 4)).float(), (1000 + normal(50, 4)).float()
    assert frechet.distance(x, y) == pytest.approx(frechet.distance(x.double() - 1000, y.double() - 1000), rel=1e-9)


def test_too_few_samples_for_a_covariance_are_one_clear_line() -> None:
    with pytest.raises(Mistake, match=r"from 10 samples of 10 features would be rank-deficient; take 11 samples"):
        frechet.distance(normal(50, 10), normal(10, 10))
    frechet.distance(normal(11, 10), normal(11, 10))


def test_the_kernel_distance_by_hand() -> None:
    x, y = torch.tensor([[1.0, 1.0], [1.0, -1.0]]), torch.tensor([[0.0, 0.0], [2.0, 0.0], [0.0, 2.0]])
    # k(x, x') = 1; the pairs of y have products 0; those of x with y are 0, 2, 2 and 0, 2, −2
    assert kernel.distance(x, y) == pytest.approx(1 + 1 - 2 * (1 + 8 + 8 + 1 + 8 + 0) / 6)


@pytest.mark.parametrize("cells", [2**20, 100])
def test_the_kernel_distance_is_the_mean_of_sklearns_kernel(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distances, "CELLS", cells)
    x, y = normal(30, 7), 0.5 + normal(40, 7)
    one, other, between = (polynomial_kernel(a, b, 3, 1 / 7, 1) for a, b in ((x, x), (y, y), (x, y)))
    apart = [k[~np.eye(len(k), dtype=bool)].mean() for k in (one, other)]
    assert kernel.distance(x, y) == pytest.approx(sum(apart) - 2 * between.mean())
    assert kernel.distance(y, x) == pytest.approx(kernel.distance(x, y))


def test_over_all_ways_to_halve_a_sample_the_kernel_distance_is_zero_in_the_mean() -> None:
    x, everyone = normal(8, 3), set(range(8))
    told = [kernel.distance(x[list(half)], x[list(everyone - {*half})]) for half in combinations(everyone, 4)]
    assert np.mean(told) == pytest.approx(0, abs=1e-12)
    assert min(told) < -0.01
