"""Teaches many tasks at once and each alone, by every balance, size, number and pair of tasks, and examines all."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from torch import Tensor

from tutelage import params, runs
from tutelage.data import batches, tasks
from tutelage.measure import answers, costs, exam
from tutelage.nn import descriptions, weights
from tutelage.paradigms import multitask
from tutelage.paradigms.multitask import Fit, Multitask
from tutelage.training import checkpoint, device, fitting, parallel
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

IMAGES, MODELS = Path("data/prepared/images"), Path("models/multitask")


class World(NamedTuple):
    """Images and a table of answers for each part: what is learned from, and what is asked about."""

    tasks: list[tasks.Task]
    x: list[Tensor]
    tables: list[tasks.Table]


with runs.stage("multitask") as stage:
    compute = params.read(params.Compute, "compute")
    budget = params.read(params.Budget, "budget")
    encoder = params.read(params.Encoder, "encoder")
    block = params.read(multitask.Params, "multitask")
    learning = block.learning_to_learn
    on = device.ready(compute)
    about = batches.about(IMAGES)
    classes = about["classes"]
    train, valid, test = (batches.load(IMAGES / part, on) for part in ("train", "valid", "test"))
    split = multitask.split(block, classes)

    def world(asked: list[tasks.Task], *parts: batches.Batch, of: int) -> World:
        return World(asked, [part["x"] for part in parts], tasks.tables(asked, parts, of))

    whole = world(multitask.tasks(block, classes), train, valid, test, of=len(classes))
    shown = world(split.taught, batches.of(train, split.shown), of=len(split.shown))
    unseen = world(
        split.asked,
        *(batches.of(part, split.held_out) for part in (train, test)),
        of=len(split.held_out),
    )
    fits = multitask.fits(block, [t.name for t in whole.tasks], [t.name for t in shown.tasks], budget)
    few = {name for fit in fits if fit.question == "learnability" for name in fit.tasks}
    for key, of, names, size in (
        ("learnability.sizes", whole, few, max(block.learnability.sizes)),
        ("learning_to_learn.sizes", shown, {task.name for task in shown.tasks}, max(learning.sizes)),
        ("learning_to_learn.labels", unseen, {task.name for task in unseen.tasks}, learning.labels),
    ):  # before anything is taught
        columns = [k for k, task in enumerate(of.tasks) if task.name in names]
        tasks.enough(of.tables[0][:, columns], [of.tasks[k] for k in columns], size, key)
    progress = Progress(stage, len(fits))

    def teach(fit: Fit, watch: parallel.Watch) -> dict[str, Any]:
        place = Place(stage.scratch / f"{fits.index(fit)}.pt", stage.fingerprint)
        told = checkpoint.load(place)
        if told is None:
            of = shown if fit.question == "learning_to_learn" else whole
            columns = [[task.name for task in of.tasks].index(name) for name in fit.tasks]
            asked = [of.tasks[column] for column in columns]
            balance = next((one for one in multitask.BALANCES if one == fit.arm), None)
            learner = multitask.build(block, encoder, about["shape"], asked, fit.seed, balance).to(on)
            told = {"epochs": learn(fit, learner, asked, of.x[0], of.tables[0][:, columns])}
            told |= {"scores": probed(learner, fit.seed)} if of is shown else {"scores": direct(learner, columns)}
            if fit.arm == "whole":
                told |= {"kept": learner.state_dict(), "costs": costs.of(learner, learner.encoder, train["x"][:1])}
            checkpoint.save(place, told)
        if fit.arm == "whole":
            weights.keep(told.pop("kept"), MODELS / f"{fit.arm}-{fit.seed}.safetensors")
        watch({metric: value for _, metric, value in told["scores"]})
        return told

    def learn(fit: Fit, learner: Multitask, asked: list[tasks.Task], x: Tensor, table: tasks.Table) -> fitting.History:
        if fit.size is not None:
            table = tasks.drawn(table, asked, fit.size, seed=fit.seed)
        return multitask.teach(
            learner,
            x,
            table,
            budget=budget,
            presentations=fit.presentations,
            shift=block.shift,
            compute=compute,
            judge=(lambda: exam.health(learner, valid["x"]) | seen(learner)) if fit.arm == "whole" else None,
        )

    def direct(learner: Multitask, columns: list[int], part: int = 2) -> list[answers.Told]:
        asked = [whole.tasks[column] for column in columns]
        return answers.direct(learner, whole.x[part], whole.tables[part][:, columns], asked)

    def seen(learner: Multitask) -> dict[str, float]:
        return answers.means(direct(learner, list(range(len(whole.tasks))), part=1))

    def probed(learner: Multitask, seed: int) -> list[answers.Told]:
        """Of tasks never taught, by a probe of its codes that learns from few examples."""
        few = tasks.drawn(unseen.tables[0], unseen.tasks, learning.labels, seed=seed)
        return answers.by_probe(
            partial(exam.encoded, learner),
            (unseen.x[0], few),
            (unseen.x[1], unseen.tables[1]),
            unseen.tasks,
            strengths=learning.strengths,
        )

    def tell(fit: Fit, seen: dict[str, float]) -> None:
        arm = f"{fit.question}, {fit.arm} of {len(fit.tasks)}"
        told = {f"test/{metric}": value for metric, value in seen.items()}
        progress.tell(arm, [fit.seed], [{"step": fit.presentations} | told], fit=fit, taken=1)

    def rows(fit: Fit, scores: list[answers.Told]) -> list[dict[str, Any]]:
        """Where each score stands in the record."""
        if fit.question == "learning_to_learn":
            taught = len(fit.tasks) if fit.presentations else 0
            at = {"protocol": "linear", "at": "tasks", "level": taught}
            at |= {"with": "examples", "with_level": fit.size} if fit.size else {}
            return [at | {"metric": metric, "value": value} for metric, value in answers.means(scores).items()]
        places = {
            "balancing": lambda task: (
                {"at": "task", "level": task, "with": "presentations"} | {"with_level": fit.presentations}
            ),
            "learnability": lambda task: {"at": "examples", "level": fit.size, "with": "task", "with_level": task},
            "transference": lambda task: (
                {"at": "task", "level": task, "with": "helper"}
                | {"with_level": next(other for other in fit.tasks if other != task)}
            ),
        }
        return [
            {"protocol": "direct", "metric": metric, "value": value} | places[fit.question](task)
            for task, metric, value in scores
        ]

    taught = dict(zip(fits, parallel.each(teach, fits, tell, compute), strict=True))
    kept = {fit.seed: told for fit, told in taught.items() if fit.arm == "whole"}
    history = [{"arm": "whole", "seed": seed, **epoch[0]} for seed, told in kept.items() for epoch in told["epochs"]]
    scores = [
        {"arm": fit.arm, "data": about["name"], "seed": fit.seed} | row
        for fit, told in taught.items()
        for row in rows(fit, told["scores"])
    ]
    spent = {"presentations": budget.steps * budget.batch_size, "labels_seen": int((train["y"] >= 0).sum())}
    scores += [
        {"arm": "whole", "data": about["name"], "metric": name, "value": float(value)}
        for name, value in (spent | kept[budget.seeds[0]]["costs"]).items()
    ]
    told = {
        "classes": {"whole": list(range(len(classes)))},
        "tasks": [[task.name, task.classes] for task in whole.tasks],
        "seeds": budget.seeds,
        "shape": about["shape"],
        "multitask": block.model_dump(),
        "encoder": encoder.model_dump(),
    }
    descriptions.leave(MODELS, "multitask", told, about)
    stage.record(scores, history)
