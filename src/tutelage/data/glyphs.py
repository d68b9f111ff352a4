"""Letters as the faces of fonts draw them, a folder of font files to images."""

from pathlib import Path
from string import ascii_lowercase, ascii_uppercase

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from tutelage.errors import Mistake

LETTERS = ascii_uppercase + ascii_lowercase
SIDE, BASELINE, CAPITAL = 28, 21, 16  # pixels: of an image, from its top to where letters stand, the height of an H
_LARGE = 1000  # a size at which H is measured


def read(raw: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.str_]]:
    """Images, letters and faces: every letter of every font file, named by its path: `STIX/Bold`.

    A face has one size, at which its capitals are as high as any other's: letters keep their heights and widths to
    each other, and stand on one line; each is in the middle of its frame by its own ink. Raises Mistake for a file
    that is no font, and for a letter that does not fit.
    """
    files = {path.relative_to(raw).with_suffix("").as_posix(): path for path in raw.rglob("*.ttf")}
    faces = sorted(files)
    if not faces:
        raise Mistake(f"{raw} holds no fonts; run `make repro`, which fetches them")
    drawn = [_letters(files[face]) for face in faces]
    labels = np.tile(np.arange(len(LETTERS)), len(faces))
    return np.concatenate(drawn)[:, None], labels, np.repeat(faces, len(LETTERS))


def _letters(path: Path) -> NDArray[np.uint8]:
    try:
        high = -_font(path, _LARGE).getbbox("H", anchor="ls")[1]
        if high <= 0:
            raise OSError("its H has no height")
        font = _font(path, CAPITAL * _LARGE / high)
        return np.stack([_glyph(font, letter, path) for letter in LETTERS])
    except OSError as error:
        raise Mistake(f"{path} is damaged ({error}); delete it and fetch it again") from None


def _font(path: Path, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)  # the other is not everywhere


def _glyph(font: ImageFont.FreeTypeFont, letter: str, path: Path) -> NDArray[np.uint8]:
    page = Image.new("L", (3 * SIDE, SIDE))
    ImageDraw.Draw(page).text((SIDE, BASELINE), letter, fill=255, font=font, anchor="ls")
    ink = np.asarray(page)
    columns, rows = np.flatnonzero(ink.any(0)), np.flatnonzero(ink.any(1))
    if not len(columns) or np.ptp(columns) > SIDE - 3 or rows[0] == 0 or rows[-1] == SIDE - 1:
        raise Mistake(f"{path}: {letter} has no ink, or more than a frame of {SIDE}×{SIDE} holds; leave that face out")
    first = (columns[0] + columns[-1] + 1 - SIDE) // 2
    return ink[:, first : first + SIDE]
