"""Data sets whose own parts are tasks: an alphabet of Omniglot, a torque of a robot's arm."""

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from tutelage import params, runs
from tutelage.data import catalogue, omniglot, splits
from tutelage.data.roles import save
from tutelage.errors import Mistake

BLOCK = 178  # rows of sarcos that stay together, 25 blocks; see bench/tasks.md
GAP = 5  # rows between two blocks, which belong to no part
JOINTS = 7  # each with a position, a velocity, an acceleration and a torque


class Parts(params.Block):
    """How examples are cut: people of Omniglot, stretches of time of sarcos."""

    valid: Annotated[float, Field(gt=0, lt=0.5)]  # share of the training part kept aside for validation
    test: Annotated[float, Field(gt=0, lt=1)]  # share kept for the exam


@dataclass(frozen=True)
class TaskSet:
    """Examples in the order of their files, and what each is in each task."""

    tasks: tuple[tuple[str, tuple[str, ...]], ...]  # name and classes; none where a number is asked for
    apart: frozenset[str]  # names of tasks that the data set itself keeps from being taught
    x: NDArray[np.uint8] | NDArray[np.float64]  # n, channel, height, width of an image; n, feature
    table: NDArray[np.float64]  # n, task: a class counted from 0 or a number; NaN: not of the task
    groups: NDArray[np.str_]  # of each the name of what it belongs with, "" for none; no part shares one


def known(name: str) -> None:
    """Raises Mistake, with the nearest name, for a data set whose parts are no tasks."""
    if name not in READERS:
        raise Mistake(
            f"params.yaml: task_sets.{name} is no data set whose parts are tasks, as {' and '.join(READERS)} are"
            f"{params.nearest(name, list(READERS))}"
        )


def read(name: str, raw: Path) -> TaskSet:
    """The set of that name from its folder of raw files. Raises Mistake where they are missing or damaged."""
    known(name)
    try:
        return READERS[name](raw)
    except FileNotFoundError as error:
        raise Mistake(f"{error.filename} is missing; run `make repro`, which fetches {name}") from None


def prepare(name: str, shares: Parts, raw: Path, prepared: Path) -> None:
    """Leaves prepared/{train,valid,test}/{x,table}.npy and prepared/about.json, the same bytes each time.

    No group is in two parts. Features and numbers asked for are less their mean, by their deviation, in the part
    learned from. Raises Mistake where a part gets no group.
    """
    about, whole = catalogue.find(name), read(name, raw)
    rows = np.flatnonzero(whole.groups != "")
    parts = splits.split(
        name,
        np.zeros(len(rows), np.int64),
        ["task"],
        valid=shares.valid,
        test=shares.test,
        official=None,
        groups=whole.groups[rows],
    )
    train = rows[parts["train"]]
    x = whole.x if whole.x.dtype == np.uint8 else _scaled(whole.x, train).astype(np.float32)
    numbers = [not classes for _, classes in whole.tasks]
    table = np.where(numbers, _scaled(whole.table, train), whole.table).astype(np.float32)
    for part, positions in parts.items():
        save(prepared / part / "x.npy", x[rows[positions]])
        save(prepared / part / "table.npy", table[rows[positions]])
    facts = {
        "name": name,
        "tasks": whole.tasks,
        "apart": sorted(whole.apart),
        "shape": x.shape[1:],
        "counts": {part: len(positions) for part, positions in parts.items()},
        "licence": about.licence,
        "citation": about.citation,
    }
    runs.write(prepared / "about.json", json.dumps(facts, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def _scaled(values: NDArray[Any], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    of = values[rows]
    scaled: NDArray[np.float64] = (values - np.nanmean(of, 0)) / np.nanstd(of, 0)
    return scaled


def _omniglot(raw: Path) -> TaskSet:
    """Which of an alphabet's characters it is; the authors' half `images_evaluation` is apart. Groups are people."""
    images, characters, alphabets, drawers, names = omniglot.read(raw)
    titles, of = np.unique(alphabets, return_inverse=True)
    first = np.array([characters[of == k].min() for k in range(len(titles))])  # an alphabet's lie in a row
    table = np.full((len(images), len(titles)), np.nan)
    table[np.arange(len(images)), of] = characters - first[of]
    classes = [tuple(n.partition("/")[2] for n in names if n.partition("/")[0] == title) for title in titles]
    return TaskSet(
        tuple(zip(titles.tolist(), classes, strict=True)),
        frozenset(folder.name for folder in raw.glob("images_evaluation/*/")),
        images,
        table,
        np.array([f"{alphabet}/{drawer}" for alphabet, drawer in zip(alphabets, drawers, strict=True)]),
    )


def _sarcos(raw: Path) -> TaskSet:
    """The torque of each joint from position, velocity and acceleration of all. Groups are blocks of rows in a row.

    Rows are in the order of time, and neighbours are much alike: of every block the last rows are left out.
    """
    from scipy.io import loadmat  # here, because it takes 0.2 s that the other data sets need not wait

    path = raw / "sarcos_inv_test.mat"
    path.stat()  # a missing file is not a damaged one, and loadmat tells them apart in no way
    try:
        rows = loadmat(path)["sarcos_inv_test"]
    except (OSError, ValueError, TypeError, KeyError, zlib.error) as error:
        raise Mistake(f"{path} is damaged ({error}); delete it and fetch it again") from None
    if rows.ndim != 2 or rows.shape[1] != 4 * JOINTS:
        raise Mistake(f"{path} is damaged ({rows.shape} and not 28 columns); delete it and fetch it again")
    at = np.arange(len(rows))
    groups = np.where(at % BLOCK < BLOCK - GAP, np.char.add("block ", (at // BLOCK).astype(str)), "")
    return TaskSet(
        tuple((f"torque {joint + 1}", ()) for joint in range(JOINTS)),
        frozenset(),
        rows[:, : 3 * JOINTS],
        rows[:, 3 * JOINTS :],
        groups,
    )


READERS: dict[str, Callable[[Path], TaskSet]] = {"omniglot": _omniglot, "sarcos": _sarcos}
