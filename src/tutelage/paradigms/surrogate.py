"""A light net in a simulator's place, and how far to trust it: an ensemble, whose members differ in what they began as.

Lakshminarayanan, Pritzel and Blundell, 2017, with squared error. The teacher's answers are a column of the batch.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
from annotated_types import Ge
from jaxtyping import Float
from numpy import ndarray
from pydantic import NonNegativeFloat, PositiveFloat, PositiveInt, model_validator
from torch import Tensor

from tutelage import params, streams
from tutelage.data import designs
from tutelage.data.batches import Batch, Batches, Stacked
from tutelage.data.designs import Region
from tutelage.data.simulated import Runs
from tutelage.errors import Mistake
from tutelage.nn import descriptions, weights
from tutelage.nn.smooth import Smooth
from tutelage.simulators.region import Parameter
from tutelage.training import fitting
from tutelage.training.checkpoint import Place
from tutelage.training.learner import Learner, Logs


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

    @model_validator(mode="after")
    def _fits(self) -> "Params":
        if list(self.sizes) != sorted(self.sizes):
            raise ValueError(f"sizes are {list(self.sizes)}; let them rise")
        if self.asking and self.asking.first not in self.sizes[:-1]:
            raise ValueError(f"asking.first is {self.asking.first}; take one of sizes, and not the last of them")
        return self

    def there(self, runs: int, name: str) -> None:
        """Raises Mistake where more runs are asked for than a design of the simulator `name` has."""
        most = {"sizes": max(self.sizes), **({"asking.last": self.asking.last} if self.asking else {})}
        for key, size in most.items():
            if size > runs:
                raise Mistake(
                    f"{params.FILE}: surrogate.{key} asks for {size} runs, and a design of simulators.{name} has "
                    f"{runs}; ask for fewer, or raise simulators.{name}.runs"
                )

    def enough(self, left: int, name: str) -> None:
        """Raises Mistake where so many runs of the simulator `name` failed that those left teach nothing."""
        least = self.asking.first + 1 if self.asking else 2
        if left < least:
            raise Mistake(
                f"simulators.{name}: {left} runs of a design did not fail, and surrogates need {least}; "
                f"see data/prepared/simulators/{name}/about.json for the rows that did"
            )


class Surrogates(Learner):
    """Σ (b(x) − a(x))² over runs and answers, a the simulator; parameters in [−1, 1], answers of variance 1.

    Nets side by side, one a member of an ensemble, or of several: members know the means and spreads of the answers
    that their ensemble learns from.
    """

    middle: Tensor
    reach: Tensor
    mean: Tensor
    spread: Tensor

    def __init__(
        self,
        block: Params,
        region: Region,
        mean: Float[ndarray, "net answer"],
        spread: Float[ndarray, "net answer"],
    ) -> None:
        super().__init__(learning_rate=block.learning_rate, weight_decay=block.weight_decay)
        nets, answers = mean.shape
        self.net = Smooth(len(region), answers, hidden=block.hidden, depth=block.depth, nets=nets)
        low, high = designs.bounds(region)
        scales = {
            "middle": (low + high) / 2,
            "reach": (high - low) / 2,
            "mean": mean[:, None],
            "spread": spread[:, None],
        }
        for name, values in scales.items():
            self.register_buffer(name, torch.from_numpy(np.asarray(values, dtype=np.float64)))

    def loss(self, batch: Batch) -> tuple[Tensor, Logs]:
        """Of `parameters` and `answers` as they are scaled: one batch for all nets, or one for each ensemble's."""
        asked, answers = (for_each(batch[name], len(self.mean)) for name in ("parameters", "answers"))
        error = (self.net(asked) - answers).square().mean((1, 2))
        return error.sum(), {"loss": error}  # a net's gradient is its own

    def predict(self, table: Float[ndarray, "n parameter"]) -> Float[Tensor, "net n answer"]:
        """Each net's answers, in the simulator's units."""
        asked = ((torch.from_numpy(table) - self.middle) / self.reach).to(self.net.slopes[0])
        told: Tensor = self.net(asked.expand(len(self.mean), -1, -1)).double() * self.spread + self.mean
        return told


def build(
    block: Params,
    region: Region,
    answers: Float[ndarray, "n answer"],
    seed: int,
    kind: type[Surrogates] = Surrogates,
) -> Surrogates:
    """An ensemble as it is born from `seed`; `answers` are those it learns from, which say how large answers are."""
    spread = answers.std(0)
    spread[spread == 0] = 1  # an answer that never moves
    mean, spread = (np.repeat(values[None], block.members, axis=0) for values in (answers.mean(0), spread))
    with streams.born(seed, "surrogate"):
        return kind(block, region, mean, spread)


def teach(
    data: Mapping[int, Runs],
    region: Region,
    block: Params,
    compute: params.Compute,
    *,
    kind: type[Surrogates] = Surrogates,
    place: Place | None = None,
    watch: Callable[[list[dict[str, float]]], None] | None = None,
) -> tuple[dict[int, Surrogates], fitting.History]:
    """An ensemble a seed, each of its own runs, equally many, and all at once.

    History has a row a member, those of the first seed first.
    """
    ensembles = {seed: build(block, region, own.answers, seed, kind) for seed, own in data.items()}
    sources = Stacked(
        [
            Batches(_scaled(ensembles[seed], own), block.batch_size, streams.generator(seed, "surrogate/batches"))
            for seed, own in data.items()
        ]
    )
    mean, spread = (
        np.concatenate([getattr(one, name)[:, 0].numpy() for one in ensembles.values()]) for name in ("mean", "spread")
    )
    together = kind(block, region, mean, spread)
    together.load_state_dict(_joined(list(ensembles.values())), strict=False)
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
    for number, one in enumerate(ensembles.values()):
        own = slice(number * block.members, (number + 1) * block.members)
        one.net.load_state_dict({name: weight[own] for name, weight in together.net.state_dict().items()})
        one.eval()
    return ensembles, history


def each(members: Surrogates, table: Float[ndarray, "n parameter"]) -> Float[ndarray, "net n answer"]:
    """What each member answers."""
    with torch.no_grad():
        every: Float[ndarray, "net n answer"] = members.predict(table).numpy()
    return every


def told(
    members: Surrogates, table: Float[ndarray, "n parameter"]
) -> tuple[Float[ndarray, "n answer"], Float[ndarray, "n answer"]]:
    """What an ensemble answers, the members' mean, and how sure it is, their standard deviation."""
    every = each(members, table)
    return every.mean(0), every.std(0, ddof=1)


def disputed(members: Surrogates, table: Float[ndarray, "n parameter"], count: int) -> list[int]:
    """The rows where members disagree most, in variance over all answers, each in its own deviations."""
    _, spread = told(members, table)
    variance = (spread / members.spread[0].numpy()) ** 2
    return sorted(int(row) for row in np.argsort(-variance.mean(1), kind="stable")[:count])


def describe(block: Params, region: Region, *, answers: Sequence[str], models: Path) -> None:
    """Leaves what `load` must know of ensembles that are kept there, and what they are asked and answer."""
    asked = {"features": [parameter.name for parameter in region]}
    told = {"surrogate": block.model_dump(), "region": region, "answers": answers, "tables": {"ensemble": asked}}
    descriptions.leave(models, "surrogate", told)


def load(models: Path, arm: str, seed: int) -> Surrogates:
    """An ensemble as its stage left it, to be asked and not taught."""
    about = descriptions.read(models)
    block = params.parse(Params, "surrogate", about, models / descriptions.FILE)
    region = [Parameter(*of) for of in about["region"]]
    members = build(block, region, np.zeros((1, len(about["answers"]))), seed)
    weights.give(members, models / f"{arm}-{seed}.safetensors")
    members.eval()
    return members


def _scaled(members: Surrogates, own: Runs) -> Batch:
    asked = (torch.from_numpy(own.table) - members.middle) / members.reach
    answers = (torch.from_numpy(own.answers) - members.mean[0]) / members.spread[0]
    return {"parameters": asked.float(), "answers": answers.float()}


def for_each(column: Float[Tensor, "*batches n number"], nets: int) -> Float[Tensor, "net n number"]:
    """One batch for all nets, or of several one for each ensemble's."""
    batches = column[None] if column.ndim == 2 else column
    return batches.repeat_interleave(nets // len(batches), 0)


def _joined(ensembles: Sequence[Surrogates]) -> dict[str, Tensor]:
    states = [{f"net.{name}": weight for name, weight in one.net.state_dict().items()} for one in ensembles]
    return {name: torch.cat([state[name] for state in states]) for name in states[0]}
