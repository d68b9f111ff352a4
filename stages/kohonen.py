"""Maps and competition on the small tables: taught without labels, described, and compared with each other.

Every measure describes the sample that was learned from; labels only colour it afterwards. Nothing here is an exam.
"""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tutelage import params, runs
from tutelage.data import whole
from tutelage.errors import Mistake
from tutelage.measure import competition, maps, pictures
from tutelage.nn import weights
from tutelage.objectives import kohonen as grid
from tutelage.paradigms import kohonen
from tutelage.training import device, parallel

PREPARED, MODELS = Path("data/prepared"), Path("models/kohonen")
HARD, SOFT, ONLINE, BATCH = kohonen.ARMS
LOOKS = 60  # at what an online rule has reached

Rows = list[dict[str, Any]]
Array = NDArray[np.float64]
Course = list[tuple[int, float]]  # presentations, and Q then


class Sample(NamedTuple):
    """A table as stage `whole` left it."""

    name: str
    about: dict[str, Any]
    x: Tensor
    values: Array  # in the features' own units
    y: NDArray[np.int64]


def load(place: Path) -> Sample:
    about = json.loads((place / "about.json").read_text(encoding="utf-8"))
    x, values, y = (np.load(place / f"{name}.npy", allow_pickle=False) for name in ("x", "values", "labels"))
    return Sample(place.name, about, torch.from_numpy(x).to(on), values, y)


def rho(sample: Sample, w: Tensor) -> Array:
    """Distances of all examples to all centres."""
    return maps.distances(sample.x.cpu().double().numpy(), w.cpu().double().numpy())


def teach(
    sample: Sample,
    arm: str,
    seeds: Sequence[int],
    start: kohonen.Start | None = None,
    judge: Callable[[Sequence[Tensor]], Mapping[str, float]] | None = None,
    **other: Any,
) -> tuple[list[kohonen.Centres], Any]:
    """Each seed's learner, taught, and what was seen; `other` are params that differ from the block's."""
    changed = block.model_copy(update=other)
    learners = [kohonen.build(changed, arm, sample.x, seed, sample.name, start) for seed in seeds]
    return learners, kohonen.fit(learners, sample.x, seeds, compute, size=budget.batch_size, looks=LOOKS, judge=judge)


def kept(sample: Sample, arm: str, seeds: Sequence[int], learners: Sequence[nn.Module], seen: Any) -> Rows:
    """The history of an arm, and the first seed's weights in a file."""
    weights.keep(learners[0].state_dict(), MODELS / f"{sample.name}-{arm}-{seeds[0]}.safetensors")
    return [
        {"arm": arm, "seed": seed, "step": int(terms["step"]), f"train/loss/{sample.name}": terms["train/loss"]}
        for epoch in seen
        for seed, terms in zip(seeds, epoch, strict=True)
    ]


def compete(sample: Sample) -> tuple[Rows, Rows]:
    """Hard and soft competition from two initialisations, and k-means."""
    x, count, seeds = sample.x.cpu().double().numpy(), block.competition.centres, budget.seeds
    target = block.competition.target * competition.best(x, count)
    size = min(budget.batch_size, len(x))
    scores: Rows = []
    history: Rows = []

    def judge(centres: Sequence[Tensor]) -> dict[str, float]:
        return {f"q/{seed}": competition.distortion(rho(sample, w)) for seed, w in zip(seeds, centres, strict=True)}

    def judged(arm: str, start: str, seed: int, apart: Array, course: Course, settled: int = 0) -> None:
        reached = competition.until(target, course)
        values: dict[str, float] = {
            "quantization_error": maps.quantization_error(apart),
            "purity": maps.purity(apart.argmin(1), sample.y),
            "centres_never_chosen": competition.never_chosen(apart),
            "reached_q": reached is not None,
        } | ({} if reached is None else {"presentations_to_q": reached})
        values |= {"presentations_to_settle": settled} if settled else {}
        at = {"at": "initialisation", "level": start, "seed": seed}
        said = {"arm": arm, "data": sample.name, "protocol": "competition", **at}
        scores.extend({**said, "metric": metric, "value": float(value)} for metric, value in values.items())

    for arm in (HARD, SOFT):
        for start in ("random", "samples"):
            learners, seen = teach(sample, arm, seeds, start, judge)
            for i, (seed, one) in enumerate(zip(seeds, learners, strict=True)):
                course = [(int(terms[i]["step"]) * size, terms[i][f"valid/q/{seed}"]) for terms in seen]
                judged(arm, start, seed, rho(sample, one.w), course, int(getattr(one, "settled", 0)))
        history += kept(sample, arm, seeds, learners, seen)
    for seed in seeds:
        means, course = competition.kmeans(x, count, seed)
        judged("kmeans", "k-means++", seed, maps.distances(x, means), course)
    return scores, history


def chart(sample: Sample) -> tuple[Rows, Rows]:
    """The map by both rules, its measures, and the picture of the first one by the batch rule."""
    x, k = sample.x.cpu().double().numpy(), block.k
    apart = maps.distances(x, x)
    space = maps.ranks(apart, np.ones(len(x), int))
    scores: Rows = []
    history: Rows = []
    for arm in (ONLINE, BATCH):
        learners, seen = teach(sample, arm, budget.seeds)
        history += kept(sample, arm, budget.seeds, learners, seen)
        for seed, w in zip(budget.seeds, (one.w for one in learners), strict=True):
            to = rho(sample, w)
            node = to.argmin(1)
            shown = maps.of(maps.ranks(r, np.bincount(node, minlength=len(r))), node)
            between = node[:, None], node
            values = {
                "quantization_error": maps.quantization_error(to),
                "topographic_error": maps.topographic_error(to, near),
                "trustworthiness": maps.trustworthiness(space, shown, k),
                "continuity": maps.trustworthiness(shown, space, k),
                "purity": maps.purity(node, sample.y),
                "far_on_map": maps.far_on_map(space, r[between], k),
                "far_in_space": maps.far_in_space(apart, (near | (r == 0))[between]),
            }
            said = {"arm": arm, "data": sample.name, "protocol": "map", "seed": seed}
            scores += [{**said, "metric": metric, "value": value} for metric, value in values.items()]
            if arm == BATCH and seed == budget.seeds[0]:
                drawn = pictures.picture(
                    sample.about, places, near, w.cpu().double().numpy(), to, sample.values, sample.y, k
                )
                drawn |= {"topology": block.topology, "size": block.size, "neighbours": neighbours}
                drawn |= pictures.rounded({m: values[m] for m in ("quantization_error", "topographic_error")})
                text = json.dumps(drawn, sort_keys=True, ensure_ascii=False) + "\n"
                runs.write(runs.PICTURES / "kohonen" / f"{sample.name}.json", text)
    return scores, history


def differ(sample: Sample, by: str) -> tuple[Rows, Rows]:
    """How far maps agree that differ by one thing: kernel, initialisation, or the order of examples (online only)."""
    seeds = list(range(block.seeds))
    ways: dict[str, dict[str, list[kohonen.Centres]]] = {ONLINE: {}, BATCH: {}}
    if by == "kernel":
        for kernel in grid.KERNELS:
            ways[ONLINE][kernel] = teach(sample, ONLINE, seeds, "samples", kernel=kernel)[0]
            if kernel != "mexican_hat":
                ways[BATCH][kernel] = teach(sample, BATCH, seeds, "samples", kernel=kernel)[0]
    elif by == "initialisation":
        for start in ("random", "samples", "components"):
            ways[BATCH][start] = teach(sample, BATCH, seeds, start)[0]
        for start in ("random", "samples"):  # and another draw of the same
            ways[BATCH][f"{start} again"] = ways[BATCH][start][1:] + ways[BATCH][start][:1]
    else:
        orders = teach(sample, ONLINE, seeds, "components")[0]
        ways[ONLINE] = {"one order": orders, "another": orders[1:] + orders[:1]}
    scores = []
    for arm, levels in ways.items():
        sits = {level: [rho(sample, one.w).argmin(1) for one in learners] for level, learners in levels.items()}
        for one, other in combinations(sits, 2):
            if other.endswith(" again") and not other.startswith(one):
                continue
            said = {"arm": arm, "data": sample.name, "protocol": "map", "at": by, "level": f"{one}, {other}"}
            for seed, a, b in zip(seeds, sits[one], sits[other], strict=True):
                agreed = maps.agreement(a, b, near=near, near_other=near)
                scores.append({**said, "metric": "pair_agreement", "seed": seed, "value": agreed})
    return scores, []


with runs.stage("kohonen") as stage:
    compute = params.read(params.Compute, "compute")
    budget = params.read(params.Budget, "budget")
    block = params.read(kohonen.Params, "kohonen")
    people, tables = params.read(whole.People, "people"), params.read(whole.Tables, "tables")
    if people.name in tables.name:
        raise Mistake(f"params.yaml: people and tables both name {people.name}; leave it out of one")
    on = device.ready(compute)
    samples = {people.name: load(PREPARED / "people/whole" / people.name)}
    samples |= {name: load(PREPARED / "tables/whole" / name) for name in tables.name}
    places = grid.nodes(block.size, block.topology).numpy()
    distances = grid.grid_distances(torch.from_numpy(places))
    r, near = distances.numpy(), grid.neighbours(distances).numpy()
    neighbours = "6" if block.topology == "hexagonal" else "8"
    work: dict[str, Callable[[Sample], tuple[Rows, Rows]]] = {"map": chart, "competition": compete}
    work |= {by: partial(differ, by=by) for by in ("kernel", "initialisation", "order")}
    jobs = [(name, task) for task in work for name in samples if task == "map" or name in tables.name]

    def do(job: tuple[str, str], watch: parallel.Watch) -> tuple[Rows, Rows]:
        name, task = job
        done = work[task](samples[name])
        watch(len(done[0]))
        return done

    def tell(job: tuple[str, str], count: int) -> None:
        print(f"kohonen {job[0]} {job[1]}: {count} scores", flush=True)

    told = parallel.each(do, jobs, tell, compute)
    about = {"kohonen": block.model_dump(), "seeds": budget.seeds, "data": list(samples)}
    runs.write(MODELS / "about.json", json.dumps(about, indent=1, sort_keys=True) + "\n")
    stage.record([row for scores, _ in told for row in scores], [row for _, history in told for row in history])
