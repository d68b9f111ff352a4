"""Teaches nets in a simulator's place, from few runs and from many; examines them beside what else would learn it."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from tutelage import params, runs
from tutelage.data import designs, simulated
from tutelage.data.simulated import INSIDE, OUTSIDE
from tutelage.measure import regressors, surrogates
from tutelage.measure.regressors import Ask, Told
from tutelage.paradigms import surrogate
from tutelage.paradigms.surrogate import Surrogate
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
            errors = surrogates.errors(told.answers, truth.answers, whole)
            seen = {"error": errors.mean(), "worst_error": errors.max()}
            seen["error_alike"] = surrogates.errors(told.answers, truth.answers, alike).mean()
            if told.spread is not None:
                seen["coverage"] = surrogates.coverage(told.answers, told.spread, truth.answers)
            at = {"arm": arm, "seed": seed, "at": "runs", "level": size, "with": "part", "with_level": part}
            rows += [at | {"metric": metric, "value": float(value)} for metric, value in seen.items()]
        return rows

    def ensembles(
        rows: dict[int, list[int]], job: object, watch: parallel.Watch
    ) -> tuple[dict[int, list[Surrogate]], list[dict[str, Any]]]:
        """An ensemble a seed, taught on these rows of its design, and how that went."""
        chosen = {seed: (train[seed].table[of], train[seed].answers[of]) for seed, of in rows.items()}
        made = {seed: surrogate.ensemble(block, region, answers, seed) for seed, (_, answers) in chosen.items()}
        size = len(next(iter(rows.values())))
        history = surrogate.teach(
            list(made.values()),
            [made[seed][0].columns(*runs_) for seed, runs_ in chosen.items()],
            list(rows),
            block,
            compute,
            place=Place(stage.scratch / f"{job}-{size}.pt", stage.fingerprint),
            watch=lambda seen: watch((size, seen)),
        )
        went = [
            {"seed": seed, "step": int(seen[0]["step"]), "train/loss": float(np.mean([m["train/loss"] for m in own]))}
            for seen in history
            for seed, own in zip(rows, np.array(seen, dtype=object).reshape(len(rows), -1), strict=True)
        ]
        return made, went

    def asked(members: list[Surrogate], table: Float[ndarray, "n parameter"]) -> Told:
        return Told(*surrogate.told(members, table))

    def filling(size: int, watch: parallel.Watch) -> dict[str, Any]:
        """Ensembles, and a net alone, on the first runs of each design."""
        made, went = ensembles({seed: list(range(size)) for seed in seeds}, ENSEMBLE, watch)
        rows = []
        for seed, members in made.items():
            rows += examined(ENSEMBLE, size, seed, partial(asked, members))
            rows += examined(ONE, size, seed, lambda table, one=members[:1]: Told(asked(one, table).answers, None))  # type: ignore[misc]
        left: dict[str, Any] = {"scores": rows}
        if size == sizes[-1]:
            for seed, members in made.items():
                surrogate.keep(members, MODELS, seed)
            left |= {"history": [{"arm": ENSEMBLE} | row for row in went], "shown": shown(made[seeds[0]])}
        return left

    def asking(asks: surrogate.Asking, watch: parallel.Watch) -> dict[str, Any]:
        """Ensembles that say which runs of their design they learn from next."""
        rows = {seed: list(range(min(asks.first, fewest))) for seed in seeds}
        scores: list[dict[str, Any]] = []
        while True:
            made, _ = ensembles(rows, ASKED, watch)
            size = len(rows[seeds[0]])
            for seed, members in made.items():
                scores += examined(ASKED, size, seed, partial(asked, members)) if size > asks.first else []
            more = min(asks.batch, asks.last - size, fewest - size)
            if more < 1:
                return {"scores": scores}
            for seed, members in made.items():
                others = np.setdiff1d(np.arange(fewest), rows[seed])
                found = surrogate.disputed(members, train[seed].table[others], more)
                rows[seed] = sorted([*rows[seed], *others[found].tolist()])

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

        rows = []
        for size in sizes:
            for arm, learn in ways.items():
                ask = learn(scaled(train[seed].table[:size]), train[seed].answers[:size])
                rows += examined(arm, size, seed, lambda table, ask=ask: ask(scaled(table)))  # type: ignore[misc]
        return {"scores": rows}

    def shown(members: list[Surrogate]) -> list[dict[str, Any]]:
        """The first run of each half of the test part, by simulator and by surrogate."""
        inside = parts[INSIDE]
        made = []
        for half in np.unique(halves[INSIDE]):
            row = int(np.flatnonzero(halves[INSIDE] == half)[0])
            answers, spread = asked(members, inside.table[row : row + 1])
            assert spread is not None
            made.append(
                {
                    "parameters": [float(value) for value in inside.table[row]],
                    "simulator": [float(f"{value:.5g}") for value in inside.answers[row]],
                    "surrogate": [float(f"{value:.5g}") for value in answers[0]],
                    "spread": [float(f"{value:.3g}") for value in spread[0]],
                }
            )
        return made

    jobs: list[tuple[str, Any]] = [("asking", block.asking)] if block.asking else []
    jobs += [("filling", size) for size in reversed(sizes)] + [("peers", seed) for seed in seeds]
    work = {"asking": asking, "filling": filling, "peers": peers}
    progress = Progress(stage, 1)

    def teach(job: tuple[str, Any], watch: parallel.Watch) -> dict[str, Any]:
        return work[job[0]](job[1], watch)

    def tell(job: tuple[str, Any], seen: tuple[int, list[dict[str, float]]]) -> None:
        size, terms = seen
        means = np.array([one["train/loss"] for one in terms]).reshape(len(seeds), -1).mean(1)
        told = [{"step": terms[0]["step"], "train/loss": float(mean)} for mean in means]
        progress.tell(f"{job[0]} {size}", seeds, told, fit=job, taken=int(terms[0]["step"]))

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
    told = {"surrogate": block.model_dump(), "answers": len(simulator.ANSWERS), "seeds": seeds, "runs": sizes[-1]}
    runs.write(MODELS / "about.json", json.dumps(told, indent=1, sort_keys=True) + "\n")
    (most,) = [left for left in made if "shown" in left]
    runs.write(PICTURES / "shown.json", json.dumps(most["shown"], indent=1) + "\n")
    stage.record(scores, most["history"])
