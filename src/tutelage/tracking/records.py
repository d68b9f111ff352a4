"""What the stages left, found by dvc.lock and believed only where its digests say so."""

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from tutelage import pipeline, runs
from tutelage.tracking.spool import Execution

LOCK = Path("dvc.lock")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where PyYAML came with it


@dataclass(frozen=True)
class Record:
    """One stage's entry of dvc.lock and the files it vouches for."""

    stage: str
    entry: Mapping[str, Any]

    @cached_property
    def uid(self) -> str:
        """The same wherever and however often the entry is read."""
        return _hash(self.stage, self.entry)

    @cached_property
    def outs(self) -> dict[str, str]:
        return {out["path"]: out["md5"] for out in self.entry.get("outs", [])}

    @cached_property
    def params(self) -> dict[str, str]:
        """Every param the stage read, by its dotted key."""
        return dict(_flat(self.entry.get("params", {}).get("params.yaml", {}), ""))

    @cached_property
    def data(self) -> str:
        """One short digest of all prepared data that the stage read; empty where it read none."""
        read = {d["path"]: d["md5"] for d in self.entry.get("deps", []) if d["path"].startswith("data/prepared/")}
        return _hash(read)[:8] if read else ""

    @property
    def scores_file(self) -> str:
        return (runs.STAGES / self.stage / "scores.json").as_posix()

    @property
    def history_file(self) -> str:
        return (runs.HISTORY / f"{self.stage}.csv").as_posix()

    @cached_property
    def here(self) -> list[str]:
        """The outs whose files lie here as dvc.lock names them; of a clone that pulled nothing, those in git."""
        return [out for out, digest in self.outs.items() if _digest(Path(out)) == digest]

    def scores(self) -> list[dict[str, Any]]:
        told = json.loads(Path(self.scores_file).read_text(encoding="utf-8"))
        return [dict(zip(told["columns"], row, strict=True)) for row in told["rows"]]

    def history(self) -> list[dict[str, str]]:
        with Path(self.history_file).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def execution(self, executions: Sequence[Execution]) -> Execution | None:
        """The latest that left these outputs."""
        for execution in reversed(executions):
            if execution.stage == self.stage and execution.status == "FINISHED" and execution.end:
                left = execution.end["outs"]
                if self.scores_file in left and all(self.outs.get(out) == digest for out, digest in left.items()):
                    return execution
        return None


@dataclass(frozen=True)
class Lock:
    """dvc.lock, as far as dvc.yaml still has its stages."""

    records: Mapping[str, Record]
    pipeline: str  # the reproduction's short name; empty where not all stages stand on one another

    def taught(self) -> list[Record]:
        """The records of stages that teach and say what came of it."""
        return [r for r in self.records.values() if r.scores_file in r.outs and not r.stage.startswith("exam_")]

    def exam(self, record: Record) -> Record | None:
        """The record of the stage that examined what this one taught, if it was this that it examined."""
        exam = self.records.get(f"exam_{record.stage}")
        if exam is None:
            return None
        seen = {dep["path"]: dep["md5"] for dep in exam.entry.get("deps", [])}
        return exam if all(seen.get(path, digest) == digest for path, digest in record.outs.items()) else None


def read() -> Lock:
    """The lock in this folder; of none, nothing."""
    stages = [name for name in pipeline.entries() if name != "track"]
    text = LOCK.read_text(encoding="utf-8") if LOCK.exists() else "{}"
    entries = (yaml.load(text, LOADER) or {}).get("stages", {})
    records = {name: Record(name, entries[name]) for name in stages if name in entries}
    whole = len(records) == len(stages) and _agree(records.values())
    return Lock(records, _hash([r.uid for r in records.values()])[:8] if whole else "")


def _agree(records: Any) -> bool:
    """Whether every path has one digest and every param one value: then the entries are of one reproduction."""
    known: dict[str, str] = {}
    for record in records:
        files = {f["path"]: f["md5"] for part in ("deps", "outs") for f in record.entry.get(part, [])}
        for name, value in (files | record.params).items():
            if known.setdefault(name, value) != value:
                return False
    return True


def _digest(path: Path) -> str | None:
    """The digest that DVC gives a file or a folder."""
    if path.is_dir():
        files = sorted(f for f in path.rglob("*") if f.is_file())
        listed = sorted(
            ({"md5": runs.digest(f), "relpath": f.relative_to(path).as_posix()} for f in files),
            key=lambda file: file["relpath"].split("/"),
        )
        return hashlib.md5(json.dumps(listed, sort_keys=True).encode(), usedforsecurity=False).hexdigest() + ".dir"
    return runs.digest(path) if path.is_file() else None


def _flat(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and (value or not name):
        for key, below in value.items():
            yield from _flat(below, f"{name}.{key}" if name else str(key))
    else:
        yield name, str(value)


def _hash(*told: Any) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:32]
