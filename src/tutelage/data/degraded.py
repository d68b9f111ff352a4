"""Images that will be small: x an image of a few averages, x* the whole of it. After Lopez-Paz et al., 2016."""

from pathlib import Path

import numpy as np

from tutelage.data import catalogue, datasets, kinds
from tutelage.data.problems import Examples, Made
from tutelage.errors import Mistake


def make(problem: kinds.Images, raw: Path) -> Made:
    """Of each image x `side` × `side` averages of blocks as equal as can be, pixels of both in [0, 1].

    An image is a group of its own, or where the data set has groups those stay together. Raises Mistake where images
    are no larger than that, or not of one size, and where a class is not there or alone.
    """
    name, side = problem.name, problem.side
    whole = datasets.read(name, raw)
    images = whole.images / 255
    _, _, height, width = images.shape
    if side >= min(height, width):
        raise Mistake(f"images of {name} are {height}×{width}; {side}×{side} averages are not fewer, write less")
    across, down = _blocks(width, side), _blocks(height, side)
    small = down @ images @ across.T
    group = np.arange(len(images)) if whole.groups is None else np.unique(whole.groups, return_inverse=True)[1]
    every = Examples(small.reshape(len(images), -1), images.reshape(len(images), -1), whole.labels, group)
    names = catalogue.find(name).classes or whole.classes
    asked = names if problem.classes is None else problem.classes
    if other := sorted({*asked} - {*names}):
        raise Mistake(f"classes has {other[0]}, which {name} has not; it has {', '.join(names)}")
    if len(asked) < 2:
        raise Mistake(f"classes has {asked[0]} alone, which leaves nothing to tell apart; write another beside it")
    of = np.array([names.index(one) for one in asked])
    some = every.of(np.flatnonzero(np.isin(whole.labels, of)))
    return Made(some._replace(y=(some.y[:, None] == of).argmax(1)), tuple(asked), standardised=True)


def _blocks(pixels: int, side: int) -> np.ndarray:
    """Rows that average each a block; where blocks do not end at pixels, a pixel belongs to both by its share."""
    edges = np.linspace(0, pixels, side + 1)
    left, right = edges[:-1, None], edges[1:, None]
    at = np.arange(pixels)
    shares = np.clip(np.minimum(right, at + 1) - np.maximum(left, at), 0, None)
    return shares / shares.sum(1, keepdims=True)
