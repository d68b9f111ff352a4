"""The commands as DVC and a person start them: they never stand in anybody's way."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import tracked
from recorded import Project

from tutelage.tracking import environment
from tutelage.tracking.sync import View

SYNC = [sys.executable, "-m", "tutelage.tracking", "sync"]


def started(words: list[str], **environ: str) -> "subprocess.Popen[str]":
    surroundings = {**os.environ, "DVC_ROOT": os.getcwd(), **environ}
    return subprocess.Popen(words, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def line_of(process: "subprocess.Popen[str]") -> str:
    """What a sync said in its one line, having ended well."""
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert out == ""
    assert err.count("\n") == 1, err
    return err


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_two_syncs_at_once_make_one_database_with_everything_once(project: Project) -> None:
    project.run()
    Path("mlflow.db").unlink()
    for process in [started(SYNC), started(SYNC)]:
        assert process.communicate(timeout=90) == ("", "")
        assert process.returncode == 0
    assert len(tracked.runs(environment.store())) == 15
    assert [path.name for path in sorted(Path().glob("mlflow.db*"))] == [
        "mlflow.db", "mlflow.db.lock", "mlflow.db.synced"
    ]  # fmt: skip


def test_a_server_that_is_down_is_one_line_within_seconds(project: Project) -> None:
    before = time.monotonic()
    said = line_of(started(SYNC, MLFLOW_TRACKING_URI=f"http://user:secret@127.0.0.1:{free_port()}"))
    assert time.monotonic() - before < 8
    assert "does not answer" in said
    assert "secret" not in said


def test_a_full_disk_is_one_line_and_a_later_sync_adds_the_rest(project: Project) -> None:
    project.run()
    room = Path("mlflow.db").stat().st_size // 1024 + 50
    said = line_of(started(["bash", "-c", f"ulimit -f {room}; exec {' '.join(SYNC)}"]))
    assert "disk I/O error" in said or "full" in said
    View(environment.store()).sync()
    assert len(tracked.runs(environment.store())) == 15


def test_a_database_that_is_none_is_one_line_with_the_way_out(project: Project) -> None:
    Path("mlflow.db").write_text("no database at all, but long enough to be taken for one" * 20)
    said = line_of(started(SYNC))
    assert "mlflow.db: file is not a database; delete it" in said


def test_the_pages_are_served_and_a_new_record_shown_until_told_to_end(project: Project) -> None:
    project.run("prepare", "pretrain", "exam_pretrain")
    port = free_port()
    ui = started([sys.executable, "-m", "tutelage.tracking", "ui", "--port", str(port)])
    try:
        assert ui.stdout is not None
        assert ui.stdout.readline().startswith(f"MLflow: http://127.0.0.1:{port}")
        assert urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).read() == b"OK"
        project.run("transfer")
        for _ in range(30):
            time.sleep(1)
            if any(run.experiment == "pipeline" for run in tracked.runs(environment.store())):
                break
        else:
            pytest.fail("the new record was not shown")
    finally:
        ui.send_signal(signal.SIGTERM)
        _, err = ui.communicate(timeout=20)
    assert (ui.returncode, err) == (0, "")
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0, "the server outlived its command"


def test_a_port_in_use_is_one_line(project: Project) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ui = started([sys.executable, "-m", "tutelage.tracking", "ui", "--port", str(port)])
        assert ui.communicate(timeout=30)[1].startswith(f"tracking: port {port}: Address already in use; give another")
    assert ui.returncode == 1


def test_pages_of_a_server_are_its_own(project: Project) -> None:
    ui = started([sys.executable, "-m", "tutelage.tracking", "ui"], MLFLOW_TRACKING_URI="https://example.org")
    assert "open https://example.org" in ui.communicate(timeout=30)[1]
    assert ui.returncode == 1
