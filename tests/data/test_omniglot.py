"""Drawings made here in Omniglot's folders, and the split of the real ones."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from root import MIRROR, ROOT

from tutelage import streams
from tutelage.data import omniglot, roles
from tutelage.errors import Mistake

NAMES = ("B/character02", "A/character01", "A/character10", "C/character01")


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Four characters, the last of the authors' other half, each with 20 drawings of random ink."""
    draws = streams.numpy(0, "test_omniglot")
    for name in NAMES:
        folder = tmp_path / "raw" / ("images_evaluation" if name[0] == "C" else "images_background") / name
        folder.mkdir(parents=True)
        for drawer in range(1, 21):
            paper = draws.random((105, 105)) > 0.1
            Image.fromarray(paper).save(folder / f"0001_{drawer:02}.png")
    return tmp_path / "raw"


def lines(raw: Path, *, train: str, val: str = "", test: str = "") -> None:
    (raw / "splits-vinyals").mkdir(exist_ok=True)
    for part, text in {"train": train, "val": val, "test": test}.items():
        (raw / "splits-vinyals" / f"{part}.txt").write_text(text, encoding="utf-8")


def test_drawings_are_sorted_by_alphabet_character_and_drawer(raw: Path) -> None:
    drawings = omniglot.read(raw)
    assert drawings.names == sorted(NAMES)
    assert drawings.characters.tolist() == np.repeat(range(4), 20).tolist()
    assert drawings.alphabets.tolist() == np.repeat(["A", "B", "C"], [40, 20, 20]).tolist()
    assert drawings.drawers.tolist() == [f"{drawer:02}" for drawer in range(1, 21)] * 4


def test_ink_is_bright_and_none_of_it_is_lost(raw: Path) -> None:
    drawings = omniglot.read(raw)
    assert drawings.images.shape == (80, 1, 28, 28)
    assert drawings.images.dtype == np.uint8
    with Image.open(raw / "images_background/B/character02/0001_07.png") as paper:
        ink = 255 * (1.0 - np.asarray(paper))
    small = drawings.images[46, 0].astype(float)
    assert small.mean() == pytest.approx(ink.mean(), abs=0.5)
    # Four pixels a side are fifteen of the file's, exactly.
    blocks = ink.reshape(7, 15, 7, 15).mean((1, 3))
    np.testing.assert_allclose(small.reshape(7, 4, 7, 4).mean((1, 3)), blocks, atol=0.5)


def test_a_drawing_of_another_size_is_said(raw: Path) -> None:
    path = raw / "images_background/B/character02/0001_07.png"
    Image.new("1", (28, 30)).save(path)
    with pytest.raises(Mistake, match=rf"{path} is 28×30 pixels, not 105×105; fetch it again"):
        omniglot.read(raw)


def test_a_role_goes_by_people_and_the_files_name_its_classes(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    role = roles.Params(name="omniglot", resize=None, valid=0.25, test=0.2)
    roles.prepare(role, raw, tmp_path / "out")
    about = json.loads((tmp_path / "out/about.json").read_text(encoding="utf-8"))
    assert about["classes"] == sorted(NAMES)
    assert about["counts"] == {"train": 48, "valid": 16, "test": 16}
    people = [set(about["groups"][part]) for part in ("train", "valid", "test")]
    assert len(set.union(*people)) == sum(map(len, people)) == 60


def test_a_line_of_the_split_is_a_character_and_its_quarter_turns(raw: Path) -> None:
    lines(raw, train="A/character10/rot000\nC/character01/rot270\n", val="B/character02/rot090\n", test="")
    parts = omniglot.split(raw)
    assert {part: classes.tolist() for part, classes in parts.items()} == {
        "train": [[1, 0], [3, 3]], "val": [[2, 1]], "test": []
    }  # fmt: skip


@pytest.mark.parametrize("line", ["A/character03/rot000", "A/character10/rot045", "A/character10", "?"])
def test_a_line_that_is_no_character_is_said(line: str, raw: Path) -> None:
    lines(raw, train=f"A/character10/rot000\n{line}\n")
    with pytest.raises(Mistake, match=r"train\.txt is damaged \(.* is no turned character\)"):
        omniglot.split(raw)


def test_the_split_of_vinyals_has_each_character_in_one_part_in_four_turns(tmp_path: Path) -> None:
    place = MIRROR / "omniglot/splits-vinyals"
    if not place.exists():
        pytest.skip("no mirror has omniglot: neither TUTELAGE_MIRROR nor ../shared/data")
    listed = [line.rpartition("/")[0] for file in place.iterdir() for line in file.read_text().split()]
    for name in listed:
        (tmp_path / "images_background" / name).mkdir(parents=True, exist_ok=True)
    (tmp_path / "splits-vinyals").symlink_to(place)
    parts = omniglot.split(tmp_path)
    assert {part: len(classes) for part, classes in parts.items()} == {"train": 4112, "val": 688, "test": 1692}
    classes = np.concatenate(list(parts.values()))
    assert len(np.unique(classes, axis=0)) == 4 * 1623
    assert sum(len(np.unique(part[:, 0])) for part in parts.values()) == 1623


def test_a_turned_character_is_a_class_of_its_own(raw: Path) -> None:
    drawings = omniglot.read(raw)
    images, classes = omniglot.turned(drawings, np.array([[2, 0], [2, 1], [0, 3]]))
    assert images.shape == (60, 1, 28, 28)
    assert classes.tolist() == np.repeat(range(3), 20).tolist()
    of_two = drawings.images[40:60]
    np.testing.assert_array_equal(images[:20], of_two)
    np.testing.assert_array_equal(images[20:40], of_two.transpose(0, 1, 3, 2)[:, :, ::-1])  # against the clock
    np.testing.assert_array_equal(np.rot90(images[40:], 1, (-2, -1)), drawings.images[:20])
