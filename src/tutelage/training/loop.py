"""The one loop: it knows no paradigm, no file and nobody who watches."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import NamedTuple

import torch
from torch import Tensor
from torch.optim import Optimizer

from tutelage.data.batches import Source
from tutelage.training.learner import Learner, Logs


class Epoch(NamedTuple):
    """What one epoch cost: each term of the loss, averaged over its examples."""

    step: int  # steps taken since the start
    terms: Logs


class NotFiniteError(ArithmeticError):
    """A term of the loss was no number at that step (counted from 1)."""

    def __init__(self, term: str, step: int, value: float) -> None:
        super().__init__(f"{term} is {value} at step {step}")


def epochs(
    learner: Learner,
    source: Source,
    optimizers: dict[str, Optimizer],
    *,
    steps: int,
    every: int,
    schedule: Callable[[float], float],
    autocast: AbstractContextManager[object],
    done: int = 0,
) -> Iterator[Epoch]:
    """Takes `steps` steps, of which `done` are taken already, and stops to tell after each `every`.

    The rates are those the optimisers were made with, times schedule(progress). Raises NotFiniteError.
    """
    groups = [group for optimizer in optimizers.values() for group in optimizer.param_groups]
    for group in groups:
        group.setdefault("initial_lr", group["lr"])
    while done < steps:
        told: list[Logs] = []
        for step in range(done, min(done + every, steps)):
            rate = schedule(step / steps)
            for group in groups:
                group["lr"] = rate * group["initial_lr"]
            with autocast:
                told.append(learner.update(source.draw(), optimizers))
        terms = {name: torch.stack([logs[name].detach() for logs in told]) for name in told[0]}
        for name, values in terms.items():
            _finite(name, values, first=done + 1)
        done += len(told)
        yield Epoch(done, {name: values.float().mean(0) for name, values in terms.items()})


def _finite(term: str, values: Tensor, *, first: int) -> None:
    bad = ~torch.isfinite(values.flatten(1) if values.ndim > 1 else values[:, None])
    if bad.any():
        step, place = bad.nonzero()[0].tolist()
        raise NotFiniteError(
            term, first + step, values.flatten(1)[step, place].item() if values.ndim > 1 else values[step].item()
        )
