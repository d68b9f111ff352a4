"""Asks every encoder about episodes of classes that prototypes never saw, of the test part; the same for all."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Int
from torch import Tensor

from tutelage import params, runs, streams
from tutelage.data import batches, episodes
from tutelage.data.episodes import Size
from tutelage.errors import Mistake
from tutelage.measure import exam, few_shot
from tutelage.paradigms import (
    autoencoder,
    centres,
    gan,
    multitask,
    prototypes,
    redundancy,
    relative_patches,
    supervised,
    transfer,
    vae,
)
from tutelage.training import device, parallel

IMAGES, MODELS = Path("data/prepared/images"), Path("models")
LOAD: dict[str, Callable[[Path, str, int], Any]] = {
    "autoencoder": autoencoder.load,
    "centres": centres.load,
    "fewshot": prototypes.load,
    "gan": gan.load,
    "multitask": multitask.load,
    "patches": relative_patches.load,
    "pretrain": supervised.load,
    "redundancy": redundancy.load,
    "vae": vae.load,
}
PIXELS = "pixels"
Job = tuple[Path, str, int, int]  # where it lies, the arm, the seed, shots

with runs.stage("fewshot_exam") as stage:
    compute = params.read(params.Compute, "compute")
    on, about = device.ready(compute), batches.about(IMAGES)
    taught = supervised.about(MODELS / "fewshot")
    block = params.parse(prototypes.Params, "fewshot", taught, MODELS / "fewshot/about.json")
    test = batches.of(batches.load(IMAGES / "test", on), block.held_out)
    members = episodes.Members(test["y"], [about["classes"][c] for c in block.held_out])
    for shots in block.shots:
        members.fits(block.size(shots), "fewshot", "the test part")

    def jobs() -> list[Job]:
        """Each encoder that a stage left, and pixels as they are; a net taught by episodes by its own shots alone."""
        kinds = (MODELS / kind for kind in LOAD)
        places = [place for kind in kinds for place in ([kind] if (kind / "about.json").exists() else kind.iterdir())]
        found = [(MODELS, PIXELS, seed, k) for seed in taught["seeds"] for k in block.shots]
        for place in sorted(places):
            told = supervised.about(place)
            counts = told.get("shots") or dict.fromkeys(told["classes"], block.shots)
            found += [
                (place, arm, seed, k)
                for arm, shots in counts.items()
                for k in ([shots] if isinstance(shots, int) else shots)
                for seed in told["seeds"]
            ]
        arms = list(dict.fromkeys(arm for _, arm, *_ in found))
        for arm in block.finetuned.arms:
            if arm not in arms:
                raise Mistake(
                    f"params.yaml: fewshot.finetuned.arms: there is no encoder {arm}{params.nearest(arm, arms)}"
                )
        return found

    def examine(job: Job, watch: parallel.Watch) -> list[dict[str, Any]]:
        place, arm, seed, shots = job
        size = block.size(shots)
        rows = members.draw(size, block.episodes, streams.generator(seed, f"episodes/test/{shots}"))
        told: dict[str, float] = {}
        if arm == PIXELS:
            told["nearest"] = float(few_shot.nearest(test["x"].flatten(1), rows, shots).mean())
        else:
            learner = LOAD[place.parts[1]](place, arm, seed).to(on)
            z = exam.encoded(learner, test["x"])
            told["nearest"] = float(few_shot.nearest(z, rows, shots).mean())
            told["linear"] = float(few_shot.linear(z, rows, shots, strength=block.strength).mean())
            if arm in block.finetuned.arms or place.name == "fewshot":
                told["finetune"] = finetuned(learner, rows[: block.finetuned.episodes], size, seed)
        said = {"arm": arm, "data": about["name"], "at": "shots", "level": shots, "seed": seed}
        return [{**said, "protocol": protocol, "metric": "accuracy", "value": v} for protocol, v in told.items()]

    def finetuned(learner: Any, drawn: Int[Tensor, "episode way example"], size: Size, seed: int) -> float:
        """An encoder that goes on learning from an episode's shots, in the mean over these episodes."""
        how = block.finetuned.exam(size)
        found = []
        for rows in drawn:
            x = test["x"][rows[:, : size.shots].to(on)].flatten(0, 1)
            y = torch.arange(size.way, device=on).repeat_interleave(size.shots)
            gone_on = transfer.finetuned(how, learner, {"x": x, "y": y}, size.way, seed, compute)
            found.append(few_shot.directly(gone_on, test["x"], rows, size.shots))
        return sum(found) / len(found)

    every = parallel.each(examine, jobs(), lambda job, said: None, compute)
    stage.record(row for found in every for row in found)
