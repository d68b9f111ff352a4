"""Teaches two encoders a seed by labels, on all classes and on the base classes; a third stays as it is born."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from pathlib import Path
from typing import Any

from tutelage import params, runs, streams
from tutelage.data import batches, views
from tutelage.measure import costs, exam
from tutelage.nn import descriptions, weights
from tutelage.paradigms import supervised
from tutelage.training import device, fitting, parallel
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

IMAGES, MODELS = Path("data/prepared/images"), Path("models/pretrain")

with runs.stage("pretrain") as stage:
    compute = params.read(params.Compute, "compute")
    budget = params.read(params.Budget, "budget")
    encoder = params.read(params.Encoder, "encoder")
    block = params.read(supervised.Params, "pretrain")
    on = device.ready(compute)
    about = batches.about(IMAGES)
    train, valid = batches.load(IMAGES / "train", on), batches.load(IMAGES / "valid", on)
    arms = {"all": list(range(len(about["classes"])))}
    if len(about["classes"]) >= 4:  # of fewer none are left for far transfer, and its stage says so
        arms["base"] = supervised.base_classes(block, about["classes"])
    arms["random"] = arms["all"]  # the floor: as it is born
    steps = {arm: 0 if arm == "random" else budget.steps for arm in arms}
    progress = Progress(stage, sum(steps.values()) * len(budget.seeds))

    def teach(fit: tuple[str, int], watch: parallel.Watch) -> dict[str, Any]:
        arm, seed = fit
        learned, judged = batches.of(train, arms[arm]), batches.of(valid, arms[arm])
        learner = supervised.build(block, encoder, about["shape"], len(arms[arm]), seed).to(on)
        order, moves = streams.generator(seed, "batches"), streams.generator(seed, "views")
        epochs = fitting.fit(
            learner,
            batches.Batches(learned, budget.batch_size, order, views.shift(block.shift), moves),
            steps=steps[arm],
            compute=compute,
            place=Place(stage.scratch / f"{arm}-{seed}.pt", stage.fingerprint),
            judge=lambda: exam.direct(learner, judged["x"], judged["y"]) | exam.health(learner, judged["x"]),
            watch=watch,
        )
        weights.keep(learner.state_dict(), MODELS / f"{arm}-{seed}.safetensors")
        shown = steps[arm] * min(budget.batch_size, len(learned["y"]))
        spent = {"presentations": shown, "labels_seen": len(learned["y"]) if steps[arm] else 0}
        return {"epochs": epochs, "costs": spent | costs.of(learner, learner.encoder, learned["x"][:1])}

    def tell(fit: tuple[str, int], seen: list[dict[str, float]]) -> None:
        progress.tell(fit[0], [fit[1]], seen, fit=fit, taken=int(seen[0]["step"]))

    fits = [(arm, seed) for arm in arms for seed in budget.seeds]
    taught = dict(zip(fits, parallel.each(teach, fits, tell, compute), strict=True))
    history = [
        {"arm": arm, "seed": seed, **epoch[0]} for (arm, seed), told in taught.items() for epoch in told["epochs"]
    ]
    scores = [
        {"arm": arm, "data": about["name"], "metric": name, "value": float(value)}
        for arm in arms
        for name, value in taught[arm, budget.seeds[0]]["costs"].items()
    ]
    told = {
        "classes": arms,
        "untaught": ["random"],
        "seeds": budget.seeds,
        "shape": about["shape"],
        "encoder": encoder.model_dump(),
    }
    descriptions.leave(MODELS, "supervised", told, about)
    stage.record(scores, history)
