"""Data sets of named features by name: raw files to a table, one function a layout of files."""

import csv
import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tutelage.errors import Mistake


@dataclass(frozen=True)
class Table:
    """Rows in the order of their files."""

    features: tuple[tuple[str, str], ...]  # name and unit
    values: NDArray[np.float64]  # n, feature; in those units
    labels: NDArray[np.int64] | None
    example: str  # what a row is called


def read(name: str, raw: Path) -> Table:
    """The table of that name from its folder of raw files. Raises Mistake where they are missing or damaged."""
    if name not in READERS:
        raise Mistake(f"{name} is no table; those are {', '.join(sorted(READERS))}")
    try:
        return READERS[name](raw)
    except FileNotFoundError as error:
        raise Mistake(f"{error.filename} is missing; run `make repro`, which fetches {name}") from None
    except (ValueError, KeyError, StopIteration, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Mistake(f"{raw} holds a damaged file of {name} ({error}); delete it and fetch it again") from None


def _digits(raw: Path) -> Table:
    rows = _numbers(raw / "digits.csv.gz", ",")
    features = tuple((f"pixel {y},{x}", "ink of 16") for y in range(8) for x in range(8))
    return Table(features, rows[:, :-1], rows[:, -1].astype(np.int64), "digit")


def _iris(raw: Path) -> Table:
    features = tuple((f"{part} {way}", "cm") for part in ("sepal", "petal") for way in ("length", "width"))
    return _labelled(raw / "iris.csv", features, "flower")


def _wine(raw: Path) -> Table:
    """Units where the authors give them."""
    features = (
        ("alcohol", "% by volume"), ("malic acid", "g/l"), ("ash", "g/l"), ("alcalinity of ash", "meq/l"),
        ("magnesium", "mg/l"), ("total phenols", "g/l"), ("flavanoids", "g/l"), ("nonflavanoid phenols", "g/l"),
        ("proanthocyanins", "g/l"), ("color intensity", ""), ("hue", ""), ("OD280/OD315 of diluted wines", ""),
        ("proline", "mg/l"),
    )  # fmt: skip
    return _labelled(raw / "wine_data.csv", features, "wine")


def _diabetes(raw: Path) -> Table:
    """Labels are sexes, 1 and 2 in the file; the disease's progression a year later is a column like the others."""
    rows = _numbers(raw / "diabetes_data_raw.csv.gz", None)
    progression = _numbers(raw / "diabetes_target.csv.gz", None)
    features = (
        ("age", "years"), ("bmi", "kg/m²"), ("blood pressure", "mmHg"), ("total cholesterol", "mg/dl"),
        ("ldl", "mg/dl"), ("hdl", "mg/dl"), ("cholesterol/hdl", ""), ("log triglycerides", "ln mg/dl"),
        ("glucose", "mg/dl"), ("progression", ""),
    )  # fmt: skip
    values = np.column_stack([rows[:, :1], rows[:, 2:], progression])
    return Table(features, values, rows[:, 1].astype(np.int64) - 1, "patient")


def _ansur2(raw: Path) -> Table:
    """Women, then men; body measures are in mm, weight in 0.1 kg, and the men's file is in Latin-1."""
    tables = []
    for sex in ("FEMALE", "MALE"):
        with (raw / f"ANSUR_II_{sex}_Public.csv").open(encoding="latin-1", newline="") as file:
            header, *rows = csv.reader(file)
        first, last = 1, header.index("Gender")  # between them are the measures
        tables.append((header[first:last], np.array([row[first:last] for row in rows], np.float64)))
    (names, women), (others, men) = tables
    if names != others:
        raise ValueError("the two files' measures differ")
    tenths = np.array([name == "weightkg" for name in names])
    features = tuple((name.removesuffix("kg"), "kg" if name == "weightkg" else "mm") for name in names)
    values = np.concatenate([women, men]) / np.where(tenths, 10, 1)
    return Table(features, values, np.repeat([0, 1], [len(women), len(men)]), "person")


def _numbers(path: Path, delimiter: str | None) -> NDArray[np.float64]:
    with gzip.open(path, "rt") as rows:
        return np.loadtxt(rows, delimiter=delimiter, ndmin=2)


def _labelled(path: Path, features: tuple[tuple[str, str], ...], example: str) -> Table:
    """scikit-learn's form: a line with the counts of rows and features and the classes, then rows, label last."""
    with path.open(encoding="utf-8") as file:
        n, m, *_ = next(file).split(",")
        rows = np.loadtxt(file, delimiter=",", ndmin=2)
    if rows.shape != (int(n), int(m) + 1) or int(m) != len(features):
        raise ValueError(f"{rows.shape[0]} rows of {rows.shape[1]}, not {n} of {len(features) + 1}")
    return Table(features, rows[:, :-1], rows[:, -1].astype(np.int64), example)


READERS: dict[str, Callable[[Path], Table]] = {
    "digits": _digits,
    "iris": _iris,
    "wine": _wine,
    "diabetes": _diabetes,
    "ansur2": _ansur2,
}
