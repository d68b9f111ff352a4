"""What `make own ROLE=table` says and writes, of a table with words, empty cells and columns that tell too much."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from root import ROOT
from ruamel.yaml import YAML

from tutelage.data import own
from tutelage.errors import Mistake

N = 120


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data/yours").mkdir(parents=True)
    (tmp_path / "params.yaml").write_text((ROOT / "params.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    draws = np.random.default_rng(3)
    ill = draws.integers(0, 2, N)
    table = pd.DataFrame(
        {
            "number": range(1000, 1000 + N),
            "name": [f"patient {n}" for n in range(N)],
            "age": draws.uniform(20, 90, N),
            "smokes": draws.choice(["never", "once", "still"], N),
            "biopsy": draws.standard_normal(N),
            "treated": np.where(ill, "yes", "no"),
            "ward": np.arange(N) // 4,
            "ill": np.where(ill, "is ill", "</script>"),
        }
    )
    table.loc[::10, "age"] = None
    table.loc[::12, "smokes"] = None
    table.loc[:1, "ill"] = None
    table.to_csv(tmp_path / "patients.csv", index=False)
    return tmp_path / "patients.csv"


def said(path: Path, **asked: str) -> str:
    asked = {"role": "table", "label": "ill", "privileged": "biopsy", "group": "ward"} | asked
    return "\n".join(own.own(str(path), asked))


def test_an_entry_is_written_with_what_can_be_learned_from(path: Path) -> None:
    yaml = YAML(typ="safe", pure=True)
    before, lines = yaml.load(Path("params.yaml")), Path("params.yaml").read_text(encoding="utf-8").splitlines()
    told = said(path)
    after = yaml.load(Path("params.yaml"))
    entry = after["lupi"].pop("yours")
    assert after == before
    assert [line for line in Path("params.yaml").read_text(encoding="utf-8").splitlines() if line in lines] == lines
    problem = {"kind": "table", "file": "patients.csv", "x": ["age", "smokes", "treated"], "privileged": ["biopsy"]}
    assert entry == before["lupi"]["worlds"] | {
        "problem": problem | {"y": "ill", "group": "ward"},
        "labels": [29, 59],
        "asked": 39,
    }
    assert (Path("data/yours/patients.csv")).read_bytes() == path.read_bytes()
    assert "120 rows, 4 columns of numbers and 4 of words" in told
    assert "empty cells: age 12, smokes 10, ill 2; rows without ill are left out" in told
    assert "number is left out: it has another whole number in each row" in told
    assert "name is left out: it has 120 different words" in told
    assert "treated alone tells 100.0% of labels right" in told
    assert "age alone" not in told


def test_writing_twice_is_writing_once(path: Path) -> None:
    first = said(path)
    text = Path("params.yaml").read_text(encoding="utf-8")
    assert said(path) == first
    assert Path("params.yaml").read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ({"privileged": ""}, "which columns are there while learning only"),
        ({"privileged": "biopsi"}, "has no column biopsi; nearest are biopsy"),
        ({"label": "il"}, "has no column il; nearest are ill"),
        ({"label": ""}, "which column is to be told"),
        ({"label": "age"}, "different numbers, and classes are told here"),
        ({"privileged": "name"}, "name has 120 different words"),
        ({"privileged": "age,smokes,biopsy,treated"}, "no column is left to be asked with"),
    ],
)
def test_what_cannot_be_learned_is_one_line_and_nothing_is_written(
    path: Path, asked: dict[str, str], line: str
) -> None:
    before = Path("params.yaml").read_bytes()
    with pytest.raises(Mistake) as told:
        said(path, **asked)
    assert line in str(told.value)
    assert "\n" not in str(told.value)
    assert Path("params.yaml").read_bytes() == before
    assert not any(Path("data/yours").iterdir())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("ill,biopsy,age\n", "has no rows"),
        ("ill,biopsy,age\nx,1,2\nx,2,3\n", "ill has the one class x"),
        ("ill,biopsy,age\n,1,2\n,2,3\n", "ill has no labels at all"),
        ("", "is no table that can be read"),
    ],
)
def test_a_table_that_teaches_nothing_is_one_line(path: Path, text: str, line: str) -> None:
    path.write_text(text)
    with pytest.raises(Mistake) as told:
        said(path, group="")
    assert line in str(told.value)
