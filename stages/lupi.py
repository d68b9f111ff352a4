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
from tutelage.paradigms import lupi, machines
from tutelage.training import descents, device, parallel

name = sys.argv[1]
Rows = list[dict[str, Any]]


class Job(NamedTuple):
    """All nets, or all machines, with that in x*'s place; with nothing there, the student or the SVM alone."""

    labels: int
    control: str
    nets: bool


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
    information = hints.information(first.star, first.y)
    telling = [j for j, share in enumerate(information) if share > hints.HELD or share == information.max()]
    for j in telling:
        if information[j] > hints.HELD:
            told = (
                f"column {star_names[j]} of x* has {information[j]:.2f} of y's entropy as mutual information with y; "
            )
            print(f"lupi@{name}: warning: {told}is the label in it?", file=sys.stderr)
    stacks = {n: lupi.stack(block, n, made) for n in block.labels}
    jobs = [
        Job(n, control, nets)
        for n in sorted(block.labels, reverse=True)
        for control in (STAR, *CONTROLS, "")
        for nets in (True, False)
    ]

    def place(job: Job, arm: str) -> dict[str, Any]:
        of_star = {"with": "star", "with_level": job.control} if job.control and arm != "teacher" else {}
        return {"arm": arm, "data": name, "at": "labels", "level": job.labels, **of_star}

    def judged(log_p: Float[ndarray, "n class"], y: Int[ndarray, "n"]) -> dict[str, float]:
        described = ~np.isnan(log_p).any(1)  # of others a teacher is not asked
        log_p, y = log_p[described], y[described]
        found = classification.scores(log_p, y)
        above = np.array(made.above[: log_p.shape[1]] if made else ())
        return {name: found[name] for name in ("accuracy", "nll")} | (
            hierarchy.scores(log_p, y, above) if len(above) else {}
        )

    def learn(job: Job, watch: parallel.Watch) -> tuple[Rows, Rows]:
        return taught(job, watch) if job.nets else (solved(job, watch), [])

    def taught(job: Job, watch: parallel.Watch) -> tuple[Rows, Rows]:
        of, scores, history = stacks[job.labels], list[dict[str, Any]](), list[dict[str, Any]]()
        told = lupi.learn(block, of, job.control)
        right: dict[str, list[float]] = {arm: [] for arm in told}
        for arm, one in told.items():
            at = place(job, arm)
            for split in range(block.splits):
                found = judged(one.logits[split].log_softmax(-1).numpy(), of.y_asked[split].numpy())
                right[arm].append(found["accuracy"])
                scores += [
                    {**at, "protocol": "direct", "metric": metric, "seed": split, "value": value}
                    for metric, value in found.items()
                ]
                scores.append(
                    {**at, "protocol": "train", "metric": "slope", "seed": split, "value": float(one.slope[split])}
                )
                column = "/".join(["train/loss", str(job.labels), *([job.control] if at.get("with") else [])])
                history += [
                    {"arm": arm, "seed": split, "step": step, column: float(loss)}
                    for step, loss in zip(looks, one.curve[:, split], strict=True)
                ]
        watch({arm: float(np.mean(of_splits)) for arm, of_splits in right.items()})
        return scores, history

    def solved(job: Job, watch: parallel.Watch) -> Rows:
        """A machine has no probabilities, so that there is no log-likelihood to tell."""
        told = machines.learn(block.svm, stacks[job.labels], job.control)
        right = {arm: ((one.decided > 0) == stacks[job.labels].y_asked).double().mean(-1) for arm, one in told.items()}
        watch({arm: float(shares.mean()) for arm, shares in right.items()})
        return [
            {**place(job, arm), "protocol": protocol, "metric": metric, "seed": split, "value": float(values[split])}
            for arm, one in told.items()
            for protocol, metric, values in (("direct", "accuracy", right[arm]), ("train", "gap", one.gap))
            for split in range(block.splits)
        ]

    def tell(job: Job, seen: dict[str, float]) -> None:
        said = ", ".join(f"{arm} {value:.3f}" for arm, value in seen.items())
        if said:
            print(f"lupi@{name}: {job.labels} labels, {job.control or 'nothing'} in x*'s place: {said}", flush=True)

    done = parallel.each(learn, jobs, tell, compute)
    columns = [
        {"arm": "teacher", "data": name, "protocol": "train", "metric": "information", "at": "column"}
        | {"level": star_names[j], "value": float(information[j])}
        for j in telling
    ]
    stage.record(columns + [row for scores, _ in done for row in scores], [row for _, rows in done for row in rows])
