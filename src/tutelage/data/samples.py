"""Samples: small tables that play a role; who learns from one describes that one, and none of it is kept aside."""

import json
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import PositiveInt, model_validator

from tutelage import runs, streams
from tutelage.data import catalogue, roles, tables
from tutelage.errors import Mistake
from tutelage.params import Block, Distinct

Scale = Literal["spread", "range"]
"""spread: each feature less its mean, by its standard deviation; range: all by the largest value there is."""


class People(Block):
    """The role `people`: one table, of which features and rows are chosen."""

    name: str  # of data/catalogue.yaml
    features: Distinct[str]
    rows: PositiveInt | None  # how many are drawn; null: all
    scale: Scale


class Tables(Block):
    """The role `tables`: several, each with all that it has."""

    name: Distinct[str]  # of data/catalogue.yaml
    scale: dict[str, Scale]  # of each

    @model_validator(mode="after")
    def _each(self) -> "Tables":
        if set(self.scale) != set(self.name):
            raise ValueError(f"scale is given for {sorted(self.scale)}; it must be for {sorted(self.name)}")
        return self


class Sample(NamedTuple):
    """A table as `prepare` left it."""

    name: str
    about: dict[str, Any]
    x: NDArray[np.float32]
    values: NDArray[np.float64]  # in the features' own units
    y: NDArray[np.int64]  # −1: no label


def chosen(table: tables.Table, features: tuple[str, ...], rows: int | None, name: str) -> tables.Table:
    """Those features, and that many rows drawn once for all. Raises Mistake for what the table has not."""
    known = [feature for feature, _ in table.features]
    for feature in features:
        if feature not in known:
            raise Mistake(f"params.yaml: people.features: {name} has no {feature}; it has {', '.join(known)}")
    n = len(table.values)
    if rows is not None and rows > n:
        raise Mistake(f"params.yaml: people.rows = {rows}: {name} has {n}; write fewer, or null for all")
    drawn = np.arange(n) if rows is None else np.sort(streams.numpy(0, f"rows/{name}").permutation(n)[:rows])
    columns = [known.index(feature) for feature in features]
    labels = None if table.labels is None else table.labels[drawn]
    return tables.Table(
        tuple(table.features[c] for c in columns), table.values[drawn][:, columns], labels, table.example
    )


def scaled(table: tables.Table, how: Scale, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What a feature's values are taken less of, and then divided by. Raises Mistake for a feature without spread."""
    m = len(table.features)
    if how == "range":
        return np.zeros(m), np.full(m, np.abs(table.values).max())
    spread = table.values.std(0)
    for (feature, _), constant in zip(table.features, np.ptp(table.values, axis=0) == 0, strict=True):
        if constant:
            raise Mistake(
                f"{name}: feature {feature} is constant and has no spread to be divided by; "
                "leave it out, or write scale: range"
            )
    return table.values.mean(0), spread


def prepare(role: People | Tables, raw: Path, prepared: Path) -> None:
    """Leaves prepared/samples/NAME/{x,values,labels}.npy and about.json, the same bytes each time.

    `values` are in the features' own units, `x` = (values − centre) / scale; labels are −1 where examples have none.
    """
    for name in (role.name,) if isinstance(role, People) else role.name:
        table = tables.read(name, raw if isinstance(role, People) else raw / name)
        if isinstance(role, People):
            table = chosen(table, role.features, role.rows, name)
        centre, scale = scaled(table, role.scale if isinstance(role, People) else role.scale[name], name)
        about, place = catalogue.find(name), prepared / "samples" / name
        roles.save(place / "values.npy", table.values)
        roles.save(place / "x.npy", ((table.values - centre) / scale).astype(np.float32))
        roles.save(place / "labels.npy", np.full(len(table.values), -1) if table.labels is None else table.labels)
        facts = {
            "name": name,
            "title": about.title,
            "features": [{"name": feature, "unit": unit} for feature, unit in table.features],
            "centre": centre.tolist(),
            "scale": scale.tolist(),
            "classes": about.classes,
            "example": table.example,
            "count": len(table.values),
            "licence": about.licence,
            "citation": about.citation,
        }
        runs.write(place / "about.json", json.dumps(facts, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def load(prepared: Path, name: str) -> Sample:
    """The sample of that name of a role."""
    place = prepared / "samples" / name
    about = json.loads((place / "about.json").read_text(encoding="utf-8"))
    return Sample(
        name, about, *(np.load(place / f"{part}.npy", allow_pickle=False) for part in ("x", "values", "labels"))
    )
