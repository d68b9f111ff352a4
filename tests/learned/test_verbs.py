"""What was learned is found by name, given back, and asked about real files; what cannot be is one line."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import kept
import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image

from tutelage.errors import Mistake
from tutelage.learned import examples, models, verbs
from tutelage.learned.asking import Model
from tutelage.nn import descriptions
from tutelage.paradigms import supervised


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with models of two stages, one of which an exam looked at."""
    monkeypatch.chdir(tmp_path)
    kept.pretrain()
    kept.pca()
    kept.examined("pretrain", {("all", 0): 0.7, ("all", 1): 0.8, ("base", 0): 0.99, ("base", 1): 0.9})


def encoded(name: str, *paths: Path, out: str = "codes.parquet") -> pd.DataFrame:
    model = Model(models.find(name))
    given = examples.read(model, list(paths))
    verbs.save(given, verbs.encode(model, given), Path(out), model, "encode")
    return pd.read_parquet(out)


def refused(name: str, *paths: Path) -> str:
    """The one line, with nothing left."""
    before = sorted(Path().rglob("*"))
    with pytest.raises(Mistake) as mistake:
        encoded(name, *paths)
    assert sorted(Path().rglob("*")) == before
    (line,) = str(mistake.value).splitlines()
    return line


def test_a_name_is_a_stage_an_arm_a_fit_a_folder_or_a_file() -> None:
    of = {"pretrain": "all-1", "pretrain/base": "base-0", "pretrain/all-0": "all-0", "models/pretrain": "all-1"}
    of |= {"models/pretrain/base-1.safetensors": "base-1"}
    assert {name: models.find(name).path.stem for name in of} == of
    assert models.find("autoencoder@pca").path == Path("models/autoencoder/pca/pca-0.safetensors")


def test_the_best_on_validation_is_chosen_among_what_was_taught_and_knows_most_classes() -> None:
    assert models.find("pretrain").name == "pretrain/all-1"
    kept.examined("pretrain", {("all", 0): 0.9, ("all", 1): 0.8, ("random", 0): 0.95})
    assert models.find("pretrain").name == "pretrain/all-0"


def test_codes_of_files_are_those_of_the_learner_and_bear_their_names() -> None:
    pixels = kept.images(7)
    kept.folder(Path("pets/some"), pixels[:4])
    kept.folder(Path("pets/more"), pixels[4:])
    told = encoded("pretrain/all-0", Path("pets"))
    learner = supervised.load(Path("models/pretrain"), "all", 0)
    ordered = np.concatenate([pixels[4:], pixels[:4]])
    with torch.no_grad():
        codes = learner.encode(torch.from_numpy(ordered[:, None]).float() / 255)
    assert told["file"].tolist() == [f"{of}/{i:03}.png" for of, n in (("more", 3), ("some", 4)) for i in range(n)]
    np.testing.assert_array_equal(told.filter(like="z").to_numpy(), codes.numpy())


def test_arrays_and_files_of_the_same_pixels_have_the_same_codes() -> None:
    pixels = kept.images(5)
    np.save("pets.npy", pixels)
    np.savez("pets.npz", images=pixels[:, None], labels=np.arange(5))
    tables = [
        encoded("autoencoder@pca", path, out=f"{path.name}.parquet").filter(like="z")
        for path in (kept.folder(Path("pets"), pixels), Path("pets.npy"), Path("pets.npz"))
    ]
    for table in tables[1:]:
        pd.testing.assert_frame_equal(tables[0], table)


def test_images_come_to_the_input_by_the_rule_of_those_learned_from() -> None:
    kept.pretrain(resize={"scale": 6, "pad": 1})
    pixels = kept.images(2, side=20)
    model = Model(models.find("pretrain/all-0"))
    small = model.pixels([pixels[0][None]], ["one"])[0, 0]
    assert (small[1:7, 1:7] == np.asarray(Image.fromarray(pixels[0]).resize((6, 6), Image.Resampling.LANCZOS))).all()
    assert small.sum() == small[1:7, 1:7].sum()
    assert len(encoded("pretrain/all-0", kept.folder(Path("pets"), pixels))) == 2


def test_grey_is_widened_and_colour_never_narrowed() -> None:
    kept.pretrain(channels=3)
    kept.folder(Path("pets"), kept.images(1))
    wide = examples.picture(Path("pets/000.png"), 3)
    assert (wide == wide[:1]).all()
    assert len(encoded("pretrain/all-0", Path("pets"))) == 1
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save("colour.png")
    assert refused("autoencoder@pca", Path("colour.png")) == "colour.png has 3 channels; autoencoder@pca/pca-0 takes 1"


def test_probabilities_sum_to_one_and_the_likeliest_class_is_named() -> None:
    model = Model(models.find("pretrain/all-1"))
    given = examples.read(model, [kept.folder(Path("pets"), kept.images(9))])
    told = pd.DataFrame(verbs.predict(model, given)(slice(0, 9)))
    p = told[[f"p({name})" for name in kept.CLASSES]]
    np.testing.assert_allclose(p.sum(axis=1), 1, atol=1e-6)
    assert (told["class"].map("p({})".format) == p.idxmax(axis=1)).all()


def test_the_nearest_of_a_folder_are_the_nearest_by_brute_force_and_never_itself() -> None:
    pixels = kept.images(12)
    given = kept.folder(Path("pets"), pixels)
    model = Model(models.find("autoencoder@pca"))
    read = examples.read(model, [given])
    told = pd.DataFrame(verbs.nearest(model, read, given, 3)(slice(0, 12)))
    z = model.encode(pixels[:, None]).astype(float)
    apart = np.linalg.norm(z[:, None] - z[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    wanted = [f"{i:03}.png" for row in apart.argsort(axis=1)[:, :3] for i in row]
    assert [Path(name).name for name in told["nearest"]] == wanted
    np.testing.assert_allclose(told["distance"], np.sort(apart, axis=1)[:, :3].ravel(), rtol=1e-6)


def test_of_two_arrays_an_example_is_nearest_to_its_copy_and_of_one_never_to_itself() -> None:
    for name in ("one.npy", "copy.npy"):
        np.save(name, kept.images(5)[:, None])
    model = Model(models.find("autoencoder@pca"))
    read = examples.read(model, [Path("one.npy")])
    copies, others = (
        pd.DataFrame(verbs.nearest(model, read, Path(name), 1)(slice(0, 5))) for name in ("copy.npy", "one.npy")
    )
    np.testing.assert_allclose(copies["distance"], 0, atol=1e-6)
    assert (others["distance"] > 0.01).all()


def test_the_nearest_of_what_was_learned_from_bear_their_classes() -> None:
    pixels, place = kept.images(6, seed=3), Path("data/prepared/images")
    descriptions.leave(place, "", {"name": "pets", "shape": [1, 8, 8], "classes": kept.CLASSES})
    (place / "train").mkdir()
    np.save(place / "train/images.npy", pixels[:, None])
    np.save(place / "train/labels.npy", np.array([0, 1, 2, 0, 1, 2]))
    model = Model(models.find("pretrain"))
    given = examples.read(model, [kept.folder(Path("pets"), pixels[4:5])])
    told = pd.DataFrame(verbs.nearest(model, given, None, 2)(slice(0, 1)))
    assert list(told.iloc[0][["rank", "nearest", "class"]]) == [1, "train 4", "dog"]
    assert told["distance"][0] == pytest.approx(0, abs=1e-5)


def test_a_killed_encode_goes_on_and_leaves_the_same_bytes() -> None:
    given = kept.folder(Path("pets"), kept.images(1200))
    words = ["encode", "pretrain", str(given), "-o", "codes.parquet"]
    killed = subprocess.run([sys.executable, "-c", KILLED, *words], capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    assert not Path("codes.parquet").exists()
    assert len(list(Path(".codes.parquet.parts").glob("*.parquet"))) == 2
    told = subprocess.run([sys.executable, "-m", "tutelage", *words], capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    assert "codes.parquet: goes on after 1,000 of 1,200" in told.stderr
    assert not Path(".codes.parquet.parts").exists()
    encoded("pretrain", given, out="at_once.parquet")
    assert Path("codes.parquet").read_bytes() == Path("at_once.parquet").read_bytes()


KILLED = """
import os, runpy, sys
from tutelage import runs
kept, calls = runs.write, iter(range(9))
def write(path, content):
    if next(calls) == 2:
        os.kill(os.getpid(), 9)
    kept(path, content)
runs.write = write
runpy.run_module("tutelage", run_name="__main__")
"""


def test_a_part_of_an_example_that_changed_since_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "BLOCK", 2)
    given = kept.folder(Path("pets"), kept.images(6))
    model = Model(models.find("pretrain"))
    first = examples.read(model, [given])
    ask, asked = verbs.encode(model, first), list[slice]()

    def cut(rows: slice) -> verbs.Columns:
        asked.append(rows)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return ask(rows)

    with pytest.raises(KeyboardInterrupt):
        verbs.save(first, cut, Path("codes.parquet"), model, "encode")
    Image.fromarray(kept.images(1, seed=9)[0]).save(given / "001.png")
    os.utime(given / "001.png", (0, 0))
    asked.clear()

    def whole(rows: slice) -> verbs.Columns:
        asked.append(rows)
        return ask(rows)

    verbs.save(examples.read(model, [given]), whole, Path("codes.parquet"), model, "encode")
    assert asked == [slice(0, 2), slice(4, 6)]


def test_mistakes_are_one_line_that_names_the_thing_and_leave_nothing() -> None:
    pixels = kept.images(3)
    given = kept.folder(Path("pets"), pixels)
    assert refused("pretrian", given).startswith("there is no model pretrian; did you mean pretrain? there are ")
    assert refused("pretrain/none", given).startswith("pretrain has no model none; it has all-0, all-1, base-0")
    Path("empty").mkdir()
    assert refused("pretrain", Path("empty")) == "empty holds no file; name a folder of images"
    assert refused("pretrain", Path("away")) == "away is not there"
    Path("pets/notes.txt").write_text("no image")
    assert refused("pretrain", given) == "pets/notes.txt is no image; take it away"
    Path("pets/notes.txt").unlink()
    Image.fromarray(kept.images(1, side=9)[0]).save("pets/wide.png")
    assert refused("pretrain", given).startswith("pets/wide.png has 9 × 9 pixels; pretrain/all-1 was taught images of")
    Path("pets/wide.png").unlink()
    np.save("floats.npy", pixels / 255)
    assert refused("pretrain", Path("floats.npy")).startswith("floats.npy holds float64 [3, 8, 8]; images are uint8")
    np.save("objects.npy", np.array([{}]), allow_pickle=True)
    assert refused("pretrain", Path("objects.npy")).startswith("objects.npy holds no plain arrays")
    Path("rows.csv").write_text("a\n1\n")
    assert refused("pretrain", Path("rows.csv")) == "rows.csv is a table, and pretrain/all-1 takes images"
    encoded("pretrain", given)
    assert refused("pretrain", given) == "codes.parquet exists; delete it, or name another with -o"
    with pytest.raises(Mistake, match=r"^autoencoder@pca/pca-0 cannot predict; pretrain can$"):
        Model(models.find("autoencoder@pca")).must("predict")


def test_a_damaged_image_is_named_and_the_rest_is_not_lost() -> None:
    given = kept.folder(Path("pets"), kept.images(3))
    whole = (given / "002.png").read_bytes()
    (given / "002.png").write_bytes(whole[:60])
    with pytest.raises(Mistake, match=r"^pets/002\.png is damaged .*; take it away, or replace it$"):
        encoded("pretrain", given)
    (given / "002.png").write_bytes(whole)
    assert len(encoded("pretrain", given)) == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named() -> None:
    given = kept.folder(Path("pets"), kept.images(2))
    (given / "001.png").chmod(0)
    assert refused("pretrain", given) == "pets/001.png may not be read; give yourself the right"


def test_a_description_is_all_that_weights_need_elsewhere(tmp_path: Path) -> None:
    there = tmp_path / "elsewhere"
    Path("models/pretrain").rename(there)
    with pytest.raises(Mistake, match=r"no exam chose among its models; name one of "):
        models.find(str(there))
    assert models.find(str(there / "base-1.safetensors")).arm == "base"
    (there / "about.json").unlink()
    with pytest.raises(Mistake, match=r"there is no model "):
        models.find(str(there))


def test_a_map_of_a_table_takes_its_columns_by_name_in_their_own_units() -> None:
    places, w = kept.kohonen()
    table = pd.DataFrame({"colour": ["red"] * 4, "height": w[:, 1] * 2 + 10, "width": w[:, 0] * 3 - 5})
    table.to_csv("things.csv", index=False)
    table.to_parquet("things.parquet")
    for path in (Path("things.csv"), Path("things.parquet")):
        told = encoded("kohonen", path, out=f"of.{path.name}.parquet")
        np.testing.assert_array_equal(told.filter(like="z").to_numpy(), places)
    table.drop(columns="height").to_csv("without.csv", index=False)
    assert refused("kohonen", Path("without.csv")) == (
        "without.csv has no column height; kohonen/things-map_batch-0 takes width, height"
    )
    table.assign(width=["1", "2", "x", "4"]).to_csv("words.csv", index=False)
    assert refused("kohonen", Path("words.csv")) == "words.csv: column width, row 2 is no number; fill it in"


def test_a_surrogate_tells_its_answers_and_how_sure_it_is() -> None:
    members, table = kept.surrogate()
    pd.DataFrame(table, columns=["speed", "angle"]).to_csv("asked.csv", index=False)
    model = Model(models.find("surrogate@wing"))
    given = examples.read(model, [Path("asked.csv")])
    told = pd.DataFrame(verbs.predict(model, given)(slice(0, 3)))
    every = members.predict(table).detach().numpy()
    np.testing.assert_allclose(told["lift"], every.mean(0)[:, 0])
    np.testing.assert_allclose(told["±(lift)"], every.std(0, ddof=1)[:, 0])
