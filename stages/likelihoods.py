"""Examines variational autoencoders on the test part: bounds and likelihoods in nats, pictures of what they make."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import json
from pathlib import Path
from typing import Any

import torch

from tutelage import params, runs, streams
from tutelage.data import batches
from tutelage.measure import exam, likelihoods, mosaics
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
    x = test["x"]

    def examine(fit: tuple[str, int], watch: parallel.Watch) -> list[dict[str, Any]]:
        arm, seed = fit
        learner = vae.load(MODELS, arm, seed).to(on)
        noise = torch.randn(len(x), 1, learner.latent, generator=streams.generator(seed, "likelihoods/elbo")).to(on)
        draws = streams.generator(seed, "likelihoods/weights")
        told = likelihoods.bounds(learner, x, noise)
        told |= likelihoods.importance_weighted(learner, x[: block.images], block.samples, draws)
        told["active_units"] = likelihoods.active_units(exam.encoded(learner, x), block.active)
        if seed == about["seeds"][0]:
            paint(arm, learner)
        said = {"arm": arm, "data": data["name"], "protocol": "direct", "seed": seed}
        return [{**said, "metric": metric, "value": value} for metric, value in told.items()]

    def paint(arm: str, learner: vae.Vae) -> None:
        """What one seed's model makes, as pictures and, of a plane, as the codes on it."""
        n, draws = block.shown, streams.generator(0, "likelihoods/pictures")
        with torch.no_grad():
            mean, log_variance = learner.posterior(x[:n])
            like = [
                learner.decode(mean + (0.5 * log_variance).exp() * torch.randn(mean.shape, generator=draws).to(on))
                for _ in range(n)
            ]
            along = torch.linspace(0, 1, n, device=on)[:, None, None]
            walk = mean + along * (mean.roll(-1, 0) - mean)
            walks = torch.stack([learner.decode(z) for z in walk], 1)
            samples = learner.sample(n * n, draws).unflatten(0, (n, n))
            runs.write(PICTURES / f"{arm}-samples.png", mosaics.beside(samples[:, 0], samples[:, 1:]))
            pair = mosaics.mosaic(mosaics.pixels(torch.cat([x[:n], learner.reconstruct(x[:n])])), across=n)
            runs.write(PICTURES / f"{arm}-reconstructions.png", mosaics.png(pair))
            runs.write(PICTURES / f"{arm}-like.png", mosaics.beside(x[:n], torch.stack(like, 1)))
            runs.write(PICTURES / f"{arm}-walks.png", mosaics.beside(x[:n], walks))
            if learner.latent == 2:
                side = torch.special.ndtri((torch.arange(2 * n) + 0.5) / (2 * n))
                grid = torch.stack(torch.meshgrid(side.flip(0), side, indexing="ij"), -1).flip(-1).flatten(0, 1)
                plane = mosaics.mosaic(mosaics.pixels(learner.decode(grid.to(on))), across=2 * n)
                runs.write(PICTURES / f"{arm}-plane.png", mosaics.png(plane))
                shares = torch.special.ndtr(exam.encoded(learner, x).cpu()).tolist()
                codes = [[round(v, 4) for v in share] + [int(y)] for share, y in zip(shares, test["y"], strict=True)]
                runs.write(PICTURES / f"{arm}-codes.json", json.dumps(codes) + "\n")

    fits = [(arm, seed) for arm in about["vae"] for seed in about["seeds"]]
    rows = parallel.each(examine, fits, lambda fit, said: None, compute)
    stage.record(row for some in rows for row in some)
