"""Images drawn from numbers that are known: for teaching numbers, since no set of images here comes with any."""

import torch

from tutelage import streams
from tutelage.data.batches import Batch

WIDTHS = (0.08, 0.25)  # least and greatest standard deviation of a blob, in sides of the image


def blobs(n: int, *, side: int, noise: float, seed: int, name: str) -> Batch:
    """Each image one Gaussian blob of its own place, height and width, under noise of that standard deviation.

    `y` Float[n 1] is its width, uniform, moved and scaled to mean 0 and variance 1; place and height are in the way.
    """
    draws = streams.generator(seed, f"blobs/{name}")
    places, heights, widths, spots = (
        torch.rand(n, 2, generator=draws),
        torch.rand(n, generator=draws),
        torch.rand(n, generator=draws),
        torch.randn(n, 1, side, side, generator=draws),
    )
    at = (torch.arange(side) + 0.5) / side
    centre = 0.25 + 0.5 * places
    sigma = (WIDTHS[0] + (WIDTHS[1] - WIDTHS[0]) * widths)[:, None]
    down, right = (torch.exp(-0.5 * ((at - centre[:, [k]]) / sigma).square()) for k in (0, 1))
    shape = (0.4 + 0.6 * heights)[:, None, None] * down[:, :, None] * right[:, None, :]
    return {"x": shape[:, None] + noise * spots, "y": 12**0.5 * (widths[:, None] - 0.5)}
