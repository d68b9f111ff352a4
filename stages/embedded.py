"""Puts deep's encoder into a deeper classifier with few labels, arm by arm, and examines classifier and codes."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from pathlib import Path
from typing import Any

from tutelage import params, runs
from tutelage.data import batches, labels
from tutelage.measure import exam, retrieval
from tutelage.nn import weights
from tutelage.paradigms import autoencoder, supervised, transfer
from tutelage.training import checkpoint, device, parallel
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

IMAGES, DEEP, MODELS = Path("data/prepared/images"), Path("models/autoencoder/deep"), Path("models/embedded")

with runs.stage("embedded") as stage:
    compute = params.read(params.Compute, "compute")
    block = params.read(transfer.Embedded, "embedded")
    first = params.read(params.Uses, "uses").first
    on = device.ready(compute)
    about, seeds = batches.about(IMAGES), autoencoder.about(DEEP)["seeds"]
    train, test = (  # whose classes are known: what is retrieved is judged by them
        batches.of(batches.load(IMAGES / part, on), range(len(about["classes"]))) for part in ("train", "test")
    )
    y, known = test["y"].cpu().numpy(), train["y"].cpu().numpy()
    groups = [(arm, m) for arm in transfer.ARMS for m in block.labels_per_class]
    progress = Progress(stage, block.steps * len(seeds) * len(groups))

    def teach(group: tuple[str, int], watch: parallel.Watch) -> dict[str, Any]:
        arm, m = group
        place = Place(stage.scratch / f"{arm}-{m}.pt", stage.fingerprint)
        result = checkpoint.load(place)
        if result is None:
            key = "embedded.labels_per_class"
            labelled = [
                labels.few(train, m, about["classes"], seed=seed, name=about["name"], key=key) for seed in seeds
            ]
            encoders = [autoencoder.vectoriser(DEEP, "deep", seed) for seed in seeds]
            learners = [
                transfer.build(block, arm, f, len(about["classes"]), seed, labels=m).to(on)
                for f, seed in zip(encoders, seeds, strict=True)
            ]
            costs = transfer.fit(block, arm, learners, labelled, seeds, compute)
            result = {"loss": [cost["train/loss"] for cost in costs], "told": [examine(arm, f) for f in learners]}
            result |= {"kept": learners[0].state_dict()}
            checkpoint.save(place, result)
        weights.keep(result.pop("kept"), MODELS / f"{arm}-{m}.safetensors")
        watch(result["loss"])
        return result

    def examine(arm: str, learner: supervised.Classifier) -> dict[str, dict[str, float]]:
        told = {"direct": exam.direct(learner, test["x"], test["y"])}
        if arm not in transfer.FROZEN:  # else the codes are those that the stage `uses` asks, or nobody's
            z, asked = (exam.encoded(learner, part["x"]).cpu().numpy() for part in (train, test))
            told["retrieval"] = {"precision": retrieval.precision(known[retrieval.found(z, asked, first)], y)}
        return told

    def tell(group: tuple[str, int], losses: list[float]) -> None:
        arm, m = group
        seen = [{"step": m, "train/loss": loss} for loss in losses]
        progress.tell(arm, seeds, seen, fit=group, taken=block.steps * len(seeds))

    taught = dict(zip(groups, parallel.each(teach, groups, tell, compute), strict=True))
    history, scores = [], []
    for (arm, m), result in taught.items():
        said = {"arm": arm, "data": about["name"], "at": "labels_per_class", "level": m}
        for seed, loss, told in zip(seeds, result["loss"], result["told"], strict=True):
            history.append({"arm": arm, "seed": seed, "step": m, "train/loss": loss})
            scores += [
                {**said, "protocol": protocol, "metric": metric, "seed": seed, "value": value}
                for protocol, metrics in told.items()
                for metric, value in metrics.items()
            ]
    stage.record(scores, history)
