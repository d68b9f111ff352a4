"""Runs of simulators: what fails is named and left out, what is kept is what comes back."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from jaxtyping import Float
from numpy import ndarray

from tutelage.data import designs, simulated
from tutelage.data.simulated import Params
from tutelage.errors import Mistake
from tutelage.simulators.region import Parameter

REGION = (Parameter("x", "m", 0.0, 1.0), Parameter("start", "1", 0.0, 1.0, ends=True))
BLOCK = Params(runs=8, tests=5, reach=0.5)


def roots(table: Float[ndarray, "n parameter"]) -> Float[ndarray, "n 1"]:
    with np.errstate(invalid="ignore"):
        return np.sqrt(table[:, :1])  # there are none below 0


ROOTS: Any = SimpleNamespace(REGION=REGION, ANSWERS=(("root", "√m"),), simulate=roots)


def test_rows_that_fail_are_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    tables = simulated.tables(BLOCK, REGION, [0, 1], "roots")
    assert [len(table) for table in tables.values()] == [8, 8, 5, 5]
    tables["test/outside"][:, 0] = [-0.1, 1.2, -0.4, 1.1, 1.3]
    made = {place: simulated.run(ROOTS, table, place) for place, table in tables.items()}
    simulated.keep(made, ROOTS, "roots", tmp_path)
    about = json.loads((tmp_path / "about.json").read_text(encoding="utf-8"))
    assert about["failed"] == {"train/0": [], "train/1": [], "test/inside": [], "test/outside": [0, 2]}
    assert about["runs"]["test/outside"] == 3
    back = simulated.load(tmp_path / "test/outside")
    np.testing.assert_array_equal(back.table[:, 0], [1.2, 1.1, 1.3])
    np.testing.assert_array_equal(back.answers, roots(back.table))


def test_where_all_fail_it_is_one_line() -> None:
    with pytest.raises(Mistake, match=r"^simulators\.roots, train/0: all 3 runs failed; ask .* where it has answers"):
        simulated.run(ROOTS, np.full((3, 2), -1.0), "simulators.roots, train/0")


def test_the_test_is_drawn_apart_from_designs_and_lies_where_it_says() -> None:
    tables = simulated.tables(BLOCK, REGION, [0], "roots")
    low, high = designs.bounds(REGION)
    inside, outside = tables["test/inside"], tables["test/outside"]
    assert ((inside >= low) & (inside <= high)).all()
    assert ((outside < low) | (outside > high)).any(1).all()
    assert not {*map(tuple, inside)} & {*map(tuple, tables["train/0"])}
    other = simulated.tables(BLOCK, REGION, [1], "roots")
    np.testing.assert_array_equal(other["test/inside"], inside)
    assert not np.array_equal(other["train/1"], tables["train/0"])


@pytest.mark.parametrize("high", [0.5, 0.25, float("nan")])
def test_a_region_that_is_empty_is_one_line(high: float) -> None:
    simulated.sensible(REGION, "roots")
    with pytest.raises(
        Mistake, match=rf"^simulators/roots\.py: x goes from 0\.5 to {high:g} in REGION, which is empty"
    ):
        simulated.sensible([*REGION[1:], Parameter("x", "m", 0.5, high)], "roots")


def test_an_unknown_simulator_is_named_with_the_nearest() -> None:
    assert simulated.known("climate").REGION
    with pytest.raises(Mistake, match=r"simulators\.climat is no simulator, .*; did you mean climate\?"):
        simulated.known("climat")
