"""Samples without a generator: their moments, their place, and what they do not disturb."""

import numpy as np
import pytest
import torch
from torch import Tensor

from tutelage import streams
from tutelage.errors import Mistake
from tutelage.measure import parzen, yardsticks
from tutelage.objectives import principal


def draws() -> torch.Generator:
    return streams.generator(0, "test")


def images(n: int, scale: float = 0.05) -> Tensor:
    """Neighbours are alike; at the scale as it comes greys are far from 0 and 1, and nothing is cut."""
    blurred = torch.randn(n, 12, generator=draws()).cumsum(1) * scale
    return (0.5 + 0.2 * blurred).clamp(0, 1).view(n, 1, 3, 4)


MAKERS = {
    "noise": yardsticks.noise,
    "gaussian": lambda x, n, generator: yardsticks.gaussian(x, n, generator, width=5),
    "centroids": yardsticks.centroids,
}


@pytest.mark.parametrize("maker", MAKERS)
def test_they_are_images_and_the_same_from_the_same_stream(maker: str) -> None:
    x = images(200, scale=1)
    one, again = (MAKERS[maker](x, 30, draws()) for _ in range(2))
    assert one.equal(again)
    assert one.dtype == x.dtype
    assert one.shape == (30, 1, 3, 4)
    assert 0 <= float(one.min()) < float(one.max()) <= 1


def test_the_gaussian_has_the_mean_and_the_covariance_of_the_images() -> None:
    x = images(300)
    made = yardsticks.gaussian(x, 200_000, draws(), width=12).flatten(1).double()
    flat = x.flatten(1).double()
    spread = flat.var(0).mean()
    np.testing.assert_allclose(made.mean(0), flat.mean(0), atol=0.01 * float(spread**0.5))
    np.testing.assert_allclose(made.T.cov(), flat.T.cov(), atol=0.03 * float(spread))


def test_few_components_are_all_it_varies_in() -> None:
    x = images(300)
    made = yardsticks.gaussian(x, 100, draws(), width=3).flatten(1).double() - x.flatten(1).double().mean(0)
    along = principal.components(x.flatten(1), 3)
    np.testing.assert_allclose(made @ along.T @ along, made, atol=1e-6)
    assert torch.linalg.matrix_rank(made, rtol=1e-4) == 3


def test_one_centroid_is_the_mean_and_as_many_as_images_are_the_images() -> None:
    x = images(20)
    np.testing.assert_allclose(yardsticks.centroids(x, 1, draws())[0], x.mean(0), rtol=1e-5)
    made = yardsticks.centroids(x, 20, draws()).flatten(1)
    np.testing.assert_allclose(sorted(made.tolist()), sorted(x.flatten(1).tolist()), rtol=1e-6)


def test_centroids_are_likelier_by_parzen_than_the_images_they_stand_for() -> None:
    x, x_valid, x_test = images(1500, scale=1).split(500)
    real, centred = (
        parzen.log_likelihood(x_test, samples, valid=x_valid, sigmas=np.geomspace(0.05, 1, 20).tolist())
        for samples in (x[:50], yardsticks.centroids(x, 50, draws()))
    )
    assert centred.mean > real.mean + real.error


def test_more_centroids_than_images_are_one_clear_line() -> None:
    with pytest.raises(Mistake, match="20 images have no 21 centroids; ask for 20 or fewer"):
        yardsticks.centroids(images(20), 21, draws())
