"""What codes are good for, on the test part: compression, retrieval, and making images like one that is there."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from pathlib import Path
from typing import Any

import torch

from tutelage import params, runs, streams
from tutelage.data import batches
from tutelage.measure import compression, exam, mosaics, retrieval
from tutelage.paradigms import autoencoder, supervised
from tutelage.training import device, parallel

IMAGES, MODELS, PICTURES = Path("data/prepared/images"), Path("models"), runs.PICTURES / "uses"
ARMS = ("deep", "pca")

with runs.stage("uses") as stage:
    compute = params.read(params.Compute, "compute")
    block = params.read(params.Uses, "uses")
    on = device.ready(compute)
    about, seeds = batches.about(IMAGES), supervised.about(MODELS / "pretrain")["seeds"]
    train, test = batches.load(IMAGES / "train", on), batches.load(IMAGES / "test", on)
    y, known = test["y"].cpu().numpy(), train["y"].cpu().numpy()

    def use(fit: tuple[str, int], watch: parallel.Watch) -> list[dict[str, Any]]:
        arm, seed = fit
        learner = autoencoder.load(MODELS / "autoencoder" / arm, arm, seed).to(on)
        z, asked = (exam.encoded(learner, part["x"]).cpu() for part in (train, test))
        spread = float(z.std(0).square().mean().sqrt())
        rows: list[dict[str, Any]] = []
        for step in block.steps:
            coded = compression.quantised(asked.numpy(), step * spread)
            bits = compression.bits(coded, compression.quantised(z.numpy(), step * spread))
            told = exam.decoded(learner, torch.from_numpy(coded).to(on).float() * (step * spread))
            spent = {"bits": bits / test["x"][0, 0].numel(), "psnr": compression.psnr(told, test["x"])}
            rows += [
                {"protocol": "compression", "at": "step", "level": step, "metric": k, "value": v}
                for k, v in spent.items()
            ]
        found = retrieval.found(z.numpy(), asked.numpy(), block.first)
        precision = retrieval.precision(known[found], y)
        rows.append(
            {"protocol": "retrieval", "at": "first", "level": block.first, "metric": "precision", "value": precision}
        )
        judge = supervised.load(MODELS / "pretrain", "all", seed).to(on)
        draws = streams.generator(seed, "uses/like")
        for strength in block.strengths:
            like = asked + strength * spread * torch.randn(asked.shape, generator=draws)
            made = exam.decoded(learner, like.to(on))
            rows.append(
                {"protocol": "synthesis", "at": "strength", "level": strength, "metric": "accuracy"}
                | {"value": exam.direct(judge, made, test["y"])["accuracy"]}
            )
        if seed == seeds[0]:
            shown = test["x"][: block.shown]
            near = train["x"][torch.from_numpy(found[: block.shown])]
            runs.write(PICTURES / f"retrieval-{arm}.png", mosaics.beside(shown, near))
            moved = [
                exam.decoded(
                    learner,
                    (asked[: block.shown] + s * spread * torch.randn(z[: block.shown].shape, generator=draws)).to(on),
                )
                for s in block.strengths
            ]
            runs.write(PICTURES / f"synthesis-{arm}.png", mosaics.beside(shown, torch.stack(moved, 1)))
        return [{"arm": arm, "data": about["name"], "seed": seed, **row} for row in rows]

    fits = [(arm, seed) for arm in ARMS for seed in seeds]
    scores = [row for rows in parallel.each(use, fits, lambda fit, said: None, compute) for row in rows]
    whole = mosaics.mosaic(mosaics.pixels(test["x"]), across=mosaics.square(len(y)))
    for kind in ("JPEG", "WEBP"):
        for quality, point in zip(block.qualities, compression.file_format(whole, kind, block.qualities), strict=True):
            said = {"arm": kind, "data": about["name"], "protocol": "compression", "at": "quality", "level": quality}
            scores += [{**said, "metric": metric, "value": value} for metric, value in point._asdict().items()]
    stage.record(scores)
