"""Tables that surrogates learn: whole groups are asked, outcomes stay as frequent, and what is damaged is one line."""

import json
import tarfile
from pathlib import Path

import numpy as np
import pytest
from root import MIRROR, ROOT

from tutelage import streams
from tutelage.data import surrogate_tables
from tutelage.data.surrogate_tables import Answered, Split
from tutelage.errors import Mistake

NAMES = (("x", ""),)


def table(y: np.ndarray, groups: np.ndarray, outcome: tuple[str, ...] = ()) -> Answered:
    x = np.arange(len(y), dtype=np.float64)[:, None]
    return Answered(NAMES, (("y", ""),), outcome, x, y[:, None].astype(np.float64), groups, "group")


def drawn(whole: Answered, share: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    return surrogate_tables.parts(whole, share, streams.numpy(seed, "test_surrogate_tables"))


def test_no_group_is_in_both_parts_and_every_row_is_in_one() -> None:
    groups = np.repeat(np.arange(20), np.arange(1, 21))
    train, test = drawn(table(groups, groups), 0.25)
    assert not {*groups[train]} & {*groups[test]}
    assert len(set(groups[test])) == 5
    assert sorted([*train, *test]) == list(range(210))
    assert not np.array_equal(test, drawn(table(groups, groups), 0.25, seed=1)[1])


def test_few_rows_have_an_outcome_as_often_as_all() -> None:
    y = np.arange(200) % 10 == 0
    train, test = drawn(table(y, np.arange(200), ("no", "yes")), 0.3)
    assert y[test].sum() == 6
    for first in (20, 50, 90, 140):
        assert y[train[:first]].sum() == pytest.approx(first / 10, abs=1)


def written(tmp_path: Path, name: str, rows: list[list[object]], head: str = "") -> Path:
    (tmp_path / name).write_text(head + "".join(" ".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
    return tmp_path


NOISE, CRASHES = "airfoil_self_noise.dat", "pop_failures.dat"
SOUND: list[object] = [800, 0, 0.3, 71.3, 0.003, 126.2]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([SOUND, SOUND[:5]], f"{NOISE}, line 3: 5 columns, not 6; delete the file and fetch it again"),
        ([SOUND, [*SOUND[:5], "nan"]], f"{NOISE}, line 3, column 6: nan is no number; delete the file and fetch it"),
        ([[*SOUND[:2], "?", *SOUND[3:]]], f"{NOISE}, line 2, column 3: \\? is no number"),
        ([], f"{NOISE} holds no rows"),
    ],
)
def test_a_missing_column_and_what_is_no_number_are_one_line(
    rows: list[list[object]], said: str, tmp_path: Path
) -> None:
    with pytest.raises(Mistake, match=said) as told:
        surrogate_tables.read("airfoil-noise", written(tmp_path, NOISE, rows, "Freq\n"))
    assert "\n" not in str(told.value)


def test_an_outcome_is_one_of_two_and_a_crash_is_what_the_file_calls_0(tmp_path: Path) -> None:
    rows: list[list[object]] = [[1, run, *[0.5] * 18, run % 2] for run in range(6)]
    told = surrogate_tables.read("climate-crashes", written(tmp_path, CRASHES, rows))
    assert told.y[:, 0].tolist() == [1, 0, 1, 0, 1, 0]
    assert told.x.shape == (6, 18)
    with pytest.raises(Mistake, match="an outcome is neither 0 nor 1"):
        surrogate_tables.read("climate-crashes", written(tmp_path, CRASHES, [[1, 1, *[0.5] * 18, 2]]))


def test_a_table_that_is_not_there_is_named_and_a_file_too(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=r"surrogate_tables\.airfoil-nose is no table .*; did you mean airfoil-noise\?"):
        surrogate_tables.known("airfoil-nose")
    with pytest.raises(Mistake, match=f"{NOISE} is missing; run `make repro`"):
        surrogate_tables.read("airfoil-noise", tmp_path)
    with pytest.raises(Mistake, match="holds no outlines"):
        surrogate_tables.read("airfoil-shapes", tmp_path)


@pytest.mark.skipif(not (MIRROR / "climate-crashes").is_dir(), reason="the table is a download")
def test_what_is_left_is_scaled_by_what_is_learned_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    surrogate_tables.prepare("climate-crashes", Split(test=0.3), [0, 1], MIRROR / "climate-crashes", tmp_path)
    x, y = (np.load(tmp_path / f"train/1/{what}.npy") for what in ("table", "answers"))
    np.testing.assert_allclose([x.mean(0), x.std(0)], [np.zeros(18), np.full(18, 0.5)], atol=1e-12)
    asked = np.load(tmp_path / "test/1/answers.npy")
    assert (len(y), y.sum(), len(asked), asked.sum()) == (378, 32, 162, 14)
    about = json.loads((tmp_path / "about.json").read_text(encoding="utf-8"))
    assert about["shares"] == [pytest.approx(46 / 540)]


def test_outlines_that_fail_are_named_and_the_rest_is_asked_at_drawn_angles(tmp_path: Path) -> None:
    if not (MIRROR / "airfoil-shapes").is_dir():
        pytest.skip("the outlines are a download")
    some = ("naca2412", "naca23021", "ah93w480b", "whitcomb", "e387")
    with tarfile.open(MIRROR / "airfoil-shapes/airfoil-shapes.tar.gz") as tar:
        tar.extractall(tmp_path, [tar.getmember(f"airfoil_database/{name}.dat") for name in some], filter="data")
    told = surrogate_tables.read("airfoil-shapes", tmp_path)
    assert sorted(told.failed) == ["ah93w480b", "naca23021", "whitcomb"]
    assert told.failed["whitcomb"] == "no answer of the panel method"
    assert told.x.shape == (4, 18)
    assert told.groups.tolist() == [0, 0, 1, 1]
    # Lift rises by some 2π for each radian, and by no more than 2π (1 + 0.8 t) of its thickness t.
    for rows in (slice(0, 2), slice(2, 4)):
        rise = np.diff(told.y[rows, 0]) / np.diff(np.radians(told.x[rows, -1]))
        assert 2 * np.pi < rise < 2 * np.pi * 1.12
