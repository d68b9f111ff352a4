"""What a role leaves for those who learn from it."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from root import ROOT

from tutelage import params
from tutelage.data import fetching, roles
from tutelage.data.shapes import Resize
from tutelage.errors import Mistake

DIGITS = roles.Params(name="digits", resize=Resize(scale=20, pad=4), valid=0.1, test=0.3)


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(ROOT)
    fetching.fetch("digits", tmp_path / "raw")
    return tmp_path / "raw"


def digests(folder: Path) -> dict[str, str]:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_a_role_leaves_three_parts_and_what_they_are(raw: Path, tmp_path: Path) -> None:
    roles.prepare(DIGITS, raw, tmp_path / "out")
    about = json.loads((tmp_path / "out" / "about.json").read_text(encoding="utf-8"))
    assert about["shape"] == [1, 28, 28]
    assert about["classes"] == list("0123456789")
    assert about["counts"] == {"train": 1132, "valid": 126, "test": 539}
    for part, count in about["counts"].items():
        images, labels, indices = (
            np.load(tmp_path / "out" / part / f"{x}.npy") for x in ("images", "labels", "indices")
        )
        assert (images.dtype, images.shape) == (np.uint8, (count, 1, 28, 28))
        assert (labels.dtype, labels.shape) == (np.int64, (count,))
        assert (indices.dtype, indices.shape) == (np.int64, (count,))


def test_images_labels_and_indices_belong_together(raw: Path, tmp_path: Path) -> None:
    from tutelage.data import datasets

    roles.prepare(DIGITS.model_copy(update={"resize": None}), raw, tmp_path / "out")
    whole = datasets.read("digits", raw)
    for part in ("train", "valid", "test"):
        images, labels, indices = (
            np.load(tmp_path / "out" / part / f"{x}.npy") for x in ("images", "labels", "indices")
        )
        assert (images == whole.images[indices]).all()
        assert (labels == whole.labels[indices]).all()


def test_where_whole_groups_are_kept_aside_there_must_be_some(raw: Path, tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=r"params\.yaml: letters\.name = digits: its examples belong to no groups, "):
        roles.prepare(DIGITS, raw, tmp_path / "letters", grouped=True)
    assert not (tmp_path / "letters").exists()


def test_preparing_twice_leaves_the_same_bytes(raw: Path, tmp_path: Path) -> None:
    for name in ("one", "other"):
        roles.prepare(DIGITS, raw, tmp_path / name)
    assert len(digests(tmp_path / "one")) == 10
    assert digests(tmp_path / "one") == digests(tmp_path / "other")


def test_where_examples_have_groups_each_says_its_own_and_the_page_says_where_each_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tutelage.data import datasets

    monkeypatch.chdir(ROOT)
    fetching.fetch("letters", tmp_path / "raw")
    role = DIGITS.model_copy(update={"name": "letters", "resize": None})
    roles.prepare(role, tmp_path / "raw", tmp_path / "out")
    groups = json.loads((tmp_path / "out" / "about.json").read_text(encoding="utf-8"))["groups"]
    whole = datasets.read("letters", tmp_path / "raw")
    assert whole.groups is not None
    for part, names in groups.items():
        numbers, indices = (np.load(tmp_path / "out" / part / f"{x}.npy") for x in ("groups", "indices"))
        assert [names[number] for number in numbers] == whole.groups[indices].tolist()
    assert sum(map(len, groups.values())) == len({name for names in groups.values() for name in names}) == 21


@pytest.mark.parametrize(
    ("key", "value"),
    [("valid", 0), ("valid", 0.5), ("valid", -0.1), ("test", 0), ("test", 1), ("test", "0.2"),
     ("resize", {"scale": 0, "pad": 4}), ("resize", {"scale": 20, "pad": -1}), ("name", 5)],
)  # fmt: skip
def test_a_share_or_size_out_of_range_is_one_line(key: str, value: object) -> None:
    block = {**DIGITS.model_dump(mode="json"), key: value}
    with pytest.raises(Mistake, match=rf"^params\.yaml: images\.{key}.* = [^\n]*$"):
        params.parse(roles.Params, "images", {"images": block})
