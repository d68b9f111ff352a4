"""Lossy compression: codes quantised and counted, beside image formats."""

import io
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int, UInt8
from numpy.typing import ArrayLike, NDArray
from PIL import Image
from torch import Tensor

from tutelage.measure import exam, mosaics


class Point(NamedTuple):
    """What was spent and what came back."""

    bits: float  # a pixel
    psnr: float  # decibels, of pixels in [0, 1]


def psnr(told: ArrayLike, x: ArrayLike) -> float:
    """−10 log₁₀ E(x̂ − x)² of pixels in [0, 1], over all images at once; what is told is cut to [0, 1]."""
    return float(-10 * np.log10(np.square(np.clip(told, 0, 1) - np.asarray(x), dtype=np.float64).mean()))


def quantised(z: Float[NDArray[np.floating], "n dim"], step: float) -> Int[NDArray[np.int64], "n dim"]:
    """Each number as the nearest multiple of `step`, in steps."""
    return np.rint(z / step).astype(np.int64)


def bits(coded: Int[NDArray[np.int64], "n dim"], known: Int[NDArray[np.int64], "m dim"]) -> float:
    """The length of an example's code in bits under an ideal arithmetic coder, in the mean.

    The coder's model is each dimension's own histogram over `known`, which who decodes has too. A value that is not
    there costs an escape and its distance in Elias's gamma code. Krichevsky and Trofimov's ½ a count, 1981.
    """
    total = 0.0
    for column, seen in zip(coded.T, known.T, strict=True):
        values, counts = np.unique(seen, return_counts=True)
        place = np.clip(np.searchsorted(values, column), 0, len(values) - 1)
        there = values[place] == column
        whole = len(seen) + 0.5 * (len(values) + 1)  # ½ for each value and for the escape
        total -= np.log2((counts[place[there]] + 0.5) / whole).sum()
        away = np.abs(column[~there] - np.median(values)) + 1
        total += (np.log2(whole / 0.5) + 2 * np.floor(np.log2(away)) + 2).sum()  # and a sign
    return float(total / len(coded))


def of_codes(
    learner: exam.Decodes,
    known: Float[Tensor, "m dim"],
    z: Float[Tensor, "n dim"],
    x: Float[Tensor, "n ..."],
    steps: Sequence[float],
) -> list[Point]:
    """What the codes z of x cost at each step of quantisation, and what is decoded of them; `known` is who counts."""
    points = []
    for step in steps:
        coded, counted = (quantised(codes.cpu().numpy(), step) for codes in (z, known))
        told = exam.decoded(learner, torch.from_numpy(coded).to(z) * step)
        points.append(Point(bits(coded, counted) / x[0, 0].numel(), psnr(told.cpu().numpy(), x.cpu().numpy())))
    return points


def at_rates(points: Sequence[Point], rates: Sequence[float]) -> list[float]:
    """The PSNR at rates between those that were tried: straight lines over ln bits; nan beyond them."""
    known = sorted(points)
    spent, got = (np.array(column) for column in zip(*known, strict=True))
    told: list[float] = np.interp(np.log(rates), np.log(spent), got, left=np.nan, right=np.nan).tolist()
    return told


def file_format(
    whole: UInt8[NDArray[np.uint8], "h w channel"], kind: Literal["JPEG", "WEBP"], qualities: Sequence[int]
) -> list[Point]:
    """What one picture costs in that format at each quality, by Pillow's encoders."""
    picture = mosaics.picture(whole)
    points = []
    for quality in qualities:
        file = io.BytesIO()
        picture.save(file, kind, quality=quality)
        told = np.asarray(Image.open(file).convert(picture.mode)).reshape(whole.shape)
        pixels = whole.shape[0] * whole.shape[1]
        points.append(Point(8 * len(file.getvalue()) / pixels, psnr(told / 255, whole / 255)))
    return points
