"""A table of your own, from its file to what is told: controls tell what helps from what does not."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tutelage import params
from tutelage.data import kinds, makers, problems, worlds
from tutelage.paradigms import lupi

NAMES = [f"feature {number}" for number in range(20)]
BLOCK = {
    "problem": {"kind": "table", "x": NAMES, "privileged": ["told"], "y": "class", "group": None},
    "labels": [100],
    "asked": 1000,
    "splits": 5,
    "hidden": 0,
    "folds": 2,
    "grid": {"penalties": [0.01, 0.3], "imitations": [1.0, 30.0], "taught": [1.0], "temperatures": [1.0]},
    "svm": {"widths": [1.0], "strengths": [1.0], "most": 200, "corrections": [1.0]},
    "evaluations": 300,
    "tolerance": 1e-5,
}


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A world of which x* is how far an example was on its side, one table with that and one with noise instead."""
    monkeypatch.setattr(kinds, "YOURS", tmp_path)
    x, star, y = worlds.draw("clean_labels", n=1200, dim=20, seed=0)
    table = pd.DataFrame(x, columns=NAMES).assign(**{"class": np.array(["below", "above"])[y]})
    for name, told in (("helps", star[:, 0]), ("noise", np.random.default_rng(0).standard_normal(1200))):
        table.assign(told=told).to_csv(tmp_path / f"{name}.csv", index=False)
        makers.prepare(block(name).problem, tmp_path / "raw", tmp_path / name)
    return tmp_path


def block(name: str) -> lupi.Params:
    problem = BLOCK["problem"] | {"file": f"{name}.csv"}  # type: ignore[operator]
    return params.parse(lupi.Params, "mine", {"mine": BLOCK | {"problem": problem}})


def gains(prepared: Path, name: str) -> dict[str, float]:
    """Points above the student alone of who is distilled, with x* and with each control in its place."""
    made = problems.load(prepared / name)
    assert made is not None
    assert made.classes == ("above", "below")
    of = lupi.stack(block(name), 100, made)

    def right(one: lupi.Told) -> float:
        return 100 * float((one.logits.argmax(-1) == of.y_asked).double().mean())

    alone = right(lupi.learn(block(name), of, "")["student"])
    return {
        control: right(lupi.learn(block(name), of, control)["distilled"]) - alone
        for control in (problems.STAR, *problems.CONTROLS)
    }


def test_a_column_that_helps_is_above_all_its_controls(prepared: Path) -> None:
    gained = gains(prepared, "helps")
    assert gained.pop(problems.STAR) > 2 + max(gained.values())


def test_a_column_of_noise_is_not(prepared: Path) -> None:
    gained = gains(prepared, "noise")
    assert gained.pop(problems.STAR) < 1 + max(gained.values())
