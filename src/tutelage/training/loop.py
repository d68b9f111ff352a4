"""The one loop: it knows no paradigm, no file and nobody who watches."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import NamedTuple

import torch
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
        _finite(terms, first=done + 1)
        done += len(told)
        yield Epoch(done, {name: values.float().mean(0) for name, values in terms.items()})


def _finite(terms: Logs, *, first: int) -> None:
    """Raises NotFiniteError for the earliest step with a term that is no number; terms are [step] or [step, seed]."""
    bad = {
        name: ~torch.isfinite(values.flatten(1) if values.ndim > 1 else values[:, None])
        for name, values in terms.items()
    }
    steps = {name: int(where.any(1).nonzero()[0]) for name, where in bad.items() if where.any()}
    if steps:
        term = min(steps, key=lambda name: steps[name])
        value = terms[term][steps[term]].flatten()[bad[term][steps[term]]][0]
        raise NotFiniteError(term, first + steps[term], float(value))
