"""Outlines of airfoils from files of points, and each as a few numbers. Kulfan, 2008."""

import re
from pathlib import Path

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import binom

FEWEST = 10  # points of an outline
OPEN = 0.2  # chords between its first point and its last, at most


def read(path: Path) -> Float[ndarray, "point 2"]:
    """Points from the tail around to the tail. Raises ValueError, which says with what, where a file holds no outline.

    A name, then a point a line; what is not two numbers is a note, and stands before the points or behind them. Where
    the first two numbers count points, both sides follow from the nose (Lednicer's order); else they go around
    (Selig's).
    """
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()[1:]
    told = [_pair(line) for line in lines if line.strip()]
    there = [number for number, pair in enumerate(told) if pair]
    if len(there) < FEWEST:
        raise ValueError(f"{len(there)} points, fewer than {FEWEST}")
    between = [pair for pair in told[there[0] : there[-1] + 1] if pair]
    if len(between) <= there[-1] - there[0]:
        raise ValueError("words between its points")
    points = np.array(between, dtype=np.float64)
    if (points[0] > 1.5).all():  # no place on a chord of 1
        first, second = map(int, points[0])
        if first + second != len(points) - 1:
            raise ValueError(f"{len(points) - 1} points, and a count of {first + second}")
        points = np.concatenate([points[first:0:-1], points[first + 2 :]])  # the nose is in both sides
    if not np.isfinite(points).all():
        raise ValueError("a point that is no number")
    apart, chord = np.hypot(*(points[0] - points[-1])), np.hypot(*(points - points[0]).T).max()
    if apart > OPEN * chord:
        raise ValueError(f"a gap of {apart:.2g} between its ends")
    return points


def _pair(line: str) -> tuple[float, float] | None:
    try:
        x, y = map(float, re.split(r"[,\s]+", line.strip()))
    except ValueError:
        return None
    return x, y


def coefficients(nodes: Float[ndarray, "node 2"], each: int) -> Float[ndarray, "coefficient"]:
    """The nose's y₀ and so many A of either side: y = y₀ (1 − x) + √x (1 − x) Σ A_k B_k(x), B Bernstein's polynomials.

    Of nodes from the tail over the nose, the middle one, to the tail, by least squares. They need no other outline,
    and √x has in it the round nose, on which the suction there hangs and which y at a few x hardly shows.
    """
    nose = len(nodes) // 2
    slant = nodes[nose, 1]
    told = [np.array([slant])]
    for side in (nodes[: nose + 1], nodes[nose:]):
        x, y = np.clip(side[:, 0], 0, 1), side[:, 1] - slant * (1 - side[:, 0])
        told.append(np.linalg.lstsq(forms(x, each), y, rcond=None)[0])
    return np.concatenate(told)


def forms(x: Float[ndarray, "n"], each: int) -> Float[ndarray, "n form"]:
    """√x (1 − x) B_k(x)."""
    k = np.arange(each)
    bernstein = binom(each - 1, k) * x[:, None] ** k * (1 - x[:, None]) ** (each - 1 - k)
    return np.asarray((np.sqrt(x) * (1 - x))[:, None] * bernstein)
