"""Transfers what was pre-trained to few labels, near and far, arm by arm, and examines each arm on the test part."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from pathlib import Path

from tutelage import params, runs
from tutelage.data import batches, labels
from tutelage.errors import Mistake
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
    if target["shape"] != images["shape"]:
        raise Mistake(
            f"params.yaml: images of target are {target['shape']} (channel, height, width) and those of images "
            f"{images['shape']}; give target.resize a scale and pad that bring them to one shape"
        )
    unseen = [c for c in about["classes"]["all"] if c not in about["classes"]["base"]]
    targets = {
        "near": ("target", target, list(range(len(target["classes"]))), "all"),
        "far": ("images", images, unseen, "base"),
    }
    groups = [(to, arm, m) for to in targets for arm in transfer.ARMS for m in block.labels_per_class]
    progress = Progress(stage, block.steps * len(seeds) * len(groups))
    history, scores = [], []
    for done, (to, arm, m) in enumerate(groups, start=1):
        role, data, classes, source = targets[to]
        place = Place(stage.scratch / f"{to}-{arm}-{m}.pt", stage.fingerprint)
        group = checkpoint.load(place)
        if group is None:
            pool = batches.of(batches.load(PREPARED / role / "train", on), classes)
            test = batches.of(batches.load(PREPARED / role / "test", on), classes)
            names = [data["classes"][c] for c in classes]
            labelled = [labels.few(pool, m, names, seed=seed, name=data["name"]) for seed in seeds]
            learners = [
                transfer.build(block, arm, supervised.load(TAUGHT, source, seed).encoder, len(classes), seed).to(on)
                for seed in seeds
            ]
            costs = transfer.fit(block, arm, learners, labelled, seeds, compute)
            told = [exam.direct(learner, test["x"], test["y"]) for learner in learners]
            group = {"loss": [cost["train/loss"] for cost in costs], "told": told, "kept": learners[0].state_dict()}
            checkpoint.save(place, group)
        weights.keep(group["kept"], MODELS / f"{to}-{arm}-{m}.safetensors")
        rows = [{"step": m, f"train/loss/{to}": loss} for loss in group["loss"]]
        history += [{"arm": arm, "seed": seed, **row} for seed, row in zip(seeds, rows, strict=True)]
        progress.tell(arm, seeds, rows, done=done * block.steps * len(seeds))
        said = {"arm": arm, "data": data["name"], "protocol": PROTOCOL[arm], "at": "labels_per_class", "level": m}
        said |= {"with": "target", "with_level": to}
        scores += [
            {**said, "metric": name, "seed": seed, "value": value}
            for seed, told in zip(seeds, group["told"], strict=True)
            for name, value in told.items()
        ]
    stage.record(scores, history)
