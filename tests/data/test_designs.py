"""Designs fill the region, draws stay in it, and the shell lies around it."""

import numpy as np
import pytest
from jaxtyping import Float
from numpy import ndarray
from scipy.stats import qmc

from tutelage import streams
from tutelage.data import designs
from tutelage.simulators.region import Parameter

REGION = (
    Parameter("a", "m", 2.0, 4.0),
    Parameter("b", "1", -1.0, 0.0),
    Parameter("start", "K", -60.0, 30.0, ends=True),
)


def unit(table: Float[ndarray, "n parameter"]) -> Float[ndarray, "n parameter"]:
    low, high = designs.bounds(REGION)
    return (table - low) / (high - low)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("size", [16, 64])
def test_the_first_of_a_design_fill_the_region_evenly_and_better_than_draws(seed: int, size: int) -> None:
    free = unit(designs.filling(REGION, 100, streams.numpy(seed, "test_designs")))[:size, :2]
    for column in free.T:  # one in each of as many equal steps
        assert sorted(np.floor(column * size)) == list(range(size))
    drawn = unit(designs.uniform(REGION, size, streams.numpy(seed, "test_designs")))[:, :2]
    assert qmc.discrepancy(free) < qmc.discrepancy(drawn) / 2


def test_a_parameter_that_has_but_its_ends_is_at_either_equally_often() -> None:
    starts = designs.filling(REGION, 64, streams.numpy(0, "test_designs"))[:, 2]
    assert {*starts} == {-60.0, 30.0}
    assert np.count_nonzero(starts == 30.0) == 32


def test_designs_are_the_same_twice_and_others_of_other_seeds() -> None:
    one, again, other = (designs.filling(REGION, 20, streams.numpy(seed, "test_designs")) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_the_shell_lies_outside_and_no_further_than_its_reach() -> None:
    points = unit(designs.shell(REGION, 500, 0.25, streams.numpy(0, "test_designs")))
    assert points.shape == (500, 3)
    free = points[:, :2]
    assert ((free < 0) | (free > 1)).any(1).all()
    assert -0.25 <= free.min() < -0.2
    assert 1.2 < free.max() <= 1.25
    assert {*points[:, 2]} == {0.0, 1.0}


def test_draws_stay_inside() -> None:
    points = unit(designs.uniform(REGION, 500, streams.numpy(0, "test_designs")))
    assert points.min() >= 0
    assert points.max() <= 1


def test_runs_of_one_half_have_one_number() -> None:
    table = np.array([[2.0, -1.0, -60.0], [3.0, 0.0, 30.0], [4.0, -0.5, -60.0]])
    assert designs.halves(REGION, table).tolist() == [0.0, 1.0, 0.0]
    assert designs.halves(REGION[:2], table[:, :2]).tolist() == [0.0, 0.0, 0.0]
