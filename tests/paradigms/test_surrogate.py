"""Ensembles in a simulator's place: units, seeds side by side, and where they disagree."""

from pathlib import Path

import numpy as np
import pytest
import torch
from jaxtyping import Float
from numpy import ndarray

from tutelage import streams
from tutelage.data import designs
from tutelage.data.simulated import Runs
from tutelage.errors import Mistake
from tutelage.nn import weights
from tutelage.paradigms import surrogate
from tutelage.paradigms.surrogate import Params
from tutelage.params import Compute
from tutelage.simulators.region import Parameter

REGION = (Parameter("a", "m", 2.0, 4.0), Parameter("b", "K", -10.0, 30.0))
BLOCK = Params(
    sizes=(16, 64),
    members=3,
    hidden=16,
    depth=2,
    steps=600,
    batch_size=16,
    learning_rate=0.02,
    weight_decay=0.0,
    asking=None,
    gaussian_process=surrogate.GaussianProcess(fitted_on=4),
    boosting=None,
    linear=surrogate.Linear(strengths=(1.0,)),
)


def runs(seed: int, n: int = 64) -> Runs:
    """A smooth simulator in units of its own."""
    table = designs.filling(REGION, n, streams.numpy(seed, "test_surrogate"))
    return Runs(table, simulate(table), ())


def simulate(table: Float[ndarray, "n 2"]) -> Float[ndarray, "n 2"]:
    a, b = table.T
    return np.column_stack([1e4 + 300 * np.sin(2 * a), 1e-3 * a * b])


def test_an_ensemble_learns_a_smooth_simulator_in_its_units(compute: Compute) -> None:
    made, history = surrogate.teach({0: runs(0)}, REGION, BLOCK, compute)
    asked = designs.uniform(REGION, 200, streams.numpy(1, "test_surrogate"))
    told, spread = surrogate.told(made[0], asked)
    truth = simulate(asked)
    assert (np.sqrt(((told - truth) ** 2).mean(0)) < 0.05 * truth.std(0)).all()
    assert (spread.mean(0) < 0.1 * truth.std(0)).all()
    assert {len(seen) for seen in history} == {3}
    errors = [np.sqrt(((one - truth) ** 2).mean(0)) for one in surrogate.each(made[0], asked)]
    assert (np.sqrt(((told - truth) ** 2).mean(0)) <= np.mean(errors, 0)).all()  # by Jensen


def test_ensembles_side_by_side_are_what_each_is_alone(compute: Compute) -> None:
    together, _ = surrogate.teach({0: runs(0), 1: runs(1)}, REGION, BLOCK.model_copy(update={"steps": 20}), compute)
    alone, _ = surrogate.teach({1: runs(1)}, REGION, BLOCK.model_copy(update={"steps": 20}), compute)
    asked = runs(2).table
    one, other = (surrogate.told(made[1], asked)[0] for made in (together, alone))
    np.testing.assert_allclose(one, other, rtol=1e-5)


def test_members_are_born_apart_and_see_the_same(compute: Compute) -> None:
    made, _ = surrogate.teach({0: runs(0)}, REGION, BLOCK.model_copy(update={"steps": 4}), compute)
    one, two, _ = surrogate.each(made[0], runs(0).table)
    assert not np.allclose(one, two)


def test_disputed_are_the_rows_of_most_variance_in_deviations() -> None:
    members = surrogate.build(BLOCK, REGION, runs(0).answers, 0)
    table = runs(3).table
    every = surrogate.each(members, table) / members.spread[0].numpy()
    variance = every.var(0, ddof=1).mean(1)
    found = surrogate.disputed(members, table, 5)
    assert found == sorted(found)
    assert variance[found].min() >= np.delete(variance, found).max()


def test_an_answer_that_never_moves_is_given_back() -> None:
    members = surrogate.build(BLOCK, REGION, np.column_stack([runs(0).answers[:, 0], np.full(64, 7.0)]), 0)
    assert torch.equal(members.spread[:, 0, 1], torch.ones(3, dtype=torch.float64))
    assert np.isfinite(surrogate.each(members, runs(0).table)).all()


def test_an_ensemble_comes_back_from_its_files(tmp_path: Path, compute: Compute) -> None:
    made, _ = surrogate.teach({0: runs(0)}, REGION, BLOCK.model_copy(update={"steps": 4}), compute)
    weights.keep(made[0].state_dict(), tmp_path / "ensemble-0.safetensors")
    surrogate.describe(BLOCK, REGION, answers=["lift", "moment"], models=tmp_path)
    back = surrogate.load(tmp_path, "ensemble", 0)
    one, other = (surrogate.each(members, runs(1).table) for members in (made[0], back))
    np.testing.assert_array_equal(one, other)


def test_more_runs_than_a_design_has_is_one_line() -> None:
    BLOCK.there(64, "climate")
    with pytest.raises(Mistake, match=r"surrogate\.sizes asks for 64 runs, and a design of simulators\.climate has 63"):
        BLOCK.there(63, "climate")
    asks = BLOCK.model_copy(update={"asking": surrogate.Asking(first=16, batch=8, last=90)})
    with pytest.raises(Mistake, match=r"surrogate\.asking\.last asks for 90 runs"):
        asks.there(64, "climate")


def test_too_few_runs_that_did_not_fail_is_one_line() -> None:
    asks = BLOCK.model_copy(update={"asking": surrogate.Asking(first=16, batch=8, last=64)})
    asks.enough(17, "climate")
    with pytest.raises(
        Mistake, match=r"simulators\.climate: 16 runs of a design did not fail, .* need 17; see .*about"
    ):
        asks.enough(16, "climate")
    with pytest.raises(Mistake, match="need 2"):
        BLOCK.enough(1, "climate")
