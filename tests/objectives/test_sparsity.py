"""Penalties against what a proximal step is by definition, and against torch's distributions."""

import pytest
import torch
from torch.distributions import Bernoulli, kl_divergence

from tutelage.objectives import sparsity

W = torch.linspace(-1, 1, 41, dtype=torch.float64)


def proximal(penalty: str, by: float) -> torch.Tensor:
    """argmin over a fine grid of |u − w|²/2 + by·penalty(u): the definition."""
    grid = torch.linspace(-1.2, 1.2, 24_001, dtype=torch.float64)
    cost = {"l1": grid.abs(), "l2": grid.square() / 2}[penalty]
    return torch.stack([grid[((grid - w).square() / 2 + by * cost).argmin()] for w in W])


@pytest.mark.parametrize("by", [0.0, 0.1, 0.7])
def test_a_threshold_and_a_shrinkage_are_the_proximal_steps_of_their_penalties(by: float) -> None:
    torch.testing.assert_close(sparsity.soft_threshold(W, by), proximal("l1", by), atol=2e-4, rtol=0)
    torch.testing.assert_close(sparsity.shrink(W, by), proximal("l2", by), atol=2e-4, rtol=0)


def test_l1_selects_and_l2_does_not() -> None:
    w = W[W != 0]
    assert (sparsity.soft_threshold(w, 0.3) == 0).sum() == (w.abs() <= 0.3).sum()
    assert (sparsity.shrink(w, 0.3) != 0).all()


def test_the_rates_divergence_is_that_of_bernoullis_and_nothing_at_the_target() -> None:
    codes = torch.rand(50, 7, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    known = kl_divergence(Bernoulli(torch.tensor(0.2).double()), Bernoulli(codes.mean(0))).sum()
    torch.testing.assert_close(sparsity.rate_divergence(codes, target=0.2), known)
    assert float(sparsity.rate_divergence(torch.full((3, 4), 0.2).double(), target=0.2)) == pytest.approx(0, abs=1e-12)


def test_l1_of_a_code_is_the_sum_of_its_sizes() -> None:
    assert sparsity.l1(torch.tensor([[1.0, -2.0], [0.0, 0.5]])).tolist() == [3.0, 0.5]


def test_gradients_are_those_of_finite_differences() -> None:
    codes = torch.rand(6, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(1)).mul(0.8).add(0.1)
    assert torch.autograd.gradcheck(lambda z: sparsity.rate_divergence(z, target=0.1), (codes.requires_grad_(),))
    assert torch.autograd.gradcheck(sparsity.l1, (codes,))
