"""Teaches one kind of autoencoder, every seed, without a label."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import sys
from pathlib import Path
from typing import Any

from tutelage import params, runs, streams
from tutelage.data import batches
from tutelage.measure import costs, exam
from tutelage.nn import descriptions, weights
from tutelage.paradigms import autoencoder
from tutelage.training import device, fitting, parallel
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

IMAGES = Path("data/prepared/images")

name = sys.argv[1]
with runs.stage(f"autoencoder@{name}") as stage:
    compute = params.read(params.Compute, "compute")
    budget = params.read(params.Budget, "budget")
    encoder = params.read(params.Encoder, "encoder")
    decoder = params.read(params.Decoder, "decoder")
    block = params.read(autoencoder.Params, f"autoencoders.{name}")
    on, models = device.ready(compute), Path("models/autoencoder") / name
    about = batches.about(IMAGES)
    train, valid = batches.load(IMAGES / "train", on), batches.load(IMAGES / "valid", on)
    steps = 0 if block.kind == "pca" else budget.steps
    progress = Progress(stage, steps * len(budget.seeds))

    def teach(seed: int, watch: parallel.Watch) -> dict[str, Any]:
        learner = autoencoder.build(block, encoder, decoder, about["shape"], seed).to(on)
        order, spoils = streams.generator(seed, "batches"), streams.generator(seed, "noise")
        if block.kind == "pca":
            autoencoder.solve(learner, train["x"])
        epochs = fitting.fit(
            learner,
            batches.Batches({"x": train["x"]}, budget.batch_size, order, block.noise.view(), spoils),
            steps=steps,
            compute=compute,
            place=Place(stage.scratch / f"{seed}.pt", stage.fingerprint),
            judge=lambda: exam.reconstructed(learner, valid["x"], valid["x"]) | exam.health(learner, valid["x"]),
            watch=watch,
        )
        weights.keep(learner.state_dict(), models / f"{name}-{seed}.safetensors")
        spent = {"presentations": steps * min(budget.batch_size, len(train["x"])), "labels_seen": 0}
        return {"epochs": epochs, "costs": spent | costs.of(learner, learner.encoder, train["x"][:1])}

    def tell(seed: int, seen: list[dict[str, float]]) -> None:
        progress.tell(name, [seed], seen, fit=seed, taken=int(seen[0]["step"]))

    taught = dict(zip(budget.seeds, parallel.each(teach, budget.seeds, tell, compute), strict=True))
    history = [{"arm": name, "seed": seed, **epoch[0]} for seed, told in taught.items() for epoch in told["epochs"]]
    cost = taught[budget.seeds[0]]["costs"]
    told = {
        "classes": {name: list(range(len(about["classes"])))},
        "seeds": budget.seeds,
        "shape": about["shape"],
        "autoencoder": block.model_dump(),
        "encoder": encoder.model_dump(),
        "decoder": decoder.model_dump(),
    }
    descriptions.leave(models, "autoencoder", told, about)
    stage.record(
        [{"arm": name, "data": about["name"], "metric": k, "value": float(v)} for k, v in cost.items()], history
    )
