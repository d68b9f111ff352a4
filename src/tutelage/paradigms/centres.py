"""Centres of images as an encoder: each number of a code says how near one of them is. Coates, Lee and Ng, 2011.

By k-means (Lloyd, 1982) and by the batch rule of Kohonen's map (2013), of which k-means is the limit: each image moves
its winner alone. Whole images as they are, where the paper has whitened patches.
"""

import json
from math import isqrt, prod
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float, Int
from pydantic import PositiveInt
from torch import Tensor, nn
from torch.optim import Optimizer

from tutelage import params, streams
from tutelage.data.batches import Batch
from tutelage.errors import Mistake
from tutelage.nn import weights
from tutelage.objectives import centres, competition, kohonen
from tutelage.paradigms.competition import Course
from tutelage.training.learner import Learner, Logs

ARMS = ("kmeans", "map")


class Params(params.Block):
    """The block `centres`."""

    passes: PositiveInt  # of all examples
    radius: Course  # the width of the map's kernel on its grid, in distances of neighbours
    block: PositiveInt  # examples in one matrix product: memory is flat in their number


class Centres(Learner):
    """w_h ← Σ_i K(r(h, y_i)) x_i / Σ_i K(r(h, y_i)), y_i the centre nearest to x_i: a step is a pass over all examples.

    What is a code here has a gradient in w, so a head may tune the centres.
    """

    r: Float[Tensor, "k k"]
    seen: Int[Tensor, ""]  # passes so far

    def __init__(self, w: Float[Tensor, "k m"], r: Float[Tensor, "k k"], block: Params) -> None:
        super().__init__(learning_rate=0, weight_decay=0)
        self.total, self.radius, self.block = block.passes, block.radius, block.block
        self.w = nn.Parameter(w.clone())
        self.register_buffer("r", r.to(w), persistent=False)
        self.register_buffer("seen", torch.zeros((), dtype=torch.int64))

    def optimizers(self) -> dict[str, Optimizer]:
        return {}

    def update(self, batch: Batch, optimizers: dict[str, Optimizer]) -> Logs:
        radius = self.radius.at(min(1.0, int(self.seen) / max(1, self.total - 1)))  # the last pass is at its end
        with torch.no_grad(), torch.autocast(self.w.device.type, enabled=False):
            sums, counts, cost = competition.gather(batch["x"].flatten(1), self.w, self.block)
            self.w.copy_(kohonen.batch(self.w, sums, counts, competition.gaussian(self.r, radius)))
        self.seen += 1
        return {"loss": cost}

    def encode(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n k"]:
        exact = "donot_use_mm_for_euclid_dist"  # products may be of bfloat16: too few digits for a difference
        return centres.triangle(torch.cdist(x.flatten(1), self.w, compute_mode=exact))


def build(block: Params, arm: str, width: int, x: Float[Tensor, "n m"], seed: int, data: str) -> Centres:
    """So many centres as they are born from `seed` for the sample x of the data set of that name: examples of it.

    Raises Mistake for more centres than examples.
    """
    if width > len(x):
        raise Mistake(
            f"params.yaml: encoder.width = {width} asks for as many centres, and {data} has {len(x)} examples to learn "
            "from; narrow it"
        )
    if arm == "map":
        w = competition.samples(x, width, streams.generator(seed, "centres/map"))
        return Centres(w, kohonen.grid_distances(kohonen.nodes(sides(width), "rectangular")), block)
    from sklearn.cluster import kmeans_plusplus  # here, because it takes half a second that others need not wait

    _, rows = kmeans_plusplus(x.cpu().numpy(), width, random_state=streams.seed(seed, "centres/kmeans") % 2**32)
    return Centres(x[torch.from_numpy(rows).to(x.device)], apart(width), block)


def sides(count: int) -> tuple[int, int]:
    """The grid of so many nodes that is most nearly a square; of a prime number of them a row."""
    short = max(side for side in range(1, isqrt(count) + 1) if count % side == 0)
    return count // short, short


def apart(count: int) -> Float[Tensor, "k k"]:
    """A grid whose nodes are nobody's neighbours: infinitely far from each other."""
    return torch.full((count, count), torch.inf).fill_diagonal_(0)


def load(models: Path, arm: str, seed: int) -> Centres:
    """Centres as their stage left them, to be asked and not taught."""
    told: dict[str, Any] = json.loads((models / "about.json").read_text(encoding="utf-8"))
    block = params.parse(Params, "centres", told, models / "about.json")
    learner = Centres(torch.zeros(told["width"], prod(told["shape"])), apart(told["width"]), block)
    weights.give(learner, models / f"{arm}-{seed}.safetensors")
    return learner.eval()
