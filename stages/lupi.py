"""One problem with privileged information: every method, and every control in x*'s place, taught and examined.

A split has its own examples to be asked about; no test part of a data set is here.
"""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from tutelage import params, runs
from tutelage.data import problems
from tutelage.data.problems import CONTROLS, STAR
from tutelage.errors import Mistake
from tutelage.measure import classification, hierarchy, hints
from tutelage.paradigms import lupi
from tutelage.training import descents, device, parallel

name = sys.argv[1]
HELD = 0.98  # of y's entropy: a column of x* that tells more is taken for the label
Rows = list[dict[str, Any]]


class Job(NamedTuple):
    """All methods with that in x*'s place; with nothing there, the student alone."""

    labels: int
    control: str


with runs.stage(f"lupi@{name}") as stage:
    compute = params.read(params.Compute, "compute")
    block = params.read(lupi.Params, f"lupi.{name}")
    device.ready(compute)
    looks = descents.looks(block.evaluations)
    made = problems.load(Path("data/prepared/problems") / name)
    first = lupi.drawn(block, max(block.labels), 0, made).taught
    names, star_names = problems.called(made, first)
    # Of words a column is in both by right, and may be the same in few examples.
    for i, j in hints.shared(first.x, first.star)[:1] if made is None or made.standardised else ():
        raise Mistake(
            f"lupi.{name}: column {star_names[j]} of x* is column {names[i]} of x too; it is there when asked, "
            "leave it out of x*"
        )
    for j, share in enumerate(hints.information(first.star, first.y)):
        if share > HELD:
            told = f"column {star_names[j]} of x* has {share:.2f} of y's entropy as mutual information with y"
            print(f"lupi@{name}: warning: {told}; is the label in it?", file=sys.stderr)
    stacks = {n: lupi.stack(block, n, made) for n in block.labels}
    jobs = [Job(n, control) for n in sorted(block.labels, reverse=True) for control in (STAR, *CONTROLS, "")]

    def judged(log_p: Float[ndarray, "n class"], y: Int[ndarray, "n"]) -> dict[str, float]:
        described = ~np.isnan(log_p).any(1)  # of others a teacher is not asked
        log_p, y = log_p[described], y[described]
        found = classification.scores(log_p, y)
        above = np.array(made.above[: log_p.shape[1]] if made else ())
        return {name: found[name] for name in ("accuracy", "nll")} | (
            hierarchy.scores(log_p, y, above) if len(above) else {}
        )

    def learn(job: Job, watch: parallel.Watch) -> tuple[Rows, Rows]:
        of, scores, history = stacks[job.labels], list[dict[str, Any]](), list[dict[str, Any]]()
        told = lupi.learn(block, of, job.control)
        right: dict[str, list[float]] = {arm: [] for arm in told}
        for arm, one in told.items():
            place = {"arm": arm, "data": name, "at": "labels", "level": job.labels}
            place |= {"with": "star", "with_level": job.control} if job.control and arm != "teacher" else {}
            for split in range(block.splits):
                found = judged(one.logits[split].log_softmax(-1).numpy(), of.y_asked[split].numpy())
                right[arm].append(found["accuracy"])
                scores += [
                    {**place, "protocol": "direct", "metric": metric, "seed": split, "value": value}
                    for metric, value in found.items()
                ]
                scores.append(
                    {**place, "protocol": "train", "metric": "slope", "seed": split, "value": float(one.slope[split])}
                )
                column = "/".join(["train/loss", str(job.labels), *([job.control] if place.get("with") else [])])
                history += [
                    {"arm": arm, "seed": split, "step": at, column: float(loss)}
                    for at, loss in zip(looks, one.curve[:, split], strict=True)
                ]
        watch({arm: float(np.mean(of_splits)) for arm, of_splits in right.items()})
        return scores, history

    def tell(job: Job, seen: dict[str, float]) -> None:
        said = ", ".join(f"{arm} {value:.3f}" for arm, value in seen.items())
        print(f"lupi@{name}: {job.labels} labels, {job.control or 'nothing'} in x*'s place: {said}", flush=True)

    records = parallel.each(learn, jobs, tell, compute)
    stage.record([row for scores, _ in records for row in scores], [row for _, history in records for row in history])
