"""Competition: centres that move towards the examples they win, the winner alone or the others with it, online.

Neither is one descent, so each says what its update is. They see no labels.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Literal, TypeVar

import torch
from annotated_types import Ge
from jaxtyping import Float, Int
from pydantic import Field, PositiveFloat, PositiveInt, model_validator
from torch import Tensor
from torch.optim import Optimizer

from tutelage import params, streams
from tutelage.data.batches import Batch, Batches, Stacked
from tutelage.errors import Mistake
from tutelage.objectives import competition
from tutelage.training import fitting
from tutelage.training.learner import Learner, Logs

Start = Literal["random", "samples"]
STARTS: tuple[Start, ...] = ("random", "samples")
ARMS = ("winner_takes_all", "winner_takes_most")


class Course(params.Block):
    """A number that shrinks with progress: start / (1 + (start/end − 1)·p)."""

    start: PositiveFloat
    end: PositiveFloat

    @model_validator(mode="after")
    def _shrinks(self) -> "Course":
        if self.end > self.start:
            raise ValueError(f"goes from {self.start} to {self.end}; it must not grow")
        return self

    def at(self, progress: float) -> float:
        return competition.shrunk(self.start, self.end, progress)


class Rates(params.Block):
    """η, arm by arm."""

    winner_takes_all: Course
    winner_takes_most: Course


class Params(params.Block):
    """The block `competition`."""

    centres: Annotated[int, Ge(2)]
    presentations: PositiveInt  # of one example each, in a fit
    rate: Rates
    width: Course  # of winner takes most, in root mean square distances from the sample's mean
    relative: bool  # K is taken over its value at the winner
    memory: Annotated[float, Field(gt=0, lt=1)]  # λ: what the newest example counts for in Q
    still: (
        PositiveFloat  # settled: in n presentations Q changes by no larger share, no centre moves further (in widths)
    )
    seeds: Annotated[int, Ge(2)]  # fewer than 5 give no claims
    target: Annotated[float, Ge(1)]  # the Q to be reached, as a multiple of k-means' best


class Centres(Learner):
    """Centres w under an online rule; a leading axis of w, and of a batch, is that of seeds."""

    own: tuple[str, ...] = ("w",)  # what each seed has of its own
    w: Float[Tensor, "*seed k m"]
    seen: Int[Tensor, ""]  # presentations, or passes, so far: progress is a share of `total`

    def __init__(self, w: Float[Tensor, "k m"], total: int, rate: Course) -> None:
        super().__init__(learning_rate=0, weight_decay=0)
        self.total, self.rate = total, rate
        self.register_buffer("w", w.clone())
        self.register_buffer("seen", torch.zeros((), dtype=torch.int64))

    def pull(self, squares: Float[Tensor, "*seed k"], winner: Int[Tensor, "*seed"], p: float) -> Tensor:
        """ηK of each centre, from ρ²(x, w_y), the winner's number, and progress."""
        raise NotImplementedError(f"{type(self).__name__} does not say how far a centre moves")

    def optimizers(self) -> dict[str, Optimizer]:
        return {}

    def update(self, batch: Batch, optimizers: dict[str, Optimizer]) -> Logs:
        """One example after the other; the cost is the mean ρ² to the winner before it moves."""
        examples = batch["x"].reshape(*self.w.shape[:-2], -1, 1, self.w.shape[-1]).unbind(-3)
        seen, costs = int(self.seen), []
        for number, x in enumerate(examples):
            apart = x - self.w
            squares = apart.square().sum(-1)
            least, winner = squares.min(-1)
            competition.online(self.w, apart, self.pull(squares, winner, min(1.0, (seen + number) / self.total)))
            costs.append(least)
        self.seen += len(examples)
        return {"loss": torch.stack(costs).mean(0)}

    def winners(self, x: Float[Tensor, "n m"], block: int = 1000) -> Int[Tensor, "n"]:
        return torch.cat([competition.winners(part, self.w) for part in x.split(block)])

    def reconstruct(self, x: Float[Tensor, "n m"]) -> Float[Tensor, "n m"]:
        """The winner's centre."""
        return self.w[self.winners(x)]


class WinnerTakesAll(Centres):
    """w_y ← w_y + η(x − w_y) for the winner alone, until Q and the centres settle.

    Q starts at its mean over the sample and follows Q ← λρ²(x, w_y) + (1 − λ)Q. Looked at every n presentations; what
    has settled does not move again, and `settled` says at which presentation that was, 0 for never.
    """

    own = ("w", "q", "settled", "w_before", "q_before")
    q: Float[Tensor, "*seed"]
    settled: Int[Tensor, "*seed"]
    w_before: Float[Tensor, "*seed k m"]
    q_before: Float[Tensor, "*seed"]

    def __init__(self, w: Float[Tensor, "k m"], x: Float[Tensor, "n m"], block: Params) -> None:
        super().__init__(w, block.presentations, block.rate.winner_takes_all)
        self.memory, self.still, self.window, self.width = block.memory, block.still, len(x), _spread(x)
        q = (x - w[competition.winners(x, w)]).square().sum(1).mean()
        for name, value in {
            "q": q,
            "q_before": q,
            "w_before": w,
            "settled": torch.zeros((), dtype=torch.int64),
        }.items():
            self.register_buffer(name, value.clone())

    def pull(self, squares: Float[Tensor, "*seed k"], winner: Int[Tensor, "*seed"], p: float) -> Tensor:
        moves = self.settled == 0
        least = squares.gather(-1, winner.unsqueeze(-1)).squeeze(-1)
        self.q.copy_(torch.where(moves, self.memory * least + (1 - self.memory) * self.q, self.q))
        share = (self.rate.at(p) * moves).to(squares.dtype).unsqueeze(-1)
        return torch.zeros_like(squares).scatter_(-1, winner.unsqueeze(-1), share)

    def update(self, batch: Batch, optimizers: dict[str, Optimizer]) -> Logs:
        before = int(self.seen) // self.window
        logs = super().update(batch, optimizers)
        if int(self.seen) // self.window > before:
            moved = (self.w - self.w_before).square().sum(-1).amax(-1).sqrt()
            quiet = (moved <= self.still * self.width) & ((self.q - self.q_before).abs() <= self.still * self.q_before)
            self.settled.copy_(torch.where(quiet & (self.settled == 0), self.seen, self.settled))
            self.w_before.copy_(self.w)
            self.q_before.copy_(self.q)
        return logs | {"q": self.q.clone()}


class WinnerTakesMost(Centres):
    """w_y ← w_y + η(x − w_y)K(ρ(x, w_y)) for every y; K is Gaussian.

    `relative`: K over its value at the winner, which then moves by η and the others by less; as the width goes to 0 it
    is winner takes all. As the formula stands, a narrow kernel moves nobody, and a wide one draws all centres together.
    """

    def __init__(self, w: Float[Tensor, "k m"], x: Float[Tensor, "n m"], block: Params) -> None:
        super().__init__(w, block.presentations, block.rate.winner_takes_most)
        self.course, self.width, self.relative = block.width, _spread(x), block.relative

    def pull(self, squares: Float[Tensor, "*seed k"], winner: Int[Tensor, "*seed"], p: float) -> Tensor:
        least = squares.amin(-1, keepdim=True) if self.relative else 0
        return self.rate.at(p) * competition.gaussian((squares - least).sqrt(), self.course.at(p) * self.width)


def build(block: Params, arm: str, x: Float[Tensor, "n m"], seed: int, data: str, start: Start) -> Centres:
    """Centres as they are born from `seed` for the sample x of the data set of that name.

    Raises Mistake for more centres than examples.
    """
    if block.centres > len(x):
        raise Mistake(
            f"params.yaml: competition.centres = {block.centres}, and {data} has {len(x)} examples; write fewer"
        )
    generator = streams.generator(seed, "competition/centres")
    if start == "samples":
        w = competition.samples(x, block.centres, generator)
    else:
        w = competition.random(block.centres, x.shape[1], generator).to(x)
    return WinnerTakesAll(w, x, block) if arm == "winner_takes_all" else WinnerTakesMost(w, x, block)


C = TypeVar("C", bound=Centres)


def together(learners: Sequence[C]) -> C:
    """Learners of one build as one, what each has of its own stacked; for batches of `Stacked`."""
    one = copy.deepcopy(learners[0])
    for name in one.own:
        setattr(one, name, torch.stack([getattr(learner, name) for learner in learners]))
    return one


def fit(
    learners: Sequence[Centres],
    x: Float[Tensor, "n m"],
    orders: Sequence[int],
    compute: params.Compute,
    *,
    size: int,
    looks: int,
    judge: Callable[[Sequence[Tensor]], Mapping[str, float]] | None = None,
) -> fitting.History:
    """Teaches each learner the sample by its online rule, in batches of `size` in the order drawn for its seed.

    Returns what was seen at as many looks, by seed; `judge` is shown the centres of all then.
    """
    one = together(learners)
    source = Stacked([Batches({"x": x}, size, streams.generator(order, "batches")) for order in orders])
    steps = max(1, one.total // source.size)
    look = (lambda: judge(one.w.unbind())) if judge else None
    history = fitting.fit(one, source, steps=steps, every=-(-steps // looks), compute=compute, judge=look)
    for name in one.own:
        for learner, taught in zip(learners, getattr(one, name), strict=True):
            getattr(learner, name).copy_(taught)
    return history


def _spread(x: Float[Tensor, "n m"]) -> float:
    """The root mean square distance from the mean."""
    return float((x - x.mean(0)).square().sum(1).mean().sqrt())
