"""Runs of simulators as data: designs to learn from, one a seed, and a test part inside the region and outside."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from pydantic import PositiveFloat, PositiveInt

from tutelage import params, runs, streams
from tutelage.data import designs
from tutelage.data.roles import save
from tutelage.errors import Mistake
from tutelage.simulators import airfoil, climate
from tutelage.simulators.region import Parameter


class Simulator(Protocol):
    """A module of simulators/."""

    REGION: tuple[Parameter, ...]
    ANSWERS: tuple[tuple[str, str], ...]  # names and units
    simulate: Callable[[Float[ndarray, "n parameter"]], Float[ndarray, "n answer"]]


SIMULATORS: Mapping[str, Simulator] = {"airfoil": airfoil, "climate": climate}  # type: ignore[dict-item]
INSIDE, OUTSIDE = "inside", "outside"


class Params(params.Block):
    """An entry of `simulators`, which is named as its module."""

    runs: PositiveInt  # of each design to learn from
    tests: PositiveInt  # runs of each part of the test
    reach: PositiveFloat  # how far outside the test goes, as a share of each parameter's range


class Runs(NamedTuple):
    """What a simulator was asked and what it said, rows that failed left out."""

    table: Float[ndarray, "n parameter"]
    answers: Float[ndarray, "n answer"]
    failed: tuple[int, ...]  # rows, counted from 0, that are left out


def known(name: str) -> Simulator:
    """The simulator of that name. Raises Mistake, with the nearest name, where there is none."""
    if name not in SIMULATORS:
        raise Mistake(
            f"params.yaml: simulators.{name} is no simulator, as {' and '.join(SIMULATORS)} are"
            f"{params.nearest(name, list(SIMULATORS))}"
        )
    sensible(SIMULATORS[name].REGION, name)
    return SIMULATORS[name]


def sensible(region: Sequence[Parameter], name: str) -> None:
    """Raises Mistake for a parameter of the simulator `name` that has no range."""
    for parameter in region:
        if not parameter.low < parameter.high:
            raise Mistake(
                f"simulators/{name}.py: {parameter.name} goes from {parameter.low:g} to {parameter.high:g} in REGION, "
                "which is empty; let it rise"
            )


def tables(
    block: Params, region: Sequence[Parameter], seeds: Sequence[int], name: str
) -> dict[str, Float[ndarray, "n parameter"]]:
    """All there is to run, by where it is kept: `train/SEED`, `test/inside`, `test/outside`."""
    made = {
        f"train/{seed}": designs.filling(region, block.runs, streams.numpy(seed, f"simulators/{name}/design"))
        for seed in seeds
    }
    draws = streams.numpy(0, f"simulators/{name}/test")
    made[f"test/{INSIDE}"] = designs.uniform(region, block.tests, draws)
    made[f"test/{OUTSIDE}"] = designs.shell(region, block.tests, block.reach, draws)
    return made


def run(simulator: Simulator, table: Float[ndarray, "n parameter"], place: str) -> Runs:
    """Raises Mistake where every row fails; `place` says whose they are."""
    answers = simulator.simulate(table)
    good = np.isfinite(answers).all(1)
    if not good.any():
        raise Mistake(f"{place}: all {len(table)} runs failed; ask the simulator where it has answers: its REGION")
    return Runs(table[good], answers[good], tuple(int(row) for row in np.flatnonzero(~good)))


def keep(made: Mapping[str, Runs], simulator: Simulator, name: str, out: Path) -> None:
    """Leaves `about.json`, which names the rows that failed, and a folder of two arrays for each table."""
    for place, told in made.items():
        save(out / place / "table.npy", told.table)
        save(out / place / "answers.npy", told.answers)
    about = {
        "name": name,
        "parameters": [parameter._asdict() for parameter in simulator.REGION],
        "answers": [list(answer) for answer in simulator.ANSWERS],
        "runs": {place: len(told.table) for place, told in made.items()},
        "failed": {place: list(told.failed) for place, told in made.items()},
    }
    runs.write(out / "about.json", json.dumps(about, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def load(folder: Path) -> Runs:
    """Runs that are kept in a folder, such as `train/0`."""
    table, answers = (np.load(folder / f"{what}.npy", allow_pickle=False) for what in ("table", "answers"))
    return Runs(table, answers, ())
