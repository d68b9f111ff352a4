"""Judges by the same numbers whatever makes images, beside test images; and the rows between which all are read."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Generator, Tensor

from tutelage import params, runs, streams
from tutelage.data import batches
from tutelage.measure import exam, generation, synthesis, yardsticks
from tutelage.paradigms import autoencoder, gan, style_gan, supervised, vae
from tutelage.training import device, parallel

IMAGES, MODELS, PICTURES = Path("data/prepared/images"), Path("models"), runs.PICTURES / "generation"
LOAD: dict[str, Callable[[Path, str, int], Any]] = {
    "gan": gan.load,
    "style_gan": style_gan.load,
    "vae": vae.load,
    "autoencoder": autoencoder.load,
}

with runs.stage("generation") as stage:
    compute = params.read(params.Compute, "compute")
    block = params.read(params.Generation, "generation")
    on, about, blocks = device.ready(compute), batches.about(IMAGES), params.load()
    train, valid, test = (batches.load(IMAGES / part, on)["x"] for part in ("train", "valid", "test"))
    seeds = supervised.about(MODELS / "pretrain")["seeds"]
    judge = supervised.load(MODELS / "pretrain", "all", seeds[0]).to(on)
    n = block.judged(min(len(test) // 2, len(train)), exam.encoded(judge, test[:1]).shape[1])

    def halves(seed: int) -> tuple[Tensor, Tensor]:
        """n test images to compare with, and n others."""
        order = torch.randperm(len(test), generator=streams.generator(seed, "generation/halves")).to(on)
        return test[order[:n]], test[order[n : 2 * n]]

    def real(draws: Generator) -> Tensor:
        return train[torch.randperm(len(train), generator=draws)[:n].to(on)]

    untaught: dict[str, Callable[[Generator], Tensor]] = {
        "centroids": lambda draws: yardsticks.centroids(train, n, draws),
        "pca_gaussian": lambda draws: yardsticks.gaussian(train, n, draws, width=block.components),
        "train": real,
        "noise": lambda draws: yardsticks.noise(train, n, draws),
    }

    def place(kind: str, name: str) -> Path:
        """Where a model lies: entries that are stages of their own have folders of their own."""
        alone = MODELS / kind / name
        return alone if alone.is_dir() else alone.parent

    def make(who: str, seed: int, truncation: float | None) -> Tensor:
        draws = streams.generator(seed, f"generation/{who}")
        if who == "unseen":
            return halves(seed)[1]
        if who in untaught:
            return untaught[who](draws)
        kind, name = who.split("@")
        learner = LOAD[kind](place(kind, name), name, seed).to(on)
        if not hasattr(learner, "sample"):
            return synthesis.drawn(learner, exam.encoded(learner, train), n, draws)
        with torch.no_grad():
            made: Tensor = learner.sample(n, draws) if truncation is None else learner.sample(n, draws, truncation)
        return made

    def examine(job: tuple[str, int, float | None], watch: parallel.Watch) -> list[dict[str, Any]]:
        who, seed, truncation = job
        samples, reference = (generation.seen(judge, x) for x in (make(*job), halves(seed)[0]))
        told = generation.judged(
            samples, reference, train=train, valid=valid, neighbours=block.neighbours, sigmas=block.sigmas
        )
        if seed == seeds[0] and truncation is None:
            for what, picture in generation.pictures(samples.x, train, block.shown).items():
                runs.write(PICTURES / f"{who.replace('@', '-')}-{what}.png", picture)
        said = {"arm": who, "data": about["name"], "protocol": "generation", "at": "samples", "level": n, "seed": seed}
        if truncation is not None:
            said |= {"with": "truncation", "with_level": truncation}
        return [{**said, "metric": metric, "value": float(value)} for metric, value in told.items()]

    entries = {
        "gan": list(blocks["gans"]),
        "style_gan": ["style"],
        "vae": list(blocks["vae"]),
        "autoencoder": block.codes,
    }
    taught = [
        (f"{kind}@{name}", seed, truncation)
        for kind, names in entries.items()
        for name in names
        for seed in supervised.about(place(kind, name))["seeds"]
        for truncation in (None, *(blocks["styles"]["truncations"] if kind == "style_gan" else ()))
    ]
    jobs = [
        (who, seed, None) for who in (*untaught, "unseen") for seed in seeds
    ] + taught  # k-means, the longest, first
    stage.record(row for rows in parallel.each(examine, jobs, lambda job, said: None, compute) for row in rows)
