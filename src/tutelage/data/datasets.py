"""Image data sets by name: raw files to arrays, one function a layout of files."""

import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tutelage.data import glyphs, idx, omniglot
from tutelage.errors import Mistake


@dataclass(frozen=True)
class Images:
    """Labelled images in the order of their files."""

    images: NDArray[np.uint8]  # n, channel, height, width; ink is bright
    labels: NDArray[np.int64]
    test: int | None = None  # the last so many are the official test part
    groups: NDArray[np.str_] | None = None  # of each the name of what it belongs with; no part shares one
    classes: tuple[str, ...] = ()  # where the files name them and the catalogue does not


def read(name: str, raw: Path) -> Images:
    """The data set of that name from its folder of raw files. Raises Mistake where they are missing or damaged."""
    if name not in READERS:
        raise Mistake(f"{name} is no data set of images; those are {', '.join(sorted(READERS))}")
    try:
        return READERS[name](raw)
    except FileNotFoundError as error:
        raise Mistake(f"{error.filename} is missing; run `make repro`, which fetches {name}") from None


def _mnist_5k(raw: Path) -> Images:
    images, labels = _table(raw / "mnist_5k.csv.gz", side=28)
    return Images(images, labels)


def _digits(raw: Path) -> Images:
    """A pixel counts ink from 0 to 16."""
    counts, labels = _table(raw / "digits.csv.gz", side=8)
    return Images(((counts.astype(np.uint16) * 255 + 8) // 16).astype(np.uint8), labels)


def _table(path: Path, side: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """A CSV of one image a row, its label last."""
    try:
        with gzip.open(path, "rt") as rows:
            table = np.loadtxt(rows, np.uint8, delimiter=",", ndmin=2)  # half the time of pandas, and no import of it
    except (ValueError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Mistake(f"{path} is damaged ({str(error).splitlines()[0]}); delete it and fetch it again") from None
    if table.shape[1] != side * side + 1:
        raise Mistake(f"{path} has {table.shape[1]} columns, not {side * side + 1}; delete it and fetch it again")
    return table[:, :-1].reshape(-1, 1, side, side), table[:, -1].astype(np.int64)


def _idx(raw: Path) -> Images:
    """The four files of MNIST and of all who copied its form."""
    parts = [
        (idx.read(raw / f"{part}-images-idx3-ubyte.gz", 3), idx.read(raw / f"{part}-labels-idx1-ubyte.gz", 1))
        for part in ("train", "t10k")
    ]
    for images, labels in parts:
        if len(images) != len(labels):
            raise Mistake(f"{raw} holds {len(images):,} images and {len(labels):,} labels; fetch it again")
    images, labels = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return Images(images[:, None], labels.astype(np.int64), test=len(parts[1][1]))


def _usps(raw: Path) -> Images:
    """Rows of 256 pixels, row by row from the top, and a label from 1 to 10."""
    from scipy.io import loadmat  # here, because it takes 0.2 s that the other data sets need not wait

    path = raw / "usps_all.mat"
    path.stat()  # a missing file is not a damaged one, and loadmat tells them apart in no way
    try:
        rows = loadmat(path)["usps_all"]
    except (OSError, ValueError, TypeError, KeyError, zlib.error) as error:
        raise Mistake(f"{path} is damaged ({error}); delete it and fetch it again") from None
    return Images(rows[:, :-1].reshape(-1, 1, 16, 16), rows[:, -1].astype(np.int64) - 1, test=2007)


def _pictures(raw: Path) -> Images:
    """A folder a part, in it a folder a class, in that the class's pictures in colour."""
    files: list[Path] = []
    labels: list[int] = []
    for part in ("train", "test"):
        classes = sorted((raw / part).glob("*/"))
        for label, folder in enumerate(classes):
            files += sorted(folder.glob("*.jpg"))
            labels += [label] * (len(files) - len(labels))
    if not files:
        raise Mistake(f"{raw} holds no pictures; run `make repro`, which fetches them")
    images = np.stack([_picture(file) for file in files]).transpose(0, 3, 1, 2)  # threads take longer: files are small
    return Images(images, np.array(labels), test=sum(file.parts[-3] == "test" for file in files))


def _picture(path: Path) -> NDArray[np.uint8]:
    try:
        with Image.open(path, formats=("JPEG",)) as picture:
            return np.asarray(picture.convert("RGB"))
    except OSError as error:
        raise Mistake(f"{path} is damaged ({error}); delete it and fetch it again") from None


def _letters(raw: Path) -> Images:
    images, labels, faces = glyphs.read(raw)
    return Images(images, labels, groups=faces)


def _omniglot(raw: Path) -> Images:
    """Groups are people, each with all characters of an alphabet."""
    images, characters, alphabets, drawers, names = omniglot.read(raw)
    groups = np.array([f"{alphabet}/{drawer}" for alphabet, drawer in zip(alphabets, drawers, strict=True)])
    return Images(images, characters, groups=groups, classes=tuple(names))


READERS: dict[str, Callable[[Path], Images]] = {
    "mnist-5k": _mnist_5k,
    "digits": _digits,
    "mnist": _idx,
    "fashion-mnist": _idx,
    "usps": _usps,
    "cifar10-jpeg": _pictures,
    "letters": _letters,
    "omniglot": _omniglot,
}
