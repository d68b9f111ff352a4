"""Teaches two encoders a seed by labels: one on all classes of the images, one on the base classes."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import json
from functools import partial
from pathlib import Path

from tutelage import params, runs, streams
from tutelage.data import batches, views
from tutelage.measure import costs, exam
from tutelage.nn import weights
from tutelage.paradigms import supervised
from tutelage.training import device, fitting
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

IMAGES, MODELS = Path("data/prepared/images"), Path("models/pretrain")

with runs.stage("pretrain") as stage:
    compute = params.read(params.Compute, "compute")
    encoder = params.read(params.Encoder, "encoder")
    block = params.read(supervised.Params, "pretrain")
    on = device.ready(compute)
    about = batches.about(IMAGES)
    train, valid = batches.load(IMAGES / "train", on), batches.load(IMAGES / "valid", on)
    arms = {"all": list(range(len(about["classes"]))), "base": supervised.base_classes(block, about["classes"])}
    steps = max(1, block.presentations // block.batch_size)
    progress = Progress(stage, steps * len(arms) * len(block.seeds))
    history, scores, done = [], [], 0
    for arm, classes in arms.items():
        learned, judged = batches.of(train, classes), batches.of(valid, classes)
        for seed in block.seeds:
            learner = supervised.build(block, encoder, about["shape"], len(classes), seed).to(on)
            order, moves = streams.generator(seed, "batches"), streams.generator(seed, "views")
            epochs = fitting.fit(
                learner,
                batches.Batches(learned, block.batch_size, order, views.shift(block.shift), moves),
                steps=steps,
                compute=compute,
                place=Place(stage.scratch / f"{arm}-{seed}.pt", stage.fingerprint),
                judge=partial(exam.validation, learner, judged["x"], judged["y"]),
                watch=progress.of(arm, seed, before=done),
            )
            history += [{"arm": arm, "seed": seed, **epoch[0]} for epoch in epochs]
            weights.keep(learner.state_dict(), MODELS / f"{arm}-{seed}.safetensors")
            done += steps
        spent = {"presentations": steps * min(block.batch_size, len(learned["y"])), "labels_seen": len(learned["y"])}
        cost = spent | costs.of(learner, learner.encoder, learned["x"][:1])
        scores += [{"arm": arm, "data": about["name"], "metric": name, "value": float(v)} for name, v in cost.items()]
    told = {"classes": arms, "seeds": block.seeds, "shape": about["shape"], "encoder": encoder.model_dump()}
    runs.write(MODELS / "about.json", json.dumps(told, indent=1, sort_keys=True) + "\n")
    stage.record(scores, history)
