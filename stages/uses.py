"""What codes are good for, on the test part: compression, retrieval, and making images like one that is there."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tutelage import params, runs, streams
from tutelage.data import batches
from tutelage.measure import codes, compression, exam, mosaics, retrieval, synthesis
from tutelage.paradigms import autoencoder, supervised
from tutelage.training import device, parallel

IMAGES, MODELS, PICTURES = Path("data/prepared/images"), Path("models"), runs.PICTURES / "uses"
ARMS = ("deep", "pca")

with runs.stage("uses") as stage:
    compute = params.read(params.Compute, "compute")
    block = params.read(params.Uses, "uses")
    on = device.ready(compute)
    about, seeds = batches.about(IMAGES), supervised.about(MODELS / "pretrain")["seeds"]
    train, test = (  # whose classes are known: what is retrieved is judged by them
        batches.of(batches.load(IMAGES / part, on), range(len(about["classes"]))) for part in ("train", "test")
    )
    x, shown = test["x"], test["x"][: block.shown]
    y, known = test["y"].cpu().numpy(), train["y"].cpu().numpy()

    def rows(protocol: str, at: str, level: float, told: Mapping[str, float]) -> list[dict[str, Any]]:
        said = {"data": about["name"], "protocol": protocol, "at": at, "level": level}
        return [{**said, "metric": metric, "value": value} for metric, value in told.items()]

    def use(fit: tuple[str, int], watch: parallel.Watch) -> list[dict[str, Any]]:
        arm, seed = fit
        learner = autoencoder.load(MODELS / "autoencoder" / arm, arm, seed).to(on)
        judge = supervised.load(MODELS / "pretrain", "all", seed).to(on)
        z, asked = (exam.encoded(learner, part["x"]) for part in (train, test))
        unit, draws = codes.deviation(z), streams.generator(seed, "uses/like")
        steps, noises = ([unit * share for share in shares] for shares in (block.steps, block.strengths))
        found = retrieval.found(z.cpu().numpy(), asked.cpu().numpy(), block.first)
        made = rows("retrieval", "first", block.first, {"precision": retrieval.precision(known[found], y)})
        for step, point in zip(block.steps, compression.of_codes(learner, z, asked, x, steps), strict=True):
            made += rows("compression", "step", step, point._asdict())
        kept = synthesis.kept(learner, judge, asked, test["y"], noises, draws)
        for strength, share in zip(block.strengths, kept, strict=True):
            made += rows("synthesis", "strength", strength, {"accuracy": share})
        if seed == seeds[0]:
            like = synthesis.beside(learner, asked[: block.shown], noises, draws)
            runs.write(PICTURES / f"retrieval-{arm}.png", mosaics.beside(shown, train["x"][found[: block.shown]]))
            runs.write(PICTURES / f"synthesis-{arm}.png", mosaics.beside(shown, like))
        return [{"arm": arm, "seed": seed, **row} for row in made]

    fits = [(arm, seed) for arm in ARMS for seed in seeds]
    scores = [row for some in parallel.each(use, fits, lambda fit, said: None, compute) for row in some]
    given, asked = (part["x"].flatten(1).cpu().numpy() for part in (train, test))
    found = retrieval.found(given, asked, block.first)
    pixels = rows("retrieval", "first", block.first, {"precision": retrieval.precision(known[found], y)})
    scores += [{"arm": "pixels", "seed": seed, **row} for seed in seeds for row in pixels]  # pca, too, knows no seed
    whole = mosaics.mosaic(mosaics.pixels(x), across=mosaics.square(len(y)))
    for kind in ("JPEG", "WEBP"):
        for quality, point in zip(block.qualities, compression.file_format(whole, kind, block.qualities), strict=True):
            scores += [{"arm": kind, **row} for row in rows("compression", "quality", quality, point._asdict())]
    stage.record(scores)
