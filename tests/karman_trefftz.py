"""The exact flow around Kármán and Trefftz's sections, whose tails have an angle."""

import math
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Complex, Float
from numpy import ndarray
from torch import Tensor

Turned = Complex[ndarray, "point"]


class Flow(NamedTuple):
    """A section on a unit chord in a stream."""

    outline: Complex[ndarray, "node"]
    speed: Float[ndarray, "node"]
    angle: float  # of the stream against the chord
    lift: float
    moment: float  # about the quarter chord, nose up


def flow(panels: int, centre: complex, tail: float = 0.3, stream: float = 0.1) -> Flow:
    """(z − n)/(z + n) = ((ζ − 1)/(ζ + 1))ⁿ, n = 2 − tail/π, of a circle through ζ = 1; 1918."""
    n, radius, start = 2 - tail / math.pi, abs(1 - centre), float(np.angle(1 - centre))
    circulation = 4 * math.pi * radius * math.sin(stream - start)  # Kutta: ζ = 1 is a stagnation point

    def mapped(away: Turned) -> tuple[Turned, Turned, Turned]:
        """z, dw/dζ and dz/dζ at ζ = centre + away."""
        zeta = centre + away
        power = np.exp(n * np.log((zeta - 1) / (zeta + 1)))  # the cut from −1 to 1 is inside the circle
        z = n * (1 + power) / (1 - power)
        flow = np.exp(-1j * stream) - np.exp(1j * stream) * (radius / away) ** 2
        return z, flow + 1j * circulation / (2 * math.pi * away), (z**2 - n**2) / (zeta**2 - 1)

    def circle(first: float, last: float, points: int) -> Turned:
        return radius * np.exp(1j * np.linspace(first, last, points))

    z, slope, stretch = mapped(circle(start, start + 2 * math.pi, panels + 1)[1:-1])
    near, _, _ = mapped(circle(start + 3, start + 3.3, 30001))
    nose = near[np.abs(near - n).argmax()]
    chord = n - nose
    # Blasius: the moment is that of the momentum through any circle around
    far = 3 * circle(0, 2 * math.pi, 257)[1:]
    outside, through, wide = mapped(far)
    moment = (through**2 / wide * (outside - nose - chord / 4) * 1j * far).mean().real * 2 * math.pi
    return Flow(
        outline=(np.concatenate([[n], z, [n]]) - nose) / chord,
        speed=np.concatenate([[0], np.abs(slope / stretch), [0]]),
        angle=stream - float(np.angle(chord)),
        lift=2 * circulation / abs(chord),
        moment=moment / abs(chord) ** 2,
    )


def nodes_of(outline: Turned) -> Float[Tensor, "1 node 2"]:
    return torch.from_numpy(np.stack([outline.real, outline.imag], -1))[None]
