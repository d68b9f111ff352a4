"""Draws what the style-based generator's styles do: truncation, two images mixed, noise, a walk as an animation."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import json
from pathlib import Path

import torch

from tutelage import params, runs, streams
from tutelage.data import batches
from tutelage.measure import mosaics, styles
from tutelage.paradigms import style_gan
from tutelage.training import device

IMAGES, MODELS, PICTURES = Path("data/prepared/images"), Path("models/style_gan"), runs.PICTURES / "styles"

with runs.stage("styles") as stage:
    compute = params.read(params.Compute, "compute")
    block = params.read(params.Styles, "styles")
    on = device.ready(compute)
    about = json.loads((MODELS / "about.json").read_text(encoding="utf-8"))
    seed = about["seeds"][0]
    learner = style_gan.load(MODELS, "style", seed).to(on)
    draws = streams.generator(0, "styles/pictures")
    with torch.no_grad():
        z = torch.randn(4 * block.shown, learner.block.latent, generator=draws).to(on)
        some, w = z[: block.shown], learner.style(z, block.truncation)
        runs.write(PICTURES / "truncated.png", styles.truncated(learner, some, block.truncations))
        for (height, side), cut in learner.average.synthesis.cuts.items():
            coarse, fine = w[: block.shown], w[block.shown : 2 * block.shown]
            runs.write(PICTURES / f"mixed-{height}x{side}.png", styles.mixed(learner, coarse, fine, cut))
        runs.write(PICTURES / "noise.png", styles.noisy(learner, w[: block.shown], draws))
        stops = torch.randn(block.walk.stops * block.walk.shown, learner.block.latent, generator=draws).to(on)
        path = learner.style(stops, block.truncation).unflatten(0, (block.walk.stops, block.walk.shown))
        frames = styles.walk(learner, path, block.walk.steps)
        across = mosaics.square(block.walk.shown)
        tiled = [mosaics.mosaic(mosaics.pixels(frame), across) for frame in frames]
        runs.write(PICTURES / "walk.webp", mosaics.webp(tiled, block.walk.milliseconds))
        runs.write(PICTURES / "still.png", mosaics.png(tiled[0]))
        strays = styles.deviations(learner, w, draws)
    said = {"arm": "style", "data": batches.about(IMAGES)["name"], "protocol": "direct", "seed": seed}
    stage.record(
        {**said, "metric": "deviation", "at": "drawn", "level": what, "value": value} for what, value in strays.items()
    )
