"""Images of one shape: scaled, then framed with zeros."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydantic import NonNegativeInt, PositiveInt

from tutelage.errors import Mistake
from tutelage.params import Block


class Resize(Block):
    """How images of any size come to one size: scale + 2 pad pixels a side."""

    scale: PositiveInt  # pixels a side that an image is scaled to, by Lanczos' filter
    pad: NonNegativeInt  # zero pixels then added on each of the four sides


def uniform(images: Sequence[NDArray[np.uint8]] | NDArray[np.uint8], rule: Resize | None) -> NDArray[np.uint8]:
    """Images [channel, height, width] as one array. Raises Mistake where their shapes differ and no rule says to what.

    Without a rule images keep their size.
    """
    if rule is not None:
        return np.stack([_resized(image, rule) for image in images])
    shapes = dict.fromkeys(image.shape for image in images)
    if len(shapes) > 1:
        one, other = (" × ".join(map(str, shape[1:])) for shape in list(shapes)[:2])
        raise Mistake(f"there are images of {one} and of {other} pixels; write `resize: {{scale: 28, pad: 0}}`, say")
    return np.stack(list(images))


def _resized(image: NDArray[np.uint8], rule: Resize) -> NDArray[np.uint8]:
    side = rule.scale + 2 * rule.pad
    framed = np.zeros((len(image), side, side), np.uint8)
    inside = slice(rule.pad, rule.pad + rule.scale)
    for channel, plane in enumerate(image):
        scaled = Image.fromarray(plane).resize((rule.scale, rule.scale), Image.Resampling.LANCZOS)
        framed[channel, inside, inside] = np.asarray(scaled)
    return framed
