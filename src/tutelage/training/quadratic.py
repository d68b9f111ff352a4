"""Convex quadratic programmes, many at once, to their minimum by an interior point method. Mehrotra, 1992."""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

STEPS = 100  # at most: twenty are usual
BEFORE = 0.995  # of the way to the nearest bound, which is never reached
RIDGE = 1e-14  # of H's largest entry, added to what is factored: it bends the way and leaves the minimum where it is


class Programme(NamedTuple):
    """½ xᵀHx + gᵀx, H positive semidefinite, to be minimised where Ax = b and 0 ≤ x ≤ u; u may be ∞."""

    h: Float[Tensor, "stack m m"]
    g: Float[Tensor, "stack m"]
    a: Float[Tensor, "stack e m"]
    b: Float[Tensor, "stack e"]
    u: Float[Tensor, "stack m"]

    def of(self, rows: Int[Tensor, "some"]) -> "Programme":
        return Programme(*(part[rows] for part in self))


class Solution(NamedTuple):
    """x, and the multipliers ν of Ax = b, z of 0 ≤ x, w of x ≤ u: Hx + g + Aᵀν − z + w = 0."""

    x: Float[Tensor, "stack m"]
    nu: Float[Tensor, "stack e"]
    z: Float[Tensor, "stack m"]
    w: Float[Tensor, "stack m"]

    def of(self, rows: Int[Tensor, "some"]) -> "Solution":
        return Solution(*(part[rows] for part in self))


def solve(programme: Programme, *, tolerance: float) -> Solution:
    """Each programme until its gap xᵀz + (u − x)ᵀw is no more than that, in the objective's own unit.

    And until its equations hold to that or to rounding. In double precision; one that has come there waits for the
    others. All of a step has one length, since x and the multipliers of a quadratic programme are not apart (Nocedal
    and Wright, Numerical optimization, 2006, algorithm 16.4). Raises ArithmeticError where one does not get there.
    """
    whole = Programme(*(part.double() for part in programme))
    bounded = whole.u.isfinite()
    x = torch.where(bounded, whole.u / 2, 1.0)
    found = Solution(x, torch.zeros_like(whole.b), torch.ones_like(x), bounded.double())
    waiting = torch.arange(len(x), device=x.device)
    for _ in range(STEPS):
        left = _left(whole.of(waiting), found.of(waiting))
        waiting = waiting[~(left <= tolerance)]
        if not len(waiting):
            return found
        if not left.isfinite().all():  # multipliers without end: nothing is allowed by all equations and bounds
            break
        for part, moved in zip(found, _step(whole.of(waiting), found.of(waiting), bounded[waiting]), strict=True):
            part[waiting] = moved
    raise ArithmeticError(
        f"{len(waiting)} of {len(x)} quadratic programmes come to no minimum: {float(left.max()):.1g} is left, and "
        f"{tolerance:.1g} was asked for; is there an x that all equations and bounds allow, and is H semidefinite?"
    )


def _times(matrix: Float[Tensor, "stack e m"], x: Float[Tensor, "stack m"]) -> Float[Tensor, "stack e"]:
    return (matrix @ x[..., None]).squeeze(-1)


def _slopes(p: Programme, at: Solution) -> tuple[Float[Tensor, "stack m"], Float[Tensor, "stack e"]]:
    """What the two equations are off by: Hx + g + Aᵀν − z + w and Ax − b."""
    return _times(p.h, at.x) + p.g + _times(p.a.mT, at.nu) - at.z + at.w, _times(p.a, at.x) - p.b


def _left(p: Programme, at: Solution) -> Float[Tensor, "stack"]:
    """The largest of the gap and of what the equations are off by, beyond rounding."""
    dual, primal = _slopes(p, at)
    rounding = 32 * torch.finfo(at.x.dtype).eps * (_times(p.h.abs(), at.x) + p.g.abs())
    room = torch.where(p.u.isfinite(), p.u - at.x, 0.0)
    gap = (at.x * at.z + room * at.w).sum(-1)
    return torch.stack([gap, (dual.abs() - rounding).amax(-1), primal.abs().amax(-1)]).amax(0)


def _step(p: Programme, at: Solution, bounded: Bool[Tensor, "stack m"]) -> Solution:
    """First towards no gap, to see how far that leads; then towards what of it was left there, bent as that way was."""
    dual, primal = _slopes(p, at)
    room = torch.where(bounded, p.u - at.x, 1.0)  # where there is no bound its multiplier w is 0 and stays there
    pairs = len(at.x[0]) + bounded.sum(-1, keepdim=True)
    factored = p.h.clone()
    ridge = RIDGE * p.h.diagonal(dim1=-2, dim2=-1).amax(-1, keepdim=True)
    factored.diagonal(dim1=-2, dim2=-1).add_(at.z / at.x + at.w / room + ridge)
    root = torch.linalg.cholesky(factored)
    through = torch.cholesky_solve(p.a.mT, root)

    def towards(below: Float[Tensor, "stack m"], above: Float[Tensor, "stack m"]) -> Solution:
        """The Newton step on which xz changes by `below` and (u − x)w by `above`."""
        free = torch.cholesky_solve((below / at.x - above / room - dual)[..., None], root)
        nu = torch.linalg.solve(p.a @ through, p.a @ free + primal[..., None])
        x = (free - through @ nu).squeeze(-1)
        return Solution(
            x, nu.squeeze(-1), (below - at.z * x) / at.x, torch.where(bounded, (above + at.w * x) / room, 0)
        )

    def length(along: Solution) -> Float[Tensor, "stack 1"]:
        """How far x, u − x, z and w all stay positive, at most 1."""
        ratios = [-along.x / at.x, along.x / room * bounded, -along.z / at.z, torch.where(bounded, -along.w / at.w, 0)]
        return 1 / torch.stack(ratios).amax(0).amax(-1, keepdim=True).clamp(min=1)

    def gap(x: Tensor, room: Tensor, z: Tensor, w: Tensor) -> Float[Tensor, "stack 1"]:
        return (x * z + room * w).sum(-1, keepdim=True)

    straight = towards(-at.x * at.z, -room * at.w)
    far, now = length(straight), gap(at.x, room, at.z, at.w)
    then = gap(
        at.x + far * straight.x,
        room - far * straight.x * bounded,
        at.z + far * straight.z,
        at.w + far * straight.w,
    )
    kept = (then / now) ** 3 * now / pairs
    along = towards(
        kept - at.x * at.z - straight.x * straight.z, (kept - room * at.w + straight.x * straight.w) * bounded
    )
    far = BEFORE * length(along)
    return Solution(*(part + far * by for part, by in zip(at, along, strict=True)))
