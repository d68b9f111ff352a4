"""Bounds and estimates on a model where all is known: x = z + σε, z ~ N(0, 1), and a posterior that is right or not."""

import pytest
import torch
from scipy import stats
from torch.distributions import Normal, kl_divergence

from tutelage.measure import likelihoods
from tutelage.objectives import variational

SIGMA = 0.5
X = torch.randn(150, 1, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) * (1 + SIGMA**2) ** 0.5
EVIDENCE = Normal(0.0, (1 + SIGMA**2) ** 0.5).log_prob(X[:, 0])


class Guesses:
    """Its posterior is the true one, moved by `off` and `wide` times as wide."""

    def __init__(self, off: float, wide: float) -> None:
        self.off, self.wide = off, wide

    def posterior(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        variance = SIGMA**2 / (1 + SIGMA**2)
        return x / (1 + SIGMA**2) + self.off, torch.full_like(x, self.wide**2 * variance).log()

    def log_weights(self, x: torch.Tensor, samples: int, generator: torch.Generator) -> torch.Tensor:
        mean, log_variance = self.posterior(x)
        noise = torch.randn(samples, *mean.shape, dtype=x.dtype, generator=generator)
        z = mean + (0.5 * log_variance).exp() * noise
        joint = Normal(0.0, 1.0).log_prob(z).sum(-1) + Normal(z, SIGMA).log_prob(x).sum(-1)
        return joint - variational.log_normal(z, mean, log_variance)

    def loss(self, batch: dict[str, torch.Tensor]) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        mean, log_variance = self.posterior(batch["x"])
        z = mean + (0.5 * log_variance).exp() * batch["noise"][:, 0]
        distortion = -Normal(z, SIGMA).log_prob(batch["x"]).sum(-1).mean()
        rate = variational.kl(mean, log_variance).mean()
        return distortion + rate, {"distortion": distortion, "rate": rate}


def estimated(learner: Guesses, samples: int) -> dict[str, float]:
    return likelihoods.importance_weighted(learner, X, samples, torch.Generator().manual_seed(1), block=40)


def test_with_the_true_posterior_bound_and_estimate_are_the_evidence() -> None:
    told = estimated(Guesses(0, 1), 3)
    assert told["elbo"] == pytest.approx(float(EVIDENCE.mean()), abs=1e-6)
    assert told["log_likelihood"] == pytest.approx(float(EVIDENCE.mean()), abs=1e-6)
    assert told["log_likelihood_error"] == pytest.approx(stats.sem(EVIDENCE.numpy()))


def test_the_bound_lies_below_the_evidence_by_the_divergence_and_the_estimate_comes_to_it() -> None:
    learner = Guesses(0.3, 1.4)
    mean, log_variance = learner.posterior(X)
    true = Normal(X / (1 + SIGMA**2), SIGMA / (1 + SIGMA**2) ** 0.5)
    gap = float(kl_divergence(Normal(mean, (0.5 * log_variance).exp()), true).mean())
    told = estimated(learner, 4000)
    assert told["elbo"] == pytest.approx(float(EVIDENCE.mean()) - gap, abs=0.01)
    assert told["log_likelihood"] == pytest.approx(float(EVIDENCE.mean()), abs=0.01)


@pytest.mark.parametrize("samples", [1, 2, 50])
def test_of_the_same_draws_the_bound_is_never_above_the_estimate(samples: int) -> None:
    told = estimated(Guesses(1.0, 0.3), samples)
    assert told["elbo"] <= told["log_likelihood"] + 1e-12


def test_both_ways_to_the_bound_come_to_the_same() -> None:
    learner, many = Guesses(0.3, 1.4), X.repeat(400, 1)
    noise = torch.randn(len(many), 1, 1, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    told = likelihoods.bounds(learner, many, noise)
    assert told["elbo"] == -told["distortion"] - told["rate"]
    assert told["elbo"] == pytest.approx(estimated(learner, 400)["elbo"], abs=0.02)


def test_a_latent_number_is_active_where_its_mean_varies() -> None:
    means = torch.randn(500, 4) * torch.tensor([1.0, 0.2, 0.01, 0.0])
    assert likelihoods.active_units(means, 0.01) == 2
