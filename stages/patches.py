"""Teaches which of eight neighbours of a patch another is, every entry and every seed, without a label; and its
control, by the same pairs, the first patch hidden."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from pathlib import Path
from typing import Any

from tutelage import params, runs, streams
from tutelage.data import batches, patches
from tutelage.measure import costs, exam, pretext
from tutelage.nn import descriptions, weights
from tutelage.paradigms import relative_patches
from tutelage.training import device, fitting, parallel
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

IMAGES, MODELS = Path("data/prepared/images"), Path("models/patches")

with runs.stage("patches") as stage:
    compute = params.read(params.Compute, "compute")
    budget = params.read(params.Budget, "budget")
    encoder = params.read(params.Encoder, "encoder")
    entries = {name: params.read(relative_patches.Params, f"patches.{name}") for name in params.load()["patches"]}
    on, about = device.ready(compute), batches.about(IMAGES)
    train, valid = batches.load(IMAGES / "train", on), batches.load(IMAGES / "valid", on)
    pairs = min(max(1, budget.batch_size // 2), len(train["x"]))  # each shows f two patches
    steps = {
        name: max(1, budget.of(block.presentations).presentations // (2 * pairs)) for name, block in entries.items()
    }
    arms = {name: (name, False) for name in entries}
    arms |= {relative_patches.second_of(name): (name, True) for name in entries}
    progress = Progress(stage, 2 * sum(steps.values()) * len(budget.seeds))

    def teach(fit: tuple[str, int], watch: parallel.Watch) -> dict[str, Any]:
        arm, seed = fit
        name, alone = arms[arm]
        block = entries[name]
        learner = relative_patches.build(block, encoder, about["shape"], seed, alone=alone).to(on)
        asked = patches.every(valid["x"], block.cut, streams.generator(seed, "patches/valid"))
        order, draws = streams.generator(seed, "batches"), streams.generator(seed, "patches")
        source = batches.Batches({"x": train["x"]}, pairs, order, patches.pair(block.cut), draws)
        epochs = fitting.fit(
            learner,
            source,
            steps=steps[name],
            compute=compute,
            place=Place(stage.scratch / f"{arm}-{seed}.pt", stage.fingerprint),
            judge=lambda: pretext.neighbours(learner, asked) | exam.health(learner, valid["x"]),
            watch=watch,
        )
        weights.keep(learner.state_dict(), MODELS / f"{arm}-{seed}.safetensors")
        spent = {"presentations": steps[name] * (1 if alone else 2) * pairs, "labels_seen": 0}
        return {"epochs": epochs, "costs": spent | costs.of(learner, learner.encoder, train["x"][:1])}

    def tell(fit: tuple[str, int], seen: list[dict[str, float]]) -> None:
        progress.tell(fit[0], [fit[1]], seen, fit=fit, taken=int(seen[0]["step"]))

    fits = [(arm, seed) for arm in arms for seed in budget.seeds]
    taught = dict(zip(fits, parallel.each(teach, fits, tell, compute), strict=True))
    history = [{"arm": a, "seed": seed, **epoch[0]} for (a, seed), told in taught.items() for epoch in told["epochs"]]
    scores = [
        {"arm": arm, "data": about["name"], "metric": metric, "value": float(value)}
        for arm in arms
        for metric, value in taught[arm, budget.seeds[0]]["costs"].items()
    ]
    told = {
        "classes": {name: list(range(len(about["classes"]))) for name in entries},
        "seeds": budget.seeds,
        "shape": about["shape"],
        "patches": {name: block.model_dump() for name, block in entries.items()},
        "encoder": encoder.model_dump(),
    }
    descriptions.leave(MODELS, "relative_patches", told, about)
    stage.record(scores, history)
