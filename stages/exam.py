"""Examines on the images' test part what one stage taught: what its learners can do, and what probes make of codes."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tutelage import params, runs, streams
from tutelage.data import batches, labels, views
from tutelage.measure import classification, exam, probes, robustness
from tutelage.paradigms import autoencoder, supervised, vae
from tutelage.training import device, parallel

IMAGES = Path("data/prepared/images")
LOAD: dict[str, Callable[[Path, str, int], Any]] = {
    "pretrain": supervised.load,
    "autoencoder": autoencoder.load,
    "vae": vae.load,
}

taught = sys.argv[1]
with runs.stage(f"exam_{taught}") as stage:
    compute = params.read(params.Compute, "compute")
    block = params.read(params.Exam, "exam")
    on = device.ready(compute)
    models, data = Path("models", *taught.split("@")), batches.about(IMAGES)
    about = json.loads((models / "about.json").read_text(encoding="utf-8"))
    train, test = batches.load(IMAGES / "train", on), batches.load(IMAGES / "test", on)

    def examine(fit: tuple[str, int], watch: parallel.Watch) -> list[dict[str, Any]]:
        arm, seed = fit
        learner = LOAD[taught.split("@")[0]](models, arm, seed).to(on)
        classes = about["classes"][arm]
        pool, asked = batches.of(train, classes), batches.of(test, classes)
        names = [data["classes"][c] for c in classes]
        rows: list[dict[str, Any]] = []
        for ability, answer in exam.ABILITIES.items():
            if hasattr(learner, ability):
                rows += [
                    {"protocol": "direct", "metric": metric, "value": value}
                    for metric, value in answer(learner, asked["x"], asked["y"]).items()
                ]
        if hasattr(learner, "predict"):
            recalls = zip(names, exam.recalls(learner, asked["x"], asked["y"]), strict=True)
            rows += [
                {"protocol": "direct", "at": "class", "level": name, "metric": "recall", "value": float(recall)}
                for name, recall in recalls
            ]
        questions = exam.encoded(learner, asked["x"]).cpu().numpy()
        for m in sorted(block.labels_per_class):
            few = labels.few(pool, m, names, seed=seed, name=data["name"], key="exam.labels_per_class")
            z, y = exam.encoded(learner, few["x"]).cpu().numpy(), few["y"].cpu().numpy()
            told = {
                "linear": probes.linear(z, y, questions, strengths=block.strengths, folds=block.folds),
                "knn": probes.nearest(z, y, questions, neighbours=block.neighbours),
            }
            rows += [
                {"protocol": probe, "at": "labels_per_class", "level": m, "metric": metric, "value": value}
                for probe, log_p in told.items()
                for metric, value in classification.scores(log_p, asked["y"].cpu().numpy()).items()
            ]
        if hasattr(learner, "reconstruct"):
            kinds = block.noise.model_dump()
            spoiled = {
                (kind, s): views.SPOIL[kind](asked["x"], s, streams.generator(seed, f"exam/{kind}/{s}"))
                for kind in kinds
                for s in kinds[kind]
            }
            suffered = robustness.under_noise(
                learner, asked["x"], asked["y"], spoiled, few, strengths=block.strengths, folds=block.folds
            )
            rows += [
                {"protocol": "noise", "at": kind, "level": s, "metric": metric, "value": value}
                for (kind, s), told in suffered.items()
                for metric, value in told.items()
            ]
        return [{"arm": arm, "data": data["name"], "seed": seed, **row} for row in rows]

    fits = [(arm, seed) for arm in about["classes"] for seed in about["seeds"]]
    stage.record(row for rows in parallel.each(examine, fits, lambda fit, said: None, compute) for row in rows)
