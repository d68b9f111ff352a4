"""Teaches the tasks of one data set at once and each alone, some and many, and examines all and tasks never taught."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import sys
from functools import partial
from pathlib import Path
from typing import Any

import torch

from tutelage import params, runs
from tutelage.data import batches, tasks
from tutelage.measure import answers, exam
from tutelage.paradigms import multitask, task_sets
from tutelage.paradigms.task_sets import Fit
from tutelage.training import checkpoint, device, parallel
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

name = sys.argv[1]
PREPARED = Path("data/prepared/task_sets") / name

with runs.stage(f"task_sets@{name}") as stage:
    compute = params.read(params.Compute, "compute")
    encoder = params.read(params.Encoder, "encoder")
    block = params.read(task_sets.Params, f"task_sets.{name}")
    learning = block.learning_to_learn
    budget = params.read(params.Budget, "budget").model_copy(update={"batch_size": block.batch_size})
    on = device.ready(compute)
    about = batches.about(PREPARED)
    every = {title: tasks.Task(title, tuple(classes)) for title, classes in about["tasks"]}
    (x, table), (x_test, table_test) = (tasks.load(PREPARED / part, on) for part in ("train", "test"))
    fits = task_sets.fits(block, list(every), about["apart"], budget.seeds, name)
    task_sets.enough(block, list(every.values()), tasks.fewest(table, list(every.values())), name)
    progress = Progress(stage, len(fits))

    def some(whole: tasks.Table, names: tuple[str, ...]) -> tasks.Table:
        return whole[:, [list(every).index(one) for one in names]]

    def drawn(names: tuple[str, ...], size: int, seed: int) -> tasks.Table:
        return tasks.drawn_of_each(some(table, names), [every[one] for one in names], size, seed=seed)

    def teach(fit: Fit, watch: parallel.Watch) -> list[answers.Told]:
        place = Place(stage.scratch / f"{fits.index(fit)}.pt", stage.fingerprint)
        told = checkpoint.load(place)
        if told is None:
            told = {"scores": examined(fit)}
            checkpoint.save(place, told)
        scores = [(task, metric, value) for task, metric, value in told["scores"]]
        watch(answers.means(scores))
        return scores

    def examined(fit: Fit) -> list[answers.Told]:
        asked, truth = [every[one] for one in fit.asked], some(table_test, fit.asked)
        if fit.arm == "raw":
            return probed(partial(torch.flatten, start_dim=1), fit)
        # One as it is born has a head for what it is asked, which a probe does not use.
        taught = [every[one] for one in fit.tasks or fit.asked]
        learner = task_sets.build(block, encoder, about["shape"], taught, fit.seed, name).to(on)
        if fit.size is not None:
            multitask.teach(
                learner,
                x,
                drawn(fit.tasks, fit.size, fit.seed),
                budget=budget,
                presentations=fit.presentations,
                shift=block.shift,
                compute=compute,
            )
        if fit.question == "learnability":
            return answers.direct(learner, x_test, truth, asked)
        return probed(partial(exam.encoded, learner.eval()), fit)

    def probed(encode: answers.Encode, fit: Fit) -> list[answers.Told]:
        few = drawn(fit.asked, learning.labels, fit.seed)
        asked = [every[one] for one in fit.asked]
        return answers.by_probe(
            encode, (x, few), (x_test, some(table_test, fit.asked)), asked, strengths=learning.strengths
        )

    def tell(fit: Fit, seen: dict[str, float]) -> None:
        told = {f"test/{metric}": value for metric, value in seen.items()}
        arm = f"{fit.question}, {fit.arm} of {len(fit.tasks)}"
        progress.tell(arm, [fit.seed], [{"step": fit.presentations} | told], fit=fit, taken=1)

    def rows(fit: Fit, scores: list[answers.Told]) -> list[dict[str, Any]]:
        """Where each score stands in the record."""
        if fit.question == "learnability":
            at = {"protocol": "direct", "at": "examples", "level": fit.size, "with": "task"}
            return [at | {"with_level": task, "metric": metric, "value": value} for task, metric, value in scores]
        at = {"protocol": "linear", "at": "tasks", "level": len(fit.tasks)}
        at |= {"with": "examples", "with_level": fit.size} if fit.size else {}
        return [at | {"metric": metric, "value": value} for metric, value in answers.means(scores).items()]

    made = parallel.each(teach, fits, tell, compute)
    stage.record(
        [
            {"arm": fit.arm, "data": name, "seed": fit.seed} | row
            for fit, scores in zip(fits, made, strict=True)
            for row in rows(fit, scores)
        ]
    )
