"""Files of yours: found as they lie, read once, cut so that no part knows of another, refused in one line."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tutelage import params
from tutelage.data import own_images, pictures
from tutelage.data.pictures import Reading, Table
from tutelage.data.shapes import Resize
from tutelage.errors import Mistake
from tutelage.nn import descriptions

FOLDERS = Reading(unlabelled=None, table=None, skip=False)
ROLE = own_images.Params(name="yours", yours=FOLDERS, resize=None, valid=0.2, test=0.25)


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of yours that plays the role of images."""
    (tmp_path / "data/yours").mkdir(parents=True)
    (tmp_path / "mine").mkdir()
    (tmp_path / "data/yours/images").symlink_to(tmp_path / "mine")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "mine"


def put(path: Path, *, value: int = 0, size: tuple[int, int] = (6, 6), mode: str = "L") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size[::-1], value if mode == "L" else (value, 0, 255 - value)).save(path)


def classes(folder: Path, counts: dict[str, int]) -> None:
    """A sub-folder a class; an image's grey is its number."""
    number = 0
    for name, count in counts.items():
        for _ in range(count):
            put(folder / name / f"{number:03}.png", value=number)
            number += 1


def table(**columns: str) -> Reading:
    named: dict[str, str | None] = {"file": "labels.csv", "image": "file", "label": None, "split": None, "group": None}
    return FOLDERS.model_copy(update={"table": Table.model_validate(named | columns)})


def prepared(role: own_images.Params = ROLE) -> tuple[dict[str, Any], dict[str, dict[str, np.ndarray]]]:
    out = Path("data/prepared/images")
    own_images.prepare(role, out)
    told = json.loads((out / "about.json").read_text(encoding="utf-8"))
    names = ("images", "labels", "indices")
    parts = ("train", "valid", "test")
    return told, {part: {name: np.load(out / part / f"{name}.npy") for name in names} for part in parts}


def refused(role: own_images.Params = ROLE) -> str:
    """What is said, in one line; nothing is left."""
    with pytest.raises(Mistake) as told:
        own_images.prepare(role, Path("data/prepared/images"))
    assert "\n" not in str(told.value)
    assert not Path("data/prepared").exists()
    return str(told.value)


def test_an_unbalanced_folder_is_cut_by_class_and_each_image_keeps_its_label(mine: Path) -> None:
    counts = {"rare": 8, "common": 60, "other": 20}
    classes(mine, counts)
    about, parts = prepared()
    assert (about["name"], about["classes"]) == ("yours-images", ["common", "other", "rare"])
    labels = np.concatenate([part["labels"] for part in parts.values()])
    greys = np.concatenate([part["images"][:, 0, 0, 0] for part in parts.values()])
    assert sorted(greys) == list(range(88))  # each exactly once
    assert [about["classes"][label] for label in labels[np.argsort(greys)]] == [
        c for c, n in counts.items() for _ in range(n)
    ]
    assert np.bincount(parts["test"]["labels"]).tolist() == [15, 5, 2]


def test_names_of_classes_are_kept_as_they_are(mine: Path) -> None:
    classes(mine, {"one": 40})
    labels = ['a "quoted, odd" one', "zwei Wörter", "</script><b>", "класс"]
    lines = [f'one/{n:03}.png,"{labels[n % 4].replace(chr(34), chr(34) * 2)}"' for n in range(40)]
    (mine / "labels.csv").write_text("\n".join(["file,label", *lines]), encoding="utf-8")
    about, _ = prepared(ROLE.model_copy(update={"yours": table(label="label")}))
    assert about["classes"] == sorted(labels)


def test_classes_that_are_numbers_are_in_their_order(mine: Path) -> None:
    classes(mine, {"10": 8, "9": 8, "0": 8})
    assert prepared()[0]["classes"] == ["0", "9", "10"]


def test_colours_of_unequal_sizes_come_to_one_shape_and_greys_among_them_are_grey(mine: Path) -> None:
    for number in range(24):
        put(mine / "ab"[number % 2] / f"{number}.png", value=200, size=(5 + number, 40 - number), mode="RGB")
    put(mine / "a" / "grey.png", value=77, size=(9, 9))
    assert "there are images of" in refused()
    about, parts = prepared(ROLE.model_copy(update={"resize": Resize(scale=8, pad=1)}))
    assert about["shape"] == [3, 10, 10]
    inner = np.concatenate([part["images"][:, :, 1:9, 1:9] for part in parts.values()])
    assert sorted(map(tuple, inner.min((2, 3)))) == [(77, 77, 77)] + [(200, 0, 55)] * 24
    assert (inner.min((2, 3)) == inner.max((2, 3))).all()


@pytest.mark.parametrize(
    ("mode", "channels"), [("1", 1), ("L", 1), ("LA", 1), ("I;16", 1), ("P", 3), ("RGB", 3), ("RGBA", 3), ("CMYK", 3)]
)
def test_an_image_of_any_kind_has_one_channel_or_three(mine: Path, mode: str, channels: int) -> None:
    path = mine / ("x.tif" if mode == "CMYK" else "x.png")
    Image.new(mode, (3, 2)).save(path)
    assert pictures._picture(path, None).pixels.shape == (channels, 2, 3)


def test_a_photograph_stands_as_its_camera_was_held(mine: Path) -> None:
    image = Image.fromarray(np.array([[0, 255]], np.uint8))
    exif = image.getexif()
    exif[0x0112] = 6  # turn it a quarter clockwise
    image.save(mine / "x.png", exif=exif)
    assert pictures._picture(mine / "x.png", None).pixels.tolist() == [[[0], [255]]]


def test_the_upper_eight_bits_of_sixteen_are_kept(mine: Path) -> None:
    Image.fromarray(np.array([[0, 255, 256, 65535]], np.uint16)).save(mine / "x.png")
    assert pictures._picture(mine / "x.png", None).pixels.ravel().tolist() == [0, 0, 1, 255]


def test_nine_in_ten_without_a_label_all_join_the_training_part(mine: Path) -> None:
    classes(mine, {"a": 20, "b": 20, "more": 180})
    for number in range(300, 480):
        put(mine / f"{number}.png")
    about, parts = prepared(ROLE.model_copy(update={"yours": FOLDERS.model_copy(update={"unlabelled": "more"})}))
    assert about["classes"] == ["a", "b"]
    assert about["unlabelled"] == (parts["train"]["labels"] == -1).sum() == 360
    assert sum(len(part["labels"]) for part in parts.values()) == 400
    assert all((parts[part]["labels"] >= 0).all() for part in ("valid", "test"))
    assert len(np.unique(np.concatenate([part["indices"] for part in parts.values()]))) == 400


def test_what_a_model_is_told_of_its_images_is_there(mine: Path) -> None:
    classes(mine, {"cat": 8, "dog": 8})
    own_images.prepare(ROLE.model_copy(update={"resize": Resize(scale=4, pad=0)}), Path("data/prepared/images"))
    about = json.loads(Path("data/prepared/images/about.json").read_text(encoding="utf-8"))
    descriptions.leave(Path("models"), "supervised", {}, about)
    assert descriptions.read(Path("models"))["images"]["resize"] == {"scale": 4, "pad": 0}


def test_stated_parts_are_kept_and_a_valid_part_is_drawn_where_none_is(mine: Path) -> None:
    for part, count in (("train", 20), ("test", 7)):
        classes(mine / part, {"a": count, "b": count})
    put(mine / "test" / "nobody_knows.png")
    found = pictures.listed(mine, FOLDERS)
    _, parts = prepared()
    assert {found.parts[i] for part in ("train", "valid") for i in parts[part]["indices"]} == {"train"}
    assert [len(parts[part]["indices"]) for part in ("train", "valid", "test")] == [32, 8, 14]
    for part in ("train", "valid", "test"):
        assert {found.labels[i] for i in parts[part]["indices"]} == {"a", "b"}


def test_parts_may_be_called_otherwise(mine: Path) -> None:
    for part, count in (("Train", 20), ("val", 6), ("testing", 7)):
        classes(mine / part, {"a": count, "b": count})
    _, parts = prepared()
    assert [len(parts[part]["indices"]) for part in ("train", "valid", "test")] == [40, 12, 14]


def test_a_stated_part_without_a_class_is_refused(mine: Path) -> None:
    for part, names in (("train", "ab"), ("valid", "a"), ("test", "ab")):
        classes(mine / part, dict.fromkeys(names, 6))
    assert "class b has no labelled example in the valid part" in refused()


def test_a_split_column_says_the_parts(mine: Path) -> None:
    classes(mine, {"a": 12, "b": 12})
    said = ["train", "train", "validation", "test"]
    lines = [f"{n:03},{said[n % 4]}" for n in range(24)]  # by the stem of a name
    (mine / "labels.csv").write_text("\n".join(["file,split", *lines]), encoding="utf-8")
    _, parts = prepared(ROLE.model_copy(update={"yours": table(split="split")}))
    assert {part: sorted(set(told["indices"] % 4)) for part, told in parts.items()} == {
        "train": [0, 1],
        "valid": [2],
        "test": [3],
    }


def test_no_part_shares_a_group_not_even_by_an_image_without_a_label(mine: Path) -> None:
    classes(mine, {"all": 120})
    lines = [f"{n:03}.png;{'' if n % 3 == 0 else 'ab'[n % 2]};g{n // 6}" for n in range(120)]
    (mine / "labels.csv").write_text("\n".join(["file;label;who", *lines]), encoding="utf-8")
    _, parts = prepared(ROLE.model_copy(update={"yours": table(label="label", group="who")}))
    groups = {part: set(told["indices"] // 6) for part, told in parts.items()}
    assert groups["train"] | groups["valid"] | groups["test"] == set(range(20))
    assert sum(map(len, groups.values())) == 20
    assert (parts["train"]["labels"] == -1).sum() == 2 * len(groups["train"])


@pytest.mark.parametrize("both", ["train valid", "train test", "valid test"])
def test_a_group_that_is_stated_in_two_parts_is_refused(mine: Path, both: str) -> None:
    classes(mine, {"a": 12, "b": 12})
    parts = ("train", "valid", "test")
    one, other = both.split()
    said = [("odd", one), ("odd", other), *((f"g{n}", parts[n % 3]) for n in range(2, 24))]
    lines = [f"{n:03},{part},{group}" for n, (group, part) in enumerate(said)]
    (mine / "labels.csv").write_text("\n".join(["file,split,who", *lines]), encoding="utf-8")
    assert "group odd is in two parts" in refused(ROLE.model_copy(update={"yours": table(split="split", group="who")}))


def test_arrays_of_an_npz_are_read_as_a_folder_is(mine: Path, tmp_path: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, (40, 5, 7, 3), np.uint8)
    np.savez(tmp_path / "mine.npz", images=images, labels=np.arange(40) % 3 - 1)
    (tmp_path / "data/yours/images").unlink()
    (tmp_path / "data/yours/images").symlink_to(tmp_path / "mine.npz")
    about, parts = prepared()
    assert (about["classes"], about["shape"]) == (["0", "1"], [3, 5, 7])
    for told in parts.values():
        assert (told["images"].transpose(0, 2, 3, 1) == images[told["indices"]]).all()
        assert (told["labels"] == told["indices"] % 3 - 1).all()


def test_an_npz_that_would_unpickle_is_refused(mine: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "mine.npz", images=np.zeros((2, 3, 3), np.uint8), labels=np.array([object(), None]))
    (tmp_path / "data/yours/images").unlink()
    (tmp_path / "data/yours/images").symlink_to(tmp_path / "mine.npz")
    assert "save plain arrays" in refused()


def test_preparing_twice_leaves_the_same_bytes_whatever_the_number_of_processes(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    classes(mine, {"a": 120, "b": 120})
    first = prepared()[1]
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    again = prepared()[1]
    for part, told in first.items():
        assert all((told[name] == again[part][name]).all() for name in told)


def test_who_waits_is_told_how_many_files_are_read(
    mine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    classes(mine, {"a": 120, "b": 120})
    monkeypatch.setattr(pictures, "TOLD", 100)
    prepared()
    assert capsys.readouterr().err.splitlines() == [
        f"data/yours/images: {count} of 240 files read" for count in (100, 200)
    ]


def test_an_empty_folder_is_refused(mine: Path) -> None:
    assert "holds no files" in refused()


def test_a_file_that_is_no_image_is_named_and_left_out_only_where_params_say_so(mine: Path) -> None:
    classes(mine, {"a": 8, "b": 8})
    (mine / "a" / "notes.txt").write_text("no image")
    assert "a/notes.txt is no image" in refused()
    half = (mine / "a" / "000.png").read_bytes()[:-25]
    (mine / "a" / "notes.txt").unlink()
    (mine / "b" / "half.png").write_bytes(half)
    assert "b/half.png is no whole image" in refused()
    about, parts = prepared(ROLE.model_copy(update={"yours": FOLDERS.model_copy(update={"skip": True})}))
    assert about["skipped"] == ["b/half.png"]
    assert sum(len(told["labels"]) for told in parts.values()) == 16


def test_one_class_is_refused_and_so_is_one_of_a_single_example(mine: Path) -> None:
    classes(mine, {"only": 8})
    assert "has the one class only" in refused()
    classes(mine, {"single": 1})
    assert "class single has 1 examples in all" in refused()


def test_no_labels_at_all_are_refused(mine: Path) -> None:
    put(mine / "x.png")
    assert "has no labels at all" in refused()


def test_a_column_that_is_not_there_is_said_with_those_nearest(mine: Path) -> None:
    classes(mine, {"a": 8})
    (mine / "labels.csv").write_text("file,species\n000.png,x\n")
    assert "no column specie; nearest are species" in refused(ROLE.model_copy(update={"yours": table(label="specie")}))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("nobody.png,x", "names nobody.png, which is no file"),
        ("000.png,x\n000,y", "names 000 twice"),
        ("000.png,x,more", "row 2: 3 fields, and the header has 2"),
        ("", "has no rows"),
    ],
)
def test_a_table_that_is_not_the_folder_s_is_refused(mine: Path, lines: str, said: str) -> None:
    classes(mine, {"a": 8})
    (mine / "labels.csv").write_text(f"file,label\n{lines}")
    assert said in refused(ROLE.model_copy(update={"yours": table(label="label")}))


def test_a_name_that_two_files_have_is_no_name_of_either(mine: Path) -> None:
    put(mine / "a" / "x.png")
    put(mine / "b" / "x.png")
    (mine / "labels.csv").write_text("file,label\nx.png,1\n")
    assert "names x.png, which is no file" in refused(ROLE.model_copy(update={"yours": table(label="label")}))
    assert pictures.known(["a/x.png", "b/x.png", "c/y.png"]) == {
        **{file: file for file in ("a/x.png", "b/x.png", "c/y.png")},
        "y.png": "c/y.png",
        "y": "c/y.png",
    }


def test_a_link_that_leads_nowhere_is_refused(mine: Path) -> None:
    mine.rename(mine.with_name("moved"))
    assert "run `make own DATA=path ROLE=images`" in refused()


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_folder_without_permission_is_refused(mine: Path) -> None:
    classes(mine, {"a": 8, "b": 8})
    (mine / "a").chmod(0)
    try:
        assert "a: Permission denied" in refused()
    finally:
        (mine / "a").chmod(0o700)


def test_a_folder_that_changes_while_it_is_read_is_refused(mine: Path) -> None:
    classes(mine, {"a": 8, "b": 8})
    found = pictures.read(mine, pictures.listed(mine, FOLDERS).files, None, skip=False)
    next(found)
    put(mine / "a" / "new.png")
    with pytest.raises(Mistake, match=r"changed while it was read \(a/new\.png\)"):
        list(found)


def test_more_than_memory_holds_is_refused_with_its_size(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    classes(mine, {"a": 8, "b": 8})
    monkeypatch.setattr(os, "sysconf", lambda what: 1 if what == "SC_PAGE_SIZE" else 16 * 36 * 5 - 1)
    assert "16 images of 1 × 6 × 6 numbers take 0.0 GB" in refused()


def test_another_data_set_is_one_edit_of_its_name(mine: Path) -> None:
    block = ROLE.model_dump(mode="json")
    assert params.parse(own_images.Params, "images", {"images": block | {"name": "digits"}}).name == "digits"
    with pytest.raises(Mistake, match="name is yours, and yours null"):
        params.parse(own_images.Params, "images", {"images": block | {"yours": None}})
