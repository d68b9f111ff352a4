"""What is special to the variational autoencoder: its bounds, and codes that are drawn from a column of the batch."""

import torch
from torch.distributions import Bernoulli, Normal

from tutelage import streams
from tutelage.data import views
from tutelage.data.batches import Batches
from tutelage.objectives import variational as formulas
from tutelage.paradigms import vae
from tutelage.params import Compute
from tutelage.training import fitting

from .test_paradigms import LATENT, columns, variational

X = columns()["x"].double()


def born(**changed: object) -> vae.Vae:
    return variational(LATENT.model_copy(update=changed))(0).double().eval()


def drawn(samples: int) -> dict[str, torch.Tensor]:
    noise = torch.randn(len(X), samples, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(samples))
    return {"x": X, "noise": noise}


def test_the_loss_is_distortion_and_weighted_rate() -> None:
    for beta in (0.0, 1.0, 4.0):
        _, logs = born(beta=beta).loss(drawn(1))
        torch.testing.assert_close(logs["loss"], logs["distortion"] + beta * logs["rate"])


def test_distortions_are_the_likelihoods_of_torchs_distributions() -> None:
    z = torch.randn(len(X), 3, dtype=torch.float64)
    ink, grey = born(), born(pixels="gaussian", sigma=0.3)
    known = -Bernoulli(logits=ink.decoder(z)).log_prob(X.round()).flatten(1).sum(1)
    torch.testing.assert_close(ink.distortion(z, X.round()), known)
    known = -Normal(grey.decoder(z), 0.3).log_prob(X).flatten(1).sum(1)
    torch.testing.assert_close(grey.distortion(z, X), known)


def test_without_weight_on_the_rate_nothing_pulls_the_variance(compute: Compute) -> None:
    rates = []
    for beta in (0.0, 5.0):
        learner = variational(LATENT.model_copy(update={"beta": beta}))(0)
        order, draws = streams.generator(0, "batches"), streams.generator(0, "latent")
        source = Batches({"x": X.float()}, 16, order, views.latent(1, 3), draws)
        rates.append(fitting.fit(learner, source, steps=80, compute=compute)[-1][0]["train/rate"])
    assert rates[1] < 0.5 * rates[0]


def test_more_samples_tell_more_of_the_likelihood() -> None:
    with torch.no_grad():
        learner = born()
        drawings = (learner.log_weights(X, k, torch.Generator().manual_seed(0)) for k in (1, 400))
        one, many = (formulas.importance_weighted(drawing).mean() for drawing in drawings)
        mean, log_variance = learner.posterior(X)
        elbo = -learner.loss(drawn(1))[0]
    assert many > one - 0.2
    assert many > elbo - 0.2
    assert formulas.kl(mean, log_variance).min() >= 0


def test_blocks_change_no_weight() -> None:
    with torch.no_grad():
        learner = born()
        whole = learner.log_weights(X, 30, torch.Generator().manual_seed(3), block=10**6)
        cut = learner.log_weights(X, 30, torch.Generator().manual_seed(3), block=7 * len(X))
    torch.testing.assert_close(whole, cut)


def test_with_several_samples_it_descends_the_importance_weighted_bound() -> None:
    learner, batch = born(), drawn(5)
    loss, _ = learner.loss(batch)
    mean, log_variance = learner.posterior(X)
    z = mean + (0.5 * log_variance).exp() * batch["noise"].transpose(0, 1)
    prior, posterior = (
        Normal(0.0, 1.0).log_prob(z).sum(-1),
        Normal(mean, (0.5 * log_variance).exp()).log_prob(z).sum(-1),
    )
    seen = -torch.stack([learner.distortion(one, X) for one in z])
    torch.testing.assert_close(loss, -(seen + prior - posterior).exp().mean(0).log().mean())


def test_a_sample_is_an_image_and_the_same_from_the_same_stream() -> None:
    with torch.no_grad():
        one, two = (born().float().sample(4, streams.generator(1, "sample")) for _ in range(2))
    assert one.shape == (4, 1, 8, 8)
    assert torch.equal(one, two)
