"""Reconstruction losses against the likelihoods they are said to be, and torch's distributions."""

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.distributions import Bernoulli, Laplace, Normal

from tutelage.objectives import reconstruction

X = torch.rand(5, 2, 3, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
TOLD = torch.randn(5, 2, 3, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


def test_squared_is_a_gaussians_likelihood_of_variance_one_half() -> None:
    nll = -Normal(TOLD, math.sqrt(0.5)).log_prob(X).flatten(1).sum(1)
    torch.testing.assert_close(reconstruction.squared(TOLD, X), nll - 24 * 0.5 * math.log(math.pi))


def test_absolute_is_a_laplace_distributions_likelihood() -> None:
    nll = -Laplace(TOLD, 1.0).log_prob(X).flatten(1).sum(1)
    torch.testing.assert_close(reconstruction.absolute(TOLD, X), nll - 24 * math.log(2))


def test_bernoulli_is_the_likelihood_of_ink_that_is_there_or_not() -> None:
    ink = X.round()
    nll = -Bernoulli(logits=TOLD).log_prob(ink).flatten(1).sum(1)
    torch.testing.assert_close(reconstruction.bernoulli(TOLD, ink), nll)


def test_bernoulli_of_grey_is_least_at_the_grey_itself_and_there_its_entropy() -> None:
    least = reconstruction.bernoulli(X.logit(), X)
    torch.testing.assert_close(least, Bernoulli(X).entropy().flatten(1).sum(1))
    assert (reconstruction.bernoulli(X.logit() + 0.1, X) > least).all()


def test_bernoulli_stays_finite_where_the_logit_is_huge() -> None:
    logits = torch.full((1, 1), 1e4, dtype=torch.float64)
    assert reconstruction.bernoulli(logits, torch.zeros(1, 1, dtype=torch.float64)).tolist() == [1e4]


@pytest.mark.parametrize("loss", [reconstruction.squared, reconstruction.absolute])
def test_it_is_nothing_where_the_image_came_back(loss: Callable[[Tensor, Tensor], Tensor]) -> None:
    assert loss(X, X).tolist() == [0.0] * 5


@pytest.mark.parametrize("loss", [reconstruction.squared, reconstruction.absolute, reconstruction.bernoulli])
def test_its_gradient_is_that_of_finite_differences(loss: Callable[[Tensor, Tensor], Tensor]) -> None:
    assert torch.autograd.gradcheck(lambda told: loss(told, X), (TOLD.clone().requires_grad_(),))
