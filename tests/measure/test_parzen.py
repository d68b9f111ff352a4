"""Parzen windows, against scikit-learn's density and closed forms."""

import numpy as np
import pytest
import torch
from sklearn.neighbors import KernelDensity
from torch import Tensor

from tutelage import streams
from tutelage.measure import distances, parzen

DRAWS = streams.generator(0, "test")
GRID = [0.1, 0.2, 0.5]


def images(n: int) -> Tensor:
    return torch.rand(n, 1, 3, 4, generator=DRAWS)


@pytest.mark.parametrize("cells", [2**20, 50])
def test_it_is_sklearns_kernel_density(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distances, "CELLS", cells)
    x, samples = images(20), images(30)
    for sigma, told in zip(GRID, parzen.log_densities(x, samples, GRID), strict=True):
        density = KernelDensity(bandwidth=sigma).fit(samples.flatten(1).double().numpy())
        np.testing.assert_allclose(told, density.score_samples(x.flatten(1).double().numpy()), rtol=1e-9)


def test_under_one_window_it_is_a_gaussian_and_far_away_it_is_finite() -> None:
    x = torch.full((1, 784), 1.0)
    told = float(parzen.log_densities(x, torch.zeros(3, 784), [0.01])[0, 0])
    assert told == pytest.approx(-784 / 2 * (np.log(2 * np.pi * 1e-4) + 1e4))


def test_the_window_around_one_sample_is_as_wide_as_validation_images_lie_from_it() -> None:
    valid, grid = 0.3 * torch.randn(500, 8, generator=DRAWS), np.geomspace(0.05, 2, 41).tolist()
    best = float(valid.double().square().mean() ** 0.5)  # where the derivative by σ is 0
    assert parzen.bandwidth(valid, torch.zeros(1, 8), grid) == min(grid, key=lambda s: abs(np.log(s / best)))


def test_the_width_is_chosen_by_validation_images_whatever_is_asked_about() -> None:
    samples, near = images(30), images(30)
    for x in (samples, near, near + 3):
        told = parzen.log_likelihood(x, samples, valid=near, sigmas=GRID)
        assert told.sigma == parzen.bandwidth(near, samples, GRID) != GRID[0]
        each = parzen.log_densities(x, samples, [told.sigma])[0].numpy()
        assert told.mean == pytest.approx(each.mean())
        assert told.error == pytest.approx(each.std(ddof=1) / 30**0.5)


def test_narrow_windows_would_be_chosen_by_who_sees_the_samples_themselves() -> None:
    samples = images(30)
    assert parzen.bandwidth(samples, samples, GRID) == GRID[0]
