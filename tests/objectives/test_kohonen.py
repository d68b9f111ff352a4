"""Laws and limits of the map."""

import math

import pytest
import torch
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from torch import Tensor

from tutelage import streams
from tutelage.objectives import competition, kohonen

pytestmark = pytest.mark.usefixtures("doubles")


def examples(n: int = 40, m: int = 5) -> Tensor:
    return torch.randn(n, m, generator=streams.generator(1, "examples"))


def grid(size: tuple[int, int] = (4, 3), topology: kohonen.Topology = "rectangular") -> Tensor:
    return kohonen.grid_distances(kohonen.nodes(size, topology))


def integral(kernel: str, radius: float) -> float:
    """Over the plane, as 2π ∫ K(r) r dr."""
    r = torch.linspace(0, 20 * radius, 200001)
    return float(2 * math.pi * torch.trapezoid(kohonen.KERNELS[kernel](r, radius) * r, r))


@pytest.mark.parametrize("radius", [0.5, 2.0])
def test_over_the_plane_the_hat_integrates_to_zero_and_the_others_to_their_areas(radius: float) -> None:
    assert integral("mexican_hat", radius) == pytest.approx(0, abs=1e-6)
    assert integral("gaussian", radius) == pytest.approx(2 * math.pi * radius**2)
    assert integral("bubble", radius) == pytest.approx(math.pi * radius**2, rel=1e-3)


@pytest.mark.parametrize("kernel", kohonen.KERNELS)
def test_a_kernel_is_1_at_the_winner_and_as_its_width_goes_to_0_it_is_0_elsewhere(kernel: str) -> None:
    assert torch.equal(kohonen.KERNELS[kernel](grid(), 1e-3), torch.eye(12))


@pytest.mark.parametrize("kernel", kohonen.KERNELS)
def test_as_its_width_grows_a_kernel_is_1_everywhere(kernel: str) -> None:
    torch.testing.assert_close(kohonen.KERNELS[kernel](grid(), 1e6), torch.ones(12, 12))


@pytest.mark.parametrize(("topology", "most"), [("rectangular", 8), ("hexagonal", 6)])
def test_an_inner_node_has_8_neighbours_or_6(topology: kohonen.Topology, most: int) -> None:
    near = kohonen.neighbours(grid((5, 5), topology))
    assert int(near.sum(0).max()) == most
    assert int(near[12].sum()) == most  # the middle
    assert torch.equal(near, near.T)
    assert not near.diagonal().any()


def test_neighbours_on_a_hexagonal_grid_are_at_distance_1() -> None:
    r = grid((6, 5), "hexagonal")
    torch.testing.assert_close(r[kohonen.neighbours(r)], torch.ones(int(kohonen.neighbours(r).sum())))


def test_the_grid_metric_is_euclids_on_places() -> None:
    places = kohonen.nodes((4, 3), "rectangular")
    assert places[5].tolist() == [1, 2]  # x by x
    assert float(grid()[0, 11]) == math.hypot(3, 2)


def test_a_batch_step_lays_each_centre_on_a_weighted_mean() -> None:
    x, w, r = examples(), examples(12), grid()
    kernel = competition.gaussian(r, 1.3)
    sums, counts, _ = competition.gather(x, w, 16)
    pulls = kernel[competition.winners(x, w)]  # of each example on each centre
    moved = kohonen.batch(w, sums, counts, kernel)
    # Weighted deviations from a weighted mean cancel.
    assert ((x[:, None] - moved) * pulls[:, :, None]).sum(0).abs().max() < 1e-12


def test_as_the_radius_goes_to_0_a_batch_step_is_one_of_lloyd() -> None:
    x, w = examples(200, 3), examples(12, 3)
    moved = kohonen.batch(w, *competition.gather(x, w, 64)[:2], competition.gaussian(grid(), 1e-3))
    lloyd = KMeans(12, init=w.numpy(), n_init=1, max_iter=1, tol=0).fit(x.numpy())
    torch.testing.assert_close(moved, torch.from_numpy(lloyd.cluster_centers_))


def test_a_centre_that_no_example_reaches_stays() -> None:
    x, w = examples(), torch.cat([examples(2), torch.full((1, 5), 99.0)])
    moved = kohonen.batch(w, *competition.gather(x, w, 64)[:2], kohonen.bubble(grid((3, 1)), 0.5))
    assert torch.equal(moved[2], w[2])


@pytest.mark.parametrize("size", [(5, 3), (3, 5), (1, 4)])
def test_components_span_the_plane_of_two_principal_components(size: tuple[int, int]) -> None:
    x = examples(200) * torch.tensor([3.0, 1, 1, 2, 1])
    w = kohonen.components(x, kohonen.nodes(size, "rectangular"))
    told = torch.from_numpy(PCA(2).fit(x.numpy()).transform(w.numpy()))
    deviations = torch.from_numpy(PCA(2).fit(x.numpy()).explained_variance_).sqrt()
    torch.testing.assert_close(told.abs().amax(0), deviations * torch.tensor([1.0, float(min(size) > 1)]))
    torch.testing.assert_close(w.mean(0), x.mean(0))
    torch.testing.assert_close((w - x.mean(0)).square().sum(), told.square().sum())  # nothing leaves the plane


def test_components_of_one_feature_lie_on_a_line() -> None:
    w = kohonen.components(examples(30, 1), kohonen.nodes((3, 2), "rectangular"))
    assert w.shape == (6, 1)
