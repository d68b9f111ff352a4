"""The online rule beside MiniSom's: the same data, settings and decay, held to be as good."""

from functools import partial

import numpy as np
import pytest
import torch
from minisom import MiniSom
from numpy.typing import NDArray
from sklearn.datasets import load_digits, load_iris

from tutelage.measure import maps
from tutelage.objectives import kohonen as grid
from tutelage.paradigms import kohonen
from tutelage.paradigms.competition import Course
from tutelage.params import Compute

Array = NDArray[np.float64]


def course(start: float) -> Course:
    """p/(1 + 2t/T)."""
    return Course(start=start, end=start / 3)


def ours(x: Array, side: int, sigma: float, draws: int, seeds: list[int], compute: Compute) -> list[Array]:
    block = kohonen.Params(
        size=(side, side), topology="rectangular", kernel="gaussian", initialisation="components", radius=course(sigma),
        rate=course(0.5), hat_rate=course(0.5), presentations=draws, passes=1, block=1000, k=1, seeds=2,
    )  # fmt: skip
    sample = torch.from_numpy(x.astype(np.float32))
    learners = [kohonen.build(block, "map_online", sample, seed, "test") for seed in seeds]
    kohonen.fit(learners, sample, seeds, compute, size=10, looks=1)
    return [one.w.double().numpy() for one in learners]


def theirs(x: Array, side: int, sigma: float, draws: int, seed: int) -> Array:
    som = MiniSom(side, side, x.shape[1], sigma=sigma, learning_rate=0.5, random_seed=seed)
    som.pca_weights_init(x)
    som.train_random(x, draws)
    weights: Array = som.get_weights().reshape(side * side, -1)
    return weights


def iris() -> Array:
    x = load_iris().data
    return np.asarray((x - x.mean(0)) / x.std(0))


def digits() -> Array:
    return np.asarray(load_digits().data / 16)


@pytest.mark.parametrize(
    ("x", "side", "sigma", "draws", "seeds"), [(iris(), 7, 1.5, 10_000, [0, 1, 2]), (digits(), 20, 3.0, 20_000, [0])]
)
def test_a_map_is_as_good_as_minisoms(
    x: Array, side: int, sigma: float, draws: int, seeds: list[int], compute: Compute
) -> None:
    near = grid.neighbours(grid.grid_distances(grid.nodes((side, side), "rectangular"))).numpy()

    def judged(w: Array) -> tuple[float, float]:
        rho = maps.distances(x, w)
        return maps.quantization_error(rho), maps.topographic_error(rho, near)

    mine = np.mean([judged(w) for w in ours(x, side, sigma, draws, seeds, compute)], 0)
    other = np.mean([judged(w) for w in map(partial(theirs, x, side, sigma, draws), seeds)], 0)
    assert mine[0] <= 1.02 * other[0]
    assert mine[1] <= other[1]
