"""Convex quadratic programmes, many at once, to their minimum by an interior point method. Mehrotra, 1992."""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor

STEPS = 100  # at most: twenty are usual
BEFORE = 0.995  # of the way to the nearest bound, which is never reached
RIDGE = 1e-15  # of H's largest entry, added to what is factored: it bends the way and leaves the minimum where it is
LEAST = 1e-12  # an objective smaller than that is taken for that: no share can be had of 0


class Programme(NamedTuple):
    """½ xᵀHx + gᵀx, H positive semidefinite, to be minimised where Ax = b and Jx ≤ u.

    x is of parts of n numbers each, and J, the same for all programmes, mixes parts: J = [[−1], [1]] and u = (0, c) is
    0 ≤ x ≤ c for every number of x's one part. J's first rows, as many as parts, are independent.
    """

    h: Float[Tensor, "stack m m"]
    g: Float[Tensor, "stack m"]
    a: Float[Tensor, "stack e m"]
    b: Float[Tensor, "stack e"]
    j: Float[Tensor, "bound part"]
    u: Float[Tensor, "stack bound n"]

    def of(self, rows: Bool[Tensor, "stack"]) -> "Programme":
        return Programme(self.h[rows], self.g[rows], self.a[rows], self.b[rows], self.j, self.u[rows])


class Solution(NamedTuple):
    """x, what bounds leave of room, and the multipliers ν of equations, z of bounds: Hx + g + Aᵀν + Jᵀz = 0."""

    x: Float[Tensor, "stack m"]
    room: Float[Tensor, "stack bound n"]
    nu: Float[Tensor, "stack e"]
    z: Float[Tensor, "stack bound n"]

    def of(self, rows: Bool[Tensor, "stack"]) -> "Solution":
        return Solution(*(part[rows] for part in self))


def solve(programme: Programme, *, tolerance: float) -> Solution:
    """Each programme until what it may be away from its minimum is that share of its objective.

    And until its equations hold to that. In double precision; one that has come there waits for the others. All of a
    step has one length, since x and the multipliers of a quadratic programme are not apart (Nocedal and Wright,
    Numerical optimization, 2006, algorithm 16.4). Raises ArithmeticError where one does not get there.
    """
    p = Programme(*(part.double() for part in programme))
    at = Solution(torch.zeros_like(p.g), torch.ones_like(p.u), torch.zeros_like(p.b), torch.ones_like(p.u))
    # Steps are solved for in y, x = Sy, of which bounds are on each number alone: z/room, endless where one is met,
    # then stands on the diagonal, and what is beside it is not lost in a difference.
    turn = -torch.linalg.inv(p.j[: p.j.shape[1]])
    h = _turned(_turned(p.h, turn).mT, turn)
    found, waiting = Solution(*(part.clone() for part in at)), torch.arange(len(p.g), device=p.g.device)
    for _ in range(STEPS):
        left = _left(p, at)
        there, far = left <= tolerance, ~(left <= tolerance)
        for part, reached in zip(found, at, strict=True):
            part[waiting[there]] = reached[there]
        if not far.any():
            return found
        if not left.isfinite().all():  # multipliers without end: nothing is allowed by all equations and bounds
            break
        if there.any():
            p, at, h, waiting = p.of(far), at.of(far), h[far], waiting[far]
        at = _step(p, at, h, turn)
    raise ArithmeticError(
        f"{int(far.sum())} of {len(found.x)} quadratic programmes come to no minimum: {float(left.max()):.1g} is left, "
        f"and {tolerance:.1g} was asked for; is there an x that all equations and bounds allow, and is H semidefinite?"
    )


def _times(matrix: Float[Tensor, "*stack e m"], x: Float[Tensor, "stack m"]) -> Float[Tensor, "stack e"]:
    return (matrix @ x[..., None]).squeeze(-1)


def _bounds(p: Programme, x: Float[Tensor, "stack m"]) -> Float[Tensor, "stack bound n"]:
    """Jx."""
    return p.j @ x.unflatten(-1, (p.j.shape[1], -1))


def _parts(p: Programme, z: Float[Tensor, "stack bound n"]) -> Float[Tensor, "stack m"]:
    """Jᵀz."""
    return (p.j.T @ z).flatten(-2)


def _off(
    p: Programme, at: Solution
) -> tuple[Float[Tensor, "stack m"], Float[Tensor, "stack e"], Float[Tensor, "stack bound n"]]:
    """What the slope, the equations and the bounds are off by."""
    slope = _times(p.h, at.x) + p.g + _times(p.a.mT, at.nu) + _parts(p, at.z)
    return slope, _times(p.a, at.x) - p.b, _bounds(p, at.x) + at.room - p.u


def _left(p: Programme, at: Solution) -> Float[Tensor, "stack"]:
    """What is left of pairs of bound and multiplier, and of the slope beyond rounding, to share the objective with.

    Or what equations and bounds are off by, where that is more.
    """
    slope, equations, bounds = _off(p, at)
    sizes = p.h.diagonal(dim1=-2, dim2=-1).clamp(min=0).sqrt()  # |h_ij| ≤ √(h_ii h_jj)
    terms = sizes * (sizes * at.x.abs()).sum(-1, keepdim=True) + p.g.abs()
    beyond = (slope.abs() - 8 * torch.finfo(terms.dtype).eps * terms).clamp(min=0)
    squares, lines = (at.x * _times(p.h, at.x)).sum(-1), (p.g * at.x).sum(-1)
    away = (at.room * at.z).flatten(1).sum(-1) + (beyond * at.x.abs()).sum(-1)
    share = away / (squares / 2 + lines).abs().clamp(min=LEAST)
    return torch.stack([share, equations.abs().amax(-1), bounds.abs().flatten(1).amax(-1)]).amax(0)


def _turned(rows: Float[Tensor, "stack e m"], turn: Float[Tensor, "part part"]) -> Float[Tensor, "stack e m"]:
    """Each row times S, which mixes parts."""
    return (turn.T @ rows.unflatten(-1, (len(turn), -1))).flatten(-2)


def _root(h: Float[Tensor, "stack m m"], scale: Float[Tensor, "stack"]) -> Float[Tensor, "stack m m"]:
    """Cholesky's, of h and of as little of its scale on the diagonal as makes it definite in spite of rounding."""
    ridge = RIDGE * scale
    for _ in range(8):
        torch.diagonal(h, dim1=-2, dim2=-1).add_(ridge[:, None])
        root, failed = torch.linalg.cholesky_ex(h)
        if not failed.any():
            return root
        ridge = torch.where(failed > 0, 10 * ridge, 0)
    raise ArithmeticError("a quadratic programme's H is not semidefinite, or holds no numbers")


def _step(p: Programme, at: Solution, h: Float[Tensor, "stack m m"], turn: Float[Tensor, "part part"]) -> Solution:
    """First towards no gap, to see how far that leads; then towards what of it was left there, bent as that way was."""
    slope, equations, bounds = _off(p, at)
    steep = at.z / at.room
    straightened = p.j @ turn
    mixed = torch.einsum("kp,skn,kq->spqn", straightened, steep, straightened)  # (JS)ᵀ(z/room)JS
    factored = h.clone()
    scale = factored.diagonal(dim1=-2, dim2=-1).amax(-1)
    parts = factored.unflatten(-1, (len(turn), -1)).unflatten(-3, (len(turn), -1))
    torch.diagonal(parts, dim1=-3, dim2=-1).add_(mixed)
    root, across = _root(factored, scale), _turned(p.a, turn)
    through = torch.cholesky_solve(across.mT, root)

    def towards(pairs: Float[Tensor, "stack bound n"]) -> Solution:
        """The Newton step on which each room × multiplier changes by so much."""
        pulled = _parts(p, pairs / at.room + steep * bounds)
        free = torch.cholesky_solve(_turned((-slope - pulled)[:, None], turn).mT, root)
        nu, _ = torch.linalg.solve_ex(across @ through, across @ free + equations[..., None])  # or no numbers
        y = (free - through @ nu).mT
        x = _turned(y, turn.T).squeeze(-2)
        room = -bounds - straightened @ y.squeeze(-2).unflatten(-1, (len(turn), -1))
        return Solution(x, room, nu.squeeze(-1), pairs / at.room - steep * room)

    def length(along: Solution) -> Float[Tensor, "stack"]:
        """How far room and multipliers all stay positive, at most 1."""
        worst = torch.maximum(-along.room / at.room, -along.z / at.z).flatten(1).amax(-1)
        return 1 / worst.clamp(min=1)

    straight = towards(-at.room * at.z)
    far = length(straight)[:, None, None]
    now, then = (
        (room * z).mean((-2, -1), keepdim=True)
        for room, z in ((at.room, at.z), (at.room + far * straight.room, at.z + far * straight.z))
    )
    along = towards((then / now) ** 3 * now - at.room * at.z - straight.room * straight.z)
    far = BEFORE * length(along)
    return Solution(*(part + far.view(-1, *[1] * (part.ndim - 1)) * by for part, by in zip(at, along, strict=True)))
