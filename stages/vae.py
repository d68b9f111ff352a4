"""Teaches one family of variational autoencoders, every entry and every seed, without a label."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import sys
from pathlib import Path
from typing import Any

from tutelage import params, runs, streams
from tutelage.data import batches, views
from tutelage.measure import costs, exam
from tutelage.nn import descriptions, weights
from tutelage.paradigms import vae
from tutelage.training import device, fitting, parallel
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

ROLES = {"vae": "images", "letters_vae": "letters"}
LOOKS = 12  # of a fit, at least, where it has as many epochs: each writes a checkpoint, and letters have 57 short ones

family = sys.argv[1]
with runs.stage(family) as stage:
    compute = params.read(params.Compute, "compute")
    budget = params.read(params.Budget, "budget")
    encoder = params.read(params.Encoder, "encoder")
    decoder = params.read(params.Decoder, "decoder")
    entries = {name: params.read(vae.Params, f"{family}.{name}") for name in params.load()[family]}
    budgets = {name: budget.of(block.presentations) for name, block in entries.items()}
    on, data, models = device.ready(compute), Path("data/prepared") / ROLES[family], Path("models") / family
    about = batches.about(data)
    train, valid = batches.load(data / "train", on), batches.load(data / "valid", on)
    progress = Progress(stage, sum(one.steps for one in budgets.values()) * len(budget.seeds))

    def teach(fit: tuple[str, int], watch: parallel.Watch) -> dict[str, Any]:
        name, seed = fit
        block, steps = entries[name], budgets[name].steps
        learner = vae.build(block, encoder, decoder, about["shape"], seed).to(on)
        order, draws = streams.generator(seed, "batches"), streams.generator(seed, "latent")
        view = views.latent(block.samples, block.latent)
        source = batches.Batches({"x": train["x"]}, budget.batch_size, order, view, draws)
        epochs = fitting.fit(
            learner,
            source,
            steps=steps,
            every=source.per_epoch * max(1, steps // source.per_epoch // LOOKS),
            compute=compute,
            place=Place(stage.scratch / f"{name}-{seed}.pt", stage.fingerprint),
            judge=lambda: exam.reconstructed(learner, valid["x"], valid["x"]) | exam.health(learner, valid["x"]),
            watch=watch,
        )
        weights.keep(learner.state_dict(), models / f"{name}-{seed}.safetensors")
        spent = {"presentations": steps * min(budget.batch_size, len(train["x"])), "labels_seen": 0}
        return {"epochs": epochs, "costs": spent | costs.of(learner, learner.encoder, train["x"][:1])}

    def tell(fit: tuple[str, int], seen: list[dict[str, float]]) -> None:
        progress.tell(fit[0], [fit[1]], seen, fit=fit, taken=int(seen[0]["step"]))

    fits = [(name, seed) for name in entries for seed in budget.seeds]
    taught = dict(zip(fits, parallel.each(teach, fits, tell, compute), strict=True))
    history = [{"arm": n, "seed": seed, **epoch[0]} for (n, seed), told in taught.items() for epoch in told["epochs"]]
    scores = [
        {"arm": name, "data": about["name"], "metric": metric, "value": float(value)}
        for name in entries
        for metric, value in taught[name, budget.seeds[0]]["costs"].items()
    ]
    told = {
        "classes": {name: list(range(len(about["classes"]))) for name in entries},
        "seeds": budget.seeds,
        "shape": about["shape"],
        "vae": {name: block.model_dump() for name, block in entries.items()},
        "encoder": encoder.model_dump(),
        "decoder": decoder.model_dump(),
    }
    descriptions.leave(models, "vae", told, about)
    stage.record(scores, history)
