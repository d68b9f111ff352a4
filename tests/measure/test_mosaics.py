"""Mosaics: every image once, in rows, in a file that is the same twice."""

import io

import numpy as np
import torch
from PIL import Image

from tutelage.measure import mosaics


def test_a_mosaic_has_every_image_once_in_rows() -> None:
    images = np.arange(5, dtype=np.uint8)[:, None, None, None] * np.ones((1, 1, 2, 3), np.uint8)
    whole = mosaics.mosaic(images, across=3)
    assert whole.shape == (4, 9, 1)
    assert whole[::2, ::3, 0].tolist() == [[0, 1, 2], [3, 4, 0]]


def test_a_png_holds_the_pixels_and_nothing_else_and_is_the_same_twice() -> None:
    whole = np.random.default_rng(0).integers(0, 256, (6, 5, 1), np.uint8)
    file = mosaics.png(whole)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(file))), whole[:, :, 0])
    assert file == mosaics.png(whole)
    assert b"tEXt" not in file


def test_below_each_row_stands_what_belongs_to_it_and_a_row_that_is_not_full_is_left_out() -> None:
    x = torch.arange(5).view(5, 1, 1, 1) / 255
    whole = np.asarray(Image.open(io.BytesIO(mosaics.below(x, x + 10 / 255, across=2))))
    assert whole.tolist() == [[0, 1], [10, 11], [2, 3], [12, 13]]
