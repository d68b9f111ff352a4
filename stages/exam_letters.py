"""Examines the plane of letters on faces that it never saw, beside those it learned from; pictures of both."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from tutelage import params, runs, streams
from tutelage.data import batches
from tutelage.measure import browsers, classification, exam, held_out, latent, likelihoods, mosaics, probes
from tutelage.objectives import reconstruction
from tutelage.paradigms import vae
from tutelage.training import device, parallel

LETTERS, MODELS, PICTURES = Path("data/prepared/letters"), Path("models/letters_vae"), runs.PICTURES / "letters"
ACROSS = 13  # letters in a row of a picture

with runs.stage("exam_letters_vae") as stage:
    compute = params.read(params.Compute, "compute")
    neighbours = params.read(params.Exam, "exam").neighbours
    shown = params.read(params.Likelihoods, "likelihoods").shown
    on, data = device.ready(compute), batches.about(LETTERS)
    about = json.loads((MODELS / "about.json").read_text(encoding="utf-8"))
    seen = {part: batches.load(LETTERS / part, on) for part in ("train", "test")}
    y = {part: columns["y"].cpu().numpy() for part, columns in seen.items()}

    def of_part(part: str, x: Tensor) -> list[dict[str, Any]]:
        """Σ (x̂ − x)² of what stands for that part's images: of all, and of each face held out."""
        errors = reconstruction.squared(x, seen[part]["x"]).double()
        told = [{"at": "part", "level": part, "metric": "sse", "value": float(errors.mean())}]
        if part == "test":
            by_face = zip(data["groups"][part], held_out.by_group(errors, seen[part]["group"]).tolist(), strict=True)
            told += [{"at": "face", "level": face, "metric": "sse", "value": error} for face, error in by_face]
        return told

    def told_apart(pool: Tensor, asked: Tensor) -> dict[str, Any]:
        log_p = probes.nearest(pool.cpu().numpy(), y["train"], asked.cpu().numpy(), neighbours=neighbours)
        value = classification.accuracy(log_p, y["test"])
        return {"protocol": "knn", "at": "part", "level": "test", "metric": "accuracy", "value": value}

    def examine(fit: tuple[str, int], watch: parallel.Watch) -> list[dict[str, Any]]:
        arm, seed = fit
        learner = vae.load(MODELS, arm, seed).to(on)
        z = {part: exam.encoded(learner, columns["x"]) for part, columns in seen.items()}
        rows = [told_apart(z["train"], z["test"])]
        for part, columns in seen.items():
            rows += of_part(part, exam.decoded(learner, z[part]))
            draws = streams.generator(seed, f"exam_letters_vae/{part}")
            noise = torch.randn(len(z[part]), 1, learner.latent, generator=draws).to(on)
            told = likelihoods.bounds(learner, columns["x"], noise)
            rows += [{"at": "part", "level": part, "metric": metric, "value": value} for metric, value in told.items()]
        if seed == about["seeds"][0]:
            paint(arm, learner)
        return [{"protocol": "direct", "arm": arm, "data": data["name"], "seed": seed, **row} for row in rows]

    def paint(arm: str, learner: vae.Vae) -> None:
        """One seed's plane, where the letters of both parts lie on it, and what comes back of faces held out."""
        if learner.latent == 2:
            runs.write(PICTURES / f"{arm}-plane.png", latent.plane(learner, 2 * shown, on))
            packed = browsers.packed(learner.decoder, sigmoid=learner.pixels == "bernoulli")
            runs.write(PICTURES / f"{arm}-decoder.safetensors", packed)
            runs.write(PICTURES / f"{arm}-density.json", browsers.density(learner, seen["train"]["x"]))
        for part, columns in seen.items():
            places = latent.shares(learner, columns["x"]).tolist()
            lines = zip(places, columns["y"].tolist(), columns["group"].tolist(), strict=True)
            codes = [[*(round(share, 4) for share in place), *rest] for place, *rest in lines]
            runs.write(PICTURES / f"{arm}-{part}.json", json.dumps(codes) + "\n")
        test = seen["test"]
        for number in range(len(data["groups"]["test"])):
            x = test["x"][test["group"] == number][torch.argsort(test["y"][test["group"] == number], stable=True)]
            back = exam.decoded(learner, exam.encoded(learner, x))
            across = min(ACROSS, len(data["classes"]))
            runs.write(PICTURES / f"{arm}-face-{number}.png", mosaics.below(x, back, across))

    fits = [(arm, seed) for arm in about["vae"] for seed in about["seeds"]]
    rows = [row for part in parallel.each(examine, fits, lambda fit, said: None, compute) for row in part]
    train, test = seen["train"], seen["test"]
    for arm, guess in held_out.guesses(train["x"], train["y"], test["x"], test["y"]).items():
        rows += [{"protocol": "direct", "arm": arm, "data": data["name"], **row} for row in of_part("test", guess)]
    rows.append({"arm": "pixels", "data": data["name"]} | told_apart(train["x"].flatten(1), test["x"].flatten(1)))
    stage.record(rows)
