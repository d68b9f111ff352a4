"""Kohonen's map: competition in which the winner's neighbours on a grid move with it.

By the online rule (Kohonen, 1982) and by the batch rule (Kohonen, 2013). It sees no labels.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import torch
from annotated_types import Ge
from jaxtyping import Float, Int
from pydantic import Field, PositiveInt, model_validator
from torch import Tensor
from torch.optim import Optimizer

from tutelage import params, streams
from tutelage.data.batches import Batch, Whole
from tutelage.errors import Mistake
from tutelage.nn import descriptions, weights
from tutelage.objectives import competition, kohonen
from tutelage.paradigms.competition import Centres, Course
from tutelage.paradigms.competition import fit as fit_online
from tutelage.training import fitting
from tutelage.training.learner import Logs

Kernel = Literal["gaussian", "bubble", "mexican_hat"]
Start = Literal["random", "samples", "components"]
ARMS = ("map_online", "map_batch")
FAR = 10.0
"""Times the largest number in the data: a map whose centres are further out shows nothing."""


class Params(params.Block):
    """The block `kohonen`."""

    size: Annotated[tuple[PositiveInt, PositiveInt], Field(description="SizeX × SizeY nodes")]
    topology: kohonen.Topology
    kernel: Kernel
    initialisation: Start
    radius: Course  # the kernel's width on the grid, in distances of neighbours
    rate: Course  # η of the online rule
    hat_rate: Course  # and under the Mexican hat, whose brim drives centres apart, ever faster where η is large
    presentations: PositiveInt  # of one example each, of the online rule
    passes: PositiveInt  # of all examples, of the batch rule
    block: PositiveInt  # examples in one matrix product of the batch rule: memory is flat in their number
    k: PositiveInt  # nearest examples: trustworthiness, continuity, density
    seeds: Annotated[int, Ge(2)]  # of each sweep over kernels, initialisations, orders; fewer than 10 give no claims

    @model_validator(mode="after")
    def _a_map(self) -> "Params":
        if self.size[0] * self.size[1] < 2:
            raise ValueError(f"size is {list(self.size)}; a map has at least two nodes")
        return self


class Map(Centres):
    """w_h ← w_h + η(x − w_h)K(r(winner, h)) for every node h of a grid."""

    places: Float[Tensor, "node 2"]
    r: Float[Tensor, "node node"]

    def __init__(self, w: Float[Tensor, "k m"], places: Float[Tensor, "k 2"], total: int, block: Params) -> None:
        super().__init__(w, total, block.hat_rate if block.kernel == "mexican_hat" else block.rate)
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
            sums, counts, cost = competition.gather(batch["x"].flatten(1), self.w, self.block)
            radius = self.radius.at(min(1.0, int(self.seen) / max(1, self.total - 1)))  # the last pass is at its end
            self.w.copy_(kohonen.batch(self.w, sums, counts, self.kernel(self.r, radius)))
        self.seen += 1
        return {"loss": cost}


def build(block: Params, arm: str, x: Float[Tensor, "n m"], seed: int, data: str, start: Start | None = None) -> Map:
    """A map as it is born from `seed` for the sample x of the data set of that name.

    `start` is an initialisation other than the block's. Raises Mistake for more nodes than examples, for a k that the
    sample is too small for, and for a kernel that the batch rule cannot take.
    """
    count = block.size[0] * block.size[1]
    if count > len(x):
        raise Mistake(
            f"params.yaml: kohonen.size = {list(block.size)} asks for {count} nodes, and {data} has {len(x)} examples; "
            "write fewer"
        )
    if block.k >= len(x) / 2:
        raise Mistake(f"params.yaml: kohonen.k = {block.k} must be below half of the {len(x)} examples of {data}")
    if arm == "map_batch" and block.kernel == "mexican_hat":
        raise Mistake(
            "params.yaml: kohonen.kernel = mexican_hat: the batch rule divides by a sum of the kernel's values, and "
            "the hat's cancel; write gaussian or bubble"
        )
    places = kohonen.nodes(block.size, block.topology).to(x.device)
    generator = streams.generator(seed, "kohonen/centres")
    start = start or block.initialisation
    if start == "components":
        w = kohonen.components(x, places)
    elif start == "samples":
        w = competition.samples(x, count, generator)
    else:
        w = competition.random(count, x.shape[1], generator).to(x)
    return BatchMap(w, places, block) if arm == "map_batch" else Map(w, places, block.presentations, block)


def fit(
    learners: Sequence[Map],
    x: Float[Tensor, "n m"],
    orders: Sequence[int],
    compute: params.Compute,
    *,
    size: int,
    looks: int,
) -> fitting.History:
    """Teaches each learner the sample: by the online rule in its seed's order, by the batch rule all at once.

    Returns what was seen at as many looks, or after every pass, by seed. Raises Mistake where centres leave the data.
    """
    if not isinstance(learners[0], BatchMap):
        history = fit_online(learners, x, orders, compute, size=size, looks=looks)
        away = max(float(one.w.abs().max()) for one in learners) / float(x.abs().max())
        if not away <= FAR:
            raise Mistake(
                f"params.yaml: kohonen: centres went {away:.2g} times as far out as any example; lower the rate "
                "(hat_rate, under the Mexican hat)"
            )
        return history
    alone = [fitting.fit(one, Whole({"x": x}), steps=one.total, every=1, compute=compute) for one in learners]
    return [[terms for (terms,) in seen] for seen in zip(*alone, strict=True)]


def load(models: Path, arm: str, seed: int) -> Map:
    """The map of a table (arm iris-map_batch: of iris, by the batch rule) as its stage left it, to be asked."""
    told = descriptions.read(models)
    block = params.parse(Params, "kohonen", told, models / descriptions.FILE)
    places = kohonen.nodes(block.size, block.topology)
    w = torch.zeros(len(places), len(told["tables"][arm]["features"]))
    learner = BatchMap(w, places, block) if arm.endswith("map_batch") else Map(w, places, block.presentations, block)
    weights.give(learner, models / f"{arm}-{seed}.safetensors")
    return learner.eval()
