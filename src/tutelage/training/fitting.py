"""A fit: a learner through the loop, looked at after each epoch, saved, and gone on with after a stop."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
import torch._dynamo  # the first optimiser of a process imports it, 0.6 s: here it is once a stage and not once a fit

from tutelage.data.batches import Source
from tutelage.errors import Mistake
from tutelage.params import Compute
from tutelage.training import checkpoint, device, loop
from tutelage.training.checkpoint import Place
from tutelage.training.learner import Learner
from tutelage.training.schedule import warmed_cosine
from tutelage.training.seeds import by_seed

History = list[list[dict[str, float]]]
"""An epoch, a seed: `step`, and each term by its name in the record (`train/loss`, `valid/accuracy`)."""


def fit(
    learner: Learner,
    source: Source,
    *,
    steps: int,
    compute: Compute,
    every: int | None = None,
    place: Place | None = None,
    judge: Callable[[], Mapping[str, float]] | None = None,
    watch: Callable[[list[dict[str, float]]], None] | None = None,
) -> History:
    """Takes `steps` steps and returns what was seen after each `every` of them, an epoch where nothing is said.

    `judge` looks at the learner then, `watch` is told what was seen; neither changes what is learned.
    Raises Mistake where a term of the loss stops being a number; the checkpoint before it is left.
    """
    optimizers = learner.optimizers()
    history: History = []
    done = 0
    saved = checkpoint.load(place) if place else None
    if saved:
        learner.load_state_dict(saved["weights"])
        for name, optimizer in optimizers.items():
            optimizer.load_state_dict(saved["optimizers"][name])
        if saved["source"]:  # nothing is drawn after the last epoch
            source.restore(saved["source"])
        history, done = saved["history"], saved["step"]
        if watch:
            watch(history[-1])
    learner.train()
    course = loop.epochs(
        learner,
        source,
        optimizers,
        steps=steps,
        every=every or source.per_epoch,
        schedule=warmed_cosine,
        autocast=device.autocast(compute),
        done=done,
    )
    try:
        for epoch in course:
            seen = [{f"train/{name}": value for name, value in terms.items()} for terms in by_seed(epoch.terms)]
            judged = _look(learner, judge) if judge else {}
            history.append([{"step": epoch.step, **terms, **judged} for terms in seen])
            if watch:
                watch(history[-1])
            if place:
                _save(place, learner, optimizers, source, history, epoch.step, last=epoch.step == steps)
    except loop.NotFiniteError as error:
        left = f"; the checkpoint before it is {place.path}" if place and place.path.exists() else ""
        raise Mistake(f"{error}{left}; lower learning_rate and run again") from None
    learner.eval()
    return history


def _look(learner: Learner, judge: Callable[[], Mapping[str, float]]) -> dict[str, float]:
    learner.eval()
    with torch.no_grad():
        judged = {f"valid/{name}": value for name, value in judge().items()}
    learner.train()
    return judged


def _save(
    place: Place, learner: Learner, optimizers: Any, source: Source, history: History, step: int, *, last: bool
) -> None:
    checkpoint.save(
        place,
        {
            "step": step,
            "weights": learner.state_dict(),
            "optimizers": {name: optimizer.state_dict() for name, optimizer in optimizers.items()},
            "source": [] if last else source.state(),
            "history": history,
        },
    )
