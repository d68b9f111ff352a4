"""Runs as MLflow should hold them, nothing written: what a run is, and those of stages that left no record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tutelage.tracking import metrics
from tutelage.tracking.metrics import Point
from tutelage.tracking.spool import Execution

EXAM, PIPELINE = "exam", "pipeline"  # the two experiments that compare across stages


@dataclass(frozen=True)
class Run:
    """One run, or what is to be added to it."""

    uid: str
    group: str  # the uid of the run that it came with
    experiment: str
    name: str  # empty: as it is
    tags: Mapping[str, str]
    points: list[Point] = field(default_factory=list)
    params: Mapping[str, str] = field(default_factory=dict)
    files: list[tuple[Path, str]] = field(default_factory=list)  # and the artifact folder of each
    began: int | None = None
    ended: int | None = None
    status: str = "FINISHED"


def execution(told: Execution) -> Run:
    """What is known of a stage without its record: it runs, or it failed, or it was killed."""
    message = str((told.end or {}).get("message") or ("stopped from outside" if told.status == "KILLED" else ""))
    tags = {"stage": told.stage, "tutelage.spool": told.id} | ({"message": message[:5000]} if message else {})
    return Run(
        told.id,
        told.id,
        told.stage.partition("@")[0],
        told.stage,
        tags | surroundings(told),
        began=told.began,
        ended=told.ended,
        status=told.status,
    )


def fits(told: Execution, after: int) -> tuple[list[Run], int]:
    """The arms and seeds that an execution spoke of after so many lines, and how many lines there are now."""
    logs = told.logs()
    points = list(metrics.of_logs(logs[after:]))
    return [
        child(told.id, told.stage, arm, seed, [p for p in points if (p.arm, p.seed) == (arm, seed)], {}, told.status)
        for arm, seed in dict.fromkeys((p.arm, p.seed) for p in points)
    ], len(logs)


def child(
    parent: str,
    stage: str,
    arm: str,
    seed: str,
    points: list[Point],
    tags: Mapping[str, str],
    status: str = "FINISHED",
) -> Run:
    """An arm × seed of the run `parent`."""
    times = [p.time for p in points if p.time and p.name.startswith(("train/", "valid/"))]  # an exam comes later
    return Run(
        f"{parent}/{arm}/{seed}",
        parent,
        stage.partition("@")[0],
        f"{arm} {seed}",
        {**tags, "stage": stage, "arm": arm, "seed": seed},
        points,
        began=min(times, default=None),
        ended=max(times, default=None),
        status=status,
    )


def surroundings(told: Execution | None) -> dict[str, str]:
    """What only the moment knew, where it was seen."""
    start: Mapping[str, Any] = told.start if told else {}
    known = {"commit": start.get("commit"), "dirty": start.get("dirty"), "experiment": start.get("experiment")}
    return {name: str(value) for name, value in known.items() if value not in (None, "")}
