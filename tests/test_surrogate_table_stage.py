"""The stage of a table that surrogates learn, on one made by hand, as DVC runs it."""

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

ENTRY = {"parts": {"test": 0.25}, "sizes": [40], "weight_decays": [0.01, 1.0], "aside": 0.25}


def project(folder: Path, outcome: list[str]) -> Path:
    """A table of three parameters, of which one decides; what happens does so in a third of the rows."""
    prepared = folder / "data/prepared/surrogate_tables/made"
    for part, rows in (("train", 90), ("test", 40)):
        for seed in (0, 1):
            draws = streams.numpy(seed, f"test_surrogate_table_stage/{part}")
            x = draws.uniform(-1, 1, (rows, 3))
            y = x[:, :1] > 1 / 3 if outcome else 100 + 5 * x[:, :1]
            (prepared / part / str(seed)).mkdir(parents=True)
            np.save(prepared / part / str(seed) / "table.npy", x)
            np.save(prepared / part / str(seed) / "answers.npy", y.astype(float))
    about = {"parameters": [["a", ""], ["b", ""], ["c", ""]], "answers": [["y", ""]], "outcome": outcome}
    (prepared / "about.json").write_text(json.dumps(about))
    yaml = YAML(typ="safe", pure=True)
    blocks = yaml.load(ROOT / "params.yaml")
    blocks["budget"]["seeds"] = [0, 1]
    blocks["surrogate_tables"] = {"made": ENTRY}
    blocks["surrogate"] |= {"steps": 200, "hidden": 8, "members": 2, "batch_size": 16}
    blocks["surrogate"]["boosting"]["trees"] = 10
    yaml.dump(blocks, folder / "params.yaml")
    for name in ("dvc.yaml", "numerics.txt"):
        shutil.copy(ROOT / name, folder)
    for name in ("src", "stages"):
        (folder / name).symlink_to(ROOT / name)
    for left in ("reports/checked", "reports/code/surrogate_table.txt"):
        (folder / left).parent.mkdir(parents=True, exist_ok=True)
        (folder / left).touch()
    return folder


@pytest.mark.parametrize("outcome", [[], ["no", "yes"]])
def test_a_table_of_numbers_and_one_of_what_happens_are_told_by_every_way(outcome: list[str], tmp_path: Path) -> None:
    kept = {key: value for key, value in os.environ.items() if key != "DVC_ROOT"}
    ran = subprocess.run(
        [sys.executable, "stages/surrogate_table.py", "made"],
        cwd=project(tmp_path, outcome), env=kept | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    told = json.loads((tmp_path / "reports/stages/surrogate_table@made/scores.json").read_text(encoding="utf-8"))
    rows = [dict(zip(told["columns"], row, strict=True)) for row in told["rows"]]
    metric = "nll" if outcome else "error"
    ways = ("ensemble", "one_net", "gaussian_process", "boosting", "linear", "mean")
    costs = {(row["arm"], row["level"], row["seed"]): row["value"] for row in rows if row["metric"] == metric}
    assert costs.keys() == {(way, size, seed) for way in ways for size in ("40", "90") for seed in ("0", "1")}
    for (way, size, seed), value in costs.items():
        if way != "mean" and size == "90":
            assert value < 0.8 * costs["mean", size, seed], way
    assert {row["value"] for row in rows if row["metric"] == "weight_decay"} <= {0.01, 1.0}
    assert (tmp_path / "reports/pictures/surrogate_table/made/about.json").exists()
