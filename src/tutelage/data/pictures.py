"""Images of a folder of yours: which files there are and what is known of each, each read once, several at a time."""

import csv
import ctypes
import difflib
import hashlib
import io
import multiprocessing
import os
import signal
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from jaxtyping import UInt8
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from tutelage import params
from tutelage.data import shapes
from tutelage.data.shapes import Resize
from tutelage.errors import Mistake
from tutelage.params import Block

PARTS = ("train", "valid", "test")
ELSE = {"val": "valid", "validation": "valid", "training": "train", "testing": "test"}
"""What else parts are called."""
LABELS = ("label", "class", "species", "target", "category", "y")  # what a column of labels is usually called
TOLD = 10_000  # files between two lines of progress
CHUNK = 100  # files that a process is handed at once
T = TypeVar("T")


class Table(Block):
    """A CSV beside the images: a row an image, and which columns say what of it."""

    file: str  # inside the folder
    image: str  # its column of paths inside the folder; a name alone does where no other file has it
    label: str | None  # empty where an image has none; null: sub-folders are classes
    split: str | None  # train, valid or test
    group: str | None  # no part shares one


class Reading(Block):
    """What of a folder of yours is read, and how. A sub-folder is a class; images outside all of them have no label."""

    unlabelled: str | None  # a sub-folder that is no class
    table: Table | None
    skip: bool  # files that are no images are left out; false: refused


class Listed(NamedTuple):
    """The files of a folder that shall be images, in the order of their names; empty where nothing is said of one."""

    files: list[str]  # inside the folder
    labels: list[str]
    parts: list[str]
    groups: list[str]


class Picture(NamedTuple):
    """A file that was read."""

    digest: bytes  # of its bytes
    size: tuple[int, int]  # height, width, as the file has it
    pixels: UInt8[np.ndarray, "channel height width"]  # one channel of greys or three of colours


def part_of(name: str) -> str:
    """The part that is called so, in any letters; what is called otherwise stays."""
    return ELSE.get(name.lower(), name.lower())


def listed(folder: Path, how: Reading) -> Listed:
    """What a folder holds. Raises Mistake for one that is empty, and for a table that is not its files'.

    Folders `train`, `valid` and `test` on top are parts, of which `valid` may lack. Names that begin with a dot are
    left out, and links to folders are not followed: neither does DVC.
    """
    files = sorted(_walked(folder))
    if how.table:
        files = [file for file in files if file != how.table.file]
    if not files:
        raise Mistake(f"{folder} holds no files; name a folder of images")
    top = {file.split("/")[0] for file in files if "/" in file} - {how.unlabelled}
    parted = {"train", "test"} <= {part_of(name) for name in top} <= set(PARTS)
    if how.unlabelled and not any(how.unlabelled in Path(file).parts[:-1] for file in files):
        raise Mistake(f"{folder} has no folder {how.unlabelled}{params.nearest(how.unlabelled, sorted(top))}")
    labels, parts = [], []
    for file in files:
        steps = file.split("/")
        parts.append(part_of(steps.pop(0)) if parted and part_of(steps[0]) in PARTS and len(steps) > 1 else "")
        labels.append(steps[0] if len(steps) > 1 and steps[0] != how.unlabelled else "")
    groups = [""] * len(files)
    if how.table:
        told = _told(folder, how.table, files)
        labels = told.get(how.table.label, labels)
        parts = told.get(how.table.split, parts)
        groups = told.get(how.table.group, groups)
    return Listed(files, labels, parts, groups)


def rows(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The columns and rows of a CSV with a header, its fields apart by commas, semicolons or tabs. Raises Mistake."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        near = params.nearest(path.name, [other.name for other in path.parent.glob("*.csv")])
        raise Mistake(f"{path} is missing{near}") from None
    except UnicodeDecodeError as error:
        raise Mistake(f"{path} is not UTF-8 at byte {error.start}; save it as UTF-8") from None
    head = text.partition("\n")[0]
    table = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count)))
    if len(table) < 2:
        raise Mistake(f"{path} has no rows; it needs a header and a row an image")
    columns = [name.strip() for name in table[0]]
    for number, row in enumerate(table, 1):
        if len(row) not in (0, len(columns)):
            raise Mistake(f"{path}, row {number}: {len(row)} fields, and the header has {len(columns)}; mend that row")
    return columns, [dict(zip(columns, map(str.strip, row), strict=True)) for row in table[1:] if row]


def read(folder: Path, files: Sequence[str], rule: Resize | None, *, skip: bool) -> Iterator[Picture | None]:
    """Each file once, in their order, several at a time; none for one that is no image, where these are skipped.

    Raises Mistake for a file that is no image, and where the folder was changed meanwhile.
    """
    before = _stamps(folder)

    for picture in _told_of(folder, _several(partial(_tried, folder, rule), files), len(files)):
        if isinstance(picture, Mistake):
            _unchanged(folder, before)
            if not skip:
                raise Mistake(f"{picture}; take it away, or write `skip: true` to leave such files out")
            print(f"{picture}; left out", file=sys.stderr)
        yield picture if isinstance(picture, Picture) else None
    _unchanged(folder, before)


def column(name: str, columns: Sequence[str], path: Path) -> str:
    """That column. Raises Mistake, with those nearest to it, for one that the table has not."""
    if name not in columns:
        near = difflib.get_close_matches(name, columns, cutoff=0.5) or columns
        raise Mistake(f"{path} has no column {name}; nearest are {', '.join(near)}")
    return name


def _told(folder: Path, table: Table, files: Sequence[str]) -> dict[str | None, list[str]]:
    """By column that is named, what it says of each file."""
    path = folder / table.file
    columns, told = rows(path)
    named = [column(name, columns, path) for name in (table.label, table.split, table.group) if name]
    column(table.image, columns, path)
    places = known(files)
    said: dict[str, dict[str, str]] = {}
    for row in told:
        file = places.get(row[table.image])
        if file is None:
            raise Mistake(f"{path} names {row[table.image]}, which is no file of {folder}, or several; mend that row")
        if file in said:
            raise Mistake(f"{path} names {row[table.image]} twice; take one row out")
        said[file] = row
    return {name: [said[file][name] if file in said else "" for file in files] for name in named}


def known(files: Sequence[str]) -> dict[str, str]:
    """By what a table may call it, the file: its path inside the folder, or its name or stem where no other has it."""
    called: dict[str, str] = {}
    for short in ([Path(file).stem for file in files], [Path(file).name for file in files]):
        times = Counter(short)
        called |= {name: file for name, file in zip(short, files, strict=True) if times[name] == 1}
    return called | {file: file for file in files}


def _walked(folder: Path) -> Iterator[str]:
    def stop(error: OSError) -> None:
        raise Mistake(f"{error.filename}: {error.strerror}; name a folder that you may read") from None

    for place, folders, names in os.walk(folder, onerror=stop):
        folders[:] = [name for name in folders if not name.startswith(".")]
        inside = Path(place).relative_to(folder)
        yield from ((inside / name).as_posix() for name in names if not name.startswith("."))


def _stamps(folder: Path) -> dict[str, tuple[int, int]]:
    stamps = {}
    for file in _walked(folder):
        try:
            stat = (folder / file).stat()
        except FileNotFoundError:
            continue
        stamps[file] = stat.st_size, stat.st_mtime_ns
    return stamps


def _unchanged(folder: Path, before: dict[str, tuple[int, int]]) -> None:
    after = _stamps(folder)
    if changed := sorted(file for file in before.keys() | after.keys() if before.get(file) != after.get(file)):
        raise Mistake(f"{folder} changed while it was read ({changed[0]}); run this again when nobody writes there")


def _tried(folder: Path, rule: Resize | None, file: str) -> Picture | Mistake:
    try:
        return _picture(folder / file, rule)
    except Mistake as mistake:
        return mistake


def _picture(path: Path, rule: Resize | None) -> Picture:
    try:
        content = path.read_bytes()
        with Image.open(io.BytesIO(content)) as image:
            pixels = _pixels(ImageOps.exif_transpose(image))
    except PermissionError as error:
        raise Mistake(f"{path}: {error.strerror}") from None
    except UnidentifiedImageError:
        raise Mistake(f"{path} is no image") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Mistake(f"{path} is no whole image ({str(error).splitlines()[0]})") from None
    size = pixels.shape[1], pixels.shape[2]
    return Picture(hashlib.blake2b(content, digest_size=16).digest(), size, shapes.uniform([pixels], rule)[0])


def _pixels(image: Image.Image) -> UInt8[np.ndarray, "channel height width"]:
    """Greys stay greys, of 16 bits the upper eight; all else becomes red, green and blue; transparency is dropped."""
    if image.mode.startswith("I;16"):
        return (np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8)[None]
    if image.mode in ("I", "F"):
        raise ValueError("its pixels have 32 bits; save it with 8 or 16")
    if image.mode in ("1", "L", "LA"):
        return np.asarray(image.convert("L"))[None]
    return np.asarray(image.convert("RGB")).transpose(2, 0, 1)


def _several(one: Callable[[str], T], files: Sequence[str]) -> Iterator[T]:
    """one(file) of each, in their order, a process a core: of small files threads decode no more at once than one."""
    cores = min(len(os.sched_getaffinity(0)), len(files) // CHUNK + 1)
    if cores < 2:
        yield from map(one, files)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forks beside a thread: the stage's only waits
        pool = multiprocessing.get_context("fork").Pool(cores, _worker)
    with pool:
        yield from pool.imap(one, files, CHUNK)


def _worker() -> None:
    """What a process of the pool is told first: to end where the stage does, and when it is told to, without a word."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError, AttributeError):
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


def _told_of(folder: Path, pictures: Iterator[Any], n: int) -> Iterator[Any]:
    for number, picture in enumerate(pictures, 1):
        if number % TOLD == 0 and n > TOLD:
            print(f"{folder}: {number:,} of {n:,} files read", file=sys.stderr)
        yield picture


def alike(pictures: Sequence[Picture]) -> NDArray[np.uint8]:
    """Their pixels as one array; where some have colours all have. Raises Mistake where sizes differ."""
    channels = max(len(picture.pixels) for picture in pictures)
    return shapes.uniform([np.broadcast_to(p.pixels, (channels, *p.pixels.shape[1:])) for p in pictures], None)
