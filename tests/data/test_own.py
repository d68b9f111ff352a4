"""What `make own` says and writes, of images that nobody tuned for."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from root import ROOT
from ruamel.yaml import YAML

from tutelage import params
from tutelage.data import advice, found, own, own_images
from tutelage.data.pictures import Reading, Table
from tutelage.data.shapes import Resize
from tutelage.errors import Mistake


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data/yours").mkdir(parents=True)
    (tmp_path / "data/yours/images").write_text("nothing of yours\n")
    (tmp_path / "params.yaml").write_text((ROOT / "params.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def pictures(folder: Path, counts: dict[str, int], *, colour: bool = False) -> Path:
    """A folder a class, each image of its own size and noise."""
    draws = np.random.default_rng(sum(counts.values()))
    for name, count in counts.items():
        (folder / name).mkdir(parents=True)
        for number in range(count):
            shape = (*draws.integers(20, 60, 2), 3) if colour else (12, 12)
            Image.fromarray(draws.integers(0, 256, shape, np.uint8)).save(folder / name / f"{name[:2]}{number}.png")
    return folder


def said(path: Path, **asked: str) -> str:
    return "\n".join(own.own(str(path), asked))


def refused(path: Path, **asked: str) -> str:
    """What is said, in one line; neither params.yaml nor the link is touched."""
    before = Path("params.yaml").read_bytes()
    with pytest.raises(Mistake) as told:
        said(path, **asked)
    assert Path("params.yaml").read_bytes() == before
    assert not Path("data/yours/images").is_symlink()
    assert "\n" not in str(told.value)
    return str(told.value)


def test_a_folder_gets_the_role_and_only_its_block_is_edited(project: Path) -> None:
    before = YAML(typ="safe", pure=True).load(project / "params.yaml")
    before_lines = (project / "params.yaml").read_text(encoding="utf-8").splitlines()
    told = said(pictures(project / "mine", {"cat": 30, "dog": 60, "unlabelled": 200}, colour=True))
    assert "290 images, three channels" in told
    assert "2 classes: cat 30, dog 60" in told
    assert "200 images without a label; 200 of them are learned from" in told
    after = YAML(typ="safe", pure=True).load(project / "params.yaml")
    block = params.read(own_images.Params, "images")
    assert block.yours == Reading(unlabelled="unlabelled", table=None, skip=False)
    assert block.resize is not None
    assert 20 <= block.resize.scale <= found.SIDE
    assert {**after, "images": 0} == {**before, "images": 0}
    lines = (project / "params.yaml").read_text(encoding="utf-8").splitlines()
    (edited,) = [slice(n, n + 8) for n, line in enumerate(before_lines) if line == "images:"]
    assert [line for n, line in enumerate(lines) if not edited.start <= n < edited.stop] == [
        line for n, line in enumerate(before_lines) if not edited.start <= n < edited.stop
    ]
    assert [line.partition("#")[2] for line in lines] == [line.partition("#")[2] for line in before_lines]
    own_images.prepare(block, project / "data/prepared/images")


def test_what_was_written_is_read_again_and_the_same_is_said_of_it(project: Path) -> None:
    mine = pictures(project / "mine", {"cat": 30, "dog": 60})
    first = said(mine)
    before = (project / "params.yaml").read_bytes()
    assert said(project / "data/yours/images") == first
    assert (project / "params.yaml").read_bytes() == before


def test_large_images_are_made_small_and_small_ones_no_larger(project: Path) -> None:
    for name, side, scale in (("large", 80, 32), ("small", 8, 8)):
        mine = pictures(project / name, {"cat": 30, "dog": 60})
        for path in mine.rglob("*.png"):
            Image.new("L", (side, side + 1 + len(path.name) % 2)).save(path)
        said(mine)
        assert params.read(own_images.Params, "images").resize == Resize(scale=scale, pad=0)


def test_small_images_of_one_size_keep_it(project: Path) -> None:
    said(pictures(project / "mine", {"cat": 30, "dog": 60}))
    assert params.read(own_images.Params, "images").resize is None


def test_a_rare_class_widens_the_parts_that_are_kept_aside(project: Path) -> None:
    said(pictures(project / "mine", {"common": 40, "rare": 5}))
    block = params.read(own_images.Params, "images")
    assert (block.valid, block.test) != (0.1, 0.2)
    own_images.prepare(block, project / "data/prepared/images")


def test_a_table_beside_the_images_is_found_with_its_columns(project: Path) -> None:
    mine = pictures(project / "mine", {"all": 60})
    lines = [f"al{n},{'' if n % 3 == 0 else 'xy'[n % 2]},{n},{'ab'[n % 2]},{n / 7:.3f}" for n in range(60)]
    (mine / "notes.csv").write_text("\n".join(["name,Species,serial,vote,weight", *lines]), encoding="utf-8")
    told = said(mine)
    assert "20 images without a label" in told
    assert "notes.csv: empty cells: Species 20" in told
    assert "serial has another value in each of 60 rows: an identifier?" in told
    assert "vote alone tells 100.0% of labels right" in told
    assert "weight" not in told
    yours = params.read(own_images.Params, "images").yours
    assert yours is not None
    assert yours.table == Table(file="notes.csv", image="name", label="Species", split=None, group=None)


def test_copies_are_counted_and_those_of_another_class_named(project: Path) -> None:
    mine = pictures(project / "mine", {"a": 30, "b": 30})
    (mine / "a" / "again.png").write_bytes((mine / "a" / "a1.png").read_bytes())
    (mine / "b" / "other.png").write_bytes((mine / "a" / "a2.png").read_bytes())
    told = said(mine)
    assert "2 images are copies of others" in told
    assert "1 of these have another class" in told


def test_what_params_say_of_other_classes_is_named(project: Path) -> None:
    told = said(pictures(project / "mine", {"a": 40, "b": 40, "c": 40}))
    assert "transfer and fewshot take four classes, two base and two others, and these are 3" in told
    assert "multitask.pairs names class 9" in told
    assert "exam.labels asks for 166 labels of a class, and one has 28 to learn from" in told


def test_six_classes_of_which_five_are_base_leave_too_few_for_far_transfer(project: Path) -> None:
    told = said(pictures(project / "mine", dict.fromkeys("abcdef", 20)))
    assert "pretrain.base_classes: write [0, 1], since classes are 0 to 5" in told


def test_images_of_another_shape_than_the_target_are_said(project: Path) -> None:
    mine = pictures(project / "mine", {"a": 40, "b": 40, "c": 40})
    assert "take one shape" not in said(mine)
    (project / "data/prepared/target").mkdir(parents=True)
    (project / "data/prepared/target/about.json").write_text('{"shape": [1, 28, 28]}')
    told = said(mine)
    assert "these are [1, 12, 12] (channel, height, width) and target [1, 28, 28]" in told
    (project / "data/prepared/target/about.json").write_text('{"shape": [1, 12, 12]}')
    assert "take one shape" not in said(mine)


def test_more_to_compute_takes_longer(project: Path) -> None:
    blocks = params.load()
    default = advice.takes(blocks, (1, 28, 28), 0)
    assert "about 25 minutes" in default
    assert "about 45 minutes" in advice.takes(
        blocks | {"budget": blocks["budget"] | {"presentations": 40000}}, (1, 28, 28), 0
    )


def test_bad_input_is_one_line_and_nothing_is_written(project: Path) -> None:
    (project / "empty").mkdir()
    assert "holds no files" in refused(project / "empty")
    assert "is not there" in refused(project / "nowhere")
    assert "is no folder of images and no .npz" in refused(project / "params.yaml")
    mine = pictures(project / "mine", {"cat": 30})
    assert "has the one class cat" in refused(mine)
    assert "there is no role image; did you mean images?" in refused(mine, role="image")
    pictures(mine / "more", {"dog": 1})
    assert "class more has 1 examples in all" in refused(mine)
    assert "has no .csv, so none with a column species" in refused(mine, label="species")
    (mine / "t.csv").write_text("file,species\nca1,x\nca2,y\n")
    assert "no column specis; nearest are species" in refused(mine, label="specis")
    (mine / "t.csv").unlink()
    (mine / "cat" / "notes.txt").write_text("no image")
    assert "cat/notes.txt is no image" in refused(mine)


def test_the_command_says_a_mistake_in_one_line(project: Path) -> None:
    told = subprocess.run([sys.executable, "-m", "tutelage.data.own", ""], capture_output=True, text=True)
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == "own: name your files: make own DATA=path [ROLE=images|target|letters|table]\n"
