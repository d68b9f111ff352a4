"""Many small images as one picture."""

import io
from math import ceil, sqrt

import numpy as np
import torch
from jaxtyping import Float, UInt8
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

Picture = UInt8[NDArray[np.uint8], "h w channel"]


def pixels(x: Tensor) -> UInt8[NDArray[np.uint8], "n channel height width"]:
    """Images in [0, 1] as bytes; what leaves that range is cut."""
    told: UInt8[NDArray[np.uint8], "n channel height width"] = (
        (x.detach().cpu().clamp(0, 1) * 255).round().byte().numpy()
    )
    return told


def mosaic(images: UInt8[NDArray[np.uint8], "n channel height width"], across: int) -> Picture:
    """All images side by side, row by row; what is left of the last row is dark."""
    n, channels, height, width = images.shape
    down = -(-n // across)
    whole = np.zeros((down * across, channels, height, width), np.uint8)
    whole[:n] = images
    rows = whole.reshape(down, across, channels, height, width).transpose(0, 3, 1, 4, 2)
    return rows.reshape(down * height, across * width, channels)


def square(n: int) -> int:
    """How many of n stand across where they stand nearly square."""
    return ceil(sqrt(n))


def beside(x: Float[Tensor, "n c h w"], others: Float[Tensor, "n k c h w"]) -> bytes:
    """A PNG with a row an image: it, and what belongs to it."""
    rows = torch.cat([x[:, None].cpu(), others.cpu()], 1)
    return png(mosaic(pixels(rows.flatten(0, 1)), across=rows.shape[1]))


def below(x: Float[Tensor, "n c h w"], others: Float[Tensor, "n c h w"], across: int) -> bytes:
    """A PNG of rows of so many images, and below each row what belongs to it; what fills no row is left out."""
    rows = [part for pair in zip(x.split(across), others.split(across), strict=True) for part in pair]
    return png(mosaic(pixels(torch.cat([row.cpu() for row in rows if len(row) == across])), across))


def picture(whole: Picture) -> Image.Image:
    """Grey of one channel, colours of three."""
    return Image.fromarray(whole.squeeze(-1) if whole.shape[-1] == 1 else whole)


def png(whole: Picture) -> bytes:
    """A file of it, without a word about who made it."""
    file = io.BytesIO()
    picture(whole).save(file, "PNG", optimize=True)
    return file.getvalue()


def webp(frames: list[Picture], milliseconds: int) -> bytes:
    """An animation without end, each frame shown so long."""
    file = io.BytesIO()
    first, *others = map(picture, frames)
    first.save(file, "WEBP", save_all=True, append_images=others, duration=milliseconds, loop=0, quality=80, method=4)
    return file.getvalue()
