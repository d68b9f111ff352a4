"""A made-up project to sync, in a folder of its own; the database is made once and copied."""

import shutil
from pathlib import Path

import pytest
from recorded import Project

from tutelage import runs
from tutelage.tracking import database, environment


@pytest.fixture(scope="session")
def fresh_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    environment.settle()
    path = tmp_path_factory.mktemp("fresh") / "mlflow.db"
    database.create(path, path.parent / "mlruns")
    return path


@pytest.fixture
def project(tmp_path: Path, fresh_database: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """In the working folder, with a database that holds nothing."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(runs, "ROOT", tmp_path)
    monkeypatch.setattr(runs, "SPOOL", tmp_path / ".dvc/tmp/tutelage/spool")
    shutil.copy(fresh_database, "mlflow.db")
    return Project(fresh_database)
