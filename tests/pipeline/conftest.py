"""One smoke-profile reproduction that many tests look at."""

import shutil
from pathlib import Path

import pytest

from .project import Project, clone


@pytest.fixture(scope="session")
def reproduced(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A clone in which `make repro PROFILE=smoke` has run, its records committed."""
    project = clone(tmp_path_factory.mktemp("smoke") / "project")
    told = project.run("python", "-m", "tutelage.profiles", "smoke")
    assert told.returncode == 0, told.stderr
    project.commit()
    project.repro()
    project.commit()
    return project


@pytest.fixture
def copied(reproduced: Project, tmp_path: Path) -> Project:
    """That clone once more, outputs and DVC's cache with it, to be broken."""
    shutil.copytree(reproduced.path, tmp_path / "project", symlinks=True)
    return Project(tmp_path / "project")
