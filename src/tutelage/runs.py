"""A stage's record: the files it leaves, and a spool of lines for who watches."""

import csv
import gc
import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from tutelage import pipeline
from tutelage.errors import Mistake

ROOT = Path(os.environ.get("DVC_ROOT", "."))  # the repository, also where DVC runs a stage in a copy of it
SPOOL = ROOT / ".dvc" / "tmp" / "tutelage" / "spool"
SCRATCH = ROOT / ".scratch"

# A folder a kind, so that the report stands on whole folders: in a fresh clone DVC knows a folder to be unchanged when
# git has all of it (scores) or DVC's cache has (the other two), and never one that is half and half.
STAGES = Path("reports/stages")
HISTORY = Path("reports/history")
PICTURES = Path("reports/pictures")

SCORE = ("stage", "arm", "data", "protocol", "metric", "at", "level", "with", "with_level", "seed", "value")
"""The columns of a score, here and in reports/scores.csv; empty where a column says nothing."""


class Stage:
    """One execution of one stage of dvc.yaml."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.entry = pipeline.entry(name)
        self.fingerprint = pipeline.fingerprint(self.entry)
        self.scratch = SCRATCH / name / self.fingerprint
        self.spool = _Spool(SPOOL / f"{time.time_ns()}-{name}-{os.getpid()}.jsonl")

    def log(self, arm: str, seed: int | str, step: int, metrics: Mapping[str, float]) -> None:
        """Tells who watches how a fit goes; nothing that is learned or recorded depends on it."""
        self.spool.write("log", arm=arm, seed=seed, step=step, metrics=dict(metrics))

    def record(self, scores: Iterable[Mapping[str, Any]], history: Sequence[Mapping[str, Any]] | None = None) -> None:
        """Leaves the stage's scores and, of one that trains, its history. Columns are those of SCORE less `stage`."""
        scores = list(scores)
        rows = sorted([_cell(score.get(column, "")) for column in SCORE[1:]] for score in scores)
        unknown = {key for score in scores for key in score} - set(SCORE)
        if unknown:
            raise KeyError(f"no columns of a score: {sorted(unknown)}")
        lines = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in rows)
        write(
            STAGES / self.name / "scores.json", f'{{"columns": {json.dumps(SCORE[1:])},\n "rows": [\n  {lines}\n]}}\n'
        )
        if history is not None:
            columns = list(dict.fromkeys(key for row in history for key in row))
            text = io.StringIO()
            table = csv.DictWriter(text, columns, lineterminator="\n")
            table.writeheader()
            table.writerows({k: _rounded(v) for k, v in row.items()} for row in history)
            write(HISTORY / f"{self.name}.csv", text.getvalue())

    def discard(self) -> None:
        """Takes away what this execution has left of its outputs: none is ever half a record."""
        for out in map(Path, self.entry.outs):
            with suppress(OSError):
                shutil.rmtree(out) if out.is_dir() else out.unlink(missing_ok=True)


@contextmanager
def stage(name: str) -> Iterator[Stage]:
    """Runs the body as that stage: spooled from start to end, its scratch gone at success, a Mistake one line.

    Exits with 1 after a Mistake, a full or read-only disk; with 130 or 143 after an interrupt or a SIGTERM.
    """
    gc.freeze()  # what the imports made is not looked at again
    gc.enable()
    started = time.monotonic()
    running: Stage | None = None
    status, message = "failed", ""
    signal.signal(signal.SIGTERM, _interrupt)
    _end_with_parent()
    try:
        running = Stage(name)
        running.spool.write("start", stage=name, fingerprint=running.fingerprint, pid=os.getpid(), **_surroundings())
        yield running
        status = "finished"
        shutil.rmtree(running.scratch, ignore_errors=True)
        with suppress(OSError):
            running.scratch.parent.rmdir()
    except Mistake as mistake:
        message = str(mistake)
        raise SystemExit(1) from None
    except OSError as error:
        if not error.filename and error.errno is None:
            raise
        message = f"{error.filename or 'a file'}: {error.strerror}; give it room and rights, then run this again"
        raise SystemExit(1) from None
    except KeyboardInterrupt as stop:
        status, message = "killed", "stopped; run it again and it goes on from where it last saved"
        raise SystemExit(143 if stop.args else 130) from None
    except BaseException as error:
        message = f"{type(error).__name__}: {error}"
        raise
    finally:
        if message and status != "finished":
            for line in message.splitlines():
                print(f"{name}: {line}", file=sys.stderr)
        if running is not None:
            if status != "finished":
                running.discard()
            outs = {out: digest(Path(out)) for out in running.entry.outs if Path(out).is_file()}
            seconds = time.monotonic() - started
            running.spool.write("end", status=status, message=message, seconds=seconds, outs=outs)


def write(path: Path, content: str | bytes) -> None:
    """Writes a file aside and renames it: never a half-written one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_bytes(content.encode() if isinstance(content, str) else content)
        os.replace(aside, path)
    except BaseException:
        with suppress(OSError):
            aside.unlink()
        raise


def digest(path: Path) -> str:
    """The digest that dvc.lock gives a file."""
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


class _Spool:
    """JSON lines with clocks, outside every output; a disk that refuses them stops nothing."""

    def __init__(self, path: Path) -> None:
        self.path: Path | None = path

    def write(self, event: str, **fields: Any) -> None:
        if self.path is None:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"event": event, "time": time.time(), **fields}) + "\n")
        except OSError as error:
            print(f"{self.path}: {error.strerror}; the run goes on without live charts", file=sys.stderr)
            self.path = None


def _surroundings() -> dict[str, Any]:
    """What only the moment knows: the commit, whether the tree is clean, DVC's experiment."""

    def git(*words: str) -> str | None:
        try:
            ran = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True, timeout=5)
        except (OSError, subprocess.TimeoutExpired):
            return None
        return ran.stdout.strip() if ran.returncode == 0 else None

    changed = git("status", "--porcelain", "--untracked-files=no")
    return {
        "commit": git("rev-parse", "HEAD"),
        "dirty": None if changed is None else bool(changed),
        "experiment": os.environ.get("DVC_EXP_NAME"),
    }


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt(number)


def _end_with_parent() -> None:
    """A stage whose DVC was killed would go on unseen and write into a folder somebody else now uses."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def _cell(value: Any) -> Any:
    return _rounded(value) if isinstance(value, float) else str(value)


def _rounded(value: Any) -> Any:
    return float(f"{value:.6g}") if isinstance(value, float) else value
