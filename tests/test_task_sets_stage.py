"""The stage of a task set on a tiny set made by hand, as DVC runs it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from root import ROOT
from ruamel.yaml import YAML

from tutelage import streams

SETTINGS = """
parts: {valid: 0.2, test: 0.25}
hidden: 16
balance: mean
learning_rate: 0.01
weight_decay: 0.0
shift: 0
batch_size: 16
learnability: {tasks: [one, two], sizes: [8, 64], presentations: 3200}
learning_to_learn:
  {held_out: 1, tasks: [1, 2], sizes: [64], presentations: 1600, labels: 10, strengths: [0.01, 1.0, 100.0]}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project's folder with three tasks, each a weighted sum of an example's features, and a little noise."""
    draws = streams.numpy(0, "test_task_sets_stage")
    slopes = draws.normal(size=(5, 3))
    for part in ("train", "valid", "test"):
        folder = tmp_path / "data/prepared/task_sets/sarcos" / part
        folder.mkdir(parents=True)
        x = draws.normal(size=(100, 5)).astype(np.float32)
        np.save(folder / "x.npy", x)
        np.save(folder / "table.npy", (x @ slopes + 0.1 * draws.normal(size=(100, 3))).astype(np.float32))
    about = {"name": "sarcos", "tasks": [["one", []], ["two", []], ["three", []]], "apart": [], "shape": [5]}
    (tmp_path / "data/prepared/task_sets/sarcos/about.json").write_text(json.dumps(about))
    yaml = YAML(typ="safe", pure=True)
    blocks = yaml.load(ROOT / "params.yaml")
    blocks["task_sets"] = {"sarcos": yaml.load(SETTINGS)}
    blocks["budget"]["seeds"] = [0, 1]
    yaml.dump(blocks, tmp_path / "params.yaml")
    for name in ("dvc.yaml", "numerics.txt"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("src", "stages"):
        (tmp_path / name).symlink_to(ROOT / name)
    for left in ("reports/checked", "reports/code/task_sets.txt"):
        (tmp_path / left).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / left).touch()
    return tmp_path


def run(project: Path) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if key != "DVC_ROOT"}
    words = [sys.executable, "stages/task_sets.py", "sarcos"]
    environment = kept | {"PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(words, cwd=project, env=environment, capture_output=True, text=True, timeout=120)


def test_tasks_are_learned_and_those_never_taught_are_asked(project: Path) -> None:
    ran = run(project)
    assert ran.returncode == 0, ran.stderr
    record = project / "reports/stages/task_sets@sarcos/scores.json"
    told = json.loads(record.read_text(encoding="utf-8"))
    rows = [dict(zip(told["columns"], row, strict=True)) for row in told["rows"]]
    direct = {(r["arm"], r["with_level"], r["level"], r["seed"]): r["value"] for r in rows if r["at"] == "examples"}
    assert set(direct) == {
        (arm, task, size, seed) for arm in ("alone", "together") for task in ("one", "two") for size in ("8", "64")
        for seed in ("0", "1")
    }  # fmt: skip
    assert min(value for (_, _, size, _), value in direct.items() if size == "64") > 0.9
    for arm, task, size, seed in direct:
        assert direct[arm, task, "64", seed] >= direct[arm, task, size, seed]
    taught = {(r["arm"], r["level"], r["with_level"], r["seed"]) for r in rows if r["at"] == "tasks"}
    assert taught == {
        (arm, level, size, seed) for seed in ("0", "1")
        for arm, level, size in [("taught", "1", "64"), ("taught", "2", "64"), ("random", "0", ""), ("raw", "0", "")]
    }  # fmt: skip
    before = record.read_bytes()
    assert run(project).returncode == 0
    assert record.read_bytes() == before


def test_more_examples_than_there_are_is_one_line(project: Path) -> None:
    path = project / "params.yaml"
    yaml = YAML(typ="safe", pure=True)
    blocks = yaml.load(path)
    blocks["task_sets"]["sarcos"]["learnability"]["sizes"] = [8, 101]
    yaml.dump(blocks, path)
    ran = run(project)
    assert ran.returncode == 1
    assert ran.stderr == (
        "task_sets@sarcos: params.yaml: task_sets.sarcos.learnability.sizes asks for 101 examples, and task one has "
        "100 to learn from; ask for fewer\n"
    )
