"""Teaches that two views of one image are one thing, its numbers each telling another, every seed, without a label."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from pathlib import Path
from typing import Any

import torch

from tutelage import params, runs, streams
from tutelage.data import augmentation, batches
from tutelage.measure import correlations, costs, exam
from tutelage.nn import descriptions, weights
from tutelage.paradigms import redundancy
from tutelage.training import device, fitting, parallel
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

IMAGES, MODELS = Path("data/prepared/images"), Path("models/redundancy")
ARM = "barlow_twins"

with runs.stage("redundancy") as stage:
    compute = params.read(params.Compute, "compute")
    budget = params.read(params.Budget, "budget")
    encoder = params.read(params.Encoder, "encoder")
    block = params.read(redundancy.Params, "redundancy")
    on, about = device.ready(compute), batches.about(IMAGES)
    train, valid = batches.load(IMAGES / "train", on), batches.load(IMAGES / "valid", on)
    images = min(block.batch_size, len(train["x"]))  # each shows f two views
    steps = max(1, budget.presentations // (2 * images))
    progress = Progress(stage, steps * len(budget.seeds))

    def teach(seed: int, watch: parallel.Watch) -> dict[str, Any]:
        learner = redundancy.build(block, encoder, about["shape"], seed).to(on)
        view, draws = augmentation.twins(block.views), streams.generator(seed, "views")
        asked = view({"x": valid["x"]}, streams.generator(seed, "views/valid"))

        def judge() -> dict[str, float]:
            with torch.no_grad():
                terms = learner.loss(asked)[1]
                projected = learner.projector(learner.encode(asked["one"]))
            told = {name: float(term) for name, term in terms.items()} | {"alike": correlations.alike(projected)}
            return told | exam.health(learner, valid["x"])

        born = {"step": 0} | {f"valid/{name}": value for name, value in judge().items()}
        order = streams.generator(seed, "batches")
        epochs = fitting.fit(
            learner,
            batches.Batches({"x": train["x"]}, images, order, view, draws),
            steps=steps,
            compute=compute,
            place=Place(stage.scratch / f"{seed}.pt", stage.fingerprint),
            judge=judge,
            watch=watch,
        )
        weights.keep(learner.state_dict(), MODELS / f"{ARM}-{seed}.safetensors")
        spent = {"presentations": steps * 2 * images, "labels_seen": 0}
        return {"epochs": [[born], *epochs], "costs": spent | costs.of(learner, learner.encoder, train["x"][:1])}

    def tell(seed: int, seen: list[dict[str, float]]) -> None:
        progress.tell(ARM, [seed], seen, fit=seed, taken=int(seen[0]["step"]))

    taught = dict(zip(budget.seeds, parallel.each(teach, budget.seeds, tell, compute), strict=True))
    history = [{"arm": ARM, "seed": seed, **epoch[0]} for seed, told in taught.items() for epoch in told["epochs"]]
    scores = [
        {"arm": ARM, "data": about["name"], "metric": metric, "value": float(value)}
        for metric, value in taught[budget.seeds[0]]["costs"].items()
    ]
    told = {
        "classes": {ARM: list(range(len(about["classes"])))},
        "seeds": budget.seeds,
        "shape": about["shape"],
        "redundancy": block.model_dump(),
        "encoder": encoder.model_dump(),
    }
    descriptions.leave(MODELS, "redundancy", told, about)
    stage.record(scores, history)
