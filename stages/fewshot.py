"""Teaches an encoder by episodes, one for each number of shots; of some classes no image is shown."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from pathlib import Path
from typing import Any

from tutelage import params, runs, streams
from tutelage.data import batches, episodes
from tutelage.measure import costs, exam, few_shot
from tutelage.nn import descriptions, weights
from tutelage.paradigms import prototypes
from tutelage.training import device, fitting, parallel
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

IMAGES, MODELS = Path("data/prepared/images"), Path("models/fewshot")
LOOKS, ASKED = 10, 100  # times on the way, episodes of the validation part each time

with runs.stage("fewshot") as stage:
    compute = params.read(params.Compute, "compute")
    budget = params.read(params.Budget, "budget")
    encoder = params.read(params.Encoder, "encoder")
    block = params.read(prototypes.Params, "fewshot")
    on, about = device.ready(compute), batches.about(IMAGES)
    shown = prototypes.shown(block, about["classes"])
    train, valid = (batches.of(batches.load(IMAGES / part, on), shown) for part in ("train", "valid"))
    names = [about["classes"][c] for c in shown]
    arms = {prototypes.arm(shots): block.size(shots) for shots in block.shots}
    steps = {arm: max(1, budget.presentations // size.examples) for arm, size in arms.items()}
    members, looked_at = (episodes.Members(part["y"], names) for part in (train, valid))
    for size in arms.values():
        members.fits(size, "fewshot", "the training part")
        looked_at.fits(size, "fewshot", "the validation part")
    progress = Progress(stage, sum(steps.values()) * len(budget.seeds))

    def teach(fit: tuple[str, int], watch: parallel.Watch) -> dict[str, Any]:
        arm, seed = fit
        size = arms[arm]
        learner = prototypes.build(block, encoder, about["shape"], seed, shots=size.shots).to(on)
        rows = looked_at.draw(size, ASKED, streams.generator(seed, "episodes/valid"))
        epochs = fitting.fit(
            learner,
            episodes.Episodes(train["x"], members, size, streams.generator(seed, "episodes")),
            steps=steps[arm],
            every=max(1, steps[arm] // LOOKS),
            compute=compute,
            place=Place(stage.scratch / f"{arm}-{seed}.pt", stage.fingerprint),
            judge=lambda: (
                {"accuracy": float(few_shot.nearest(exam.encoded(learner, valid["x"]), rows, size.shots).mean())}
                | exam.health(learner, valid["x"])
            ),
            watch=watch,
        )
        weights.keep(learner.state_dict(), MODELS / f"{arm}-{seed}.safetensors")
        spent = {"presentations": steps[arm] * size.examples, "labels_seen": len(train["y"])}
        return {"epochs": epochs, "costs": spent | costs.of(learner, learner.encoder, train["x"][:1])}

    def tell(fit: tuple[str, int], seen: list[dict[str, float]]) -> None:
        progress.tell(fit[0], [fit[1]], seen, fit=fit, taken=int(seen[0]["step"]))

    fits = [(arm, seed) for arm in arms for seed in budget.seeds]
    taught = dict(zip(fits, parallel.each(teach, fits, tell, compute), strict=True))
    history = [{"arm": arm, "seed": s, **epoch[0]} for (arm, s), one in taught.items() for epoch in one["epochs"]]
    scores = [
        {"arm": arm, "data": about["name"], "metric": metric, "value": float(value)}
        for arm in arms
        for metric, value in taught[arm, budget.seeds[0]]["costs"].items()
    ]
    left = {
        "classes": {arm: list(range(len(about["classes"]))) for arm in arms},
        "seeds": budget.seeds,
        "shape": about["shape"],
        "shots": {arm: size.shots for arm, size in arms.items()},
        "fewshot": block.model_dump(),
        "encoder": encoder.model_dump(),
    }
    descriptions.leave(MODELS, "prototypes", left, about)
    stage.record(scores, history)
