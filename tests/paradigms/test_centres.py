"""Centres against scikit-learn's k-means and the map's own batch rule, and their codes against plain distances."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.cluster import KMeans
from torch import Tensor

from tutelage import streams
from tutelage.data.batches import Whole
from tutelage.errors import Mistake
from tutelage.nn import weights
from tutelage.objectives import competition, kohonen
from tutelage.paradigms import centres
from tutelage.paradigms import kohonen as maps
from tutelage.paradigms.centres import Centres
from tutelage.paradigms.competition import Course
from tutelage.params import Compute
from tutelage.training import fitting

from .test_paradigms import MAP

BLOCK = centres.Params(passes=30, radius=Course(start=2, end=0.5), block=17)


def images(n: int = 80) -> Tensor:
    draws = streams.generator(0, "images")
    return torch.rand(n, 1, 4, 4, generator=draws) + torch.arange(n)[:, None, None, None] % 4


def taught(arm: str, compute: Compute, seed: int = 0, width: int = 6) -> Centres:
    learner = centres.build(BLOCK, arm, width, images().flatten(1), seed, "images")
    fitting.fit(learner, Whole({"x": images()}), steps=BLOCK.passes, compute=compute)
    return learner


def test_by_k_means_they_end_where_scikit_learns_do(compute: Compute) -> None:
    x = images().flatten(1)
    start = centres.build(BLOCK, "kmeans", 6, x, 0, "images").w.detach().numpy()
    known = KMeans(6, init=start, n_init=1, max_iter=BLOCK.passes, tol=0).fit(x.numpy())
    np.testing.assert_allclose(taught("kmeans", compute).w.detach().numpy(), known.cluster_centers_, rtol=1e-5)


def test_on_the_maps_grid_they_are_a_map_by_its_batch_rule(compute: Compute) -> None:
    x = images().flatten(1)
    block = MAP.model_copy(update={"size": (3, 2), "topology": "rectangular", "radius": BLOCK.radius, "passes": 30})
    start = centres.build(BLOCK, "map", 6, x, 0, "images").w.detach()
    whole = maps.BatchMap(start, kohonen.nodes((3, 2), "rectangular"), block)
    fitting.fit(whole, Whole({"x": images()}), steps=BLOCK.passes, compute=compute)
    torch.testing.assert_close(taught("map", compute).w.detach(), whole.w, rtol=0, atol=0)


def test_nodes_that_are_infinitely_far_apart_are_nobodys_neighbours() -> None:
    assert torch.equal(competition.gaussian(centres.apart(5), 3.0), torch.eye(5))


def test_a_code_says_by_how_much_a_centre_is_nearer_than_centres_are_in_the_mean(compute: Compute) -> None:
    learner = taught("kmeans", compute)
    rho = np.linalg.norm(images().flatten(1).numpy()[:, None] - learner.w.detach().numpy(), axis=2)
    known = np.maximum(0, rho.mean(1, keepdims=True) - rho)
    np.testing.assert_allclose(learner.encode(images()).detach().numpy(), known, rtol=1e-4, atol=1e-5)


def test_a_code_has_a_finite_gradient_in_the_centres_even_where_an_image_is_one() -> None:
    learner = centres.build(BLOCK, "kmeans", 6, images().flatten(1), 0, "images")  # born on images
    learner.encode(images()).square().sum().backward()
    assert learner.w.grad is not None
    assert torch.isfinite(learner.w.grad).all()
    assert learner.w.grad.abs().sum() > 0


@pytest.mark.parametrize(("count", "grid"), [(32, (8, 4)), (8, (4, 2)), (128, (16, 8)), (36, (6, 6)), (7, (7, 1))])
def test_a_map_has_as_many_nodes_as_a_code_has_numbers_as_squarely_as_they_go(
    count: int, grid: tuple[int, int]
) -> None:
    assert centres.sides(count) == grid


def test_more_centres_than_images_are_one_line() -> None:
    with pytest.raises(Mistake) as mistake:
        centres.build(BLOCK, "kmeans", 81, images().flatten(1), 0, "images")
    assert str(mistake.value) == (
        "params.yaml: encoder.width = 81 asks for as many centres, and images has 80 examples to learn from; narrow it"
    )


@pytest.mark.parametrize("arm", centres.ARMS)
def test_they_come_back_from_their_file(arm: str, compute: Compute, tmp_path: Path) -> None:
    learner = taught(arm, compute)
    left(learner, arm, tmp_path)
    torch.testing.assert_close(
        centres.load(tmp_path, arm, 0).encode(images()), learner.encode(images()), rtol=0, atol=0
    )


def left(learner: Centres, arm: str, folder: Path) -> None:
    """As the stage leaves them."""
    told = {"shape": [1, 4, 4], "width": 6, "centres": BLOCK.model_dump()}
    (folder / "about.json").write_text(json.dumps(told), encoding="utf-8")
    weights.keep(learner.state_dict(), folder / f"{arm}-0.safetensors")
