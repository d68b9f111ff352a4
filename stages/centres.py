"""Places centres among the images by k-means and by a map's batch rule, every seed, without a label."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from pathlib import Path

from tutelage import params, runs
from tutelage.data import batches
from tutelage.measure import exam
from tutelage.nn import descriptions, weights
from tutelage.paradigms import centres
from tutelage.training import device, fitting, parallel
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

IMAGES, MODELS = Path("data/prepared/images"), Path("models/centres")

with runs.stage("centres") as stage:
    compute = params.read(params.Compute, "compute")
    budget = params.read(params.Budget, "budget")
    encoder = params.read(params.Encoder, "encoder")
    block = params.read(centres.Params, "centres")
    on, about = device.ready(compute), batches.about(IMAGES)
    train, valid = batches.load(IMAGES / "train", on), batches.load(IMAGES / "valid", on)
    progress = Progress(stage, block.passes * len(centres.ARMS) * len(budget.seeds))

    def teach(fit: tuple[str, int], watch: parallel.Watch) -> fitting.History:
        arm, seed = fit
        learner = centres.build(block, arm, encoder.width, train["x"].flatten(1), seed, about["name"])
        epochs = fitting.fit(
            learner,
            batches.Whole({"x": train["x"]}),
            steps=block.passes,
            compute=compute,
            place=Place(stage.scratch / f"{arm}-{seed}.pt", stage.fingerprint),
            judge=lambda: exam.health(learner, valid["x"]),
            watch=watch,
        )
        weights.keep(learner.state_dict(), MODELS / f"{arm}-{seed}.safetensors")
        return epochs

    def tell(fit: tuple[str, int], seen: list[dict[str, float]]) -> None:
        progress.tell(fit[0], [fit[1]], seen, fit=fit, taken=int(seen[0]["step"]))

    fits = [(arm, seed) for arm in centres.ARMS for seed in budget.seeds]
    taught = dict(zip(fits, parallel.each(teach, fits, tell, compute), strict=True))
    history = [{"arm": arm, "seed": seed, **epoch[0]} for (arm, seed), told in taught.items() for epoch in told]
    numbers = encoder.width * train["x"][0].numel()
    # A distance takes a subtraction, a multiplication and an addition a number.
    cost = {"operations": 3 * numbers, "weights": numbers}
    cost |= {"presentations": block.passes * len(train["x"]), "labels_seen": 0}
    scores = [
        {"arm": arm, "data": about["name"], "metric": metric, "value": float(value)}
        for arm in centres.ARMS
        for metric, value in cost.items()
    ]
    told = {
        "classes": {arm: list(range(len(about["classes"]))) for arm in centres.ARMS},
        "seeds": budget.seeds,
        "shape": about["shape"],
        "width": encoder.width,
        "centres": block.model_dump(),
    }
    descriptions.leave(MODELS, "centres", told, about)
    stage.record(scores, history)
