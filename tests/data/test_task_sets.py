"""Tasks of data sets made here in the files' layout, and of the real arm."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from root import MIRROR, ROOT
from scipy.io import savemat

from tutelage import streams
from tutelage.data import task_sets, tasks
from tutelage.data.task_sets import Parts
from tutelage.errors import Mistake

SHARES = Parts(valid=0.2, test=0.25)


@pytest.fixture
def drawings(tmp_path: Path) -> Path:
    """Two alphabets of three characters and one apart of two, by 20 people each."""
    draws = streams.numpy(0, "test_task_sets")
    for alphabet, characters in (("background/A", 3), ("background/B", 3), ("evaluation/C", 2)):
        for number in range(characters):
            folder = tmp_path / "raw" / f"images_{alphabet}/character{number:02}"
            folder.mkdir(parents=True)
            for person in range(1, 21):
                Image.fromarray(draws.random((105, 105)) > 0.1).save(folder / f"0001_{person:02}.png")
    return tmp_path / "raw"


def arm(folder: Path, rows: int) -> np.ndarray:
    """A file of an arm that moves slowly: joints are waves of time, torques of joints."""
    folder.mkdir(parents=True, exist_ok=True)
    time = np.arange(rows)[:, None] / 50
    values = np.hstack([np.sin(time * np.linspace(1, 2, 21)), np.cos(time * np.linspace(1, 2, 7))])
    savemat(folder / "sarcos_inv_test.mat", {"sarcos_inv_test": values})
    return values


def prepared(name: str, raw: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(ROOT)
    task_sets.prepare(name, SHARES, raw, out)
    return out


def part(out: Path, name: str) -> tuple[np.ndarray, np.ndarray]:
    return np.load(out / name / "x.npy"), np.load(out / name / "table.npy")


def test_a_drawing_is_of_its_alphabet_alone_and_a_class_is_a_character(drawings: Path) -> None:
    whole = task_sets.read("omniglot", drawings)
    assert [(name, len(classes)) for name, classes in whole.tasks] == [("A", 3), ("B", 3), ("C", 2)]
    assert whole.apart == {"C"}
    known = ~np.isnan(whole.table)
    assert known.sum(1).tolist() == [1] * 160
    assert whole.table[known].tolist() == np.repeat([0, 1, 2, 0, 1, 2, 0, 1], 20).tolist()


def test_no_person_is_in_two_parts_and_each_part_has_all_characters(
    drawings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = prepared("omniglot", drawings, tmp_path / "out", monkeypatch)
    people = {"train": 12, "valid": 3, "test": 5}
    whole = task_sets.read("omniglot", drawings)
    of = {image.tobytes(): group for image, group in zip(whole.x, whole.groups, strict=True)}
    seen: list[set[str]] = []
    for name, count in people.items():
        x, table = part(out, name)
        assert x.dtype == np.uint8
        assert [np.bincount(column[~np.isnan(column)].astype(int)).tolist() for column in table.T] == [
            [count] * 3, [count] * 3, [count] * 2
        ]  # fmt: skip
        seen.append({of[image.tobytes()] for image in x})
    assert sum(map(len, seen)) == len(set.union(*seen)) == 60
    about = json.loads((out / "about.json").read_text(encoding="utf-8"))
    assert (about["apart"], about["shape"]) == (["C"], [1, 28, 28])


def test_stretches_of_time_are_whole_in_a_part_and_lie_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = arm(tmp_path / "raw", 178 * 25)
    out = prepared("sarcos", tmp_path / "raw", tmp_path / "out", monkeypatch)
    # The first joint's wave says of a scaled row when it was.
    counts = {name: len(part(out, name)[0]) for name in ("train", "valid", "test")}
    assert counts == {"train": 15 * 173, "valid": 4 * 173, "test": 6 * 173}
    whole = task_sets.read("sarcos", tmp_path / "raw")
    np.testing.assert_array_equal(whole.x, values[:, :21])
    np.testing.assert_array_equal(whole.table, values[:, 21:])
    at = np.flatnonzero(whole.groups[1:] != whole.groups[:-1])
    assert np.diff(at).tolist() == [5, 173] * 24
    assert (whole.groups[173:178] == "").all()


def test_numbers_are_scaled_by_what_is_learned_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arm(tmp_path / "raw", 178 * 25)
    out = prepared("sarcos", tmp_path / "raw", tmp_path / "out", monkeypatch)
    for column in (*part(out, "train")[0].T, *part(out, "train")[1].T):
        assert column.mean(dtype=float) == pytest.approx(0, abs=1e-5)
        assert column.std(dtype=float) == pytest.approx(1, abs=1e-5)
    assert abs(part(out, "test")[1].mean(0)).max() > 1e-3


def test_neighbours_of_the_real_arm_are_alike_which_is_why_they_stay_together() -> None:
    folder = MIRROR / "sarcos"
    if not folder.exists():
        pytest.skip("no mirror has sarcos: neither TUTELAGE_MIRROR nor ../shared/data")
    x = task_sets.read("sarcos", folder).x
    assert x.shape == (4449, 21)
    next_row = np.corrcoef(x[1:, 0], x[:-1, 0])[0, 1]
    far = np.corrcoef(x[1000:, 0], x[:-1000, 0])[0, 1]
    assert next_row > 0.9
    assert abs(far) < 0.1


def test_examples_of_each_class_are_as_many_as_are_asked_for_and_fewer_are_among_more(
    drawings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = prepared("omniglot", drawings, tmp_path / "out", monkeypatch)
    x, table = tasks.load(out / "train", torch.device("cpu"))
    np.testing.assert_allclose(255 * x.numpy(), part(out, "train")[0], rtol=1e-6)
    asked = [tasks.Task(name, tuple("abc"[:k])) for name, k in (("A", 3), ("B", 3), ("C", 2))]
    assert tasks.fewest(table, asked) == {"A": 12, "B": 12, "C": 12}
    few, more = (tasks.drawn_of_each(table, asked, size, seed=3) for size in (2, 5))
    for column, task in zip(few.T, asked, strict=True):
        assert [(column == k).sum() for k in range(task.outputs)] == [2] * task.outputs
    assert (more.isnan() <= few.isnan()).all()
    assert (~more.isnan()).sum() == 5 * 8


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (
            "omniglto",
            r"task_sets\.omniglto is no data set whose parts are tasks, as omniglot and sarcos are; did you mean omni",
        ),
        ("usps", r"task_sets\.usps is no data set whose parts are tasks, as omniglot and sarcos are$"),
    ],
)
def test_a_data_set_without_tasks_is_said(name: str, line: str, tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=line):
        task_sets.read(name, tmp_path)


def test_missing_and_damaged_files_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=r"sarcos_inv_test\.mat is missing; run `make repro`, which fetches sarcos$"):
        task_sets.read("sarcos", tmp_path)
    (tmp_path / "sarcos_inv_test.mat").write_bytes(b"no matrix" * 100)
    with pytest.raises(Mistake, match=r"is damaged \(.*\); delete it and fetch it again"):
        task_sets.read("sarcos", tmp_path)
    savemat(tmp_path / "sarcos_inv_test.mat", {"sarcos_inv_test": np.zeros((9, 3))})
    with pytest.raises(Mistake, match=r"is damaged \(\(9, 3\) and not 28 columns\); delete it and fetch it again"):
        task_sets.read("sarcos", tmp_path)
