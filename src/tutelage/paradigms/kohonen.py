"""Competition and Kohonen's map: centres that move towards the examples they win, alone or with their neighbours.

Winner takes all and most, online; the map by the online rule (Kohonen, 1982) and by the batch rule (Kohonen, 2013).
None is one descent, so each says what its update is. They see no labels.
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
from tutelage.data.batches import Batch, Batches, Stacked, Whole
from tutelage.errors import Mistake
from tutelage.objectives import kohonen
from tutelage.training import fitting
from tutelage.training.learner import Learner, Logs


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
        return kohonen.shrunk(self.start, self.end, progress)


class Competition(params.Block):
    """Hard and soft competition, without a map."""

    centres: Annotated[int, Ge(2)]
    rate: Course  # η
    width: Course  # of winner takes most, in root mean square distances from the sample's mean
    relative: bool  # K is taken over its value at the winner
    memory: Annotated[float, Field(gt=0, lt=1)]  # λ: what the newest example counts for in Q
    still: (
        PositiveFloat  # settled: in n presentations Q changes by no larger share, no centre moves further (in widths)
    )
    target: Annotated[float, Ge(1)]  # the Q to be reached, as a multiple of k-means' best


Kernel = Literal["gaussian", "bubble", "mexican_hat"]
Start = Literal["random", "samples", "components"]


class Params(params.Block):
    """The block `kohonen`."""

    size: Annotated[tuple[PositiveInt, PositiveInt], Field(description="SizeX × SizeY nodes")]
    topology: kohonen.Topology
    kernel: Kernel  # of the map
    initialisation: Start  # of the map
    radius: Course  # the kernel's width on the grid, in distances of neighbours
    rate: Course  # η of the online rule
    presentations: PositiveInt  # of one example each, of every online rule
    passes: PositiveInt  # of all examples, of the batch rule
    block: PositiveInt  # examples in one matrix product of the batch rule: memory is flat in their number
    k: PositiveInt  # nearest examples: trustworthiness, continuity, density
    seeds: Annotated[int, Ge(2)]  # of each sweep over kernels, initialisations, orders; fewer than 10 give no claims
    competition: Competition

    @model_validator(mode="after")
    def _a_map(self) -> "Params":
        if self.size[0] * self.size[1] < 2:
            raise ValueError(f"size is {list(self.size)}; a map has at least two nodes")
        return self


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
            kohonen.online(self.w, apart, self.pull(squares, winner, min(1.0, (seen + number) / self.total)))
            costs.append(least)
        self.seen += len(examples)
        return {"loss": torch.stack(costs).mean(0)}

    def winners(self, x: Float[Tensor, "n m"], block: int = 1000) -> Int[Tensor, "n"]:
        return torch.cat([kohonen.nearest_two(part, self.w)[0][:, 0] for part in x.split(block)])

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

    def __init__(self, w: Float[Tensor, "k m"], x: Float[Tensor, "n m"], total: int, block: Competition) -> None:
        super().__init__(w, total, block.rate)
        self.memory, self.still, self.window, self.width = block.memory, block.still, len(x), _spread(x)
        q = kohonen.gather(x, w, len(x))[2]
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

    def __init__(self, w: Float[Tensor, "k m"], x: Float[Tensor, "n m"], total: int, block: Competition) -> None:
        super().__init__(w, total, block.rate)
        self.course, self.width, self.relative = block.width, _spread(x), block.relative

    def pull(self, squares: Float[Tensor, "*seed k"], winner: Int[Tensor, "*seed"], p: float) -> Tensor:
        least = squares.amin(-1, keepdim=True) if self.relative else 0
        return self.rate.at(p) * kohonen.gaussian((squares - least).sqrt(), self.course.at(p) * self.width)


class Map(Centres):
    """w_h ← w_h + η(x − w_h)K(r(winner, h)) for every node h of a grid."""

    places: Float[Tensor, "node 2"]
    r: Float[Tensor, "node node"]

    def __init__(self, w: Float[Tensor, "k m"], places: Float[Tensor, "k 2"], total: int, block: Params) -> None:
        super().__init__(w, total, block.rate)
        self.radius, self.kernel = block.radius, kohonen.KERNELS[block.kernel]
        self.register_buffer("places", places.to(w), persistent=False)
        self.register_buffer("r", kohonen.grid_distances(places).to(w), persistent=False)

    def pull(self, squares: Float[Tensor, "*seed k"], winner: Int[Tensor, "*seed"], p: float) -> Tensor:
        return self.rate.at(p) * self.kernel(self.r[winner], self.radius.at(p))

    def encode(self, x: Float[Tensor, "n m"]) -> Float[Tensor, "n 2"]:
        """Where on the map an example sits."""
        return self.places[self.winners(x)]


class BatchMap(Map):
    """The batch rule: a step is a pass over all examples at once, as matrix products."""

    def __init__(self, w: Float[Tensor, "k m"], places: Float[Tensor, "k 2"], block: Params) -> None:
        super().__init__(w, places, block.passes, block)
        self.block = block.block

    def update(self, batch: Batch, optimizers: dict[str, Optimizer]) -> Logs:
        with torch.autocast(self.w.device.type, enabled=False):
            sums, counts, cost = kohonen.gather(batch["x"].flatten(1), self.w, self.block)
            radius = self.radius.at(min(1.0, int(self.seen) / max(1, self.total - 1)))  # the last pass is at its end
            self.w.copy_(kohonen.batch(self.w, sums, counts, self.kernel(self.r, radius)))
        self.seen += 1
        return {"loss": cost}


ARMS = ("winner_takes_all", "winner_takes_most", "map_online", "map_batch")


def build(
    block: Params, arm: str, x: Float[Tensor, "n m"], seed: int, data: str, start: Start | None = None
) -> Centres:
    """Centres as they are born from `seed` for the sample x of the data set of that name.

    `start` is an initialisation other than the block's; competition, which has no plane to lay, starts from samples.
    Raises Mistake for more centres than examples, and for a kernel that the batch rule cannot take.
    """
    mapped = arm.startswith("map")
    count = block.size[0] * block.size[1] if mapped else block.competition.centres
    if count > len(x):
        said = f"size = {list(block.size)} asks for {count} nodes" if mapped else f"competition.centres = {count}"
        raise Mistake(f"params.yaml: kohonen.{said}, and {data} has {len(x)} examples; write fewer")
    if block.k >= len(x) / 2:
        raise Mistake(f"params.yaml: kohonen.k = {block.k} must be below half of the {len(x)} examples of {data}")
    if arm == "map_batch" and block.kernel == "mexican_hat":
        raise Mistake(
            "params.yaml: kohonen.kernel = mexican_hat: the batch rule divides by a sum of the kernel's values, and "
            "the hat's cancel; write gaussian or bubble"
        )
    places = kohonen.nodes(block.size, block.topology).to(x.device)
    generator = streams.generator(seed, "kohonen/centres")
    start = start or (block.initialisation if mapped else "samples")
    if start == "components":
        w = kohonen.components(x, places)
    elif start == "samples":
        w = kohonen.samples(x, count, generator)
    else:
        w = kohonen.random(count, x.shape[1], generator).to(x)
    if arm == "winner_takes_all":
        return WinnerTakesAll(w, x, block.presentations, block.competition)
    if arm == "winner_takes_most":
        return WinnerTakesMost(w, x, block.presentations, block.competition)
    return BatchMap(w, places, block) if arm == "map_batch" else Map(w, places, block.presentations, block)


C = TypeVar("C", bound=Centres)


def together(learners: Sequence[C]) -> C:
    """Learners of one build under an online rule as one, what each has of its own stacked; for batches of `Stacked`."""
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
    """Teaches each learner the sample, by the online rules in batches of `size` in the order drawn for its seed.

    Returns what was seen at as many looks, by seed; `judge` is shown the centres of all then.
    """
    if isinstance(learners[0], BatchMap):  # no order: the examples come all at once
        alone = [fitting.fit(one, Whole({"x": x}), steps=one.total, every=1, compute=compute) for one in learners]
        return [[terms for (terms,) in seen] for seen in zip(*alone, strict=True)]
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
