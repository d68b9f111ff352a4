"""Airfoils in a stream without friction: what a section's shape does to lift, moment and pressure. NACA report 460."""

import torch
from jaxtyping import Float
from numpy import ndarray
from torch import Tensor

from tutelage.simulators import potential_flow
from tutelage.simulators.region import Parameter

REGION = (
    Parameter("camber", "chord", 0.0, 0.06),  # the most that the mean line rises above the chord
    Parameter("position", "chord", 0.3, 0.6),  # where it does
    Parameter("thickness", "chord", 0.08, 0.20),
    Parameter("angle", "°", -4.0, 10.0),  # of the stream against the chord
)

# Chords behind the nose; those of report 460's tables
STATIONS = (0.0125, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
ANSWERS = (("lift", "1"), ("moment", "1"), *((f"{side} {x:g}", "1") for side in ("upper", "lower") for x in STATIONS))

PANELS = 200  # by which no answer errs by 0.5 % of its standard deviation in the region


def simulate(table: Float[ndarray, "n parameter"], *, panels: int = PANELS) -> Float[ndarray, "n answer"]:
    """`ANSWERS` to each row of `REGION`'s columns, of NACA's 4-digit sections.

    A row is NaN, for the caller to name, where its section has no thickness or crosses itself, its camber is not
    between nose and tail, or its equations are singular.
    """
    shape, angle = torch.tensor(table, dtype=torch.float64).split([3, 1], dim=1)
    return answers(section(shape, panels), angle.squeeze(1).deg2rad()).numpy()


def answers(nodes: Float[Tensor, "n node 2"], angle: Float[Tensor, "n"]) -> Float[Tensor, "n answer"]:
    """Lift, moment about the quarter chord (nose up) and pressures at `STATIONS`: coefficients of a unit chord.

    Nodes and angle as `potential_flow` takes them, the middle node the nose, near (0, 0), and the tail at (1, 0).
    """
    speed = potential_flow.surface_speed(nodes, angle)
    sums = torch.stack([potential_flow.lift(nodes, speed), potential_flow.moment(nodes, speed)], 1)
    return torch.cat([sums, pressures(nodes, speed)], 1)


def section(shape: Float[Tensor, "n 3"], panels: int) -> Float[Tensor, "n node 2"]:
    """Outlines of camber, position and thickness, from the tail over the upper side and the nose back to the tail.

    NACA report 460 with the last coefficient −0.1036, which closes the tail. Panels are short at nose and tail: by the
    cosine; their number is even. NaN where position is not inside (0, 1).
    """
    camber, position, thickness = shape.split(1, dim=1)
    position = torch.where((position > 0) & (position < 1), position, torch.nan)
    turn = torch.linspace(-torch.pi, torch.pi, panels + 1, dtype=torch.float64)  # tail, nose, tail
    x = (1 - turn.cos()) / 2
    half = 5 * thickness * (0.2969 * x.sqrt() + x * (-0.1260 + x * (-0.3516 + x * (0.2843 - 0.1036 * x))))
    half = torch.where(x < 1, half, 0)  # exactly
    fore = x < position
    bend = camber / torch.where(fore, position, 1 - position).square()
    line = bend * torch.where(fore, x * (2 * position - x), (1 - x) * (1 + x - 2 * position))
    slope = 2 * bend * (position - x)
    away = -turn.sign() * half / (1 + slope.square()).sqrt()
    return torch.stack([x - away * slope, line + away], -1)


def pressures(nodes: Float[Tensor, "n node 2"], speed: Float[Tensor, "n node"]) -> Float[Tensor, "n twice_station"]:
    """Pressure coefficients 1 − γ² at STATIONS above, then below."""
    nose, stations = nodes.shape[1] // 2, nodes.new_tensor(STATIONS)
    above, below = (slice(None), slice(nose + 1)), (slice(None), slice(nose, None))
    x = nodes[..., 0]
    sides = (x[above].flip(1), speed[above].flip(1)), (x[below], speed[below])
    return 1 - torch.cat([_at(stations, *side) for side in sides], 1).square()


def _at(
    stations: Float[Tensor, "station"], x: Float[Tensor, "n node"], speed: Float[Tensor, "n node"]
) -> Float[Tensor, "n station"]:
    """Speed where x is a station; x and speed taken for cubics of a node's number, for the nose bends speed(x)."""
    before = (x[:, None] < stations[:, None]).sum(-1)  # a cambered nose begins before x = 0
    first = (before - 2).clamp(0, x.shape[1] - 4)
    four = first[..., None] + torch.arange(4)
    x, speed = (v[:, None].expand(-1, len(stations), -1).gather(2, four) for v in (x, speed))
    at = (before - first).double() - 0.5
    for _ in range(5):  # Newton's steps to the number, no whole one, at which x is the station
        value, slope = _cubic(x, at)
        at = at - (value - stations) / slope
    return _cubic(speed, at)[0]


def _cubic(
    values: Float[Tensor, "n station 4"], at: Float[Tensor, "n station"]
) -> tuple[Float[Tensor, "n station"], Float[Tensor, "n station"]]:
    """The cubic through values at 0, 1, 2, 3 (Newton's differences), and its slope."""
    one, two, three = (values.diff(k, dim=-1)[..., 0] for k in (1, 2, 3))
    value = values[..., 0] + at * (one + (at - 1) / 2 * (two + (at - 2) / 3 * three))
    return value, one + (2 * at - 1) / 2 * two + (3 * at * (at - 2) + 2) / 6 * three
