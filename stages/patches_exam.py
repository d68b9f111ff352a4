"""Examines what patches taught, beside an encoder just born and one that saw all labels, where the exam does not ask:
neighbours told, a linear probe of each layer, fine-tuning at the other counts of labels."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from pathlib import Path
from typing import Any

from tutelage import params, runs, streams
from tutelage.data import batches, labels, patches, two_views
from tutelage.measure import classification, exam, layers, pretext, probes
from tutelage.paradigms import relative_patches, supervised, transfer
from tutelage.training import checkpoint, device, parallel
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

IMAGES, TAUGHT, PRETRAIN = Path("data/prepared/images"), Path("models/patches"), Path("models/pretrain")
PICTURES = runs.PICTURES / "patches"
BESIDE = ("random", "all")  # the floor, the ceiling
SHOWN = 6  # images of a picture

with runs.stage("patches_exam") as stage:
    compute = params.read(params.Compute, "compute")
    block = params.read(params.Exam, "exam")
    augmented = two_views.strong(params.read(two_views.Strength, "augmentation"))
    on = device.ready(compute)
    data, about = batches.about(IMAGES), relative_patches.about(TAUGHT)
    entries = {name: relative_patches.entry(TAUGHT, name) for name in about["patches"]}
    train, test = batches.load(IMAGES / "train", on), batches.load(IMAGES / "test", on)
    names, y = data["classes"], test["y"].cpu().numpy()
    others = sorted(set(block.labels) - set(block.finetuned.labels))
    fits = [(arm, seed) for arm in (*entries, *BESIDE) for seed in about["seeds"]]
    progress = Progress(stage, len(fits))

    def few(m: int, seed: int) -> batches.Batch:
        per_class = max(1, m // len(names))
        return labels.few(train, per_class, names, seed=seed, name=data["name"], key="exam.labels")

    def rows(protocol: str, at: str, level: str | int, told: dict[str, float]) -> list[dict[str, Any]]:
        said = {"protocol": protocol, "at": at, "level": level}
        return [{**said, "metric": metric, "value": value} for metric, value in told.items()]

    def neighbours(learner: relative_patches.RelativePatches, arm: str, seed: int) -> list[dict[str, Any]]:
        """Of pairs cut as each entry's are; and of its own, each first patch another image's, or hidden all along."""
        pairs = {
            name: patches.every(test["x"], one.cut, streams.generator(seed, "patches/test"))
            for name, one in entries.items()
        }
        pairs["strangers"] = pretext.strangers(pairs[arm], len(patches.OFFSETS))
        if seed == about["seeds"][0]:
            runs.write(PICTURES / f"{arm}.png", pretext.around(pairs[arm], SHOWN))
        told = {name: pretext.neighbours(learner, asked) for name, asked in pairs.items()}
        told["second"] = pretext.neighbours(relative_patches.load(TAUGHT, arm, seed, alone=True).to(on), pairs[arm])
        return [row for name, scores in told.items() for row in rows("neighbours", "pairs", name, scores)]

    def by_layer(learner: Any, seed: int) -> list[dict[str, Any]]:
        """With the most labels that the exam counts."""
        known, grid = few(max(block.labels), seed), about["encoder"]["grid"]
        given, asked = (layers.outputs(learner.encoder, part["x"], grid=grid) for part in (known, test))
        found = []
        for name in given:
            z, questions = given[name].cpu().numpy(), asked[name].cpu().numpy()
            told = probes.linear(z, known["y"].cpu().numpy(), questions, strengths=block.strengths, folds=block.folds)
            found += rows("linear", "layer", name, classification.scores(told, y))
        return found

    def examine(fit: tuple[str, int], watch: parallel.Watch) -> list[dict[str, Any]]:
        arm, seed = fit
        place = Place(stage.scratch / f"{arm}-{seed}.pt", stage.fingerprint)
        result = checkpoint.load(place)
        if result is None:
            learner: Any = (
                relative_patches.load(TAUGHT, arm, seed) if arm in entries else supervised.load(PRETRAIN, arm, seed)
            ).to(on)
            found = neighbours(learner, arm, seed) if arm in entries else []
            found += by_layer(learner, seed)
            for m in others:
                known = few(m, seed)
                tuned = transfer.finetuned(block.finetuned, learner, known, len(names), seed, compute, augmented)
                found += rows("finetune", "labels", len(known["y"]), exam.direct(tuned, test["x"], test["y"]))
            result = {"found": found}
            checkpoint.save(place, result)
        watch(len(result["found"]))
        return [{"arm": arm, "data": data["name"], "seed": seed, **row} for row in result["found"]]

    def tell(fit: tuple[str, int], found: int) -> None:
        progress.tell(fit[0], [fit[1]], [{"step": 1, "scores": found}], fit=fit, taken=1)

    stage.record(row for found in parallel.each(examine, fits, tell, compute) for row in found)
