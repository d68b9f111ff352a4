"""A light net in a simulator's place, and how far to trust it: an ensemble, whose members differ in what they began as.

Lakshminarayanan, Pritzel and Blundell, 2017, with squared error. The teacher's answers are a column of the batch.
"""

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
from annotated_types import Ge
from jaxtyping import Float
from numpy import ndarray
from pydantic import NonNegativeFloat, PositiveFloat, PositiveInt
from torch import Tensor

from tutelage import params, streams
from tutelage.data import designs
from tutelage.data.batches import Batch, Batches, Stacked
from tutelage.data.designs import Region
from tutelage.errors import Mistake
from tutelage.nn import weights
from tutelage.nn.smooth import Smooth
from tutelage.training import fitting
from tutelage.training.checkpoint import Place
from tutelage.training.learner import Learner, Logs
from tutelage.training.seeds import Seeds


class Asking(params.Block):
    """The arm that chooses what to ask its simulator."""

    first: PositiveInt  # runs of the space-filling design
    batch: PositiveInt  # more at a time, where the members disagree most
    last: PositiveInt  # runs in all


class GaussianProcess(params.Block):
    """One kernel for all answers."""

    fitted_on: PositiveInt  # runs, the first of more, that its likelihood is maximised on; all are then conditioned on


class Boosting(params.Block):
    """Trees for each principal component of the answers."""

    trees: PositiveInt
    learning_rate: PositiveFloat
    left: PositiveFloat  # share of the answers' variance that components may leave out


class Linear(params.Block):
    """Ridge regression."""

    strengths: params.Distinct[PositiveFloat]  # of its penalty; leaving one out chooses


class Params(params.Block):
    """The block `surrogate`."""

    sizes: params.Distinct[Annotated[int, Ge(2)]]  # runs to learn from, the first of a design; rising
    members: Annotated[int, Ge(2)]  # of an ensemble
    hidden: PositiveInt  # units of a layer
    depth: PositiveInt  # hidden layers
    steps: PositiveInt  # of a fit, whatever its number of runs
    batch_size: PositiveInt
    learning_rate: PositiveFloat
    weight_decay: NonNegativeFloat
    asking: Asking | None  # null: no such arm
    gaussian_process: GaussianProcess
    boosting: Boosting | None  # null: no such row
    linear: Linear

    def there(self, runs: int, name: str) -> None:
        """Raises Mistake where more runs are asked for than a design of the simulator `name` has."""
        most = {"sizes": max(self.sizes), **({"asking.last": self.asking.last} if self.asking else {})}
        for key, size in most.items():
            if size > runs:
                raise Mistake(
                    f"{params.FILE}: surrogate.{key} asks for {size} runs, and a design of simulators.{name} has "
                    f"{runs}; ask for fewer, or raise simulators.{name}.runs"
                )


class Surrogate(Learner):
    """Σ (b(x) − a(x))² over runs and answers, a the simulator; parameters in [−1, 1], answers of variance 1."""

    middle: Tensor
    reach: Tensor
    mean: Tensor
    spread: Tensor

    def __init__(
        self, block: Params, region: Region, mean: Float[ndarray, "answer"], spread: Float[ndarray, "answer"]
    ) -> None:
        super().__init__(learning_rate=block.learning_rate, weight_decay=block.weight_decay)
        self.net = Smooth(len(region), len(mean), hidden=block.hidden, depth=block.depth)
        low, high = designs.bounds(region)
        scales = {"middle": (low + high) / 2, "reach": (high - low) / 2, "mean": mean, "spread": spread}
        for name, values in scales.items():
            self.register_buffer(name, torch.from_numpy(np.asarray(values, dtype=np.float64)))

    def columns(self, table: Float[ndarray, "n parameter"], answers: Float[ndarray, "n answer"]) -> Batch:
        """Runs as `loss` takes them."""
        told = (torch.from_numpy(answers).to(self.mean) - self.mean) / self.spread
        return {"parameters": self._scaled(table), "answers": told.float()}

    def loss(self, batch: Batch) -> tuple[Tensor, Logs]:
        error = (self.net(batch["parameters"]) - batch["answers"]).square().mean()
        return error, {"loss": error}

    def predict(self, table: Float[ndarray, "n parameter"]) -> Float[Tensor, "n answer"]:
        """Answers in the simulator's units."""
        told: Tensor = self.net(self._scaled(table)).double() * self.spread + self.mean
        return told

    def _scaled(self, table: Float[ndarray, "n parameter"]) -> Float[Tensor, "n parameter"]:
        scaled = (torch.from_numpy(table).to(self.middle) - self.middle) / self.reach
        return scaled.to(next(self.net.parameters()).dtype)


def build(block: Params, region: Region, answers: Float[ndarray, "n answer"], seed: int, member: int = 0) -> Surrogate:
    """A member as it is born from `seed`; `answers` are those it learns from, which say how large answers are."""
    spread = answers.std(0)
    spread[spread == 0] = 1  # an answer that never moves
    with streams.born(seed, f"surrogate/{member}"):
        return Surrogate(block, region, answers.mean(0), spread)


def ensemble(block: Params, region: Region, answers: Float[ndarray, "n answer"], seed: int) -> list[Surrogate]:
    return [build(block, region, answers, seed, member) for member in range(block.members)]


def teach(
    ensembles: Sequence[Sequence[Surrogate]],
    data: Sequence[Batch],
    seeds: Sequence[int],
    block: Params,
    compute: params.Compute,
    *,
    place: Place | None = None,
    watch: Callable[[list[dict[str, float]]], None] | None = None,
) -> fitting.History:
    """Teaches ensembles at once, each with its own data, equally many runs; a member sees them in its own order.

    History has a row a member, those of the first ensemble first.
    """
    sources = Stacked(
        [
            Batches(columns, block.batch_size, streams.generator(seed, f"surrogate/batches/{member}"))
            for columns, seed in zip(data, seeds, strict=True)
            for member in range(block.members)
        ]
    )
    members = [member for some in ensembles for member in some]
    together = Seeds(members)
    passes = max(1, round(block.steps / sources.per_epoch))
    history = fitting.fit(
        together,
        sources,
        steps=passes * sources.per_epoch,
        compute=compute,
        every=sources.per_epoch * math.ceil(passes / 10),
        place=place,
        watch=watch,
    )
    together.unstack(members)
    return history


def told(
    members: Sequence[Surrogate], table: Float[ndarray, "n parameter"]
) -> tuple[Float[ndarray, "n answer"], Float[ndarray, "n answer"]]:
    """What an ensemble answers, the members' mean, and how sure it is, their standard deviation."""
    with torch.no_grad():
        every = torch.stack([member.predict(table) for member in members])
    return every.mean(0).numpy(), every.std(0).numpy()


def disputed(members: Sequence[Surrogate], table: Float[ndarray, "n parameter"], count: int) -> list[int]:
    """The rows where members disagree most, in variance over all answers, each in its own deviations."""
    _, spread = told(members, table)
    variance = (spread / members[0].spread.numpy()) ** 2
    return sorted(int(row) for row in np.argsort(-variance.mean(1), kind="stable")[:count])


def keep(members: Sequence[Surrogate], models: Path, seed: int) -> None:
    for number, member in enumerate(members):
        weights.keep(member.state_dict(), models / f"ensemble-{seed}-{number}.safetensors")


def load(models: Path, region: Region, seed: int) -> list[Surrogate]:
    """An ensemble as its stage left it, to be asked and not taught."""
    about: dict[str, Any] = json.loads((models / "about.json").read_text(encoding="utf-8"))
    block = params.parse(Params, "surrogate", about, models / "about.json")
    members = ensemble(block, region, np.zeros((1, about["answers"])), seed)
    for number, member in enumerate(members):
        weights.give(member, models / f"ensemble-{seed}-{number}.safetensors")
        member.eval()
    return members
