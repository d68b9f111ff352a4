"""Augmented views: an image turned, scaled, sheared and moved a little, with a hole and noise in it."""

import math
from typing import Annotated

import torch
import torch.nn.functional as F  # noqa: N812
from annotated_types import Ge, Lt
from jaxtyping import Float
from pydantic import NonNegativeFloat, NonNegativeInt
from torch import Generator, Tensor

from tutelage import params
from tutelage.data.batches import View
from tutelage.errors import Mistake


class Strength(params.Block):
    """How far a view may lie from its image; of each the most, and 0 for none."""

    shift: NonNegativeFloat  # pixels either way, whole or not
    turn: NonNegativeFloat  # degrees either way
    scale: Annotated[float, Ge(0), Lt(1)]  # share by which sides grow or shrink
    shear: NonNegativeFloat  # pixels aside for each pixel down, either way
    hole: NonNegativeInt  # pixels on a side of a square that is set to 0, wherever in the image its middle falls
    noise: NonNegativeFloat  # standard deviation of what is added to each pixel


def twins(strength: Strength) -> View:
    """A view with two more columns, `one` and `other`: each image twice, by draws of their own."""
    return lambda batch, draws: {**batch, **{name: seen(batch["x"], strength, draws) for name in ("one", "other")}}


def seen(x: Float[Tensor, "n c h w"], strength: Strength, draws: Generator) -> Float[Tensor, "n c h w"]:
    """Each image as it might also have looked, every number uniform between its bounds.

    Raises Mistake where a hole is larger than an image.
    """
    n, _, height, width = x.shape
    if strength.hole > min(height, width):
        raise Mistake(
            f"params.yaml: a view's hole of {strength.hole} pixels a side may cover a whole image of {height}×{width}; "
            "make hole smaller"
        )
    turn, scale, shear, down, right, middle, beside = torch.rand(7, n, generator=draws)
    moved = warped(
        x,
        shape=shapes(
            turn=math.radians(strength.turn) * (2 * turn - 1),
            scale=1 + strength.scale * (2 * scale - 1),
            shear=strength.shear * (2 * shear - 1),
        ),
        down=strength.shift * (2 * down - 1),
        right=strength.shift * (2 * right - 1),
    )
    if strength.hole:
        moved = pierced(moved, side=strength.hole, down=(middle * height).long(), right=(beside * width).long())
    if strength.noise:
        moved = moved + strength.noise * torch.randn(x.shape, generator=draws).to(x.device)
    return moved


def shapes(*, turn: Float[Tensor, "n"], scale: Float[Tensor, "n"], shear: Float[Tensor, "n"]) -> Float[Tensor, "n 2 2"]:
    """What becomes of (right, down) from an image's middle: sheared, then turned by so many radians, then scaled."""
    cos, sin = scale * turn.cos(), scale * turn.sin()
    return torch.stack([torch.stack([cos, shear * cos - sin], 1), torch.stack([sin, shear * sin + cos], 1)], 1)


def warped(
    x: Float[Tensor, "n c h w"], *, shape: Float[Tensor, "n 2 2"], down: Float[Tensor, "n"], right: Float[Tensor, "n"]
) -> Float[Tensor, "n c h w"]:
    """Each image reshaped about its middle and then moved; bilinear between pixels, zeros coming in.

    No gradient goes to an image: on a GPU it would differ from run to run.
    """
    half = torch.tensor([x.shape[3] / 2, x.shape[2] / 2], dtype=shape.dtype)  # of torch's grid, from −1 to 1
    back = torch.linalg.inv(shape)
    away = -(back * torch.stack([right, down], 1)[:, None]).sum(2, keepdim=True)
    matrix = torch.cat([back * half / half[:, None], away / half[:, None]], 2).to(x)
    with torch.autocast(x.device.type, enabled=False):  # in bfloat16 places would be wrong by a tenth of a pixel
        return F.grid_sample(x, F.affine_grid(matrix, list(x.shape), align_corners=False), align_corners=False)


def pierced(x: Float[Tensor, "n c h w"], *, side: int, down: Tensor, right: Tensor) -> Float[Tensor, "n c h w"]:
    """Each image with a square of zeros about (down, right), cut at the edge. DeVries and Taylor, 2017."""
    rows, columns = (
        (torch.arange(length) >= at[:, None] - side // 2) & (torch.arange(length) < at[:, None] - side // 2 + side)
        for length, at in ((x.shape[2], down), (x.shape[3], right))
    )
    return x.masked_fill((rows[:, None, :, None] & columns[:, None, None, :]).to(x.device), 0)
