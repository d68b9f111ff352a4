"""The bounds against torch's distributions and on a linear-Gaussian model, where everything is known."""

import math

import pytest
import torch
from torch.distributions import Independent, MultivariateNormal, Normal, kl_divergence

from tutelage.objectives import variational

DRAWS = torch.Generator().manual_seed(0)


def normal(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=DRAWS)


def test_kl_is_that_of_torchs_distributions() -> None:
    mean, log_variance = normal(6, 4), normal(6, 4)
    q = Independent(Normal(mean, (0.5 * log_variance).exp()), 1)
    p = Independent(Normal(torch.zeros(6, 4).double(), torch.ones(6, 4).double()), 1)
    torch.testing.assert_close(variational.kl(mean, log_variance), kl_divergence(q, p))


def test_kl_of_the_prior_is_nothing() -> None:
    assert variational.kl(torch.zeros(2, 3), torch.zeros(2, 3)).tolist() == [0.0, 0.0]


def test_a_log_density_is_that_of_torchs_normal() -> None:
    z, mean, log_variance = normal(5, 3), normal(5, 3), normal(5, 3)
    known = Normal(mean, (0.5 * log_variance).exp()).log_prob(z).sum(-1)
    torch.testing.assert_close(variational.log_normal(z, mean, log_variance), known)


def test_gradients_are_those_of_finite_differences() -> None:
    mean, log_variance = (normal(3, 2).requires_grad_() for _ in range(2))
    assert torch.autograd.gradcheck(variational.kl, (mean, log_variance))
    assert torch.autograd.gradcheck(variational.importance_weighted, (normal(4, 3).requires_grad_(),))


def test_weights_so_small_that_they_vanish_still_have_a_logarithm() -> None:
    told = variational.importance_weighted(torch.tensor([[-2000.0], [-2000.0]]))
    assert told.tolist() == [-2000.0]


class LinearGaussian:
    """x = Az + b + σε, z ~ N(0, 1): ln p(x) and the posterior are known."""

    a, b, sigma = normal(5, 2), normal(5), 0.7

    def evidence(self, x: torch.Tensor) -> torch.Tensor:
        covariance = self.a @ self.a.T + self.sigma**2 * torch.eye(5)
        return MultivariateNormal(self.b, covariance).log_prob(x)

    def posterior(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Its mean, and its covariance, which is the same for all x."""
        covariance = torch.linalg.inv(torch.eye(2) + self.a.T @ self.a / self.sigma**2)
        return (x - self.b) @ self.a @ covariance / self.sigma**2, covariance

    def log_joint(self, x: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        noise = torch.full_like(x, 2 * math.log(self.sigma))
        seen = variational.log_normal(x, z @ self.a.T + self.b, noise)
        return seen + variational.log_normal(z, torch.zeros_like(z), torch.zeros_like(z))

    def elbo(self, x: torch.Tensor, mean: torch.Tensor, log_variance: torch.Tensor) -> torch.Tensor:
        """E_q ln p(x|z) − KL in closed form."""
        spread = (self.a.square() * log_variance.exp()[:, None, :]).sum((1, 2))
        error = (x - mean @ self.a.T - self.b).square().sum(1) + spread
        likelihood = -0.5 * error / self.sigma**2 - 5 * math.log(self.sigma) - 2.5 * math.log(2 * math.pi)
        return likelihood - variational.kl(mean, log_variance)


def log_weights(
    model: LinearGaussian, x: torch.Tensor, mean: torch.Tensor, log_variance: torch.Tensor, k: int
) -> torch.Tensor:
    z = mean + (0.5 * log_variance).exp() * normal(k, *mean.shape)
    return model.log_joint(x.expand(k, *x.shape), z) - variational.log_normal(z, mean, log_variance)


def off() -> tuple[LinearGaussian, torch.Tensor, torch.Tensor, torch.Tensor]:
    """A q that is not the posterior."""
    model, x = LinearGaussian(), normal(3, 5)
    mean, covariance = model.posterior(x)
    return model, x, mean + 0.3, covariance.diagonal().log().expand(3, 2) + 0.5


def test_the_evidence_lower_bound_is_the_mean_of_one_sample_bounds() -> None:
    model, x, mean, log_variance = off()
    drawn = log_weights(model, x, mean, log_variance, 200_000)
    error = drawn.std(0) / math.sqrt(len(drawn))
    assert ((drawn.mean(0) - model.elbo(x, mean, log_variance)).abs() < 4 * error).all()


@pytest.mark.parametrize("k", [5, 50])
def test_the_importance_weighted_bound_lies_between_the_elbo_and_the_evidence(k: int) -> None:
    model, x, mean, log_variance = off()
    drawn = log_weights(model, x, mean, log_variance, 4000 * k).view(k, 4000, 3)
    bound = variational.importance_weighted(drawn)
    error = bound.std(0) / math.sqrt(len(bound))
    assert (bound.mean(0) + 4 * error > model.elbo(x, mean, log_variance)).all()
    assert (bound.mean(0) - 4 * error < model.evidence(x)).all()
    assert (bound.mean(0) - model.elbo(x, mean, log_variance) > 0.05).all()


def test_where_q_is_the_posterior_every_sample_tells_the_evidence() -> None:
    model = LinearGaussian()
    model.a = torch.tensor([[2.0, 0], [0, 1], [0, 0], [0, 0], [0, 0]]).double()  # then the posterior is diagonal
    x = normal(3, 5)
    mean, covariance = model.posterior(x)
    log_variance = covariance.diagonal().log().expand(3, 2)
    drawn = log_weights(model, x, mean, log_variance, 4)
    torch.testing.assert_close(drawn, model.evidence(x).expand(4, 3))
    torch.testing.assert_close(variational.importance_weighted(drawn), model.evidence(x))
    torch.testing.assert_close(model.elbo(x, mean, log_variance), model.evidence(x))
