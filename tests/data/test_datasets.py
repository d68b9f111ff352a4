"""Every data set as it really is, and what is said of files that are not whole."""

import gzip
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import yaml
from root import MIRROR, ROOT

from tutelage.data import datasets, fetching, idx
from tutelage.errors import Mistake

CATALOGUE = ROOT / "data" / "catalogue.yaml"

COUNTS = {
    "mnist-5k": [500] * 10,
    "digits": [178, 182, 177, 183, 181, 182, 181, 179, 174, 180],
    "mnist": [6903, 7877, 6990, 7141, 6824, 6313, 6876, 7293, 6825, 6958],
    "fashion-mnist": [7000] * 10,
    "usps": [1553, 1269, 929, 824, 852, 716, 834, 792, 708, 821],
    "cifar10-jpeg": [6000] * 10,
    "letters": [21] * 52,
    "omniglot": [20] * 1623,
}


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders of raw files by data set; downloads come from a mirror, never from a network."""
    folder = tmp_path_factory.mktemp("raw")
    sets = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TUTELAGE_MIRROR", str(MIRROR))
        environment.setenv("TUTELAGE_CACHE", str(folder / "cache"))
        for name in COUNTS:
            files = [file["name"] for file in sets[name]["files"]] + [sets[name].get("archive", "")]
            if sets[name]["source"] == "package" or all((MIRROR / name / file).exists() for file in files):
                fetching.fetch(name, folder / name, CATALOGUE)
    return {name: folder / name for name in COUNTS if (folder / name).exists()}


def read(name: str, raw: dict[str, Path]) -> datasets.Images:
    if name not in raw:
        pytest.skip(f"no mirror has {name}: neither TUTELAGE_MIRROR nor ../shared/data")
    return whole(name, raw[name])


@cache
def whole(name: str, folder: Path) -> datasets.Images:
    return datasets.read(name, folder)


@pytest.mark.parametrize("name", COUNTS)
def test_every_data_set_has_its_classes(name: str, raw: dict[str, Path]) -> None:
    whole = read(name, raw)
    assert np.bincount(whole.labels).tolist() == COUNTS[name]
    assert [str(array.dtype) for array in (whole.images, whole.labels)] == ["uint8", "int64"]
    side, channels = {"digits": (8, 1), "usps": (16, 1), "cifar10-jpeg": (32, 3)}.get(name, (28, 1))
    assert whole.images.shape == (sum(COUNTS[name]), channels, side, side)
    assert whole.images.min() == 0
    assert whole.images.max() == 255


@pytest.mark.parametrize("name", ["mnist-5k", "digits", "mnist", "usps"])
def test_digits_stand_upright(name: str, raw: dict[str, Path]) -> None:
    whole = read(name, raw)
    means = [whole.images[whole.labels == digit, 0].mean(axis=0) for digit in range(10)]
    half = len(means[0]) // 2
    top, left = ([mean[:half].sum() / mean[half:].sum() for mean in turned] for turned in (means, [m.T for m in means]))
    assert top[7] > 1.5 * top[6]  # a seven is heavy at its head, a six at its foot
    assert left[6] > 1.1 * left[3]  # not mirrored: a three bulges to the right
    assert means[1].sum(axis=0).std() > 2 * means[1].sum(axis=1).std()  # a stroke from top to bottom


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("mnist", [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]),
        ("fashion-mnist", [1000] * 10),
        ("usps", [359, 264, 198, 166, 200, 160, 170, 147, 166, 177]),
        ("cifar10-jpeg", [1000] * 10),
        ("digits", None),
    ],
)
def test_an_official_test_part_is_the_end(name: str, counts: list[int] | None, raw: dict[str, Path]) -> None:
    whole = read(name, raw)
    assert (None if whole.test is None else np.bincount(whole.labels[-whole.test :]).tolist()) == counts


def test_mnist_5k_is_in_the_training_part_of_mnist(raw: dict[str, Path]) -> None:
    few, many = read("mnist-5k", raw), read("mnist", raw)
    places = {image.tobytes(): place for place, image in enumerate(many.images)}
    found = np.array([places[image.tobytes()] for image in few.images])
    assert found.max() == 5847
    assert (many.labels[found] == few.labels).all()


def test_ink_of_digits_is_spread_over_all_of_a_byte(raw: dict[str, Path]) -> None:
    values = np.unique(read("digits", raw).images)
    assert len(values) == 17
    assert np.abs(values - np.linspace(0, 255, 17)).max() <= 0.5


def test_pictures_have_the_catalogue_s_classes_and_blue_seas(raw: dict[str, Path]) -> None:
    whole = read("cifar10-jpeg", raw)
    classes = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))["cifar10-jpeg"]["classes"]
    for part in ("train", "test"):
        assert sorted(folder.name for folder in (raw["cifar10-jpeg"] / part).iterdir()) == classes
    colours = {name: whole.images[whole.labels == label].mean((0, 2, 3)) for label, name in enumerate(classes)}
    assert colours["ship"][2] > colours["ship"][0] + 10
    assert colours["frog"][2] < colours["frog"][0] - 10
    sky, keel = (whole.images[whole.labels == 0, :, row].mean() for row in (0, 16))
    assert sky > keel + 10  # upright: an aeroplane is darker than what is above it


def idx_file(path: Path, content: bytes) -> Path:
    path.write_bytes(gzip.compress(content))
    return path


HEAD = bytes([0, 0, 8, 1, 0, 0, 0, 3])


def test_an_idx_file_is_read(tmp_path: Path) -> None:
    assert idx.read(idx_file(tmp_path / "x.gz", HEAD + b"abc"), 1).tolist() == list(b"abc")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEAD + b"ab", r"holds 2 and not 3 = 3 bytes"),
        (HEAD + b"abcd", r"holds 4 and not 3 = 3 bytes"),
        (b"\0\0\x0d\1" + HEAD[4:] + b"abc", r"starts with 00000d01 and not 00000801"),
        (HEAD[:6], r"has no sizes"),
        (b"", r"starts with  and not 00000801"),
    ],
)
def test_a_damaged_idx_file_is_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(Mistake, match=said) as raised:
        idx.read(idx_file(tmp_path / "x.gz", content), 1)
    assert "\n" not in str(raised.value)
    assert "fetch it again" in str(raised.value)


@pytest.mark.parametrize("damage", ["cut", "other bytes"])
def test_damaged_raw_files_are_one_line(damage: str, tmp_path: Path, raw: dict[str, Path]) -> None:
    for name in raw:
        files = sorted(f for f in raw[name].rglob("*") if f.is_file())
        for file in files[:: len(files) // 50 + 1]:
            content, place = file.read_bytes(), tmp_path / name / file.relative_to(raw[name])
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content[: len(content) // 2] if damage == "cut" else b"?" * 999)
        with pytest.raises(Mistake) as raised:
            datasets.read(name, tmp_path / name)
        assert "\n" not in str(raised.value)
        assert "fetch it again" in str(raised.value)


@pytest.mark.parametrize("name", COUNTS)
def test_missing_raw_files_are_said(name: str, tmp_path: Path) -> None:
    missing = rf"{tmp_path}/[\w.-]+\.(gz|mat) is missing|{tmp_path} holds no (fonts|drawings|pictures)"
    with pytest.raises(Mistake, match=rf"^({missing}); run `make repro`, which fetches ({name}|them)$"):
        datasets.read(name, tmp_path)


def test_a_data_set_that_is_no_images_is_said(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="iris is no data set of images; those are cifar10-jpeg, digits, "):
        datasets.read("iris", tmp_path)


def test_data_is_prepared_without_torch_and_packages_are_not_imported(tmp_path: Path) -> None:
    script = f"""if True:
        import sys
        from pathlib import Path
        from tutelage.data import fetching, roles
        fetching.fetch("mnist-5k", Path({str(tmp_path / "a")!r}))
        fetching.fetch("digits", Path({str(tmp_path / "b")!r}))
        roles.prepare(roles.Params(name="digits", resize=None, valid=0.1, test=0.3), Path({str(tmp_path / "b")!r}),
                      Path({str(tmp_path / "c")!r}))
        print(*{{"torch", "sklearn", "mlxtend", "pandas", "scipy", "requests"}} & set(sys.modules))
    """
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "\n"
