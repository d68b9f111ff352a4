"""Teaches the style-based pair without a label; the labelled classifier only looks at what it makes."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from pathlib import Path
from typing import Any

import torch

from tutelage import params, runs, streams
from tutelage.data import batches
from tutelage.measure import costs, coverage, exam
from tutelage.nn import descriptions, weights
from tutelage.paradigms import style_gan, supervised
from tutelage.training import device, fitting, parallel
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

IMAGES, JUDGE, MODELS = Path("data/prepared/images"), Path("models/pretrain"), Path("models/style_gan")
ARM = "style"

with runs.stage("style_gan") as stage:
    compute = params.read(params.Compute, "compute")
    budget = params.read(params.Budget, "budget")
    encoder = params.read(params.Encoder, "encoder")
    block = params.read(style_gan.Params, "style_gan")
    on = device.ready(compute)
    about = batches.about(IMAGES)
    train, valid = batches.load(IMAGES / "train", on), batches.load(IMAGES / "valid", on)
    classifier = supervised.load(JUDGE, "all", supervised.about(JUDGE)["seeds"][0]).to(on)
    size = min(block.batch_size, len(train["x"]))
    steps = max(1, budget.presentations // size)
    progress = Progress(stage, steps * len(block.seeds))

    def teach(seed: int, watch: parallel.Watch) -> dict[str, Any]:
        learner = style_gan.build(block, encoder, about["shape"], seed).to(on)
        z = torch.randn(len(valid["x"]), block.latent, generator=streams.generator(seed, "looked at")).to(on)
        order, draws = streams.generator(seed, "batches"), streams.generator(seed, "latent")
        epochs = fitting.fit(
            learner,
            batches.Batches({"x": train["x"]}, size, order, learner.view(), draws),
            steps=steps,
            compute=compute,
            place=Place(stage.scratch / f"{seed}.pt", stage.fingerprint),
            judge=lambda: (
                coverage.scores(classifier.predict(exam.decoded(learner, z))) | exam.health(learner, valid["x"])
            ),
            watch=watch,
        )
        weights.keep(learner.state_dict(), MODELS / f"{ARM}-{seed}.safetensors")
        cost = costs.of(learner, learner.encoder, train["x"][:1])
        cost["weights"] -= costs.weights(learner.average)  # a copy
        return {"epochs": epochs, "costs": {"presentations": steps * size, "labels_seen": 0} | cost}

    def tell(seed: int, seen: list[dict[str, float]]) -> None:
        progress.tell(ARM, [seed], seen, fit=seed, taken=int(seen[0]["step"]))

    taught = dict(zip(block.seeds, parallel.each(teach, block.seeds, tell, compute), strict=True))
    history = [{"arm": ARM, "seed": seed, **epoch[0]} for seed, one in taught.items() for epoch in one["epochs"]]
    scores = [
        {"arm": ARM, "data": about["name"], "metric": metric, "value": float(value)}
        for metric, value in taught[block.seeds[0]]["costs"].items()
    ]
    left = {
        "classes": {ARM: list(range(len(about["classes"])))},
        "seeds": block.seeds,
        "shape": about["shape"],
        "style_gan": block.model_dump(),
        "encoder": encoder.model_dump(),
    }
    descriptions.leave(MODELS, "style_gan", left, about)
    stage.record(scores, history)
