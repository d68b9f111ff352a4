"""What scaling and framing must leave as it was."""

import numpy as np
import pytest

from tutelage.data import shapes
from tutelage.data.shapes import Resize
from tutelage.errors import Mistake

RULE = Resize(scale=20, pad=4)


@pytest.mark.parametrize("side", [8, 20, 64])
@pytest.mark.parametrize("value", [0, 1, 255])
def test_a_constant_image_stays_constant_in_a_frame_of_zeros(side: int, value: int) -> None:
    image = shapes.uniform(np.full((1, 3, side, side), value, np.uint8), RULE)[0]
    assert image.shape == (3, 28, 28)
    assert (image[:, 4:24, 4:24] == value).all()
    assert image.sum(dtype=int) == 3 * 20 * 20 * value


@pytest.mark.parametrize("corner", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_up_stays_up_and_left_stays_left(corner: tuple[int, int]) -> None:
    image = np.zeros((1, 1, 8, 8), np.uint8)
    image[0, 0, 7 * corner[0], 7 * corner[1]] = 255
    scaled = shapes.uniform(image, RULE)[0, 0]
    brightest = np.unravel_index(scaled.argmax(), scaled.shape)
    assert tuple(int(place >= 14) for place in brightest) == corner


def test_channels_are_not_mixed() -> None:
    image = np.zeros((1, 3, 8, 8), np.uint8)
    image[0, 1] = 200
    assert shapes.uniform(image, RULE)[0].max(axis=(1, 2)).tolist() == [0, 200, 0]


def test_a_scale_that_is_the_size_changes_nothing() -> None:
    images = np.random.default_rng(0).integers(0, 256, (2, 1, 9, 9), np.uint8)
    assert (shapes.uniform(images, Resize(scale=9, pad=0)) == images).all()
    assert (shapes.uniform(images, None) == images).all()


def test_unequal_sizes_need_a_rule() -> None:
    images = [np.ones((1, 16, 16), np.uint8), np.ones((1, 28, 20), np.uint8)]
    with pytest.raises(Mistake, match=r"16 × 16 and of 28 × 20 pixels; write `resize: \{scale: 28, pad: 0\}`"):
        shapes.uniform(images, None)
    assert shapes.uniform(images, RULE).shape == (2, 1, 28, 28)
