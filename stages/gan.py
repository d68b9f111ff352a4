"""Teaches one adversarial pair, every seed, without a label; the labelled classifier only looks at what it makes."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import sys
from pathlib import Path
from typing import Any

import torch

from tutelage import params, runs, streams
from tutelage.data import batches, views
from tutelage.measure import costs, coverage, exam
from tutelage.nn import descriptions, weights
from tutelage.paradigms import gan, supervised
from tutelage.training import device, fitting, parallel
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

IMAGES, JUDGE = Path("data/prepared/images"), Path("models/pretrain")
LOOKS = 10  # at the generator's gradient, while the discriminator plays alone

name = sys.argv[1]
with runs.stage(f"gan@{name}") as stage:
    compute = params.read(params.Compute, "compute")
    budget = params.read(params.Budget, "budget")
    encoder = params.read(params.Encoder, "encoder")
    block = params.read(gan.Params, f"gans.{name}")
    on, models = device.ready(compute), Path("models/gan") / name
    about = batches.about(IMAGES)
    train, valid = batches.load(IMAGES / "train", on), batches.load(IMAGES / "valid", on)
    classifier = supervised.load(JUDGE, "all", supervised.about(JUDGE)["seeds"][0]).to(on)
    progress = Progress(stage, budget.steps * len(budget.seeds))

    def source(seed: int) -> batches.Batches:
        order, draws = streams.generator(seed, "batches"), streams.generator(seed, "latent")
        return batches.Batches({"x": train["x"]}, budget.batch_size, order, views.latent(1, block.latent), draws)

    def teach(seed: int, watch: parallel.Watch) -> dict[str, Any]:
        learner = gan.build(block, encoder, about["shape"], seed).to(on)
        z = torch.randn(len(valid["x"]), block.latent, generator=streams.generator(seed, "looked at")).to(on)

        def judge() -> dict[str, float]:
            """What a collapse shows in: the classes of the samples, the spread of the discriminator's codes."""
            made = classifier.predict(exam.decoded(learner, z))
            return coverage.scores(made) | exam.health(learner, valid["x"])

        epochs = fitting.fit(
            learner,
            source(seed),
            steps=budget.steps,
            compute=compute,
            place=Place(stage.scratch / f"{seed}.pt", stage.fingerprint),
            judge=judge,
            watch=watch,
        )
        weights.keep(learner.state_dict(), models / f"{name}-{seed}.safetensors")
        spent = {"presentations": budget.steps * min(budget.batch_size, len(train["x"])), "labels_seen": 0}
        cost = costs.of(learner, learner.encoder, train["x"][:1])
        cost["weights"] -= costs.weights(learner.average)  # a copy
        return {"epochs": epochs, "costs": spent | cost}

    def ahead(seed: int, watch: parallel.Watch) -> dict[str, Any]:
        learner = gan.build(block, encoder, about["shape"], seed, gan.Ahead).to(on)
        every = max(1, block.ahead // LOOKS)
        return {"looks": fitting.fit(learner, source(seed), steps=block.ahead, every=every, compute=compute)}

    def play(job: tuple[str, int], watch: parallel.Watch) -> dict[str, Any]:
        game, seed = job
        return teach(seed, watch) if game == "both" else ahead(seed, watch)

    def tell(job: tuple[str, int], seen: list[dict[str, float]]) -> None:
        progress.tell(name, [job[1]], seen, fit=job[1], taken=int(seen[0]["step"]))

    jobs = [(game, seed) for game in ("both", "ahead") for seed in budget.seeds]  # the short ones fill the last gap
    told = dict(zip(jobs, parallel.each(play, jobs, tell, compute), strict=True))
    taught = {seed: told["both", seed] for seed in budget.seeds}
    history = [{"arm": name, "seed": seed, **epoch[0]} for seed, one in taught.items() for epoch in one["epochs"]]
    said = {"arm": name, "data": about["name"]}
    scores: list[dict[str, Any]] = [
        {**said, "metric": metric, "value": float(value)} for metric, value in taught[budget.seeds[0]]["costs"].items()
    ]
    scores += [
        {
            **said,
            "metric": metric,
            "at": "ahead",
            "level": int(seen["step"]),
            "seed": seed,
            "value": seen[f"train/{metric}"],
        }
        for seed in budget.seeds
        for (seen,) in told["ahead", seed]["looks"]
        for metric in ("generator_gradient", "fake_accuracy")
    ]
    left = {
        "classes": {name: list(range(len(about["classes"])))},
        "seeds": budget.seeds,
        "shape": about["shape"],
        "gan": block.model_dump(),
        "encoder": encoder.model_dump(),
    }
    descriptions.leave(models, "gan", left, about)
    stage.record(scores, history)
