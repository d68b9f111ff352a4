"""The file mlflow.db: made once and whole, moved with its repository, and a note of when it last held everything."""

import json
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from tutelage import runs

LOCATIONS = (("experiments", "artifact_location"), ("runs", "artifact_uri"), ("logged_models", "artifact_location"))


def create(path: Path, artifacts: Path) -> None:
    """Beside, then renamed: who else opens it sees no database or a whole one. The caller holds the lock."""
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    aside = path.with_name(f"{path.name}.new")
    _remove(aside)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        made = SqlAlchemyStore(f"sqlite:///{aside}", artifacts.as_uri())  # type: ignore[no-untyped-call]  # MLflow's
        made.engine.dispose()
        with closing(sqlite3.connect(aside)) as database:
            database.execute("PRAGMA journal_mode = WAL")  # who reads waits for nobody who writes
        os.replace(aside, path)
    finally:
        _remove(aside)


def anchor(path: Path, artifacts: Path) -> None:
    """Artifact addresses are absolute: where the database was moved or copied, they are made to follow it."""
    new = artifacts.as_uri()
    with closing(sqlite3.connect(path, timeout=20)) as database, database:
        ours = database.execute("SELECT artifact_location, name FROM experiments WHERE artifact_location LIKE 'file:%'")
        roots = {place.removesuffix(f"/{name}") for place, name in ours if place.endswith(f"/{artifacts.name}/{name}")}
        for old in roots - {new}:
            for table, column in LOCATIONS:
                database.execute(
                    f"UPDATE {table} SET {column} = ? || substr({column}, ?) WHERE substr({column}, 1, ?) = ?",
                    (new, len(old) + 1, len(old) + 1, f"{old}/"),
                )


def is_current(path: Path, records: str) -> bool:
    """Whether this database held all of these records and has not been touched since."""
    try:
        noted = json.loads(_note(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(noted == {"records": records, "database": _state(path)})


def note(path: Path, records: str) -> None:
    """Says so."""
    runs.write(_note(path), json.dumps({"records": records, "database": _state(path)}) + "\n")


def _note(path: Path) -> Path:
    return path.with_name(f"{path.name}.synced")


def _state(path: Path) -> list[list[str | int]]:
    files = [path.absolute(), path.absolute().with_name(f"{path.name}-wal")]
    return [[str(f), f.stat().st_size, f.stat().st_mtime_ns, f.stat().st_ino] for f in files if f.exists()]


def _remove(path: Path) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()
