"""Ensembles of tables: probabilities of what seldom happens, and a decay that each seed's own rows choose."""

from typing import Any

import numpy as np
import pytest
from jaxtyping import Float
from numpy import ndarray

from tutelage import params, streams
from tutelage.data.simulated import Runs
from tutelage.data.surrogate_tables import Split
from tutelage.errors import Mistake
from tutelage.paradigms import surrogate, surrogate_table
from tutelage.paradigms.surrogate import Surrogates
from tutelage.paradigms.surrogate_table import Outcomes, Params
from tutelage.params import Compute
from tutelage.simulators.region import Parameter

from .test_surrogate import BLOCK

REGION = (Parameter("a", "", -1.0, 1.0), Parameter("b", "", -1.0, 1.0))
ENTRY = Params(parts=Split(test=0.25), sizes=(40, 400), weight_decays=(0.01, 1.0), aside=0.25)


def chance(x: Float[ndarray, "n 2"]) -> Float[ndarray, "n 1"]:
    """How likely it is, seldom above a half."""
    return 1 / (1 + np.exp(2 - 3 * x[:, :1]))


def happened(seed: int, n: int = 400) -> Runs:
    draws = streams.numpy(seed, "test_surrogate_table")
    x = draws.uniform(-1, 1, (n, 2))
    return Runs(x, (draws.random((n, 1)) < chance(x)).astype(float), ())


def nll(told: Float[ndarray, "n 1"], truth: Float[ndarray, "n 1"]) -> float:
    return float(-np.log(np.where(truth == 1, told, 1 - told)).mean())


def test_an_ensemble_learns_how_likely_it_is(compute: Compute) -> None:
    block = BLOCK.model_copy(update={"steps": 300, "weight_decay": 0.5})
    made, _ = surrogate.teach({0: happened(0, 2000)}, REGION, block, compute, kind=Outcomes)
    asked = happened(1)
    told, _ = surrogate.told(made[0], asked.table)
    assert np.abs(told - chance(asked.table)).mean() < 0.06
    assert nll(told, asked.answers) < nll(np.full_like(told, happened(0).answers.mean()), asked.answers) - 0.05


def test_before_it_learns_it_says_how_often_it_happens() -> None:
    own = happened(0)
    members = surrogate_table.build(BLOCK, REGION, own.answers, 0)
    for slope, offset in zip(members.net.slopes, members.net.offsets, strict=True):
        slope.data.zero_()
        offset.data.zero_()
    np.testing.assert_allclose(surrogate.each(members, own.table[:5]), own.answers.mean())


def test_each_seed_takes_the_decay_that_is_best_on_its_last_rows(compute: Compute) -> None:
    # Where what is kept aside is pure chance more decay is better, and where all is a law less.
    draws = streams.numpy(5, "test_surrogate_table")
    x = draws.uniform(-1, 1, (60, 2))
    noise, law = Runs(x, draws.normal(size=(60, 1)), ()), Runs(x, np.sin(3 * x[:, :1]), ())
    block = BLOCK.model_copy(update={"steps": 300, "learning_rate": 0.03})
    entry = ENTRY.model_copy(update={"weight_decays": (0.0, 30.0)})

    def cost(told: Float[ndarray, "n 1"], truth: Float[ndarray, "n 1"]) -> float:
        return float(((told - truth) ** 2).mean())

    made, chosen = surrogate_table.teach({0: noise, 1: law}, REGION, block, entry, compute, kind=Surrogates, cost=cost)
    assert chosen == {0: 30.0, 1: 0.0}
    alone, _ = surrogate.teach({1: law}, REGION, block.model_copy(update={"weight_decay": 0.0}), compute)
    told, same = (surrogate.told(one, x)[0] for one in (made[1], alone[1]))
    np.testing.assert_allclose(told, same, rtol=1e-5)


@pytest.mark.parametrize(
    ("rows", "rarest", "changed", "said"),
    [
        (399, 1.0, {}, r"surrogate_tables\.crashes\.sizes asks for 400 rows, and 399 are left beside the test"),
        (400, 1.0, {"sizes": (6,)}, r"of 6 rows aside = 0\.25 leaves fewer than 2 on a side; ask for more"),
        (400, 0.04, {}, r"of 40 rows the rarer outcome has fewer than 2; ask for 51"),
    ],
)
def test_too_few_rows_are_one_line(rows: int, rarest: float, changed: dict[str, Any], said: str) -> None:
    ENTRY.enough(400, 0.05, "crashes")
    with pytest.raises(Mistake, match=said):
        ENTRY.model_copy(update=changed).enough(rows, rarest, "crashes")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"sizes": [400, 40]}, "crashes: sizes are [400, 40]; let them rise"),
        ({"aside": 1}, "crashes.aside = 1: should be less than 1"),
        ({"parts": {"test": 0}}, "crashes.parts.test = 0: should be greater than 0"),
    ],
)
def test_what_is_wrong_in_an_entry_is_one_line(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(Mistake) as told:
        params.parse(Params, "crashes", {"crashes": ENTRY.model_dump(mode="json") | wrong})
    assert said in str(told.value)
    assert "\n" not in str(told.value)
