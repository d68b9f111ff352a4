"""Small tables as they really are, and what is said of params that do not fit them."""

import json
from pathlib import Path

import numpy as np
import pytest
from root import MIRROR, ROOT
from sklearn import datasets

from tutelage.data import fetching, samples, tables
from tutelage.errors import Mistake

COUNTS = {"digits": (1797, 64), "iris": (150, 4), "wine": (178, 13), "diabetes": (442, 10), "ansur2": (6068, 93)}
PEOPLE = samples.People(name="diabetes", features=("age", "bmi"), rows=None, scale="spread")


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of raw files by table; ansur2 where a mirror has it."""
    folder = tmp_path_factory.mktemp("raw")
    with pytest.MonkeyPatch.context() as environment:
        environment.chdir(ROOT)
        environment.setenv("TUTELAGE_CACHE", str(folder / "cache"))
        for name in COUNTS:
            if name != "ansur2" or (MIRROR / name).is_dir():
                environment.setenv("TUTELAGE_MIRROR", str(MIRROR)) if name == "ansur2" else None
                fetching.fetch(name, folder / name)
    return folder


def read(name: str, raw: Path) -> tables.Table:
    if not (raw / name).exists():
        pytest.skip(f"no mirror has {name}: neither TUTELAGE_MIRROR nor ../shared/data")
    return tables.read(name, raw / name)


@pytest.mark.parametrize("name", COUNTS)
def test_a_table_has_its_rows_named_features_and_labels(name: str, raw: Path) -> None:
    table = read(name, raw)
    assert table.values.shape == COUNTS[name] == (len(table.values), len(table.features))
    assert np.isfinite(table.values).all()
    assert table.labels is not None
    assert set(table.labels) == set(range(table.labels.max() + 1))


@pytest.mark.parametrize("name", ["digits", "iris", "wine"])
def test_a_table_is_what_sklearn_loads(name: str, raw: Path) -> None:
    table, theirs = read(name, raw), getattr(datasets, f"load_{name}")()
    assert np.array_equal(table.values, theirs.data)
    assert np.asarray(table.labels).tolist() == theirs.target.tolist()


def test_patients_are_those_of_sklearn_their_sex_a_label(raw: Path) -> None:
    table, theirs = read("diabetes", raw), datasets.load_diabetes(scaled=False)
    assert np.array_equal(table.values, np.delete(np.column_stack([theirs.data, theirs.target]), 1, axis=1))
    assert np.asarray(table.labels).tolist() == (theirs.data[:, 1] - 1).tolist()


def test_soldiers_weigh_kilograms_and_men_are_taller(raw: Path) -> None:
    table = read("ansur2", raw)
    told = {name: (unit, table.values[:, i]) for i, (name, unit) in enumerate(table.features)}
    assert told["weight"][0] == "kg"
    assert 70 < told["weight"][1].mean() < 90
    women, men = (told["stature"][1][table.labels == sex].mean() for sex in (0, 1))
    assert 1600 < women < 1660 < 1730 < men < 1780


def test_a_role_leaves_what_it_takes_to_get_back_to_units(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    for folder in ("one", "other"):
        samples.prepare(PEOPLE.model_copy(update={"rows": 100}), raw / "diabetes", tmp_path / folder)
    place = tmp_path / "one/samples/diabetes"
    about = json.loads((place / "about.json").read_text(encoding="utf-8"))
    x, values = np.load(place / "x.npy"), np.load(place / "values.npy")
    assert len(x) == about["count"] == 100
    assert [feature["unit"] for feature in about["features"]] == ["years", "kg/m²"]
    np.testing.assert_allclose(x * about["scale"] + about["centre"], values, rtol=1e-6)
    np.testing.assert_allclose(x.mean(0), 0, atol=1e-6)
    np.testing.assert_allclose(x.std(0), 1, rtol=1e-6)
    for file in place.iterdir():
        assert file.read_bytes() == (tmp_path / "other/samples/diabetes" / file.name).read_bytes()


def test_pixels_are_divided_by_the_largest_value(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    samples.prepare(samples.Tables(name=("digits",), scale={"digits": "range"}), raw, tmp_path)
    assert np.load(tmp_path / "samples/digits/x.npy").max() == 1


def test_a_constant_feature_is_named(raw: Path) -> None:
    with pytest.raises(Mistake, match=r"digits: feature pixel 0,0 is constant .* leave it out, or write scale: range"):
        samples.scaled(read("digits", raw), "spread", "digits")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"features": ("bmy",)}, "people.features: diabetes has no bmy; it has age, bmi"),
        ({"rows": 443}, "people.rows = 443: diabetes has 442; write fewer, or null for all"),
        ({"name": "mnist"}, "mnist is no table; those are ansur2, diabetes"),
    ],
)
def test_what_a_table_has_not_is_said(change: dict[str, object], said: str, raw: Path, tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=said):
        samples.prepare(PEOPLE.model_copy(update=change), raw / "diabetes", tmp_path)


def test_a_scale_is_given_for_each_table_and_no_other() -> None:
    with pytest.raises(ValueError, match="scale is given for"):
        samples.Tables(name=("iris", "wine"), scale={"iris": "spread"})


@pytest.mark.parametrize("name", COUNTS)
def test_damaged_and_missing_files_are_one_line(name: str, raw: Path, tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=f"is missing; run `make repro`, which fetches {name}"):
        tables.read(name, tmp_path)
    read(name, raw)
    for file in (raw / name).iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(Mistake, match="fetch it again") as raised:
        tables.read(name, tmp_path)
    assert "\n" not in str(raised.value)
