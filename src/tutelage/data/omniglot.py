"""Omniglot: 1,623 characters of 50 alphabets, each drawn by 20 people. Lake, Salakhutdinov and Tenenbaum, 2015."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tutelage.errors import Mistake

SIDE = 28  # pixels of an image, as in Vinyals et al., "Matching networks for one shot learning", 2016
_FILE = 105  # pixels of a file's image
# Pillow's box gives a pixel 3 or 4 whole ones of the file's, which makes strokes uneven; these are shares of them.
_MEANS = np.repeat(np.eye(SIDE), 15, axis=1).reshape(SIDE, _FILE, 4).sum(2) / 15
PARTS = ("train", "val", "test")


class Drawings(NamedTuple):
    """Sorted by alphabet, character, drawer."""

    images: NDArray[np.uint8]  # n, 1, 28, 28; ink is bright
    characters: NDArray[np.int64]  # of each a position in names
    alphabets: NDArray[np.str_]
    drawers: NDArray[np.str_]  # "01" to "20": of one alphabet the same people, of two alphabets others
    names: list[str]  # `Gurmukhi/character42`


def read(raw: Path) -> Drawings:
    """All drawings, of 105 × 105 pixels in the files, here each the mean ink of 3¾ × 3¾ of those.

    Raises Mistake where there are none, or a file is no drawing.
    """
    folders = _characters(raw)
    files = [(number, file) for number, folder in enumerate(folders) for file in sorted(folder.glob("*.png"))]
    return Drawings(
        np.stack([_drawing(file) for _, file in files])[:, None],
        np.array([number for number, _ in files]),
        np.array([file.parts[-3] for _, file in files]),
        np.array([file.stem.rpartition("_")[2] for _, file in files]),
        [_name(folder) for folder in folders],
    )


def split(raw: Path) -> dict[str, NDArray[np.int64]]:
    """Of each part `train`, `val` and `test` its classes: rows of a position in names and of quarter turns, 0 to 3.

    A turned character is a class of its own, and no character is in two parts. Turns go against the clock, as
    np.rot90 and torch.rot90 do on an image's height and width. Raises Mistake for a line that names no character.
    """
    numbers = {_name(folder): number for number, folder in enumerate(_characters(raw))}
    parts = {}
    for part in PARTS:
        path = raw / "splits-vinyals" / f"{part}.txt"
        rows = []
        for line in path.read_text(encoding="utf-8").split():
            name, _, turned = line.rpartition("/rot")
            if name not in numbers or turned not in ("000", "090", "180", "270"):
                raise Mistake(f"{path} is damaged ({line} is no turned character); delete it and fetch it again")
            rows.append((numbers[name], int(turned) // 90))
        parts[part] = np.array(rows)
    return parts


def turned(drawings: Drawings, classes: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The images of classes of a split, each turned as it says, and of each the number of its class among them."""
    characters, turns = classes.T
    each = drawings.images.reshape(len(drawings.names), -1, *drawings.images.shape[1:])
    made = np.empty((len(classes), *each.shape[1:]), np.uint8)
    for k in range(4):
        made[turns == k] = np.rot90(each[characters[turns == k]], k, (-2, -1))
    return made.reshape(-1, *made.shape[2:]), np.repeat(np.arange(len(classes)), each.shape[1])


def _characters(raw: Path) -> list[Path]:
    """Their folders, sorted by name; the authors' two halves, `background` and `evaluation`, share no alphabet."""
    folders = sorted(raw.glob("images_*/*/*"), key=_name)
    if not folders:
        raise Mistake(f"{raw} holds no drawings; run `make repro`, which fetches them")
    return folders


def _name(folder: Path) -> str:
    return "/".join(folder.parts[-2:])


def _drawing(path: Path) -> NDArray[np.uint8]:
    try:
        with Image.open(path) as drawing:
            ink = 255 - np.asarray(drawing.convert("L"))
    except OSError as error:
        raise Mistake(f"{path} is damaged ({error}); delete it and fetch it again") from None
    if ink.shape != (_FILE, _FILE):
        raise Mistake(f"{path} is {ink.shape[1]}×{ink.shape[0]} pixels, not {_FILE}×{_FILE}; fetch it again")
    return np.rint(_MEANS @ ink @ _MEANS.T).astype(np.uint8)
