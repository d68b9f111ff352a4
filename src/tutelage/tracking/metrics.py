"""Scores and histories under MLflow's names: train/…, valid/…, test/…, cost/…, and what can be said over seeds."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from tutelage.measure import significance

TOLD_APART_BY = ("protocol", "data", "at")  # named only where one stage has several of a metric


class Point(NamedTuple):
    """One value of one metric of one arm and seed; the seed is empty where there is none."""

    arm: str
    seed: str
    name: str
    step: int
    value: float
    time: int | None = None  # milliseconds, where it is known when it was said


def of_scores(rows: Iterable[Mapping[str, Any]], time: int | None) -> list[Point]:
    """`test/METRIC`, a second factor's level behind it, a swept level as the step; costs as `cost/METRIC`.

    A protocol is named behind it where there are several, the learner's own answers (`direct`) never.
    """
    rows, named = list(rows), list[str]()
    while True:
        points = [_point(row, named, time) for row in rows]
        if len({point[:4] for point in points}) == len(points) or len(named) == len(TOLD_APART_BY):
            return points
        named.append(TOLD_APART_BY[len(named)])


def of_history(rows: Iterable[Mapping[str, str]], logs: Iterable[Mapping[str, Any]]) -> list[Point]:
    """How the fits went, as it was said at the time where that is known: a live chart goes on as it was."""
    said = {point[:4]: point for point in of_logs(logs)}
    told = (
        Point(row["arm"], row["seed"], clean(name), int(row["step"]), float(value))
        for row in rows
        for name, value in row.items()
        if name not in ("arm", "seed", "step") and value != ""
    )
    return [said.get(point[:4], point) for point in told]


def of_logs(logs: Iterable[Mapping[str, Any]]) -> Iterator[Point]:
    """The lines of a spool."""
    for log in logs:
        for name, value in log["metrics"].items():
            time = int(log["time"] * 1000)
            yield Point(str(log["arm"]), str(log["seed"]), clean(name), int(log["step"]), float(value), time)


def over_seeds(points: Iterable[Point]) -> Iterator[Point]:
    """Each arm's mean under the metric's own name; its 95 % interval as uncertainty/METRIC/low, …/high, …/n."""

    def group(point: Point) -> tuple[str, str, int]:
        return point.arm, point.name, point.step

    for (arm, name, step), same in groupby(sorted(points, key=group), group):
        values = list(same)
        if name.startswith("cost/"):
            yield Point(arm, "", name, step, values[0].value, values[0].time)
            continue
        found = significance.interval(np.array([point.value for point in values]))
        time = max((point.time or 0 for point in values), default=0) or None
        yield Point(arm, "", name, step, found.mean, time)
        spread = {"low": found.low, "high": found.high, "n": found.n}
        for key, value in spread.items():
            if isfinite(value):
                yield Point(arm, "", f"uncertainty/{name}/{key}", step, value, time)


def clean(name: str) -> str:
    """The name with what MLflow takes in a metric's or a param's."""
    return re.sub(r"[^\w/.: -]", "-", name)


def _point(row: Mapping[str, Any], named: Sequence[str], time: int | None) -> Point:
    level = str(row["level"])  # a strength is a number in the record, a count of labels is not
    # A class called 7 is no amount.
    whole = re.fullmatch(r"-?\d+(\.0+)?", level) if row["at"] != "class" else None
    told = (row[name] for name in named)
    parts = ["test", row["metric"], str(row["with_level"]), *(word for word in told if word != "direct")]
    if not row["protocol"]:
        parts = ["cost", row["metric"]]
    elif row["protocol"] == "train":
        parts[0] = "train"
    # A word's own slashes would be folders; MLflow takes names up to 250.
    parts += [f"{row['at']} {level}".replace("/", "-")[:150]] if level and not whole else []
    step = int(float(level)) if whole else 0
    return Point(row["arm"], row["seed"], clean("/".join(filter(None, parts))), step, float(row["value"]), time)
