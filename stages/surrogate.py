"""Teaches nets in a simulator's place, from few runs and from many; examines them beside what else would learn it."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from tutelage import params, runs
from tutelage.data import designs, simulated
from tutelage.data.simulated import INSIDE, OUTSIDE, Runs
from tutelage.measure import regressors, surrogates
from tutelage.measure.regressors import Ask, Told
from tutelage.nn import weights
from tutelage.paradigms import surrogate
from tutelage.paradigms.surrogate import Surrogates
from tutelage.training import device, parallel
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

name = sys.argv[1]
PREPARED, MODELS = Path("data/prepared/simulators") / name, Path("models/surrogate") / name
PICTURES = Path("reports/pictures/surrogate") / name
STAYED = f"{OUTSIDE}, stayed"
ENSEMBLE, ONE, ASKED = "ensemble", "one_net", "asking_ensemble"

with runs.stage(f"surrogate@{name}") as stage:
    compute = params.read(params.Compute, "compute")
    seeds = params.read(params.Budget, "budget").seeds
    block = params.read(surrogate.Params, "surrogate")
    device.ready(compute)
    simulator = simulated.known(name)
    region = simulator.REGION
    about = json.loads((PREPARED / "about.json").read_text(encoding="utf-8"))
    train = {seed: simulated.load(PREPARED / f"train/{seed}") for seed in seeds}
    parts = {part: simulated.load(PREPARED / f"test/{part}") for part in (INSIDE, OUTSIDE)}
    block.there(params.read(simulated.Params, f"simulators.{name}").runs, name)
    fewest = min(len(design.table) for design in train.values())  # some may have failed
    block.enough(fewest, name)
    sizes = sorted({min(size, fewest) for size in block.sizes})
    halves = {part: designs.halves(region, told.table) for part, told in parts.items()}
    whole, alike = surrogates.deviations(parts[INSIDE].answers, halves[INSIDE])
    jumped = surrogates.jumped(parts[OUTSIDE].answers, halves[OUTSIDE], parts[INSIDE].answers, halves[INSIDE])
    parts[STAYED] = parts[OUTSIDE]._replace(
        table=parts[OUTSIDE].table[~jumped], answers=parts[OUTSIDE].answers[~jumped]
    )

    def examined(arm: str, size: int, seed: int, ask: Ask) -> list[dict[str, Any]]:
        rows = []
        for part, truth in parts.items():
            told = ask(truth.table)
            errors = surrogates.errors(told.answers, truth.answers, alike)
            seen = {"error": errors.mean(), "worst_error": errors.max()}
            seen["error_of_all"] = surrogates.errors(told.answers, truth.answers, whole).mean()
            if told.spread is not None:
                seen["coverage"] = surrogates.coverage(told.answers, told.spread, truth.answers)
            at = {"arm": arm, "seed": seed, "at": "runs", "level": size, "with": "part", "with_level": part}
            rows += [at | {"metric": metric, "value": float(value)} for metric, value in seen.items()]
        return rows

    def ensembles(
        rows: dict[int, list[int]], job: str, watch: parallel.Watch
    ) -> tuple[dict[int, Surrogates], list[dict[str, Any]]]:
        """An ensemble a seed, taught on these rows of its design, and how that went."""
        data = {seed: Runs(train[seed].table[of], train[seed].answers[of], ()) for seed, of in rows.items()}
        size = len(rows[seeds[0]])
        made, history = surrogate.teach(
            data,
            region,
            block,
            compute,
            place=Place(stage.scratch / f"{job}-{size}.pt", stage.fingerprint),
            watch=lambda seen: watch((size, by_ensemble(seen))),
        )
        return made, [{"seed": seed} | row for seen in history for seed, row in by_ensemble(seen).items()]

    def by_ensemble(seen: list[dict[str, float]]) -> dict[int, dict[str, float]]:
        losses = np.array([one["train/loss"] for one in seen]).reshape(len(seeds), -1).mean(1)
        return {seed: {"step": seen[0]["step"], "train/loss": float(x)} for seed, x in zip(seeds, losses, strict=True)}

    def together(members: Surrogates) -> Ask:
        return lambda table: Told(*surrogate.told(members, table))

    def alone(members: Surrogates) -> Ask:
        return lambda table: Told(surrogate.each(members, table)[0], None)

    def judged(made: dict[int, Surrogates], size: int) -> list[dict[str, Any]]:
        """Ensembles on the first runs of their designs, and a net of each alone."""
        rows = []
        for seed, members in made.items():
            rows += examined(ENSEMBLE, size, seed, together(members)) + examined(ONE, size, seed, alone(members))
        return rows

    def filling(size: int, watch: parallel.Watch) -> dict[str, Any]:
        """Ensembles on the first runs of each design."""
        made, went = ensembles({seed: list(range(size)) for seed in seeds}, ENSEMBLE, watch)
        left: dict[str, Any] = {"scores": judged(made, size)}
        if size == sizes[-1]:
            for seed, members in made.items():
                weights.keep(members.state_dict(), MODELS / f"ensemble-{seed}.safetensors")
            left |= {"history": [{"arm": ENSEMBLE} | row for row in went], "shown": shown(made[seeds[0]])}
        return left

    def asking(asks: surrogate.Asking, watch: parallel.Watch) -> dict[str, Any]:
        """The same with the fewest runs, and which runs of their design they then ask for."""
        rows = {seed: list(range(min(asks.first, fewest))) for seed in seeds}
        made, _ = ensembles(rows, ENSEMBLE, watch)
        scores = judged(made, len(rows[seeds[0]]))
        while more := max(0, min(asks.batch, min(asks.last, fewest) - len(rows[seeds[0]]))):
            for seed, members in made.items():
                others = np.setdiff1d(np.arange(fewest), rows[seed])
                found = surrogate.disputed(members, train[seed].table[others], more)
                rows[seed] = sorted([*rows[seed], *others[found].tolist()])
            made, _ = ensembles(rows, ASKED, watch)
            for seed, members in made.items():
                scores += examined(ASKED, len(rows[seed]), seed, together(members))
        return {"scores": scores}

    def peers(seed: int, watch: parallel.Watch) -> dict[str, Any]:
        """What a user would pick otherwise."""
        ways: dict[str, Any] = {
            "gaussian_process": partial(regressors.gaussian_process, fitted_on=block.gaussian_process.fitted_on),
            "linear": partial(regressors.linear, strengths=block.linear.strengths),
            "mean": regressors.mean,
        }
        if block.boosting:
            ways["boosting"] = partial(regressors.boosting, **block.boosting.model_dump())
        low, high = designs.bounds(region)

        def scaled(table: Float[ndarray, "n parameter"]) -> Float[ndarray, "n parameter"]:
            return (2 * table - low - high) / (high - low)

        def asked_in_units(ask: Ask) -> Ask:
            return lambda table: ask(scaled(table))

        rows = []
        for size in sizes:
            for arm, learn in ways.items():
                ask = learn(scaled(train[seed].table[:size]), train[seed].answers[:size])
                rows += examined(arm, size, seed, asked_in_units(ask))
        return {"scores": rows}

    def shown(members: Surrogates) -> list[dict[str, Any]]:
        """The first run of each half of the test part, by simulator and by surrogate."""
        inside = parts[INSIDE]
        rows = [int(np.flatnonzero(halves[INSIDE] == half)[0]) for half in np.unique(halves[INSIDE])]
        answers, spread = surrogate.told(members, inside.table[rows])
        columns = {
            "parameters": inside.table[rows],
            "simulator": inside.answers[rows],
            "surrogate": answers,
            "spread": spread,
        }
        return [
            {name: [float(f"{value:.5g}") for value in values[k]] for name, values in columns.items()}
            for k in range(len(rows))
        ]

    work: dict[str, Callable[[Any, parallel.Watch], dict[str, Any]]] = {
        "asking": asking,
        "filling": filling,
        "peers": peers,
    }
    first = [("asking", block.asking)] if block.asking else []
    sweep = [size for size in reversed(sizes) if not block.asking or size != min(block.asking.first, fewest)]
    jobs: list[tuple[str, Any]] = [*first, *(("filling", size) for size in sweep), *(("peers", s) for s in seeds)]
    taught = len(sweep) + (
        1 + -(-(block.asking.last - block.asking.first) // block.asking.batch) if block.asking else 0
    )
    progress = Progress(stage, taught * block.steps)

    def teach(job: tuple[str, Any], watch: parallel.Watch) -> dict[str, Any]:
        return work[job[0]](job[1], watch)

    def tell(job: tuple[str, Any], told: tuple[int, dict[int, dict[str, float]]]) -> None:
        size, seen = told
        taken = int(next(iter(seen.values()))["step"])
        progress.tell(f"{job[0]} {size}", list(seen), list(seen.values()), fit=(job[0], size), taken=taken)

    made = parallel.each(teach, jobs, tell, compute)
    scores = [{"data": name, "protocol": "direct"} | row for left in made for row in left["scores"]]
    scores += [
        {"arm": "simulator", "data": name, "metric": "failed_runs", "at": "part", "level": part, "value": float(count)}
        for part, count in {
            "train": sum(len(rows) for place, rows in about["failed"].items() if place.startswith("train/")),
            INSIDE: len(about["failed"][f"test/{INSIDE}"]),
            OUTSIDE: len(about["failed"][f"test/{OUTSIDE}"]),
        }.items()
    ]
    scores.append(
        {"arm": "simulator", "data": name, "metric": "jumped_runs", "at": "part", "level": OUTSIDE}
        | {"value": float(jumped.sum())}
    )
    surrogate.describe(block, region, answers=[answer for answer, _ in simulator.ANSWERS], models=MODELS)
    (most,) = [left for left in made if "shown" in left]
    runs.write(PICTURES / "shown.json", json.dumps(most["shown"], indent=1) + "\n")
    stage.record(scores, most["history"])
