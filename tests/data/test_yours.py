"""Your own table: what becomes of its cells, and what is said of one that cannot be learned from."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tutelage import params, streams
from tutelage.data import kinds, yours
from tutelage.data.problems import Made
from tutelage.errors import Mistake

NAMED = {
    "kind": "table",
    "file": "patients.csv",
    "x": ["age", "smokes"],
    "privileged": ["biopsy"],
    "y": "ill",
    "group": "ward",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kinds, "YOURS", tmp_path)
    return tmp_path


def table(rows: int = 40) -> pd.DataFrame:
    draws = streams.numpy(0, "test_yours")
    return pd.DataFrame(
        {
            "age": draws.integers(20, 90, rows),
            "smokes": draws.choice(["never", "once", "still"], rows),
            "biopsy": draws.standard_normal(rows),
            "ill": np.arange(rows) % 2,
            "ward": np.arange(rows) // 4,
        }
    )


def made(folder: Path, of: pd.DataFrame, **named: object) -> Made:
    of.to_csv(folder / "patients.csv", index=False)
    return yours.make(block(**named), folder)


def block(**named: object) -> kinds.Table:
    return params.parse(kinds.Table, "problem", {"problem": NAMED | named})


def test_numbers_stay_and_words_are_a_column_each(folder: Path) -> None:
    of = table()
    told = made(folder, of)
    assert told.columns == ("age", "smokes is never", "smokes is once", "smokes is still")
    assert told.examples.x[:, 0].tolist() == of["age"].tolist()
    assert told.examples.x[:, 1:].argmax(1).tolist() == [["never", "once", "still"].index(s) for s in of["smokes"]]
    assert (told.examples.x[:, 1:].sum(1) == 1).all()
    np.testing.assert_allclose(told.examples.star[:, 0], of["biopsy"])
    assert (told.examples.group == of["ward"]).all()
    assert told.classes == ("0", "1")


def test_parquet_is_the_same_table(folder: Path) -> None:
    of = table()
    of.to_parquet(folder / "patients.parquet")
    one, other = made(folder, of), yours.make(block(file="patients.parquet"), folder)
    for ours, theirs in zip(one.examples, other.examples, strict=True):
        np.testing.assert_allclose(ours, theirs)


def test_an_empty_cell_of_numbers_is_none_with_a_column_that_says_so_and_one_of_words_is_no_word(folder: Path) -> None:
    of = table().astype({"age": float})
    of.loc[3, "age"], of.loc[5, "smokes"] = np.nan, None
    told = made(folder, of)
    assert told.columns[:2] == ("age", "age is missing")
    assert np.flatnonzero(np.isnan(told.examples.x[:, 0])).tolist() == [3]
    assert np.flatnonzero(told.examples.x[:, 1]).tolist() == [3]
    assert told.examples.x[5, 2:].tolist() == [0, 0, 0]


def test_a_row_without_its_privileged_cells_is_not_described(folder: Path) -> None:
    of = table()
    of["note"] = "a"
    of.loc[[3, 5], "biopsy"] = np.nan
    of.loc[5, "note"] = None
    told = made(folder, of, privileged=["biopsy", "note"])
    assert np.flatnonzero(np.isnan(told.examples.star).all(1)).tolist() == [5]


def test_a_row_without_a_class_is_left_out_and_one_without_a_group_is_its_own(folder: Path) -> None:
    of = table().astype({"ill": object, "ward": object})
    of.loc[3, "ill"], of.loc[[7, 8], "ward"] = None, None
    told = made(folder, of)
    assert len(told.examples.y) == 39
    assert len(np.unique(told.examples.group)) == 12
    assert told.examples.x[3, 0] == of["age"][4]


def test_classes_of_words_are_in_the_order_of_the_alphabet_and_those_of_numbers_in_theirs(folder: Path) -> None:
    words = made(folder, table().assign(ill=["well", "ill"] * 20))
    assert (words.classes, words.examples.y[:2].tolist()) == (("ill", "well"), [1, 0])
    assert made(folder, table().assign(ill=[10, 9] * 20)).classes == ("9", "10")


WRONG: Mapping[str, tuple[dict[str, Any], str]] = {
    "all alike": ({"ill": 1}, r"ill has one class, 1, and it takes two to tell them apart$"),
    "none told": ({"ill": np.nan}, r"ill has no class, and it takes two"),
    "measured": (
        {"ill": np.arange(80) / 7},
        r"ill has 80 different numbers, and what is told here are classes; add a ",
    ),
    "few": ({"ill": [1] * 77 + [0] * 3}, r"class 0 of ill has 3 rows, and 10 are the least; leave these rows out, or "),
    "without end": ({"biopsy": np.inf}, r"biopsy holds a number without end; leave that cell empty$"),
    "names": (
        {"smokes": [f"name {i}" for i in range(80)]},
        r"smokes has 80 different words, such as 'name 0', and 50 ",
    ),
    "empty": ({"biopsy": np.nan}, r"biopsy is empty; leave it out$"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_table_that_cannot_be_learned_from_is_one_line(folder: Path, wrong: str) -> None:
    changed, line = WRONG[wrong]
    with pytest.raises(Mistake, match=r"patients\.csv: " + line) as told:
        made(folder, table(80).assign(**changed))
    assert len(str(told.value).splitlines()) == 1


def test_a_file_that_is_not_there_is_said_with_those_that_are(folder: Path) -> None:
    with pytest.raises(Mistake, match=r"patients\.csv is not there; put the table into that folder$"):
        yours.make(block(), folder)
    for name in ("patient.csv", "wines.parquet", "README.md"):
        (folder / name).write_text("", encoding="utf-8")
    with pytest.raises(Mistake, match=r"did you mean patient\.csv\?; the folder has patient\.csv, wines\.parquet$"):
        yours.make(block(), folder)


def test_a_column_that_is_not_there_is_said_with_the_nearest(folder: Path) -> None:
    with pytest.raises(
        Mistake, match=r"has no column biopsi; did you mean biopsy\?; it has age, smokes, biopsy, ill, w"
    ):
        made(folder, table(), privileged=["biopsi"])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("patients.csv", b""),
        ("patients.csv", b"a,b\n1\n1,2,3,4\n"),
        ("patients.csv", b"\xff\xfe\x00 no text"),
        ("patients.parquet", b"PAR1 is all there is"),
    ],
)
def test_a_file_that_is_no_table_is_one_line(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(Mistake, match=rf"{name} is no table that can be read \(.*\); save it again$") as told:
        yours.make(block(file=name), folder)
    assert len(str(told.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("named", "line"),
    [
        (
            {"privileged": ["biopsy", "age"]},
            "age is in x and in privileged too; it is there when asked, leave it out of",
        ),
        ({"x": ["age", "ill"]}, "ill is to be told, and is in x too; leave it out there$"),
        ({"privileged": ["ill"]}, "ill is to be told, and is in privileged too; leave it out there$"),
        ({"group": "ill"}, "ill is to be told, and is the group too; "),
        ({"file": "../patients.csv"}, r"file is \.\./patients\.csv; write the name of a \.csv or \.parquet in "),
        ({"file": "patients.xlsx"}, r"file is patients\.xlsx; write the name of a \.csv or \.parquet in "),
        ({"x": []}, "names nothing; write one value at least"),
        ({"x": ["age", "age"]}, "age stands there twice; once is enough"),
    ],
)
def test_columns_that_are_named_amiss_are_one_line(named: dict[str, object], line: str) -> None:
    with pytest.raises(Mistake, match=line) as told:
        block(**named)
    assert len(str(told.value).splitlines()) == 1
