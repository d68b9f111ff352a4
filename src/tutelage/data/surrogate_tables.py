"""Tables in a simulator's place: what was measured, and what a simulator said of things that nobody drew by design."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field

from tutelage import params, runs, streams
from tutelage.data import airfoils, catalogue
from tutelage.data.roles import save
from tutelage.errors import Mistake
from tutelage.simulators import airfoil, outlines

NUMBERS, ANGLES = 8, 2  # of a side of an outline, and of the stream against one outline
Names = tuple[tuple[str, str], ...]
"""Names and units."""


class Split(params.Block):
    """How the rows of a table are shared out."""

    test: Annotated[float, Field(gt=0, lt=1)]  # share of the groups that a seed keeps aside, drawn by it


@dataclass(frozen=True)
class Answered:
    """Rows in the order of their files."""

    parameters: Names
    answers: Names
    outcome: tuple[str, ...]  # what 0 and 1 mean where the one answer is either; none where answers are numbers
    x: NDArray[np.float64]  # n, parameter
    y: NDArray[np.float64]  # n, answer
    groups: NDArray[np.int64]  # rows that belong together are in one part
    group: str  # what one is called
    failed: Mapping[str, str] = field(default_factory=dict)  # what is left out, by its name, and with what


def known(name: str) -> None:
    """Raises Mistake, with the nearest name, where there is no such table."""
    if name not in READERS:
        raise Mistake(
            f"params.yaml: surrogate_tables.{name} is no table that a surrogate learns, as {', '.join(READERS)} are"
            f"{params.nearest(name, list(READERS))}"
        )


def read(name: str, raw: Path) -> Answered:
    """The table of that name from its folder of raw files. Raises Mistake where they are missing or damaged."""
    known(name)
    try:
        return READERS[name](raw)
    except FileNotFoundError as error:
        raise Mistake(f"{error.filename} is missing; run `make repro`, which fetches {name}") from None


def prepare(name: str, split: Split, seeds: Sequence[int], raw: Path, prepared: Path) -> None:
    """Leaves prepared/{train,test}/SEED/{table,answers}.npy and prepared/about.json, the same bytes each time.

    Each seed draws which groups are its test. Parameters are less their mean, by two of their deviations, among the
    rows that it learns from, whose order is drawn; so that the first rows of a yes or no have it as often as all.
    """
    about, whole = catalogue.find(name), read(name, raw)
    counts = {}
    for seed in seeds:
        train, test = parts(whole, split.test, streams.numpy(seed, f"surrogate_tables/{name}"))
        mean, deviation = whole.x[train].mean(0), whole.x[train].std(0)
        deviation[deviation == 0] = 1  # one that never moves
        for part, rows in (("train", train), ("test", test)):
            save(prepared / part / str(seed) / "table.npy", (whole.x[rows] - mean) / (2 * deviation))
            save(prepared / part / str(seed) / "answers.npy", whole.y[rows])
        counts[str(seed)] = {"train": len(train), "test": len(test)}
    facts = {
        "name": name,
        "title": about.title,
        "parameters": whole.parameters,
        "answers": whole.answers,
        "outcome": whole.outcome,
        "shares": whole.y.mean(0).tolist() if whole.outcome else [],
        "group": whole.group,
        "groups": len(np.unique(whole.groups)),
        "rows": counts,
        "failed": dict(sorted(whole.failed.items())),
        "licence": about.licence,
        "citation": about.citation,
    }
    runs.write(prepared / "about.json", json.dumps(facts, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def parts(whole: Answered, share: float, draws: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows to learn from, in the order in which there may be few of them, and rows of the test."""
    kinds = np.unique(whole.groups)
    tested = draws.permutation(kinds)[: max(1, round(share * len(kinds)))]
    if whole.outcome:  # each its share of the test
        each = [draws.permutation(whole.groups[whole.y[:, 0] == value]) for value in (0, 1)]
        tested = np.concatenate([some[: round(share * len(some))] for some in each])
    inside = np.isin(whole.groups, tested)
    train = draws.permutation(np.flatnonzero(~inside))
    if whole.outcome:
        came = whole.y[train, 0]
        place = np.empty(len(train))
        for value in (0, 1):
            of = np.flatnonzero(came == value)
            place[of] = (np.arange(len(of)) + 0.5) / len(of)
        train = train[np.argsort(place, kind="stable")]
    return train, np.flatnonzero(inside)


def _numbers(path: Path, *, columns: int, heads: int) -> NDArray[np.float64]:
    """Rows of so many numbers, under so many lines of heads. Raises Mistake that names row and column."""
    lines = path.read_text(encoding="utf-8").splitlines()[heads:]
    rows = np.empty((len(lines), columns))
    for number, line in enumerate(lines):
        words = line.split()
        at = f"{path}, line {number + heads + 1}"
        if len(words) != columns:
            raise Mistake(f"{at}: {len(words)} columns, not {columns}; delete the file and fetch it again")
        for column, word in enumerate(words):
            try:
                rows[number, column] = float(word)
            except ValueError:
                rows[number, column] = np.nan
            if not np.isfinite(rows[number, column]):
                raise Mistake(f"{at}, column {column + 1}: {word} is no number; delete the file and fetch it again")
    if not len(rows):
        raise Mistake(f"{path} holds no rows; delete the file and fetch it again")
    return rows


def _airfoil_noise(raw: Path) -> Answered:
    """Groups are spectra: what was measured at one setting of the tunnel, at many frequencies."""
    rows = _numbers(raw / "airfoil_self_noise.dat", columns=6, heads=1)
    _, groups = np.unique(rows[:, 1:5], axis=0, return_inverse=True)
    names = (
        ("log frequency", "log₁₀ Hz"), ("angle of attack", "°"), ("chord", "m"), ("speed", "m/s"),
        ("log thickness", "log₁₀ m"),
    )  # fmt: skip
    x = rows[:, :5].copy()
    x[:, [0, 4]] = np.log10(x[:, [0, 4]])  # they range over powers of ten
    return Answered(names, (("sound pressure", "dB"),), (), x, rows[:, 5:], groups.astype(np.int64), "spectrum")


def _climate_crashes(raw: Path) -> Answered:
    """1 for a run that crashed; its 18 parameters are scaled to [0, 1] by the authors."""
    rows = _numbers(raw / "pop_failures.dat", columns=21, heads=0)
    names = tuple(
        (name, "")
        for name in (
            "vconst_corr", "vconst_2", "vconst_3", "vconst_4", "vconst_5", "vconst_7", "ah_corr", "ah_bolus",
            "slm_corr", "efficiency_factor", "tidal_mix_max", "vertical_decay_scale", "convect_corr", "bckgrnd_vdc1",
            "bckgrnd_vdc_ban", "bckgrnd_vdc_eq", "bckgrnd_vdc_psim", "Prandtl",
        )
    )  # fmt: skip
    crashed = 1 - rows[:, 20:]
    if not np.isin(crashed, (0, 1)).all():
        raise Mistake(f"{raw / 'pop_failures.dat'}: an outcome is neither 0 nor 1; delete the file and fetch it again")
    return Answered(
        names, (("crashed", ""),), ("completed", "crashed"), rows[:, 2:20], crashed, np.arange(len(rows)), "run"
    )


def _airfoil_shapes(raw: Path) -> Answered:
    """Outlines in streams of drawn angles, by the panel method; groups are outlines.

    A file that holds no outline is left out, and one of which the panel method has no answer at any angle.
    """
    failed: dict[str, str] = {}
    names, nodes = [], []
    for path in sorted(raw.glob("airfoil_database/*.dat")):
        try:
            nodes.append(outlines.repanelled(airfoils.read(path), airfoil.PANELS))
            names.append(path.stem)
        except ValueError as error:
            failed[path.stem] = str(error)
    if not nodes:
        raise Mistake(f"{raw} holds no outlines; run `make repro`, which fetches them")
    whole = torch.stack(nodes).repeat_interleave(ANGLES, 0)
    angle = airfoil.REGION[-1]
    degrees = streams.numpy(0, "surrogate_tables/airfoil-shapes/angles").uniform(angle.low, angle.high, len(whole))
    answers = airfoil.answers(whole, torch.from_numpy(degrees).deg2rad()).numpy()
    good = np.isfinite(answers).all(1)
    numbers = np.stack([airfoils.coefficients(one.numpy(), NUMBERS) for one in nodes]).repeat(ANGLES, 0)
    groups = np.arange(len(nodes)).repeat(ANGLES)
    failed |= {names[k]: "no answer of the panel method" for k in np.setdiff1d(groups, groups[good])}
    heads = [("nose", "chord")] + [(f"{side} {k}", "chord") for side in ("upper", "lower") for k in range(NUMBERS)]
    return Answered(
        (*heads, ("angle", "°")),
        airfoil.ANSWERS,
        (),
        np.column_stack([numbers, degrees])[good],
        answers[good],
        groups[good],
        "outline",
        failed,
    )


READERS: dict[str, Callable[[Path], Answered]] = {
    "airfoil-noise": _airfoil_noise,
    "climate-crashes": _climate_crashes,
    "airfoil-shapes": _airfoil_shapes,
}
