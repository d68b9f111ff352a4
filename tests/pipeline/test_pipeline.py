"""The pipeline reproduces, the same bytes twice and after a kill, and reruns only what an edit reaches."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from .project import Project, clone

LAST = ["report", "track"]


def lock(project: Project) -> bytes:
    return (project.path / "dvc.lock").read_bytes()


def test_nothing_to_do_is_done_at_once(reproduced: Project) -> None:
    assert reproduced.repro() == []


def test_every_stage_leaves_its_record(reproduced: Project) -> None:
    stages = {path.name for path in (reproduced.path / "reports/stages").iterdir()}
    assert {"pretrain", "exam_pretrain", "transfer"} <= stages
    assert (reproduced.path / "reports/index.html").stat().st_size > 10_000
    assert not (reproduced.path / ".scratch").exists() or not list((reproduced.path / ".scratch").rglob("*"))


# Who prepares, teaches, judges and reports, each in another way; all of them would take as long as the first time.
FORCED = ["prepare@images", "kohonen", "pretrain", "autoencoder@deep", "style_gan", "generation", "transfer", "report"]


def test_reproducing_by_force_gives_the_same_lock(copied: Project) -> None:
    before = lock(copied)
    assert copied.repro("-f", "-s", *FORCED) == FORCED
    assert lock(copied) == before


@pytest.mark.parametrize("stage", ["pretrain", "transfer"])
def test_a_stage_killed_at_any_moment_leaves_the_bytes_of_one_never_killed(copied: Project, stage: str) -> None:
    before = lock(copied)
    moments = random.Random(stage)
    for _ in range(3):
        with subprocess.Popen(
            ["dvc", "repro", "-f", "-s", stage],
            cwd=copied.path,
            env=copied.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as running:
            deadline = time.monotonic() + 20
            while not any((copied.path / ".scratch").rglob("*.pt")) and time.monotonic() < deadline:
                time.sleep(0.02)
                if running.poll() is not None:
                    break
            time.sleep(moments.random() * 0.5)
            os.killpg(running.pid, signal.SIGKILL)
    (copied.path / ".dvc/tmp/rwlock").unlink(missing_ok=True)
    copied.repro()
    assert lock(copied) == before


def test_an_edit_of_transfer_reruns_what_follows_from_it_and_nothing_else(copied: Project) -> None:
    copied.edit("params.yaml", "steps: 20 ", "steps: 21 ")
    assert copied.repro() == ["check", "transfer", *LAST]
    copied.edit("params.yaml", "steps: 21 ", "steps: 20 ")
    copied.repro()
    assert copied.run("git", "diff", "--stat", "dvc.lock", "reports").stdout == ""


def test_an_edit_of_a_comment_reruns_nothing(copied: Project) -> None:
    copied.edit("params.yaml", "# The encoder f:", "# The one encoder f:")
    assert copied.repro() == []


def test_an_edit_of_the_report_teaches_nothing_again(copied: Project) -> None:
    copied.edit("params.yaml", "level: 0.95", "level: 0.9")
    assert copied.repro() == ["check", *LAST]


def test_no_image_or_label_of_a_held_out_class_reaches_the_base_encoder(copied: Project) -> None:
    kept = (copied.path / "models/pretrain/base-0.safetensors").read_bytes()
    other = (copied.path / "models/pretrain/all-0.safetensors").read_bytes()
    for part in ("train", "valid"):
        folder = copied.path / "data/prepared/images" / part
        images, labels = np.load(folder / "images.npy"), np.load(folder / "labels.npy")
        held_out = labels >= 5
        images[held_out] = 255 - images[held_out]
        labels[held_out] = 5 + (labels[held_out] + 1) % 5
        np.save(folder / "images.npy", images)
        np.save(folder / "labels.npy", labels)
    told = copied.run("python", "stages/pretrain.py")
    assert told.returncode == 0, told.stderr
    assert (copied.path / "models/pretrain/base-0.safetensors").read_bytes() == kept
    assert (copied.path / "models/pretrain/all-0.safetensors").read_bytes() != other


def test_no_test_example_reaches_a_weight(copied: Project) -> None:
    folders = [copied.path / "models" / name for name in ("pretrain", "transfer")]
    kept = {path: path.read_bytes() for folder in folders for path in folder.rglob("*.safetensors")}
    scores = (copied.path / "reports/stages/transfer/scores.json").read_bytes()
    for role in ("images", "target"):
        images = copied.path / "data/prepared" / role / "test/images.npy"
        np.save(images, 255 - np.load(images))
    for stage in ("pretrain", "transfer"):
        assert copied.run("python", f"stages/{stage}.py").returncode == 0
    assert kept == {path: path.read_bytes() for path in kept}
    assert (copied.path / "reports/stages/transfer/scores.json").read_bytes() != scores


def test_a_folder_without_git_reproduces(tmp_path: Path) -> None:
    project = clone(tmp_path / "plain", git=False)
    told = project.run("python", "-m", "tutelage.profiles", "smoke")
    assert told.returncode == 0, told.stderr
    assert project.repro("prepare")[-1].startswith("prepare@")
