"""A user's examples: image files and folders of them, arrays of images, tables; named, and read block by block."""

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
from jaxtyping import Float, UInt8
from numpy import ndarray
from PIL import Image, ImageOps, UnidentifiedImageError
from tqdm import tqdm

from tutelage.errors import Mistake
from tutelage.learned.asking import Model

TABLES, ARRAYS = (".csv", ".parquet"), (".npy", ".npz")
MODES = {1: "L", 3: "RGB", 4: "RGBA"}


class Examples(Protocol):
    """Examples in their order, each with a name, as a model takes them."""

    @property
    def key(self) -> str: ...  # what the names are: file | row
    @property
    def names(self) -> list[str]: ...
    @property
    def marks(self) -> list[str]: ...  # a word for each that changes when the example does
    def block(self, rows: slice) -> ndarray: ...


@dataclass(frozen=True)
class Files:
    """Image files. A file is opened when its block is read, and closed again."""

    model: Model
    paths: list[Path]
    names: list[str]
    key: str = "file"

    @property
    def marks(self) -> list[str]:
        stats = [path.stat() for path in self.paths]
        return [f"{stat.st_size} {stat.st_mtime_ns}" for stat in stats]

    def block(self, rows: slice) -> UInt8[ndarray, "n c h w"]:
        assert self.model.shape is not None
        paths = self.paths[rows]
        return self.model.pixels(
            [picture(path, self.model.shape[0]) for path in paths], [path.as_posix() for path in paths]
        )


@dataclass(frozen=True)
class Array:
    """Images in one array, left on the disk where its format lets them be."""

    model: Model
    path: Path
    images: UInt8[ndarray, "n c h w"]
    key: str = "row"

    @cached_property
    def names(self) -> list[str]:
        return [str(row) for row in range(len(self.images))]

    @property
    def marks(self) -> list[str]:
        return _of(self.path) * len(self.images)

    def block(self, rows: slice) -> UInt8[ndarray, "n c h w"]:
        first, last, _ = rows.indices(len(self.images))
        return self.model.pixels(list(self.images[rows]), [f"{self.path}, image {row}," for row in range(first, last)])


@dataclass(frozen=True)
class Rows:
    """The columns of a table that the model learned from, in the features' own units."""

    path: Path
    values: Float[ndarray, "n feature"]
    key: str = "row"

    @cached_property
    def names(self) -> list[str]:
        return [str(row) for row in range(len(self.values))]

    @property
    def marks(self) -> list[str]:
        return _of(self.path) * len(self.values)

    def block(self, rows: slice) -> Float[ndarray, "n feature"]:
        return self.values[rows]


def read(model: Model, paths: Sequence[Path]) -> Examples:
    """What a user names: one table, one array, or image files and folders. Raises Mistake for what the model does not
    take."""
    for path in paths:
        if not path.exists():
            raise Mistake(f"{path} is not there")
    (path, *more) = paths
    if model.shape is None:
        if more or path.suffix not in TABLES:
            raise Mistake(f"{model.kept.name} takes one table, {' or '.join(TABLES)}, of {_few(model.features)}")
        return _rows(model, path)
    if path.suffix in TABLES:
        raise Mistake(f"{path} is a table, and {model.kept.name} takes images")
    return _array(model, path) if not more and path.suffix in ARRAYS else _files(model, paths)


def picture(path: Path, channels: int) -> UInt8[ndarray, "c h w"]:
    """A file's pixels, grey ones in each of the channels that are asked for. Raises Mistake where it cannot be read."""
    with _opened(path) as image:
        pixels = np.asarray(ImageOps.exif_transpose(image).convert(MODES[_channels(image, path)]))
    return np.repeat(pixels[None], channels, axis=0) if pixels.ndim == 2 else np.moveaxis(pixels, -1, 0)


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """Raises Mistake, which names the file, where it is no image, is damaged or may not be read."""
    try:
        with Image.open(path) as image:
            yield image
    except UnidentifiedImageError:
        raise Mistake(f"{path} is no image; take it away") from None
    except PermissionError:
        raise Mistake(f"{path} may not be read; give yourself the right") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Mistake(f"{path} is damaged ({error}); take it away, or replace it") from None


def _channels(image: Image.Image, path: Path) -> int:
    """Without a palette and in 8 bits. Raises Mistake where there are more bits."""
    if image.mode in ("1", "L"):
        return 1
    if image.mode[0] in "IF":
        raise Mistake(f"{path} has more than 8 bits a pixel; save it with 8")
    return 4 if "A" in image.mode[1:] or "transparency" in image.info else 3


def _files(model: Model, paths: Sequence[Path]) -> Files:
    found: list[tuple[Path, str]] = []
    for path in paths:
        if path.is_dir():
            inside = _inside(path)
            if not inside:
                raise Mistake(f"{path} holds no file; name a folder of images")
            found += [(file, file.relative_to(path).as_posix()) for file in inside]
        else:
            found.append((path, path.as_posix()))
    assert model.shape is not None
    for path, _ in tqdm(
        found, "looked at", leave=False, disable=None
    ):  # what cannot be is said before anything is done
        with _opened(path) as image:
            channels = _channels(image, path)
            model.takes((model.shape[0] if channels == 1 else channels, image.height, image.width), path.as_posix())
    return Files(model, [path for path, _ in found], [name for _, name in found])


def _inside(folder: Path) -> list[Path]:
    """All files below that are not hidden, in the order of their names."""
    try:
        list(folder.iterdir())
    except PermissionError:
        raise Mistake(f"{folder} may not be read; give yourself the right") from None
    below = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in below if not any(part[0] == "." for part in path.relative_to(folder).parts))


def _array(model: Model, path: Path) -> Array:
    try:
        loaded = np.load(path, mmap_mode="r", allow_pickle=False)
        if isinstance(loaded, np.lib.npyio.NpzFile):
            named = [name for name in ("images", "x") if name in loaded.files] or loaded.files
            if not named:
                raise Mistake(f"{path} holds no array")
            loaded = loaded[named[0]]
    except PermissionError:
        raise Mistake(f"{path} may not be read; give yourself the right") from None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise Mistake(f"{path} holds no plain arrays ({str(error).splitlines()[0]})") from None
    images = loaded[:, None] if loaded.ndim == 3 else loaded
    if images.ndim != 4 or images.dtype != np.uint8 or not len(images):
        raise Mistake(
            f"{path} holds {loaded.dtype} {list(loaded.shape)}; images are uint8 [n, channel, height, width], or "
            "[n, height, width] where they are grey"
        )
    return Array(model, path, images)


def _rows(model: Model, path: Path) -> Rows:
    try:
        table = pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
    except PermissionError:
        raise Mistake(f"{path} may not be read; give yourself the right") from None
    except (OSError, ValueError) as error:
        raise Mistake(f"{path} is no table ({str(error).splitlines()[0]})") from None
    missing = [feature for feature in model.features if feature not in table.columns]
    if missing:
        raise Mistake(f"{path} has no column {missing[0]}; {model.kept.name} takes {_few(model.features)}")
    chosen = table[model.features]
    for feature in model.features:
        numbers = pd.to_numeric(chosen[feature], errors="coerce")
        if numbers.isna().any():
            raise Mistake(f"{path}: column {feature}, row {int(numbers.isna().argmax())} is no number; fill it in")
    if not len(table):
        raise Mistake(f"{path} holds no row")
    return Rows(path, chosen.to_numpy(dtype=np.float64))


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def _of(path: Path) -> list[str]:
    stat = path.stat()
    return [f"{stat.st_size} {stat.st_mtime_ns}"]
