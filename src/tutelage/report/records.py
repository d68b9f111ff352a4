"""What the stages left, as the page reads it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from tutelage import params, pipeline, runs
from tutelage.errors import Mistake
from tutelage.pipeline import Entry
from tutelage.report import tables

PREPARED = Path("data/prepared")


class Missing(Mistake):
    """A record that a section needs is not there: the page leaves that section out and says so."""


@dataclass(frozen=True)
class Records:
    """All that may be shown. What was asked for and is not there raises Missing."""

    root: Path
    level: float  # of the intervals
    blocks: Mapping[str, Any]  # params.yaml, which the stage `check` has read
    entries: Mapping[str, Entry]  # dvc.yaml
    scores: pd.DataFrame  # of the stages that dvc.yaml has; what others left is old and is not read

    def of(self, stage: str) -> pd.DataFrame:
        """The scores of one stage."""
        _there(self.root, runs.STAGES / stage / "scores.json")
        return self.scores[self.scores["stage"] == stage]

    def history(self, stage: str) -> pd.DataFrame:
        """How one stage's learning went."""
        return pd.read_csv(_there(self.root, runs.HISTORY / f"{stage}.csv"))

    def picture(self, path: Path) -> bytes:
        """A picture that a stage left."""
        return _there(self.root, path).read_bytes()

    def about(self, role: str) -> dict[str, Any]:
        """The data set that plays a role: name, classes, counts, shape, licence, citation."""
        told: dict[str, Any] = json.loads(_there(self.root, PREPARED / role / "about.json").read_text(encoding="utf-8"))
        return told

    def roles(self) -> list[str]:
        """The roles that dvc.yaml prepares data for."""
        return [e.name.removeprefix("prepare@") for e in self.entries.values() if e.name.startswith("prepare@")]


def read(level: float, root: Path = Path()) -> Records:
    """The records under `root`, the project's folder."""
    entries = pipeline.entries(root / "dvc.yaml")
    left = [name for name in entries if (root / runs.STAGES / name / "scores.json").exists()]
    scores = tables.gather(root / runs.STAGES, left)
    return Records(root, level, params.load(root / "params.yaml"), entries, scores)


def _there(root: Path, path: Path) -> Path:
    if not (root / path).exists():
        raise Missing(f"{path.as_posix()} is missing; `make repro` makes it")
    return root / path
