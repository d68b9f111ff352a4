"""Examines on the images' test part what one stage taught: what its learners can do, and what probes make of codes."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tutelage import params, runs, streams
from tutelage.data import batches, labels, two_views, views
from tutelage.learned import models
from tutelage.measure import classification, codes, exam, probes, robustness
from tutelage.nn import descriptions
from tutelage.paradigms import transfer
from tutelage.training import device, parallel

IMAGES = Path("data/prepared/images")
Rows = Iterator[dict[str, Any]]

taught = sys.argv[1]
with runs.stage(f"exam_{taught}") as stage:
    compute = params.read(params.Compute, "compute")
    block = params.read(params.Exam, "exam")
    augmented = two_views.strong(params.read(two_views.Strength, "augmentation"))
    on = device.ready(compute)
    folder, data = models.MODELS.joinpath(*taught.split("@")), batches.about(IMAGES)
    about = descriptions.read(folder)
    parts = {part: batches.load(IMAGES / part, on) for part in ("train", "valid", "test")}
    probe: dict[str, Any] = {"strengths": block.strengths, "folds": block.folds}

    def examine(fit: tuple[str, int], watch: parallel.Watch) -> list[dict[str, Any]]:
        arm, seed = fit
        learner = models.load(folder, arm, seed).to(on)
        classes = about["classes"][arm]
        names = [data["classes"][c] for c in classes]
        of = {part: batches.of(columns, classes) for part, columns in parts.items()}
        of = {part: columns | {"z": exam.encoded(learner, columns["x"])} for part, columns in of.items()}
        found = [*by_itself(learner, names, of), *healthy(of), *by_labels(learner, names, of, seed)]
        if hasattr(learner, "reconstruct"):
            found += under_noise(learner, names, of, seed)
        return [{"arm": arm, "data": data["name"], "seed": seed, **row} for row in found]

    def by_itself(learner: Any, names: Sequence[str], of: Mapping[str, batches.Batch]) -> Rows:
        """By each ability that it has."""
        x, y = of["test"]["x"], of["test"]["y"]
        for ability, answer in exam.ABILITIES.items():
            if hasattr(learner, ability):
                yield from rows("direct", answer(learner, x, y))
        if hasattr(learner, "predict"):
            yield from recalls("direct", names, exam.recalls(learner, x, y))

    def healthy(of: Mapping[str, batches.Batch]) -> Rows:
        """Of the validation part's codes: how they spread, and whether the nearest of all labels tell them."""
        z, y, asked, truth = (of[part][name].cpu().numpy() for part in ("train", "valid") for name in "zy")
        told = probes.nearest(z, y, asked, neighbours=block.neighbours)
        yield from rows("health", codes.health(of["valid"]["z"]) | {"accuracy": classification.accuracy(told, truth)})

    def by_labels(learner: Any, names: Sequence[str], of: Mapping[str, batches.Batch], seed: int) -> Rows:
        """What probes make of its codes, and what it becomes as it goes on learning; a replicate has its own draw."""
        pool, asked, truth = of["train"], of["test"]["z"].cpu().numpy(), of["test"]["y"].cpu().numpy()
        known = few(names, pool, seed)
        for m, labelled in (known | {len(pool["y"]): pool}).items():
            z, y = labelled["z"].cpu().numpy(), labelled["y"].cpu().numpy()
            linear = probes.linear(z, y, asked, **probe)
            nearest = probes.nearest(z, y, asked, neighbours=block.neighbours)
            yield from rows("linear", classification.scores(linear, truth), "labels", len(y))
            yield from rows("knn", classification.scores(nearest, truth), "labels", len(y))
            if m in block.finetuned.labels:
                shown = {name: labelled[name] for name in "xy"}
                gone_on = transfer.finetuned(block.finetuned, learner, shown, len(names), seed, compute, augmented)
                yield from rows("finetune", exam.direct(gone_on, of["test"]["x"], of["test"]["y"]), "labels", len(y))
            if m == max(known):
                yield from recalls("linear", names, classification.recalls(linear, truth))
        for m in sorted(block.labels):
            some = labels.as_they_come(pool, m, seed=seed, name=data["name"], key="exam.labels")
            z, y = some["z"].cpu().numpy(), some["y"].cpu().numpy()
            told = probes.linear_of_some(z, y, asked, classes=len(names), **probe)
            found = {"accuracy": classification.accuracy, "balanced_accuracy": classification.balanced_accuracy}
            yield from rows("natural", {name: score(told, truth) for name, score in found.items()}, "labels", m)

    def under_noise(learner: Any, names: Sequence[str], of: Mapping[str, batches.Batch], seed: int) -> Rows:
        """With the most labels that are counted."""
        x, known, kinds = of["test"]["x"], few(names, of["train"], seed), block.noise.model_dump()
        spoiled = {
            (kind, s): views.SPOIL[kind](x, s, streams.generator(seed, f"exam/{kind}/{s}"))
            for kind in kinds
            for s in kinds[kind]
        }
        suffered = robustness.under_noise(learner, x, of["test"]["y"], spoiled, known[max(known)], **probe)
        for (kind, s), told in suffered.items():
            yield from rows("noise", told, kind, s)

    def few(names: Sequence[str], pool: batches.Batch, seed: int) -> dict[int, batches.Batch]:
        each = {m: max(1, m // len(names)) for m in sorted(block.labels)}
        key = "exam.labels, shared out among the classes,"
        return {m: labels.few(pool, k, names, seed=seed, name=data["name"], key=key) for m, k in each.items()}

    def rows(protocol: str, told: Mapping[str, float], at: str = "", level: object = "") -> Rows:
        for metric, value in told.items():
            yield {"protocol": protocol, "at": at, "level": level, "metric": metric, "value": float(value)}

    def recalls(protocol: str, names: Sequence[str], found: Iterable[float]) -> Rows:
        for name, recall in zip(names, found, strict=True):
            yield from rows(protocol, {"recall": recall}, "class", name)

    fits = [(arm, seed) for arm in about["classes"] for seed in about["seeds"]]
    stage.record(row for rows in parallel.each(examine, fits, lambda fit, said: None, compute) for row in rows)
