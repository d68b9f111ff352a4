"""What goes wrong in a user's hands: one clear line, a failed exit, nothing half-written, other stages untouched."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from .project import Project


def outcome(project: Project, stage: str, **environment: str) -> str:
    """The one line that a stage says when it fails, run as dvc.yaml has it."""
    name, _, role = stage.partition("@")
    told = project.run("python", f"stages/{name}.py", *filter(None, [role]), **environment)
    assert told.returncode == 1, told.stdout + told.stderr
    (line,) = told.stderr.splitlines()
    assert line.startswith(f"{stage}: ")
    return line.removeprefix(f"{stage}: ")


def models(project: Project) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in (project.path / "models").rglob("*") if p.is_file()}


def test_a_mistake_in_params_stops_before_any_output_is_touched(copied: Project) -> None:
    before = models(copied)
    copied.edit("params.yaml", "  steps: 20 ", "  stesp: 20 ")
    told = copied.run("dvc", "repro")
    assert told.returncode != 0
    assert (
        "check: params.yaml: transfer.stesp is no parameter; did you mean transfer.steps?" in told.stderr.splitlines()
    )
    assert "Traceback" not in told.stderr
    assert models(copied) == before
    assert (copied.path / "reports/stages/transfer/scores.json").exists()


def test_an_unknown_data_set_is_named_with_the_nearest(copied: Project) -> None:
    copied.edit("params.yaml", "  name: digits               #", "  name: mnist-5 #")
    assert "did you mean mnist-5k?" in outcome(copied, "check")


def test_cuda_where_there_is_none(copied: Project) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a GPU here, so asking for it is no mistake")
    copied.edit("params.yaml", "device: cpu ", "device: cuda ")
    assert outcome(copied, "check") == "params.yaml: compute.device is cuda, and torch sees no GPU here; write cpu"


def test_a_data_set_that_nobody_has_says_which_file_from_where_and_where_to_put_it(copied: Project) -> None:
    copied.edit("params.yaml", "  name: digits               #", "  name: usps #")
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}
    line = outcome(copied, "fetch@images", **nowhere)
    assert "usps_all.mat" in line
    assert "https://raw.githubusercontent.com/" in line
    assert "TUTELAGE_MIRROR" in line
    assert not (copied.path / "data/raw/images").exists()


def test_a_file_of_the_wrong_digest_is_refused_and_not_opened(copied: Project, tmp_path: Path) -> None:
    (tmp_path / "mirror/usps").mkdir(parents=True)
    (tmp_path / "mirror/usps/usps_all.mat").write_bytes(b"x" * 1869522)
    copied.edit("params.yaml", "  name: digits               #", "  name: usps #")
    line = outcome(copied, "fetch@images", TUTELAGE_MIRROR=str(tmp_path / "mirror"))
    assert "usps_all.mat" in line
    assert "sha256" in line
    assert not (copied.path / "data/raw/images").exists()


def test_raw_data_that_was_damaged_is_named(copied: Project) -> None:
    (raw,) = (copied.path / "data/raw/images").iterdir()
    raw.write_bytes(raw.read_bytes()[:1000])
    assert raw.name in outcome(copied, "prepare@images")
    assert not (copied.path / "data/prepared/images/train").exists()


def test_images_of_yours_of_which_params_do_not_say_how_they_are_read(copied: Project) -> None:
    copied.edit("params.yaml", "  name: digits               #", "  name: yours                #")
    line = outcome(copied, "check")
    assert line == "params.yaml: images: name is yours, and yours null; `make own DATA=path` writes both"


def test_a_file_of_yours_that_is_no_image_and_a_link_that_leads_nowhere(copied: Project, tmp_path: Path) -> None:
    draws = np.random.default_rng(0)
    for name in ("one", "other"):
        (tmp_path / "mine" / name).mkdir(parents=True)
        for number in range(20):
            Image.fromarray(draws.integers(0, 256, (8, 8), np.uint8)).save(tmp_path / "mine" / name / f"{number}.png")
    told = copied.run("python", "-m", "tutelage.data.own", str(tmp_path / "mine"))
    assert told.returncode == 0, told.stderr
    assert copied.run("python", "stages/prepare.py", "images").returncode == 0
    (tmp_path / "mine" / "one" / "notes.txt").write_text("no image")
    assert "data/yours/images/one/notes.txt is no image" in outcome(copied, "prepare@images")
    assert not (copied.path / "data/prepared/images/train").exists()
    (tmp_path / "mine").rename(tmp_path / "moved")
    assert "data/yours/images leads to no folder and no .npz" in outcome(copied, "check")


def test_more_labels_than_a_class_has(copied: Project) -> None:
    copied.edit("params.yaml", "transfer:\n  labels_per_class: [1, 2]", "transfer:\n  labels_per_class: [1, 5000]")
    before = models(copied)
    line = outcome(copied, "transfer")
    assert "labels_per_class asks for 5000, and class 0 of digits has" in line
    assert not (copied.path / "reports/history/transfer.csv").exists()
    assert {k: v for k, v in before.items() if "transfer" not in k} == models(copied)
    copied.run("dvc", "checkout")
    assert models(copied) == before


def test_base_classes_that_leave_none_for_the_far_target(copied: Project) -> None:
    copied.edit("params.yaml", "base_classes: [0, 1, 2, 3, 4]", "base_classes: [0, 1, 2, 3, 12]")
    assert "pretrain.base_classes = [0, 1, 2, 3, 12]: the images have classes 0 to 9" in outcome(copied, "pretrain")


def test_more_layers_than_the_net_has(copied: Project) -> None:
    copied.edit("params.yaml", "depths: [1, 4]", "depths: [1, 5]")
    told = "params.yaml: layers.depths: 5 is beyond the net, which has 4 layers below its last"
    assert outcome(copied, "check") == told


def test_images_and_target_of_unequal_sizes(copied: Project) -> None:
    copied.edit(
        "params.yaml",
        "  resize: null\n  valid: 0.1\n  test: 0.3",
        "  resize: {scale: 10, pad: 1}\n  valid: 0.1\n  test: 0.3",
    )
    assert copied.run("python", "stages/prepare.py", "target").returncode == 0
    assert "give target.resize a scale and pad that bring them to one shape" in outcome(copied, "transfer")


IMAGES = "problem: {kind: images, name: mnist-5k, classes: ['5', '8'], side: 4}"  # of lupi


def test_a_table_of_yours_that_is_not_there_is_said_with_those_that_are(copied: Project) -> None:
    mine = "problem: {kind: table, file: patient.csv, x: [age], privileged: [biopsy], y: ill, group: null}"
    copied.edit("params.yaml", IMAGES, mine)
    line = "data/yours/patient.csv is not there; put the table into that folder"
    assert outcome(copied, "problem@images") == line
    (copied.path / "data/yours/patients.csv").write_text("age,biopsy,ill\n", encoding="utf-8")
    assert "did you mean patients.csv?; the folder has patients.csv" in outcome(copied, "problem@images")


def test_privileged_columns_that_are_there_when_asked_stop_the_first_stage(copied: Project) -> None:
    mine = "problem: {kind: table, file: patients.csv, x: [age], privileged: [age], y: ill, group: null}"
    copied.edit("params.yaml", IMAGES, mine)
    assert "age is in x and in privileged too; it is there when asked, leave it out" in outcome(copied, "check")


def test_a_problem_of_images_that_nobody_has_is_named_with_the_nearest(copied: Project) -> None:
    copied.edit("params.yaml", IMAGES, IMAGES.replace("mnist-5k", "mnist-5"))
    assert "there is no data set mnist-5; did you mean mnist-5k?" in outcome(copied, "check")


SHIFT = "shift: {}                   # pixels by which an image"  # pretrain's


def test_a_checkpoint_of_other_params_is_refused(copied: Project) -> None:
    copied.edit("params.yaml", SHIFT.format(1), SHIFT.format(2))
    told = copied.run("timeout", "-s", "KILL", "60", "python", "-c", PRETRAIN_AND_STOP)
    assert told.returncode != 0
    (place,) = (copied.path / ".scratch/pretrain").iterdir()
    copied.edit("params.yaml", SHIFT.format(2), SHIFT.format(3))
    other = copied.run(
        "python", "-c", "from tutelage import runs; print(runs.Stage('pretrain').scratch)"
    ).stdout.strip()
    shutil.move(place, copied.path / other)
    assert "belongs to other params, data or code; delete it or give them back" in outcome(copied, "pretrain")


PRETRAIN_AND_STOP = """
import os, runpy
from tutelage.training import checkpoint
kept = checkpoint.save
def save(place, state):
    kept(place, state)
    os.kill(os.getpid(), 9)
checkpoint.save = save
runpy.run_path("stages/pretrain.py")
"""


def test_a_loss_that_is_no_number_stops_the_stage_and_names_its_checkpoint(copied: Project) -> None:
    copied.edit("params.yaml", "learning_rate: 0.0075      # AdamW", "learning_rate: 1.0e+30      # AdamW")
    line = outcome(copied, "pretrain")
    assert "loss is " in line
    assert " at step " in line
    assert "lower learning_rate" in line
