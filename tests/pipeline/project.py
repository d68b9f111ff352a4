"""A copy of the project in a folder of its own, and what can be done to it there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from root import ROOT


class Project:
    """A clone in which `dvc repro` runs as a user runs it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DVC_", "MLFLOW_", "TUTELAGE_", "GIT_"))}
        who = {f"GIT_{role}_{what}": "t@t" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        self.environment = {
            **kept,
            **who,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(path / "src"),
            "DVC_SITE_CACHE_DIR": str(path / ".dvc/site"),
            "TUTELAGE_CACHE": str(path.parent / "cache"),
        }

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs a command in the project; what it says comes back, success or not."""
        return subprocess.run(
            words, cwd=self.path, env={**self.environment, **environment}, capture_output=True, text=True, timeout=600
        )

    def repro(self, *words: str, **environment: str) -> list[str]:
        """Runs `dvc repro` and returns the stages that ran. Fails where it fails."""
        told = self.run("dvc", "repro", *words, **environment)
        assert told.returncode == 0, told.stdout + told.stderr
        return [line.split("'")[1] for line in told.stdout.splitlines() if line.startswith("Running stage")]

    def edit(self, file: str, old: str, new: str) -> None:
        """Replaces the one place in a file."""
        text = (self.path / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        (self.path / file).write_text(text.replace(old, new), encoding="utf-8")

    def commit(self) -> None:
        self.run("git", "add", "-A")
        self.run("git", "commit", "-qm", "as it is")


def clone(path: Path, *, git: bool = True) -> Project:
    """The files that git tracks or would, as they are now; without the lock and the records of another machine."""
    told = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    for name in filter(None, told.split("\0")):
        if (ROOT / name).is_file() and name != "dvc.lock" and not name.startswith("reports/"):
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, path / name)
    project = Project(path)
    if git:
        project.run("git", "init", "-qb", "main")
        project.commit()
    else:
        project.run("dvc", "config", "--local", "core.no_scm", "true")
    return project
