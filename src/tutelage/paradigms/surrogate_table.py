"""Surrogates of tables: ensembles whose weight decay their own rows choose, of numbers and of what happens or not."""

from collections.abc import Callable, Mapping
from typing import Annotated

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from annotated_types import Ge
from jaxtyping import Float
from numpy import ndarray
from pydantic import Field, NonNegativeFloat, model_validator
from torch import Tensor

from tutelage import params
from tutelage.data.batches import Batch
from tutelage.data.designs import Region
from tutelage.data.simulated import Runs
from tutelage.data.surrogate_tables import Split
from tutelage.errors import Mistake
from tutelage.paradigms import surrogate
from tutelage.paradigms.surrogate import Surrogates
from tutelage.training.learner import Logs

Cost = Callable[[Float[ndarray, "n answer"], Float[ndarray, "n answer"]], float]
"""What was told against the truth: less is better."""


class Params(params.Block):
    """An entry of `surrogate_tables`, which is named as its data set; all else is as in `surrogate`."""

    parts: Split
    sizes: params.Distinct[Annotated[int, Ge(2)]]  # rows to learn from; rising; and all there are
    weight_decays: params.Distinct[NonNegativeFloat]  # among which the rows choose
    aside: Annotated[float, Field(gt=0, lt=1)]  # share of them that the choice is made on

    @model_validator(mode="after")
    def _rise(self) -> "Params":
        if list(self.sizes) != sorted(self.sizes):
            raise ValueError(f"sizes are {list(self.sizes)}; let them rise")
        return self

    def enough(self, rows: int, rarest: float, name: str) -> None:
        """Raises Mistake where there are fewer rows than asked for, or too few to choose by.

        `rarest` is the share of the rarer outcome, 1 where answers are numbers.
        """
        place, least = f"{params.FILE}: surrogate_tables.{name}", min(self.sizes)
        if max(self.sizes) > rows:
            raise Mistake(f"{place}.sizes asks for {max(self.sizes)} rows, and {rows} are left beside the test")
        if min(self.aside, 1 - self.aside) * least < 2:
            raise Mistake(
                f"{place}: of {least} rows aside = {self.aside:g} leaves fewer than 2 on a side; ask for more"
            )
        if rarest * least < 2:
            raise Mistake(f"{place}: of {least} rows the rarer outcome has fewer than 2; ask for {int(2 / rarest) + 1}")


class Outcomes(Surrogates):
    """−ln p(y), p = σ(b(x) + ln(m/(1 − m))), y whether it happened and m how often among the rows learned from."""

    def loss(self, batch: Batch) -> tuple[Tensor, Logs]:
        asked, scaled = (surrogate.for_each(batch[name], len(self.mean)) for name in ("parameters", "answers"))
        happened = (scaled > 0).to(asked)  # 0 less m is below 0, and 1 less m above
        logits = self.net(asked) + self.mean.logit().to(asked)
        cost = F.binary_cross_entropy_with_logits(logits, happened, reduction="none").mean((1, 2))
        return cost.sum(), {"loss": cost}

    def predict(self, table: Float[ndarray, "n parameter"]) -> Float[Tensor, "net n answer"]:
        """p of each net."""
        asked = ((torch.from_numpy(table) - self.middle) / self.reach).to(self.net.slopes[0])
        told: Tensor = (self.net(asked.expand(len(self.mean), -1, -1)).double() + self.mean.logit()).sigmoid()
        return told


def build(taught: surrogate.Params, region: Region, happened: Float[ndarray, "n 1"], seed: int) -> Surrogates:
    """Outcomes as they are born from `seed`; `happened` are those to learn from."""
    return surrogate.build(taught, region, happened, seed, Outcomes)


def teach(
    data: Mapping[int, Runs],
    region: Region,
    taught: surrogate.Params,
    block: Params,
    compute: params.Compute,
    *,
    kind: type[Surrogates],
    cost: Cost,
) -> tuple[dict[int, Surrogates], dict[int, float]]:
    """An ensemble a seed, and the weight decay it took: that of the least cost on the last of its rows, kept aside."""
    costs = []
    for decay in block.weight_decays:
        some = {seed: _first(own, 1 - block.aside) for seed, own in data.items()}
        made, _ = surrogate.teach(some, region, _decaying(taught, decay), compute, kind=kind)
        costs.append([_held_out(made[seed], own, len(some[seed].table), cost) for seed, own in data.items()])
    best = [block.weight_decays[k] for k in np.argmin(costs, axis=0)]
    chosen = dict(zip(data, best, strict=True))
    ensembles: dict[int, Surrogates] = {}
    for decay in sorted(set(best)):
        own = {seed: data[seed] for seed in data if chosen[seed] == decay}
        ensembles |= surrogate.teach(own, region, _decaying(taught, decay), compute, kind=kind)[0]
    return ensembles, chosen


def _decaying(taught: surrogate.Params, decay: float) -> surrogate.Params:
    return taught.model_copy(update={"weight_decay": decay})


def _first(own: Runs, share: float) -> Runs:
    kept = round(share * len(own.table))
    return Runs(own.table[:kept], own.answers[:kept], ())


def _held_out(members: Surrogates, own: Runs, first: int, cost: Cost) -> float:
    return cost(surrogate.told(members, own.table[first:])[0], own.answers[first:])
