"""Transfers what was pre-trained to few labels, near and far, arm by arm, and examines each arm on the test part."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from pathlib import Path

from tutelage import params, runs
from tutelage.data import batches, labels
from tutelage.measure import exam
from tutelage.nn import weights
from tutelage.paradigms import supervised, transfer
from tutelage.training import checkpoint, device
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
    targets = transfer.targets(images, target, about["classes"])
    parts = {
        to: [batches.of(batches.load(PREPARED / given.role / part, on), given.classes) for part in ("train", "test")]
        for to, given in targets.items()
    }
    groups = [(to, arm, m) for to in targets for arm in transfer.ARMS for m in block.labels_per_class]
    progress = Progress(stage, block.steps * len(seeds) * len(groups))
    history, scores = [], []
    for done, (to, arm, m) in enumerate(groups, start=1):
        given = targets[to]
        place = Place(stage.scratch / f"{to}-{arm}-{m}.pt", stage.fingerprint)
        group = checkpoint.load(place)
        if group is None:
            pool, test = parts[to]
            labelled = [labels.few(pool, m, given.names, seed=seed, name=given.data) for seed in seeds]
            taught = [supervised.load(TAUGHT, given.source, seed).encoder for seed in seeds]
            learners = [
                transfer.build(block, arm, f, len(given.classes), seed).to(on)
                for f, seed in zip(taught, seeds, strict=True)
            ]
            costs = transfer.fit(block, arm, learners, labelled, seeds, compute)
            told = [exam.direct(learner, test["x"], test["y"]) for learner in learners]
            group = {"loss": [cost["train/loss"] for cost in costs], "told": told, "kept": learners[0].state_dict()}
            checkpoint.save(place, group)
        weights.keep(group["kept"], MODELS / f"{to}-{arm}-{m}.safetensors")
        rows = [{"step": m, f"train/loss/{to}": loss} for loss in group["loss"]]
        history += [{"arm": arm, "seed": seed, **row} for seed, row in zip(seeds, rows, strict=True)]
        progress.tell(arm, seeds, rows, done=done * block.steps * len(seeds))
        said = {"arm": arm, "data": given.data, "protocol": PROTOCOL[arm], "at": "labels_per_class", "level": m}
        said |= {"with": "target", "with_level": to}
        scores += [
            {**said, "metric": name, "seed": seed, "value": value}
            for seed, told in zip(seeds, group["told"], strict=True)
            for name, value in told.items()
        ]
    stage.record(scores, history)
