"""Many small full-batch descents at once, each by its own L-BFGS. Liu and Nocedal, 1989."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

MEMORY = 10  # pairs of steps and changes of slope
ENOUGH = 1e-4  # of the lessening that the slope promises: Armijo's rule
LEAST = 1e-12  # a step no longer than that is none: rounding is in the way

FULL = 0.8  # share of a stack that goes on; below it who has ended is set aside

Cost = Callable[[Float[Tensor, "*stack p"], Int[Tensor, "fit"]], Float[Tensor, "*stack"]]
"""Of some of the stack's last axis, and of which: the others have ended."""


class Descents(NamedTuple):
    """Where each has come to, and how its cost went; what has ended early stays as it is."""

    at: Float[Tensor, "*stack p"]
    slope: Float[Tensor, "*stack"]  # the largest number of the gradient there
    curve: Float[Tensor, "look *stack"]  # the cost, after as many evaluations as `looks` says


def looks(evaluations: int) -> list[int]:
    """0, 1, 2, 4, … and all."""
    return [0, *(2**k for k in range(evaluations.bit_length()) if 2**k < evaluations), evaluations]


def descend(cost: Cost, start: Float[Tensor, "*stack p"], *, evaluations: int, tolerance: float) -> Descents:
    """Takes each down its cost until no number of its gradient is above `tolerance`, or evaluations are spent.

    A cost hangs on its own numbers alone, so that the gradient of their sum is each one's. An evaluation is asked of
    all at once: one whose step was too long halves it while the others go on.
    """
    x = start.double()
    rows = torch.arange(x.shape[-2], device=x.device)
    f, g = _valued(cost, x, rows)
    # Each look back is a turn of all; who took no step in one has 0 for it, which turns nothing.
    steps, changes = (x.new_zeros(MEMORY, *x.shape) for _ in range(2))
    turned = x.new_zeros(MEMORY, *f.shape)
    scale = 1 / g.norm(dim=-1).clamp(min=1)
    length, along = torch.ones_like(f), -scale[..., None] * g
    seen, curve = looks(evaluations), [f]
    ended = x.clone(), f.clone(), g.clone()
    for made in range(1, evaluations + 1):
        moving = (g.abs().amax(-1) > tolerance) & (length > LEAST)
        going = moving.reshape(-1, len(rows)).any(0)
        if not going.any():
            break
        if going.sum() < FULL * len(rows):
            _put(ended, rows, x, f, g)
            rows = rows[going]
            x, g, along = (of[..., going, :] for of in (x, g, along))
            f, length, scale, moving = (of[..., going] for of in (f, length, scale, moving))
            steps, changes, turned = steps[..., going, :], changes[..., going, :], turned[..., going]
        there = x + length[..., None] * along
        f_there, g_there = _valued(cost, there, rows)
        promised = length * (g * along).sum(-1)
        taken = moving & (f_there <= f + ENOUGH * promised)
        step, change = there - x, g_there - g
        bent = (step * change).sum(-1)
        told = taken & (bent > 1e-10 * change.square().sum(-1))
        slot = made % MEMORY
        steps[slot], changes[slot] = (
            torch.where(told[..., None], pair, 0.0) for pair in (step, change)
        )  # or no number
        turned[slot] = torch.where(told, 1 / bent, 0.0)
        scale = torch.where(told, bent / change.square().sum(-1), scale)
        x = torch.where(taken[..., None], there, x)
        g = torch.where(taken[..., None], g_there, g)
        f = torch.where(taken, f_there, f)
        length = torch.where(taken, 1.0, length / 2)
        newly = _along(g, scale, steps, changes, turned, made)
        along = torch.where(taken[..., None], newly, along)
        if made in seen:
            _put(ended, rows, x, f, g)
            curve.append(ended[1].clone())
    _put(ended, rows, x, f, g)
    x, f, g = ended
    curve += [f] * (len(seen) - len(curve))
    return Descents(x, g.abs().amax(-1), torch.stack(curve))


def _put(ended: tuple[Tensor, Tensor, Tensor], rows: Int[Tensor, "fit"], x: Tensor, f: Tensor, g: Tensor) -> None:
    """Where those have come to, among all."""
    ended[0][..., rows, :], ended[1][..., rows], ended[2][..., rows, :] = x, f, g


def _valued(
    cost: Cost, x: Float[Tensor, "*stack p"], rows: Int[Tensor, "fit"]
) -> tuple[Float[Tensor, "*stack"], Float[Tensor, "*stack p"]]:
    at = x.detach().requires_grad_()
    costs = cost(at, rows)
    (slope,) = torch.autograd.grad(costs.sum(), at)
    return costs.detach(), slope


def _along(
    g: Float[Tensor, "*stack p"],
    scale: Float[Tensor, "*stack"],
    steps: Float[Tensor, "memory *stack p"],
    changes: Float[Tensor, "memory *stack p"],
    turned: Float[Tensor, "memory *stack"],
    made: int,
) -> Float[Tensor, "*stack p"]:
    """−Hg by the two loops, latest pair first and then last; g's own way, shortened, where that is not downhill."""
    order = [(made - back) % MEMORY for back in range(min(MEMORY, made))]
    q, parts = g.clone(), {}
    for slot in order:
        parts[slot] = turned[slot] * (steps[slot] * q).sum(-1)
        q -= parts[slot][..., None] * changes[slot]
    q *= scale[..., None]
    for slot in reversed(order):
        q += (parts[slot] - turned[slot] * (changes[slot] * q).sum(-1))[..., None] * steps[slot]
    downhill = (q * g).sum(-1, keepdim=True) > 0
    return -torch.where(downhill, q, scale[..., None] * g)
