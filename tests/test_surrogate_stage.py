"""The stage of surrogates on a few runs made by hand, some of which failed, as DVC runs it."""

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
from tutelage.data import designs
from tutelage.simulators import airfoil

LEFT = {"train/0": 14, "train/1": 12, "test/inside": 6, "test/outside": 5}  # of 14, 14, 6 and 6


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project's folder with runs of the airfoil's parameters, and the first of them for answers."""
    prepared = tmp_path / "data/prepared/simulators/airfoil"
    for place, count in LEFT.items():
        table = designs.uniform(airfoil.REGION, count, streams.numpy(0, place))
        (prepared / place).mkdir(parents=True)
        np.save(prepared / place / "table.npy", table)
        np.save(prepared / place / "answers.npy", np.tile(table[:, :1], len(airfoil.ANSWERS)))
    failed = {"train/0": [], "train/1": [3, 7], "test/inside": [], "test/outside": [0]}
    (prepared / "about.json").write_text(json.dumps({"failed": failed}))
    yaml = YAML(typ="safe", pure=True)
    blocks = yaml.load(ROOT / "params.yaml")
    blocks["budget"]["seeds"] = [0, 1]
    blocks["simulators"] = {"airfoil": {"runs": 14, "tests": 6, "reach": 0.25}}
    asking = {"first": 6, "batch": 4, "last": 14}
    blocks["surrogate"] |= {"sizes": [6, 14], "steps": 20, "hidden": 8, "members": 2, "asking": asking}
    blocks["surrogate"]["boosting"]["trees"] = 2
    yaml.dump(blocks, tmp_path / "params.yaml")
    for name in ("dvc.yaml", "numerics.txt"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("src", "stages"):
        (tmp_path / name).symlink_to(ROOT / name)
    for left in ("reports/checked", "reports/code/surrogate.txt"):
        (tmp_path / left).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / left).touch()
    return tmp_path


def test_what_failed_is_counted_and_the_rest_is_learned_from(project: Path) -> None:
    kept = {key: value for key, value in os.environ.items() if key != "DVC_ROOT"}
    words = [sys.executable, "stages/surrogate.py", "airfoil"]
    environment = kept | {"PYTHONPATH": str(ROOT / "src")}
    ran = subprocess.run(words, cwd=project, env=environment, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    told = json.loads((project / "reports/stages/surrogate@airfoil/scores.json").read_text(encoding="utf-8"))
    rows = [dict(zip(told["columns"], row, strict=True)) for row in told["rows"]]
    failed = {row["level"]: row["value"] for row in rows if row["metric"] == "failed_runs"}
    assert failed == {"train": 2, "inside": 0, "outside": 1}
    levels = {(row["arm"], row["level"]) for row in rows if row["metric"] == "error"}
    ways = ("ensemble", "one_net", "gaussian_process", "boosting", "linear", "mean")
    assert levels == {  # as many of each design as the one that lost most has left
        *((way, size) for way in ways for size in ("6", "12")),
        ("asking_ensemble", "10"),
        ("asking_ensemble", "12"),
    }
    errors = {row["arm"]: row["value"] for row in rows if row["metric"] == "error" and row["with_level"] == "inside"}
    assert errors["linear"] < 0.05 < errors["mean"]
    assert len(list((project / "models/surrogate/airfoil").glob("ensemble-*.safetensors"))) == 2
