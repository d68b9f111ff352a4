"""One problem with privileged information: every method, and every control in x*'s place, taught and examined.

A split has its own examples to be asked about; no test part of a data set is here.
"""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import sys
from typing import Any, NamedTuple

from tutelage import params, runs
from tutelage.data.problems import CONTROLS, STAR
from tutelage.errors import Mistake
from tutelage.measure import classification, hints
from tutelage.paradigms import lupi, machines
from tutelage.training import descents, device, parallel

name = sys.argv[1]
HELD = 0.98  # of y's entropy: a column of x* that tells more is taken for the label
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
    first = lupi.drawn(block, max(block.labels), 0).taught
    for i, j in hints.shared(first.x, first.star)[:1]:
        raise Mistake(
            f"lupi.{name}: column {j} of x* is column {i} of x too; it is there when asked, leave it out of x*"
        )
    information = hints.information(first.star, first.y)
    telling = [j for j, share in enumerate(information) if share > HELD or share == information.max()]
    for j in telling:
        if information[j] > HELD:
            told = f"column {j} of x* has {information[j]:.2f} of y's entropy as mutual information with y; "
            print(f"lupi@{name}: warning: {told}is the label in it?", file=sys.stderr)
    stacks = {n: lupi.stack(block, n) for n in block.labels}
    jobs = [
        Job(n, control, nets)
        for n in sorted(block.labels, reverse=True)
        for control in (STAR, *CONTROLS, "")
        for nets in (True, False)
    ]

    def place(job: Job, arm: str) -> dict[str, Any]:
        of_star = {"with": "star", "with_level": job.control} if job.control and arm != "teacher" else {}
        return {"arm": arm, "data": name, "at": "labels", "level": job.labels, **of_star}

    def learn(job: Job, watch: parallel.Watch) -> tuple[Rows, Rows]:
        return taught(job, watch) if job.nets else (solved(job, watch), [])

    def taught(job: Job, watch: parallel.Watch) -> tuple[Rows, Rows]:
        of, scores, history = stacks[job.labels], list[dict[str, Any]](), list[dict[str, Any]]()
        told = lupi.learn(block, of, job.control)
        for arm, one in told.items():
            at = place(job, arm)
            for split in range(block.splits):
                found = classification.scores(one.logits[split].log_softmax(-1).numpy(), of.y_asked[split].numpy())
                scores += [
                    {**at, "protocol": "direct", "metric": metric, "seed": split, "value": found[metric]}
                    for metric in ("accuracy", "nll")
                ]
                scores.append(
                    {**at, "protocol": "train", "metric": "slope", "seed": split, "value": float(one.slope[split])}
                )
                column = "/".join(["train/loss", str(job.labels), *([job.control] if at.get("with") else [])])
                history += [
                    {"arm": arm, "seed": split, "step": step, column: float(loss)}
                    for step, loss in zip(looks, one.curve[:, split], strict=True)
                ]
        watch({arm: float((one.logits.argmax(-1) == of.y_asked).double().mean()) for arm, one in told.items()})
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

    made = parallel.each(learn, jobs, tell, compute)
    columns = [
        {"arm": "teacher", "data": name, "protocol": "train", "metric": "information", "at": "column", "level": j}
        | {"value": float(information[j])}
        for j in telling
    ]
    stage.record(columns + [row for scores, _ in made for row in scores], [row for _, rows in made for row in rows])
