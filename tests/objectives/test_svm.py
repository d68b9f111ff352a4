"""Kernels against scikit-learn's, and what is least never below what is greatest."""

import numpy as np
import pytest
import torch
from sklearn.metrics import pairwise
from torch import Tensor

from tutelage import streams
from tutelage.objectives import svm

pytestmark = pytest.mark.usefixtures("doubles")


def drawn(name: str, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=streams.generator(0, name))


def test_kernels_are_scikit_learns() -> None:
    x, of = drawn("x", 4, 3), drawn("of", 6, 3)
    np.testing.assert_allclose(svm.linear(x, of), pairwise.linear_kernel(x, of))
    np.testing.assert_allclose(svm.gaussian(x, of, width=0.7), pairwise.rbf_kernel(x, of, gamma=1 / (2 * 0.7**2)))
    assert torch.equal(svm.gaussian(x, x, width=0.1).diagonal(), torch.ones(4))


def test_two_classes_take_one_machine_and_three_take_three() -> None:
    assert svm.signs(torch.tensor([0, 1, 1]), 2).tolist() == [[-1, 1, 1]]
    assert svm.signs(torch.tensor([0, 2, 1]), 3).tolist() == [[1, -1, -1], [-1, -1, 1], [-1, 1, -1]]
    assert svm.signs(torch.zeros(4, 5, dtype=torch.long), 3).shape == (3, 4, 5)


def test_any_primal_is_above_any_dual() -> None:
    x, y = drawn("x", 9, 2), torch.tensor([1.0, -1, 1, -1, 1, -1, 1, -1, -1])
    k, k_star = svm.linear(x, x), svm.gaussian(x, x, width=0.5)
    c, gamma = torch.tensor(1.5), torch.tensor(0.3)
    for i in range(20):
        free, other = drawn(f"alpha {i}", 9).abs(), drawn(f"beta {i}", 9).abs()
        up, down = free * (y > 0), free * (y < 0)
        alpha = up / up.sum() + down / down.sum()  # Σ yα = 0
        beta = other * (9 * c - alpha.sum()) / other.sum()  # Σ (α + β − C) = 0
        least, most = svm.primal(drawn(f"any {i}", 9), drawn(f"b {i}", 1)[0], y, k, c=c), svm.dual(alpha, y, k)
        assert float(least) >= float(most)
        most = svm.dual_plus(alpha, alpha + beta - c, y, k, k_star, gamma=gamma)
        beyond, bias = drawn(f"any beta {i}", 9), drawn(f"b {i}", 1)[0]
        assert float(svm.primal_plus(alpha, beyond, bias, y, k, k_star, c=c, gamma=gamma)) >= float(most)
        assert float(svm.primal_plus(alpha, alpha + beta - c, bias, y, k, k_star, c=c, gamma=gamma)) >= float(most)


def test_of_two_opposite_examples_all_is_known() -> None:
    # x = ±1: w = 1, b = 0, no slack, α = ½ each: ½|w|² = Σα − ½w².
    x, y, half = torch.tensor([[1.0], [-1.0]]), torch.tensor([1.0, -1.0]), torch.tensor([0.5, 0.5])
    k, c = svm.linear(x, x), torch.tensor(1.0)
    assert float(svm.dual(half, y, k)) == 0.5
    assert float(svm.primal(half, torch.tensor(0.0), y, k, c=c)) == 0.5
    assert float(svm.primal(half, torch.tensor(0.25), y, k, c=c)) == 0.5 + 0.25  # one of them falls short by it
    gamma = torch.tensor(2.0)
    both = torch.tensor([1.0, 1.0])  # w = 2: far beyond the margin, for which nothing is given back: f* is 0 at least
    assert float(svm.primal_plus(both, 0 * both, torch.tensor(0.0), y, k, k, c=c, gamma=gamma)) == 2
    assert float(svm.primal_plus(half, half - half, torch.tensor(0.0), y, k, k, c=c, gamma=gamma)) == 0.5
    # δ = ½ each along K* = xx*: w* = 0; b* covers the shortfall ¼ of one and so is paid by both.
    assert float(svm.primal_plus(half, half, torch.tensor(0.25), y, k, k, c=c, gamma=gamma)) == 0.5 + 2 * 0.25
    # δ = (½, −½): w* = ½, |w*|² = ¼, f* = ±½ + b*, b* = ½: Σ f* = 1, and ½ w² + (γ/2) w*² + Σ f*.
    delta = torch.tensor([0.5, -0.5])
    assert float(svm.primal_plus(half, delta, torch.tensor(0.0), y, k, k, c=c, gamma=gamma)) == 0.5 + 0.25 + 1
