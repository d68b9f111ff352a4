"""What the stages said while they ran: the lines of runs.Stage, read by who watches."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

KEPT = 1000  # executions; and
ROOM = 100_000_000  # bytes of the spool, the newest: a lost database finds its times and failures again
TAIL = 65_536  # bytes in which the last line lies


@dataclass(frozen=True)
class Execution:
    """One start of one stage."""

    path: Path
    start: Mapping[str, Any]
    end: Mapping[str, Any] | None
    status: str  # MLflow's words: RUNNING | FINISHED | FAILED | KILLED

    @property
    def id(self) -> str:
        return self.path.stem

    @property
    def stage(self) -> str:
        return str(self.start["stage"])

    @property
    def began(self) -> int:
        """Milliseconds, as MLflow counts."""
        return int(self.start["time"] * 1000)

    @property
    def ended(self) -> int | None:
        """Of a killed one that could say nothing, when it last said something."""
        if self.end is not None:
            return int(self.end["time"] * 1000)
        return None if self.status == "RUNNING" else int(self.path.stat().st_mtime * 1000)

    def logs(self) -> list[dict[str, Any]]:
        """What it told of its fits, in order: time, arm, seed, step, metrics."""
        return [line for line in _lines(self.path.read_bytes()) if line["event"] == "log"]


def read(folder: Path) -> list[Execution]:
    """All executions that could say who they are, the oldest first."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        with suppress(FileNotFoundError):
            execution = _execution(path)
            found += [execution] if execution else []
    return found


def prune(executions: Sequence[Execution]) -> None:
    """Removes the oldest that have ended, beyond KEPT and ROOM."""
    room = ROOM
    for count, execution in enumerate(reversed(executions), start=1):
        with suppress(FileNotFoundError):
            room -= execution.path.stat().st_size
            if execution.status != "RUNNING" and (count > KEPT or room < 0):
                execution.path.unlink()


def _execution(path: Path) -> Execution | None:
    with path.open("rb") as file:
        start = next(_lines(file.readline()), None)
        file.seek(max(0, path.stat().st_size - TAIL))
        end = next((line for line in reversed(list(_lines(file.read()))) if line["event"] == "end"), None)
    if start is None or start["event"] != "start":
        return None
    if end is not None:
        return Execution(path, start, end, str(end["status"]).upper())
    return Execution(path, start, None, "RUNNING" if _alive(start) else "KILLED")


def _lines(text: bytes) -> Iterator[dict[str, Any]]:
    """Skips what a stage killed in the middle of a line, or the cut of a tail, has left."""
    for line in text.splitlines():
        with suppress(ValueError):
            said = json.loads(line)
            if isinstance(said, dict) and "event" in said:
                yield said


def _alive(start: Mapping[str, Any]) -> bool:
    """Whether the process of that id is still the one that wrote the line: ids are given again."""
    if start["pid"] == os.getpid():
        return True
    try:
        process = psutil.Process(start["pid"])
        return bool(process.status() != psutil.STATUS_ZOMBIE and process.create_time() < start["time"] + 1)
    except psutil.Error:
        return False
