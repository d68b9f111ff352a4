"""Images and their few averages."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from root import ROOT

from tutelage.data import degraded, kinds
from tutelage.errors import Mistake


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two images of `digits` in sklearn's layout: ink from 0 to 16, the label last."""
    monkeypatch.chdir(ROOT)
    rows = np.stack([np.append(np.arange(64) % 17, 3), np.append(np.repeat([16, 0], 32), 7)])
    with gzip.open(tmp_path / "digits.csv.gz", "wt") as file:
        np.savetxt(file, rows, "%d", delimiter=",")
    return tmp_path


def images(side: int, *classes: str) -> kinds.Images:
    return kinds.Images(kind="images", name="digits", classes=classes or None, side=side)


def test_x_are_averages_of_blocks_of_x_star(raw: Path) -> None:
    told = degraded.make(images(2), raw)
    x, star = told.examples.x.reshape(2, 2, 2), told.examples.star.reshape(2, 8, 8)
    np.testing.assert_allclose(x, star.reshape(2, 2, 4, 2, 4).mean((2, 4)))
    assert x[1].tolist() == [[1, 1], [0, 0]]
    assert told.examples.y.tolist() == [3, 7]
    assert told.classes[7] == "7"


@pytest.mark.parametrize("side", [1, 3, 5, 7])
def test_ink_is_neither_lost_nor_won_where_blocks_do_not_end_at_pixels(raw: Path, side: int) -> None:
    told = degraded.make(images(side), raw).examples
    np.testing.assert_allclose(told.x.mean(1), told.star.mean(1))


def test_only_those_classes_are_told_apart_that_are_asked_for(raw: Path) -> None:
    told = degraded.make(images(2, "7", "1"), raw)
    assert told.examples.y.tolist() == [0]
    assert told.examples.x.tolist() == [[1, 1, 0, 0]]
    assert told.classes == ("7", "1")


@pytest.mark.parametrize(
    ("classes", "line"),
    [
        (["7", "seven"], "classes has seven, which digits has not; it has 0, 1, 2, 3, 4, 5, 6, 7, 8, 9"),
        (["7"], "classes has 7 alone, which leaves nothing to tell apart; write another beside it"),
    ],
)
def test_classes_that_are_not_there_or_alone_are_one_line(raw: Path, classes: list[str], line: str) -> None:
    with pytest.raises(Mistake) as mistake:
        degraded.make(images(2, *classes), raw)
    assert str(mistake.value) == line


def test_averages_that_are_not_fewer_than_pixels_are_one_line(raw: Path) -> None:
    with pytest.raises(Mistake, match=r"images of digits are 8×8; 8×8 averages are not fewer, write less$"):
        degraded.make(images(8), raw)
