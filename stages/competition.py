"""Hard and soft competition and k-means on the small tables, from a bad start and from a good one.

Every measure describes the sample that was learned from; labels only colour it afterwards. Nothing here is an exam.
"""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tutelage import params, runs
from tutelage.data import samples
from tutelage.measure import competition as faults
from tutelage.measure import maps
from tutelage.nn import weights
from tutelage.paradigms import competition
from tutelage.training import device, parallel

TABLES, MODELS = Path("data/prepared/tables"), Path("models/competition")
LOOKS = 60  # at the Q that a rule has reached

Rows = list[dict[str, Any]]
Array = NDArray[np.float64]


def compete(name: str, watch: parallel.Watch) -> tuple[Rows, Rows]:
    """Scores and history of all arms on one table."""
    sample = samples.load(TABLES, name)
    x, given = torch.from_numpy(sample.x).to(on), sample.x.astype(float)
    competition.build(block, competition.ARMS[0], x, 0, name, competition.STARTS[0])  # or it says what cannot be
    target = block.target * faults.best(given, block.centres)
    size = min(budget.batch_size, len(x))
    scores: Rows = []
    history: Rows = []

    def judge(centres: Sequence[Tensor]) -> dict[str, float]:
        told = (faults.distortion(given, w.cpu().double().numpy()) for w in centres)
        return {f"q/{seed}": q for seed, q in zip(seeds, told, strict=True)}

    def judged(arm: str, start: str, seed: int, w: Array, course: faults.Course, settled: int = 0) -> None:
        told = faults.measures(maps.distances(given, w), sample.y, target, course, settled)
        said = {"arm": arm, "data": name, "protocol": "competition", "at": "initialisation", "level": start}
        scores.extend({**said, "seed": seed, "metric": metric, "value": value} for metric, value in told.items())

    for start in competition.STARTS:
        for arm in competition.ARMS:
            learners = [competition.build(block, arm, x, seed, name, start) for seed in seeds]
            born = [one.w.cpu().double().numpy() for one in learners]
            seen = competition.fit(learners, x, seeds, compute, size=size, looks=LOOKS, judge=judge)
            for i, (seed, one) in enumerate(zip(seeds, learners, strict=True)):
                course = [(int(terms[i]["step"]) * size, terms[i][f"valid/q/{seed}"]) for terms in seen]
                judged(arm, start, seed, one.w.cpu().double().numpy(), course, int(getattr(one, "settled", 0)))
            if start == "samples":
                weights.keep(learners[0].state_dict(), MODELS / f"{name}-{arm}-{seeds[0]}.safetensors")
                history += [
                    {"arm": arm, "seed": seed, "step": int(terms["step"]), f"train/loss/{name}": terms["train/loss"]}
                    for look in seen
                    for seed, terms in zip(seeds, look, strict=True)
                ]
            watch(len(scores))
        for seed, w in zip(seeds, born, strict=True):
            judged("kmeans", start, seed, *faults.kmeans(given, w))
    for seed in seeds:
        judged("kmeans", "k-means++", seed, *faults.kmeans(given, faults.seeded(given, block.centres, seed)))
    return scores, history


with runs.stage("competition") as stage:
    compute = params.read(params.Compute, "compute")
    budget = params.read(params.Budget, "budget")
    block = params.read(competition.Params, "competition")
    names = params.read(samples.Tables, "tables").name
    seeds = range(block.seeds)
    on = device.ready(compute)

    def tell(name: str, count: int) -> None:
        print(f"competition {name}: {count} scores", flush=True)

    told = parallel.each(compete, names, tell, compute)
    about = {"competition": block.model_dump(), "data": names}
    runs.write(MODELS / "about.json", json.dumps(about, indent=1, sort_keys=True) + "\n")
    stage.record([row for scores, _ in told for row in scores], [row for _, history in told for row in history])
