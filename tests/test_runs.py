"""A stage's record is whole or absent, whatever ends the stage."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tutelage import runs

STAGE = """
import gc
gc.disable()
import os, sys, time
from pathlib import Path
from tutelage import runs
from tutelage.errors import Mistake
with runs.stage("one") as stage:
    runs.write(stage.scratch / "kept.pt", "checkpoint")
    stage.log("arm", 0, 1, {"train/loss": 0.5})
    runs.write(Path("out/model"), "x" * int(os.environ.get("SIZE", "10")))
    exec(os.environ.get("THEN", ""))
    stage.record([{"arm": "b", "metric": "accuracy", "seed": 0, "value": 0.1234567890123}], [{"arm": "b", "step": 1}])
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "dvc.yaml").write_text(
        "stages: {one: {cmd: python one.py, deps: [one.py], params: [block], "
        "outs: [out, reports/stages/one/scores.json, reports/history/one.csv]}}\n",
        encoding="utf-8",
    )
    (tmp_path / "params.yaml").write_text("block: {a: 1}\n", encoding="utf-8")
    (tmp_path / "one.py").write_text(STAGE, encoding="utf-8")
    return tmp_path


def run(project: Path, then: str = "", **more: Any) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "DVC_ROOT"}
    return subprocess.run(
        [sys.executable, "one.py"],
        cwd=project,
        env={**environment, "THEN": then},
        capture_output=True,
        text=True,
        **more,
    )


def outputs(project: Path) -> list[str]:
    found = [*(project / "out").rglob("*"), *(project / "reports").rglob("*")]
    return sorted(path.name for path in found if path.is_file())


def spooled(project: Path) -> list[dict[str, Any]]:
    (file,) = (project / ".dvc/tmp/tutelage/spool").iterdir()
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_stage_that_finishes_leaves_its_record_its_spool_and_no_scratch(project: Path) -> None:
    assert run(project).returncode == 0
    scores = json.loads((project / "reports/stages/one/scores.json").read_text(encoding="utf-8"))
    assert scores["columns"] == list(runs.SCORE[1:])
    assert scores["rows"] == [["b", "", "", "accuracy", "", "", "", "", "0", 0.123457]]
    assert (project / "reports/history/one.csv").read_text(encoding="utf-8") == "arm,step\nb,1\n"
    start, log, end = spooled(project)
    assert (start["event"], log["metrics"], end["status"]) == ("start", {"train/loss": 0.5}, "finished")
    assert end["outs"]["reports/stages/one/scores.json"] == runs.digest(project / "reports/stages/one/scores.json")
    assert not list((project / ".scratch").rglob("*"))


def test_a_record_is_the_same_bytes_twice(project: Path) -> None:
    run(project)
    left = ("reports/stages/one/scores.json", "reports/history/one.csv")
    first = {path: (project / path).read_bytes() for path in left}
    run(project)
    assert first == {path: (project / path).read_bytes() for path in left}


def test_a_mistake_is_one_line_and_leaves_nothing_half_written(project: Path) -> None:
    told = run(project, "raise Mistake('block.a is 1; write 2')")
    assert (told.returncode, told.stderr) == (1, "one: block.a is 1; write 2\n")
    assert outputs(project) == []
    assert spooled(project)[-1]["message"] == "block.a is 1; write 2"
    assert list((project / ".scratch").rglob("kept.pt"))


def test_a_bug_keeps_its_traceback(project: Path) -> None:
    told = run(project, "1 / 0")
    assert told.returncode == 1
    assert "Traceback" in told.stderr
    assert outputs(project) == []
    assert spooled(project)[-1]["status"] == "failed"


def test_a_disk_that_takes_no_more_is_one_line(project: Path) -> None:
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))

    told = run(project, "runs.write(Path('out/large'), 'x' * 100000)", preexec_fn=little_room)
    assert told.returncode == 1
    assert told.stderr.count("\n") == 1
    assert "File too large; give it room and rights, then run this again" in told.stderr
    assert outputs(project) == []


def test_a_folder_that_may_not_be_written_is_one_line(project: Path) -> None:
    (project / "out").write_text("a file where a folder must be", encoding="utf-8")
    told = run(project)
    assert told.returncode == 1
    assert told.stderr.startswith("one: out: ")
    assert told.stderr.endswith("; give it room and rights, then run this again\n")


def test_a_spool_that_cannot_be_written_stops_nothing(project: Path) -> None:
    (project / ".dvc/tmp").mkdir(parents=True)
    (project / ".dvc/tmp/tutelage").write_text("in the way", encoding="utf-8")
    told = run(project)
    assert (told.returncode, told.stderr.count("\n")) == (0, 1)
    assert "the run goes on without live charts" in told.stderr
    assert "scores.json" in outputs(project)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_stage_that_is_told_to_stop_says_so_and_keeps_its_checkpoint(project: Path, number: int, code: int) -> None:
    told = run(project, f"os.kill(os.getpid(), {int(number)}); time.sleep(5)")
    assert (told.returncode, told.stderr) == (
        code,
        "one: stopped; run it again and it goes on from where it last saved\n",
    )
    assert spooled(project)[-1]["status"] == "killed"
    assert outputs(project) == []
    assert list((project / ".scratch").rglob("kept.pt"))


def test_a_stage_ends_when_its_parent_has_died(project: Path) -> None:
    starter = "import subprocess, sys; subprocess.Popen([sys.executable, 'one.py']); import time; time.sleep(2)"
    subprocess.run([sys.executable, "-c", starter], cwd=project, env={**os.environ, "THEN": "time.sleep(60)"})
    until = time.monotonic() + 5
    while spooled(project)[-1]["event"] != "end" and time.monotonic() < until:
        time.sleep(0.1)
    assert spooled(project)[-1]["status"] == "killed"


def test_a_score_with_an_unknown_column_is_refused(project: Path) -> None:
    told = run(project, "stage.record([{'arm': 'b', 'accuracy': 1.0}])")
    assert "no columns of a score: ['accuracy']" in told.stderr


def test_the_fingerprint_is_of_params_code_and_data_and_of_nothing_else(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    first = runs.Stage("one").fingerprint
    (project / "other.py").write_text("", encoding="utf-8")
    assert runs.Stage("one").fingerprint == first
    (project / "params.yaml").write_text("block: {a: 2}\n", encoding="utf-8")
    other = runs.Stage("one").fingerprint
    (project / "one.py").write_text(STAGE + "#", encoding="utf-8")
    assert len({first, other, runs.Stage("one").fingerprint}) == 3


def test_a_file_is_never_half_written(tmp_path: Path) -> None:
    runs.write(tmp_path / "a/b.txt", "old")
    with pytest.raises(UnicodeEncodeError):
        runs.write(tmp_path / "a/b.txt", "\ud800")
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["b.txt"]
    assert (tmp_path / "a/b.txt").read_text(encoding="utf-8") == "old"
