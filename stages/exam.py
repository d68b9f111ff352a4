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
from tutelage.paradigms import autoencoder, gan, relative_patches, style_gan, supervised, transfer, vae
from tutelage.training import device, parallel

IMAGES = Path("data/prepared/images")
LOAD: dict[str, Callable[[Path, str, int], Any]] = {
    "pretrain": supervised.load,
    "autoencoder": autoencoder.load,
    "vae": vae.load,
    "gan": gan.load,
    "style_gan": style_gan.load,
    "patches": relative_patches.load,
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
        each = {m: max(1, m // len(names)) for m in sorted(block.labels)}
        key = "exam.labels, shared out among the classes,"
        known = {m: labels.few(pool, k, names, seed=seed, name=data["name"], key=key) for m, k in each.items()}
        told: dict[tuple[str, int], dict[str, float]] = {}
        for m, labelled in (known | {len(pool["y"]): pool}).items():
            z, y = exam.encoded(learner, labelled["x"]).cpu().numpy(), labelled["y"].cpu().numpy()
            log_p = {
                "linear": probes.linear(z, y, questions, strengths=block.strengths, folds=block.folds),
                "knn": probes.nearest(z, y, questions, neighbours=block.neighbours),
            }
            seen = len(labelled["y"])
            told |= {(probe, seen): classification.scores(p, asked["y"].cpu().numpy()) for probe, p in log_p.items()}
            if m in block.finetuned.labels:
                gone_on = transfer.finetuned(block.finetuned, learner, labelled, len(names), seed, compute)
                told["finetune", seen] = exam.direct(gone_on, asked["x"], asked["y"])
        rows += [
            {"protocol": protocol, "at": "labels", "level": seen, "metric": metric, "value": value}
            for (protocol, seen), scores in told.items()
            for metric, value in scores.items()
        ]
        if hasattr(learner, "reconstruct"):
            kinds = block.noise.model_dump()
            spoiled = {
                (kind, s): views.SPOIL[kind](asked["x"], s, streams.generator(seed, f"exam/{kind}/{s}"))
                for kind in kinds
                for s in kinds[kind]
            }
            suffered = robustness.under_noise(
                learner,
                asked["x"],
                asked["y"],
                spoiled,
                known[max(block.labels)],
                strengths=block.strengths,
                folds=block.folds,
            )
            rows += [
                {"protocol": "noise", "at": kind, "level": s, "metric": metric, "value": value}
                for (kind, s), told in suffered.items()
                for metric, value in told.items()
            ]
        return [{"arm": arm, "data": data["name"], "seed": seed, **row} for row in rows]

    fits = [(arm, seed) for arm in about["classes"] for seed in about["seeds"]]
    stage.record(row for rows in parallel.each(examine, fits, lambda fit, said: None, compute) for row in rows)
