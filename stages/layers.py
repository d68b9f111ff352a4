"""Teaches halves of the classes, and each with the first layers of another net; examines all on the test part."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from collections import defaultdict
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Any

from tutelage import params, runs
from tutelage.data import batches, halves
from tutelage.measure import confusion, exam
from tutelage.paradigms import layers, supervised
from tutelage.paradigms.layers import Fit, Layered
from tutelage.training import checkpoint, device, parallel
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

IMAGES, PRETRAIN = Path("data/prepared/images"), Path("models/pretrain")

with runs.stage("layers") as stage:
    compute = params.read(params.Compute, "compute")
    size = params.read(params.Budget, "budget").batch_size
    encoder = params.read(params.Encoder, "encoder")
    block = params.read(layers.Params, "layers")
    on, about = device.ready(compute), batches.about(IMAGES)
    names, seeds = about["classes"], supervised.about(PRETRAIN)["seeds"]
    halves.enough(len(names), about["name"])
    train, valid, test = (batches.load(IMAGES / part, on) for part in ("train", "valid", "test"))
    mistaken = {  # by nets of all classes, which saw no image of these
        seed: confusion.shares(supervised.load(PRETRAIN, "all", seed).to(on), valid["x"], valid["y"]) for seed in seeds
    }
    cut: dict[tuple[str, int], halves.Halves] = {
        (f"random {draw}", seed): halves.at_random(len(names), seed=seed, draw=draw)
        for draw in range(1, block.random + 1)
        for seed in seeds
    }
    cut |= {("dissimilar", seed): halves.dissimilar(mistaken[seed], seed=seed) for seed in seeds}
    bases, grafts = layers.fits(block, seeds)
    progress = Progress(stage, len(bases) + len(grafts))

    def place(fit: Fit) -> Place:
        return Place(stage.scratch / f"{'-'.join(map(str, fit))}.pt", stage.fingerprint)

    def build(fit: Fit, classes: int) -> Layered:
        """Bases are born each for itself; all that stand on them are born the same, whosever layers they take over."""
        new = partial(layers.build, block, encoder, about["shape"], classes, fit.seed)
        if fit in bases:
            return new(fit.arm)
        source = layers.ARMS[fit.arm]
        net = new(source)
        if source in layers.HALVES:
            base = checkpoint.load(place(Fit(fit.cut, source, 0, fit.seed)))
            net.first(len(layers.DEPTHS)).load_state_dict((base or {})["kept"])
        return new("anew", net.first(fit.depth), frozen=not fit.arm.endswith("+"))

    def teach(fit: Fit, watch: parallel.Watch) -> dict[str, Any]:
        result = checkpoint.load(place(fit))
        if result is None:
            a, b = cut[fit.cut, fit.seed]
            pool, asked = (batches.of(part, a if fit.arm == "A" else b) for part in (train, test))
            net = build(fit, len(a if fit.arm == "A" else b)).to(on)
            born = fit.arm if fit in bases else "anew"
            result = {"loss": layers.fit(block, net, pool, fit.seed, born, size, compute)}
            result |= {"told": exam.direct(net, asked["x"], asked["y"])}
            if fit in bases:
                result["kept"] = net.first(len(layers.DEPTHS)).state_dict()
            checkpoint.save(place(fit), result)
        watch(result["loss"])
        return {name: result[name] for name in ("loss", "told")}

    def tell(fit: Fit, loss: float) -> None:
        seen = {"step": fit.depth, f"train/loss/{kind(fit.cut)}": loss}
        progress.tell("base" if fit.arm == "B" else fit.arm, [fit.seed], [seen], fit=fit, taken=1)

    def kind(name: str) -> str:
        """Draws of one kind are averaged: a seed is the replicate."""
        return name.partition(" ")[0]

    taught = dict(zip(bases, parallel.each(teach, bases, tell, compute), strict=True))
    taught |= dict(zip(grafts, parallel.each(teach, grafts, tell, compute), strict=True))
    found: dict[tuple[str, str, int, int], list[dict[str, float]]] = defaultdict(list)
    for fit, result in taught.items():
        if fit.arm != "A":
            arm = "base" if fit.arm == "B" else fit.arm
            found[kind(fit.cut), arm, fit.depth, fit.seed].append(result["told"] | {"train/loss": result["loss"]})
    history, scores = [], []
    for (of, arm, depth, seed), told in found.items():
        mean = {metric: fmean(one[metric] for one in told) for metric in told[0]}
        history.append({"arm": arm, "seed": seed, "step": depth, f"train/loss/{of}": mean.pop("train/loss")})
        said = {"arm": arm, "data": about["name"], "protocol": "direct", "at": "depth", "level": depth}
        said |= {"with": "cut", "with_level": of, "seed": seed}
        scores += [{**said, "metric": metric, "value": value} for metric, value in mean.items()]
    for (name, seed), sides in cut.items():
        said = {
            "arm": "base",
            "data": about["name"],
            "protocol": "cut",
            "seed": seed,
            "with": "cut",
            "with_level": name,
        }
        scores.append({**said, "metric": "across", "value": halves.across(mistaken[seed], sides)})
        scores += [
            {**said, "metric": "in_b", "at": "class", "level": names[k], "value": float(k in sides[1])}
            for k in range(len(names))
        ]
    stage.record(scores, history)
