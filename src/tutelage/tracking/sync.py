"""Brings MLflow level with the records: one at a time, only where something is new, never in a training's way."""

import functools
import gc
import hashlib
import json
import os
import re
import sqlite3
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

from filelock import FileLock, Timeout

from tutelage import runs
from tutelage.errors import Mistake
from tutelage.tracking import database, environment, records, spool
from tutelage.tracking.spool import Execution

PATIENCE = 60.0  # seconds to wait for another sync of the same store


class View:
    """A store as the view of the records in this folder."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self.file = environment.database(uri)
        self.folder = (self.file or runs.ROOT.resolve() / "mlflow.db").parent  # of the database, lock and artifacts
        self.seen = ""  # the records as they were at the last sync

    def attempt(self) -> str:
        """Syncs, and tells in a line what stood against it: a training never breaks because nobody can watch it."""
        try:
            self.sync()
        except Exception as error:
            return f"tracking: {self._told(error)}; the records are whole, and a later sync adds them"
        return ""

    def sync(self) -> None:
        """Raises whatever stands against it, a Mistake where the store is busy or does not answer."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = self.folder / f"{self.file.name if self.file else 'mlflow.db'}.lock"
        try:
            with FileLock(lock, timeout=PATIENCE):
                self._sync()
        except Timeout:
            raise Mistake(f"another sync holds {lock}; wait for it to end") from None

    def _sync(self) -> None:
        executions = spool.read(runs.SPOOL)
        now = _state(executions)
        if now == self.seen or (self.file and self.file.exists() and database.is_current(self.file, now)):
            return
        if environment.is_server(self.uri):
            environment.knock(self.uri)
        artifacts = None if environment.is_server(self.uri) else self.folder / "mlruns"
        if self.file and artifacts and self.file.exists():
            database.anchor(self.file, artifacts)
        filling = _filling()
        if self.file and artifacts and not self.file.exists():
            database.create(self.file, artifacts)
        store = filling.Store(self.uri, artifacts)
        try:
            filling.fill(store, executions)
        finally:
            store.close()
        spool.prune(executions)
        if self.file:
            database.note(self.file, now)
        self.seen = now

    def _told(self, error: Exception) -> str:
        if isinstance(error, Mistake):
            return str(error)
        store = self.file or environment.shown(self.uri)
        if isinstance(error, OSError):
            return f"{error.filename or store}: {error.strerror or error}; give it room and rights"
        if not isinstance(error, sqlite3.Error) and not type(error).__module__.startswith(("mlflow.", "sqlalchemy.")):
            traceback.print_exception(error)  # nobody foresaw it
        line = next((line for line in str(error).splitlines() if line), type(error).__name__)[:200]
        if re.search("not a database|malformed|database schema|no such table", line):
            return f"{store}: {line}; delete it and it is made again"
        return f"{store}: {line}"


@functools.cache
def _filling() -> ModuleType:
    """The rest, with MLflow and SciPy: two seconds that a sync with nothing to do is spared."""
    environment.settle()
    gc.disable()  # imports make a million objects and no garbage
    from tutelage.tracking import filling

    gc.freeze()
    gc.enable()
    return filling


def _state(executions: Sequence[Execution]) -> str:
    """Changes whenever there may be something new to add."""
    told = [
        os.getcwd(),
        [[f.as_posix(), f.stat().st_size, f.stat().st_mtime_ns] for f in _files()],
        [[e.id, e.status, e.path.stat().st_size] for e in executions],
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _files() -> Iterator[Path]:
    yield from (path for path in (Path("dvc.yaml"), records.LOCK) if path.exists())
    for folder in (Path("reports"), Path("models")):
        yield from sorted(path for path in folder.rglob("*") if path.is_file())
