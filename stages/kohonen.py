"""Kohonen's maps of the small tables: taught without labels, described, and compared with each other.

Every measure describes the sample that was learned from; labels only colour it afterwards. Nothing here is an exam.
"""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tutelage import params, runs
from tutelage.data import samples
from tutelage.data.samples import Sample
from tutelage.errors import Mistake
from tutelage.measure import agreement, maps, pictures
from tutelage.nn import descriptions, weights
from tutelage.objectives import kohonen as grids
from tutelage.paradigms import kohonen
from tutelage.training import device, parallel

PREPARED, MODELS = Path("data/prepared"), Path("models/kohonen")
ONLINE, BATCH = kohonen.ARMS
NEIGHBOURS = {"rectangular": "8", "hexagonal": "6"}  # of an inner node
LOOKS = 60  # at the loss that the online rule has reached

KERNELS: tuple[kohonen.Kernel, ...] = get_args(kohonen.Kernel)
STARTS: tuple[kohonen.Start, ...] = get_args(kohonen.Start)

Rows = list[dict[str, Any]]
Ways = dict[str, agreement.Sits]
Agreed = list[tuple[str, str, int, float]]  # arm, the two that differ, replicate, agreement


def teach(
    sample: Sample, arm: str, seeds: Sequence[int], start: kohonen.Start | None = None, **other: Any
) -> tuple[list[kohonen.Map], Any]:
    """Each seed's map, taught, and what was seen; `other` are params that differ from the block's."""
    x = torch.from_numpy(sample.x).to(on)
    learners = [kohonen.build(block.model_copy(update=other), arm, x, seed, sample.name, start) for seed in seeds]
    return learners, kohonen.fit(learners, x, seeds, compute, size=budget.batch_size, looks=LOOKS)


def rho(sample: Sample, w: Tensor) -> NDArray[np.float64]:
    """Distances of all examples to all nodes."""
    return maps.distances(sample.x.astype(float), w.cpu().double().numpy())


def chart(sample: Sample) -> tuple[Rows, Rows]:
    """The map by both rules, its measures, and the picture of the first one by the batch rule."""
    space = maps.space(sample.x.astype(float))
    scores: Rows = []
    history: Rows = []
    for arm in kohonen.ARMS:
        learners, seen = teach(sample, arm, budget.seeds)
        weights.keep(learners[0].state_dict(), MODELS / f"{sample.name}-{arm}-{budget.seeds[0]}.safetensors")
        history += [
            {"arm": arm, "seed": seed, "step": int(terms["step"]), f"train/loss/{sample.name}": terms["train/loss"]}
            for look in seen
            for seed, terms in zip(budget.seeds, look, strict=True)
        ]
        for seed, one in zip(budget.seeds, learners, strict=True):
            to = rho(sample, one.w)
            told = maps.measures(space, grid, to, sample.y, block.k)
            said = {"arm": arm, "data": sample.name, "protocol": "map", "seed": seed}
            scores += [{**said, "metric": metric, "value": value} for metric, value in told.items()]
            if arm == BATCH and seed == budget.seeds[0]:
                w = one.w.cpu().double().numpy()
                drawn = pictures.picture(
                    sample.about, places.numpy(), grid.near, w, to, sample.values, sample.y, block.k
                )
                drawn |= {"topology": block.topology, "size": block.size, "neighbours": NEIGHBOURS[block.topology]}
                drawn |= pictures.rounded({m: told[m] for m in ("quantization_error", "topographic_error")})
                text = json.dumps(drawn, sort_keys=True, ensure_ascii=False) + "\n"
                runs.write(runs.PICTURES / "kohonen" / f"{sample.name}.json", text)
    return scores, history


def sits(sample: Sample, arm: str, start: kohonen.Start, kernel: kohonen.Kernel | None = None) -> agreement.Sits:
    """Of the map of each seed the node of each example."""
    learners, _ = teach(sample, arm, range(block.seeds), start, kernel=kernel or block.kernel)
    return [rho(sample, one.w).argmin(1) for one in learners]


def kernels(sample: Sample) -> Agreed:
    """Maps that differ by the kernel alone; the batch rule takes no hat."""
    online: Ways = {kernel: sits(sample, ONLINE, "samples", kernel) for kernel in KERNELS}
    batch: Ways = {kernel: sits(sample, BATCH, "samples", kernel) for kernel in KERNELS if kernel != "mexican_hat"}
    return [(ONLINE, *told) for told in agreement.ways(online, grid.near)] + [
        (BATCH, *told) for told in agreement.ways(batch, grid.near)
    ]


def initialisations(sample: Sample) -> Agreed:
    """Maps that differ by where they start, or by the draw of it; the batch rule sees no order of examples."""
    starts: Ways = {start: sits(sample, BATCH, start) for start in STARTS}
    told = agreement.ways(starts, grid.near)
    for start in ("random", "samples"):
        told += agreement.draws(starts[start], grid.near, f"{start}, {start} again")
    return [(BATCH, *one) for one in told]


def orders(sample: Sample) -> Agreed:
    """Maps that differ by the order of examples alone, which is drawn anew for each seed."""
    told = agreement.draws(sits(sample, ONLINE, "components"), grid.near, "one order, another")
    return [(ONLINE, *one) for one in told]


DIFFER: dict[str, Callable[[Sample], Agreed]] = {
    "kernel": kernels,
    "initialisation": initialisations,
    "order": orders,
}


def do(job: tuple[str, str], watch: parallel.Watch) -> tuple[Rows, Rows]:
    name, task = job
    if task == "map":
        scores, history = chart(tables[name])
    else:
        said = {"data": name, "protocol": "map", "metric": "pair_agreement", "at": task}
        scores = [
            {**said, "arm": arm, "level": level, "seed": seed, "value": value}
            for arm, level, seed, value in DIFFER[task](tables[name])
        ]
        history = []
    watch(len(scores))
    return scores, history


with runs.stage("kohonen") as stage:
    compute = params.read(params.Compute, "compute")
    budget = params.read(params.Budget, "budget")
    block = params.read(kohonen.Params, "kohonen")
    people, small = params.read(samples.People, "people"), params.read(samples.Tables, "tables")
    if people.name in small.name:
        raise Mistake(f"params.yaml: people and tables both name {people.name}; leave it out of one")
    on = device.ready(compute)
    tables = {people.name: samples.load(PREPARED / "people", people.name)}
    tables |= {name: samples.load(PREPARED / "tables", name) for name in small.name}
    places = grids.nodes(block.size, block.topology)
    r = grids.grid_distances(places)
    grid = maps.Grid(r.numpy(), grids.neighbours(r).numpy())
    for sample in tables.values():  # what cannot be is said before anything is taught
        for arm in kohonen.ARMS:
            kohonen.build(block, arm, torch.from_numpy(sample.x), 0, sample.name)
    jobs = [(name, task) for task in ("map", *DIFFER) for name in tables if task == "map" or name in small.name]

    def tell(job: tuple[str, str], count: int) -> None:
        print(f"kohonen {job[0]} {job[1]}: {count} scores", flush=True)

    told = parallel.each(do, jobs, tell, compute)
    asked = {
        f"{name}-{arm}": {
            "features": [feature["name"] for feature in sample.about["features"]],
            "centre": sample.about["centre"],
            "scale": sample.about["scale"],
        }
        for name, sample in tables.items()
        for arm in kohonen.ARMS
    }
    about = {"kohonen": block.model_dump(), "seeds": budget.seeds, "data": list(tables), "tables": asked}
    descriptions.leave(MODELS, "kohonen", about)
    stage.record([row for scores, _ in told for row in scores], [row for _, history in told for row in history])
