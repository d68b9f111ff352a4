"""Transfers what was pre-trained to few labels, near and far, arm by arm, and examines each arm on the test part."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from pathlib import Path
from typing import Any

from tutelage import params, runs
from tutelage.data import batches, labels
from tutelage.errors import Mistake
from tutelage.measure import exam
from tutelage.nn import weights
from tutelage.paradigms import supervised, transfer
from tutelage.training import checkpoint, device, parallel
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

PROTOCOL = {"frozen": "linear", "finetuned": "finetune", "scratch": "direct", "random": "linear"}
PREPARED, TAUGHT, MODELS = Path("data/prepared"), Path("models/pretrain"), Path("models/transfer")

with runs.stage("transfer") as stage:
    compute = params.read(params.Compute, "compute")
    block = params.read(transfer.Params, "transfer")
    on = device.ready(compute)
    about = supervised.about(TAUGHT)
    seeds = about["seeds"]
    images, target = batches.about(PREPARED / "images"), batches.about(PREPARED / "target")
    if "base" not in about["classes"]:
        raise Mistake(
            f"images have {len(about['classes']['all'])} classes; far transfer takes four: two base, two left"
        )
    targets = transfer.targets(images, target, about["classes"])
    parts = {
        to: [batches.of(batches.load(PREPARED / given.role / part, on), given.classes) for part in ("train", "test")]
        for to, given in targets.items()
    }
    groups = [(to, arm, m) for to in targets for arm in transfer.ARMS for m in block.labels_per_class]
    progress = Progress(stage, block.steps * len(seeds) * len(groups))

    def teach(group: tuple[str, str, int], watch: parallel.Watch) -> dict[str, Any]:
        to, arm, m = group
        place = Place(stage.scratch / f"{to}-{arm}-{m}.pt", stage.fingerprint)
        result = checkpoint.load(place)
        if result is None:
            given, (pool, test) = targets[to], parts[to]
            labelled = [
                labels.few(pool, m, given.names, seed=seed, name=given.data, key="transfer.labels_per_class")
                for seed in seeds
            ]
            taught = [supervised.load(TAUGHT, given.source, seed).encoder for seed in seeds]
            learners = [
                transfer.build(block, arm, f, len(given.classes), seed, labels=m).to(on)
                for f, seed in zip(taught, seeds, strict=True)
            ]
            costs = transfer.fit(block, arm, learners, labelled, seeds, compute)
            told = [exam.direct(learner, test["x"], test["y"]) for learner in learners]
            result = {"loss": [cost["train/loss"] for cost in costs], "told": told, "kept": learners[0].state_dict()}
            checkpoint.save(place, result)
        weights.keep(result.pop("kept"), MODELS / f"{to}-{arm}-{m}.safetensors")
        watch(result["loss"])
        return result

    def tell(group: tuple[str, str, int], losses: list[float]) -> None:
        to, arm, m = group
        seen = [{"step": m, f"train/loss/{to}": loss} for loss in losses]
        progress.tell(arm, seeds, seen, fit=group, taken=block.steps * len(seeds))

    taught = dict(zip(groups, parallel.each(teach, groups, tell, compute), strict=True))
    history, scores = [], []
    for (to, arm, m), result in taught.items():
        said = {"arm": arm, "data": targets[to].data, "protocol": PROTOCOL[arm], "at": "labels_per_class", "level": m}
        said |= {"with": "target", "with_level": to}
        for seed, loss, told in zip(seeds, result["loss"], result["told"], strict=True):
            history.append({"arm": arm, "seed": seed, "step": m, f"train/loss/{to}": loss})
            scores += [{**said, "metric": name, "seed": seed, "value": value} for name, value in told.items()]
    stage.record(scores, history)
