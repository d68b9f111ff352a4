"""Described digits: files made here in the authors' layout, and theirs."""

from pathlib import Path

import numpy as np
import pytest
from root import MIRROR

from tutelage.data import kinds, poems
from tutelage.errors import Mistake


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Four digits a part, whose first pixel says which; a description says which row it is of."""
    for number, part in enumerate(("train", "val", "test")):
        x = (np.arange(400).reshape(4, 100) + number) % 256
        np.savetxt(tmp_path / f"{part}_features.txt", x, "%d", delimiter=",")
        np.savetxt(tmp_path / f"{part}_labels.txt", [5, 5, 8, 8], "%d")
    for short, count in (("PF", 21), ("YY", 31)):
        of = np.arange(4)[:, None] + np.zeros(count)
        np.savetxt(tmp_path / f"train_{short}features.txt", of, "%d", delimiter=",")
    return tmp_path


def test_a_digit_has_its_pixels_its_class_and_both_its_descriptions(raw: Path) -> None:
    told = poems.read(raw)
    assert told.train.x[1].tolist() == (np.arange(100, 200) % 256).tolist()
    assert told.test.y.tolist() == [0, 0, 1, 1]
    assert {way: of.shape for way, of in told.described.items()} == {"poetic": (4, 21), "yin_yang": (4, 31)}
    assert told.described["poetic"][:, 0].tolist() == [0, 1, 2, 3]


def test_those_of_the_authors_test_are_not_described_and_those_of_their_validation_left_out(raw: Path) -> None:
    made = poems.make(kinds.Poems(kind="poems", description="yin_yang"), raw)
    of = made.examples
    assert of.star.shape == (8, 31)
    assert of.star[:4, 0].tolist() == [0, 1, 2, 3]
    assert np.isnan(of.star[4:]).all()
    assert of.x[[0, 4], 0].tolist() == [0, 2]
    assert (of.y.tolist(), made.classes) == ([0, 0, 1, 1] * 2, ("5", "8"))
    assert len(np.unique(of.group)) == 8


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("val_labels.txt", "5\n5\n8\n3\n", r"val_labels\.txt is damaged \(its digits are not 5 and 8\)"),
        ("val_labels.txt", "5\n8\n", r"val_features\.txt is damaged \(4 rows and not 2\)"),
        ("test_features.txt", "1,2\n" * 4, r"test_features\.txt is damaged \(2 columns and not 100\)"),
        ("train_YYfeatures.txt", "a poem\n", r"train_YYfeatures\.txt is damaged \("),
    ],
)
def test_a_damaged_file_is_one_line(raw: Path, name: str, content: str, line: str) -> None:
    (raw / name).write_text(content, encoding="utf-8")
    with pytest.raises(Mistake, match=line) as told:
        poems.read(raw)
    assert len(str(told.value).splitlines()) == 1


def test_a_missing_file_is_one_line(raw: Path) -> None:
    (raw / "train_PFfeatures.txt").unlink()
    with pytest.raises(Mistake, match=r"train_PFfeatures\.txt is missing; run `make repro`, which fetches mnist-plus$"):
        poems.read(raw)


def test_the_authors_digits_are_as_many_as_they_say() -> None:
    if not (MIRROR / "mnist-plus").exists():
        pytest.skip("no mirror has mnist-plus: neither TUTELAGE_MIRROR nor ../shared/data")
    told = poems.read(MIRROR / "mnist-plus")
    assert [np.bincount(part.y).tolist() for part in told[:3]][::2] == [[50, 50], [892, 974]]
    assert len(told.valid.y) == 4002
    assert {way: of.shape for way, of in told.described.items()} == {"poetic": (100, 21), "yin_yang": (100, 31)}
