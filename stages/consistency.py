"""Teaches by few labels and many images, beside labels alone, at each of the exam's counts; examines on a test part."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from pathlib import Path
from typing import Any

from tutelage import params, runs
from tutelage.data import batches, labels, two_views
from tutelage.measure import costs, exam
from tutelage.nn import descriptions, weights
from tutelage.paradigms import consistency
from tutelage.paradigms.consistency import Fit
from tutelage.training import checkpoint, device, parallel
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

IMAGES, MODELS = Path("data/prepared/images"), Path("models/consistency")
KEY = "exam.labels, shared out among the classes,"

with runs.stage("consistency") as stage:
    compute = params.read(params.Compute, "compute")
    seeds = params.read(params.Budget, "budget").seeds
    encoder = params.read(params.Encoder, "encoder")
    asked = params.read(params.Exam, "exam")
    block = params.read(consistency.Params, "consistency")
    strength = params.read(two_views.Strength, "augmentation")
    on = device.ready(compute)
    about = batches.about(IMAGES)
    names = about["classes"]
    train, test = batches.load(IMAGES / "train", on), batches.load(IMAGES / "test", on)
    known = batches.of(train, range(len(names)))  # the others are seen without a label only, having none
    each_class = {max(1, m // len(names)) * len(names) for m in asked.labels}
    fits = consistency.fits(sorted({*each_class, len(known["y"])}), seeds)  # all of them last
    progress = Progress(stage, len(fits))

    def teach(fit: Fit, watch: parallel.Watch) -> dict[str, Any]:
        place = Place(stage.scratch / f"{'-'.join(map(str, fit))}.pt", stage.fingerprint)
        result = checkpoint.load(place)
        if result is None:
            few = known
            if fit.labels != len(known["y"]):
                few = labels.few(train, fit.labels // len(names), names, seed=fit.seed, name=about["name"], key=KEY)
            learner = consistency.build(block, fit.arm, encoder, about["shape"], len(names), fit.seed).to(on)
            seen, presentations = consistency.fit(block, strength, fit.arm, learner, train, few, fit.seed, compute)
            result = {
                "seen": seen,
                "costs": costs.of(learner, learner.encoder, train["x"][:1])
                | {"presentations": presentations, "labels_seen": fit.labels},
                "told": exam.direct(learner, test["x"], test["y"]),
                "kept": learner.state_dict(),
            }
            checkpoint.save(place, result)
        kept = result.pop("kept")
        if fit.seed == seeds[0]:
            weights.keep(kept, MODELS / f"{fit.arm}-{fit.labels}-{fit.seed}.safetensors")
        watch(result["seen"][-1])
        return result

    def tell(fit: Fit, seen: dict[str, float]) -> None:
        progress.tell(fit.arm, [fit.seed], [named(fit, seen)], fit=fit, taken=1)

    def named(fit: Fit, seen: dict[str, float]) -> dict[str, float]:
        """Terms of fits with other counts of labels apart: their steps are not the same."""
        return {name if name == "step" else f"{name}/{fit.labels}": value for name, value in seen.items()}

    taught = dict(zip(fits, parallel.each(teach, fits, tell, compute), strict=True))
    history, scores = [], []
    for fit, result in taught.items():
        said = {"arm": fit.arm, "data": about["name"], "at": "labels", "level": fit.labels}
        if fit.seed == seeds[0]:
            scores += [{**said, "metric": name, "value": float(v)} for name, v in result["costs"].items()]
        scores += [
            {**said, "protocol": "direct", "metric": name, "seed": fit.seed, "value": value}
            for name, value in result["told"].items()
        ]
        history += [{"arm": fit.arm, "seed": fit.seed, **named(fit, seen)} for seen in result["seen"]]
    arms = {f"{fit.arm}-{fit.labels}": list(range(len(names))) for fit in fits}
    left = {"classes": arms, "shape": about["shape"], "encoder": encoder.model_dump()}
    descriptions.leave(MODELS, "supervised", left, about)
    stage.record(scores, history)
