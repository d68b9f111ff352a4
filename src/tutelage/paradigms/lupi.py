"""Learning using privileged information: x* helps to teach and is not there when asked. Vapnik and Vashist, 2009.

A student a(x) beside a teacher a(x*), linear or of one hidden layer: apart and imitated, both at once, or distilled
(Lopez-Paz et al., 2016). Splits, folds and the points of one grid are descended side by side, all examples at once, to
their minimum; of x* what is asked knows nothing.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, NamedTuple

import torch
from annotated_types import Ge
from jaxtyping import Float, Int
from pydantic import NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt
from torch import Tensor
from torch.func import vmap

from tutelage import params
from tutelage.data import controls, kinds, problems
from tutelage.data.controls import Stack
from tutelage.nn.stacked import Net
from tutelage.objectives import distillation, privileged
from tutelage.paradigms import machines
from tutelage.training import descents

METHODS = ("separate", "together", "distilled")
"""Those that ask a teacher: before they learn, while they learn, and as it is at a temperature."""


class Grid(params.Block):
    """From which every method and control chooses, by cross-validation inside its labels."""

    penalties: params.Distinct[PositiveFloat]  # half of it is the weight of the weights' squares
    imitations: params.Distinct[NonNegativeFloat]  # μ; a distilled one's λ is μ/(1 + μ), as much of a share
    taught: params.Distinct[NonNegativeFloat]  # λ of the teacher's own loss, where both learn at once
    temperatures: params.Distinct[PositiveFloat]  # of a teacher that is distilled


class Params(params.Block):
    """An entry of `lupi`: a problem and how it is learned."""

    problem: kinds.Problem
    labels: params.Distinct[PositiveInt]  # n, of each split
    asked: PositiveInt  # examples of each split's other part
    splits: PositiveInt  # the replicates; fewer than 5 give no claims
    hidden: NonNegativeInt  # units of student and teacher; 0: linear
    folds: Annotated[int, Ge(2)]
    grid: Grid
    svm: machines.Params
    evaluations: PositiveInt  # of a descent, at most
    tolerance: PositiveFloat  # of the largest number of its gradient


class Told(NamedTuple):
    """A method's answers on what is asked, of each split, and how it came to them."""

    logits: Float[Tensor, "split asked class"]
    curve: Float[Tensor, "look split"]  # the loss that it descended
    slope: Float[Tensor, "split"]
    chosen: Int[Tensor, "split"]  # which point of the grid


class Point(NamedTuple):
    """One of the grid; what a method does not know it leaves as it is."""

    penalty: float
    imitation: float = 0.0
    taught: float = 0.0
    temperature: float = 1.0


class Fitted(NamedTuple):
    """The fits of one method, of each split, fold and point of the grid; the last fold is of all labels."""

    net: Net
    span: Float[Tensor, "split d r"] | None
    at: Float[Tensor, "split fold point p"]
    slope: Float[Tensor, "split fold point"]
    curve: Float[Tensor, "look split fold point"]
    chosen: Int[Tensor, "split"]

    def predict(self, x: Float[Tensor, "split m d"]) -> Float[Tensor, "split m class"]:
        """Logits by the point that was chosen, of a net of all labels: of x alone."""
        best = self.at[torch.arange(len(self.at)), -1, self.chosen]
        return self.net.answer(best[:, None], _seen(x, self.span))[:, 0]

    def folded(self, x: Float[Tensor, "split n d"]) -> Float[Tensor, "split fold n class"]:
        """Logits of every fold's net by the point that was chosen."""
        best = self.at[torch.arange(len(self.at)), :, self.chosen]
        return self.net.answer(best, _seen(x, self.span))

    def told(self, x: Float[Tensor, "split m d"]) -> Told:
        rows = torch.arange(len(self.at))
        return Told(
            self.predict(x), self.curve[:, rows, -1, self.chosen], self.slope[rows, -1, self.chosen], self.chosen
        )


Each = Callable[..., Float[Tensor, "n"]]


def stack(block: Params, labels: int, made: problems.Made | None = None) -> Stack:
    """The problem's splits, each with so many labels; of examples that were `made`, or drawn anew where none were."""
    splits = [drawn(block, labels, split, made) for split in range(block.splits)]
    return controls.stack(splits, block.folds, standardised=made is None or made.standardised)


def drawn(block: Params, labels: int, split: int, made: problems.Made | None = None) -> problems.Split:
    """One split of the problem."""
    return block.problem.split(made, labels=labels, asked=block.asked, split=split)


def learn(block: Params, of: Stack, control: str) -> dict[str, Told]:
    """What each method comes to with that in x*'s place, and with nothing there the student alone.

    Of x* itself also what the teacher tells, who is asked it.
    """
    if not control:
        return {"student": alone(block, of, of.x).told(of.x_asked)}
    seen = controls.instead(control, of)
    before = None if seen is None else alone(block, of, seen, "teacher")
    told = {method: taught(block, of, method, seen, before).told(of.x_asked) for method in METHODS}
    if before is not None and control == problems.STAR:
        told["teacher"] = before.told(of.star_asked)
    return told


def alone(block: Params, of: Stack, seen: Float[Tensor, "split n d"], name: str = "student") -> Fitted:
    """L(a(x), y), or of a teacher L(a(x*), y): nobody is imitated."""
    points = [Point(penalty) for penalty in block.grid.penalties]
    return _fitted(block, of, seen, points, lambda own, y, point: privileged.classes(own, y), name)


def taught(
    block: Params, of: Stack, method: str, seen: Float[Tensor, "split n e"] | None, before: Fitted | None
) -> Fitted:
    """A student that asks a teacher of what is `seen`: one that has learned before, or learns beside it.

    Of smoothing there is none, and what is imitated is each class as often.
    """
    g = block.grid
    if method == "together" and seen is not None:
        points = [Point(p, mu, lam) for p in g.penalties for mu in g.imitations for lam in g.taught]
        return _fitted(block, of, of.x, points, _together, "student", beside=seen)
    says = torch.zeros(*of.kept.shape, of.y.shape[-1], dtype=torch.float64)
    if seen is not None and before is not None:
        says = before.folded(seen)
    if method == "distilled":
        points = [Point(p, mu / (1 + mu), 0.0, t) for p in g.penalties for mu in g.imitations for t in g.temperatures]
        return _fitted(block, of, of.x, points, _distilled, "student", says=says)
    points = [Point(p, mu) for p in g.penalties for mu in g.imitations]
    return _fitted(block, of, of.x, points, _apart, "student", says=says)


def _apart(own: Tensor, y: Tensor, point: Tensor, teacher: Tensor) -> Tensor:
    says = distillation.softened(teacher, 1.0)
    return privileged.apart(privileged.classes, own, y, teacher=says, imitation=point[1])


def _distilled(own: Tensor, y: Tensor, point: Tensor, teacher: Tensor) -> Tensor:
    return privileged.distilled(own, y, teacher=teacher, temperature=point[3], imitation=point[1])


def _together(own: Tensor, y: Tensor, point: Tensor, teacher: Tensor) -> Tensor:
    says = distillation.softened(teacher, 1.0)
    return privileged.together(
        privileged.classes, own, y, teacher=teacher, says=says, imitation=point[1], taught=point[2]
    )


def _fitted(
    block: Params,
    of: Stack,
    x: Float[Tensor, "split n d"],
    points: Sequence[Point],
    loss: Each,
    name: str,
    *,
    says: Float[Tensor, "split fold n k"] | None = None,
    beside: Float[Tensor, "split n e"] | None = None,
) -> Fitted:
    """Descends `loss` of all splits, folds and points, and chooses a point for each split by what folds hold out.

    A teacher `says` what it has learned, or learns `beside`, its numbers behind the student's.
    """
    splits, k, span = len(of.y), of.y.shape[-1], _span(x)
    x = _seen(x, span)
    beside = None if beside is None else _seen(beside, _span(beside))
    net = Net(x.shape[-1], block.hidden, k)
    nets = [net] if beside is None else [net, Net(beside.shape[-1], block.hidden, k)]
    weighed = torch.cat([one.weighs() for one in nets])
    births = [one.born(splits, f"lupi/{who}") for one, who in zip(nets, (name, "teacher"), strict=False)]
    # Over splits, then over fits: inside, an answer is an (n, class), and its shape is asked after.
    beside_one = vmap(vmap(loss, in_dims=(0, None, 0, 0)), in_dims=(0, 0, None, 0))
    by_itself = vmap(vmap(loss, in_dims=(0, None, 0)), in_dims=(0, 0, None))
    surprise = vmap(vmap(privileged.classes, in_dims=(0, None)))

    def descended(some: Sequence[Point]) -> tuple[Tensor, ...]:
        """Of some points: where they come to, slopes, curves, and how surprised they are by what was held out."""
        grid = torch.tensor(some, dtype=torch.float64).repeat(of.kept.shape[1], 1)  # a fold's points side by side
        kept = of.kept.repeat_interleave(len(some), 1)
        shares = kept / kept.sum(-1, keepdim=True)
        said = None if says is None else says.repeat_interleave(len(some), 1)

        def cost(w: Float[Tensor, "split fit p"], fits: Int[Tensor, "fit"]) -> Float[Tensor, "split fit"]:
            told, own = net.answer(w[..., : net.size()], x), grid[fits]
            other = None if said is None else said[:, fits]
            if beside is not None:
                other = nets[1].answer(w[..., net.size() :], beside)
            each = by_itself(told, of.y, own) if other is None else beside_one(told, of.y, own, other)
            return (each * shares[:, fits]).sum(-1) + own[:, 0] / 2 * (w.square() * weighed).sum(-1)

        start = torch.cat(births, -1)[:, None].expand(-1, len(grid), -1)
        went = descents.descend(cost, start, evaluations=block.evaluations, tolerance=block.tolerance)
        at = went.at[..., : net.size()]
        missed = (surprise(net.answer(at, x), of.y) * (1 - kept)).sum(-1)
        shape = (of.kept.shape[1], len(some))
        return (
            at.unflatten(1, shape),
            went.slope.unflatten(1, shape),
            went.curve.unflatten(2, shape),
            missed.unflatten(1, shape)[:, :-1].sum(1),
        )

    # Those of one penalty end at about the same time.
    groups = [descended([p for p in points if p.penalty == penalty]) for penalty in block.grid.penalties]
    at, slope, curve, missed = zip(*groups, strict=True)
    return Fitted(net, span, torch.cat(at, 2), torch.cat(slope, 2), torch.cat(curve, 3), torch.cat(missed, 1).argmin(1))


def _span(x: Float[Tensor, "split n d"]) -> Float[Tensor, "split d r"] | None:
    """Directions across all in which examples lie, where there are more columns than examples.

    Along others nobody learns: the loss does not change, and a penalty leaves weights at 0.
    """
    return torch.linalg.qr(x.mT).Q if x.shape[-1] > x.shape[-2] else None


def _seen(x: Float[Tensor, "split m d"], span: Float[Tensor, "split d r"] | None) -> Float[Tensor, "split m r"]:
    return x if span is None else x @ span
