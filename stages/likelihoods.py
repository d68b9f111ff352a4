"""Examines variational autoencoders on the test part: bounds and likelihoods in nats, pictures of what they make."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import json
from pathlib import Path
from typing import Any

import torch

from tutelage import params, runs, streams
from tutelage.data import batches
from tutelage.measure import browsers, exam, latent, likelihoods
from tutelage.paradigms import vae
from tutelage.training import device, parallel

IMAGES, MODELS, PICTURES = Path("data/prepared/images"), Path("models/vae"), runs.PICTURES / "vae"

with runs.stage("likelihoods") as stage:
    compute = params.read(params.Compute, "compute")
    block = params.read(params.Likelihoods, "likelihoods")
    on = device.ready(compute)
    data = batches.about(IMAGES)
    about = json.loads((MODELS / "about.json").read_text(encoding="utf-8"))
    test = batches.load(IMAGES / "test", on)
    x, some = test["x"], test["x"][: block.images]

    def examine(fit: tuple[str, int], watch: parallel.Watch) -> list[dict[str, Any]]:
        arm, seed = fit
        learner = vae.load(MODELS, arm, seed).to(on)
        noise = torch.randn(len(x), 1, learner.latent, generator=streams.generator(seed, "likelihoods/elbo")).to(on)
        draws = streams.generator(seed, "likelihoods/weights")
        of_all = likelihoods.bounds(learner, x, noise)
        of_all["active_units"] = likelihoods.active_units(exam.encoded(learner, x), block.active)
        of_some = likelihoods.importance_weighted(learner, some, block.samples, draws)
        if seed == about["seeds"][0]:
            paint(arm, learner)
        said = {"arm": arm, "data": data["name"], "protocol": "direct", "seed": seed}
        return [{**said, "metric": metric, "value": value} for metric, value in of_all.items()] + [
            {**said, "at": "images", "level": len(some), "metric": metric, "value": value}
            for metric, value in of_some.items()
        ]

    def paint(arm: str, learner: vae.Vae) -> None:
        """What one seed's model makes and, of a plane, what the page's explorer shows."""
        draws = streams.generator(0, "likelihoods/pictures")
        for what, picture in latent.pictures(learner, x[: block.shown], draws).items():
            runs.write(PICTURES / f"{arm}-{what}.png", picture)
        if learner.latent == 2:
            runs.write(PICTURES / f"{arm}-plane.png", latent.plane(learner, 2 * block.shown, on))
            sigmoid = learner.pixels == "bernoulli"
            for what, content in browsers.files(learner, learner.decoder, x, test["y"], sigmoid=sigmoid).items():
                runs.write(PICTURES / f"{arm}-{what}", content)

    fits = [(arm, seed) for arm in about["vae"] for seed in about["seeds"]]
    rows = parallel.each(examine, fits, lambda fit, said: None, compute)
    stage.record(row for part in rows for row in part)
