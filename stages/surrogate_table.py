"""Teaches nets what a table says, from few of its rows and from many; examines them beside what else would learn it."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from jaxtyping import Float
from numpy import ndarray

from tutelage import params, runs
from tutelage.data import simulated
from tutelage.data.simulated import Runs
from tutelage.measure import outcomes, regressors, surrogates
from tutelage.measure.regressors import Told
from tutelage.paradigms import surrogate, surrogate_table
from tutelage.paradigms.surrogate import Surrogates
from tutelage.paradigms.surrogate_table import Outcomes
from tutelage.simulators.region import Parameter
from tutelage.training import device, parallel

name = sys.argv[1]
PREPARED = Path("data/prepared/surrogate_tables") / name
PICTURES = Path("reports/pictures/surrogate_table") / name
Answers = Float[ndarray, "n answer"]

with runs.stage(f"surrogate_table@{name}") as stage:
    compute = params.read(params.Compute, "compute")
    seeds = params.read(params.Budget, "budget").seeds
    taught = params.read(surrogate.Params, "surrogate")
    block = params.read(surrogate_table.Params, f"surrogate_tables.{name}")
    device.ready(compute)
    about = json.loads((PREPARED / "about.json").read_text(encoding="utf-8"))
    happens = bool(about["outcome"])
    region = [Parameter(title, unit, -1, 1) for title, unit in about["parameters"]]  # as prepare has scaled them
    train, test = ({seed: simulated.load(PREPARED / part / str(seed)) for seed in seeds} for part in ("train", "test"))
    most = min(len(own.table) for own in train.values())
    shares = [float(own.answers.mean()) for own in train.values()] if happens else []
    block.enough(most, min([*shares, *(1 - share for share in shares)]) if happens else 1.0, name)
    sizes = sorted({*block.sizes, most})

    def rows(seed: int, size: int) -> Runs:
        return Runs(train[seed].table[:size], train[seed].answers[:size], ())

    def cost(told: Answers, truth: Answers) -> float:
        if happens:
            return outcomes.scores(told[:, 0], truth[:, 0], 0.5)["nll"]
        return float(surrogates.errors(told, truth, truth.std(0)).mean())

    def judged(arm: str, size: int, seed: int, told: Told) -> list[dict[str, Any]]:
        truth, at = test[seed].answers, {"arm": arm, "seed": seed, "at": "rows", "level": size}
        if happens:
            rate = float(rows(seed, size).answers.mean())
            seen = outcomes.scores(told.answers[:, 0], truth[:, 0], rate)
        else:
            errors = surrogates.errors(told.answers, truth, truth.std(0))
            seen = {"error": float(errors.mean()), "worst_error": float(errors.max())}
            if told.spread is not None:
                seen["coverage"] = surrogates.coverage(told.answers, told.spread, truth)
        return [at | {"protocol": "direct", "metric": metric, "value": value} for metric, value in seen.items()]

    def nets(size: int) -> list[dict[str, Any]]:
        data = {seed: rows(seed, size) for seed in seeds}
        kind = Outcomes if happens else Surrogates
        made, chosen = surrogate_table.teach(data, region, taught, block, compute, kind=kind, cost=cost)
        scores = []
        for seed, members in made.items():
            asked = test[seed].table
            scores += judged("ensemble", size, seed, Told(*surrogate.told(members, asked)))
            scores += judged("one_net", size, seed, Told(surrogate.each(members, asked)[0], None))
            took = {"arm": "ensemble", "metric": "weight_decay", "value": chosen[seed]}
            scores.append(took | {"at": "rows", "level": size, "seed": seed})
        return scores

    def others(seed: int) -> list[dict[str, Any]]:
        return [
            row
            for size in sizes
            for arm, learn in (told_apart() if happens else regressed()).items()
            for row in judged(arm, size, seed, learn(rows(seed, size), test[seed].table))
        ]

    def regressed() -> dict[str, Callable[[Runs, Answers], Told]]:
        ways: dict[str, Any] = {
            "gaussian_process": partial(regressors.gaussian_process, fitted_on=taught.gaussian_process.fitted_on),
            "linear": partial(regressors.linear, strengths=taught.linear.strengths),
            "mean": regressors.mean,
        }
        if taught.boosting:
            ways["boosting"] = partial(regressors.boosting, **taught.boosting.model_dump())

        def telling(learn: Any, own: Runs, asked: Answers) -> Told:
            told: Told = learn(*own[:2])(asked)
            return told

        return {arm: partial(telling, learn) for arm, learn in ways.items()}

    def told_apart() -> dict[str, Callable[[Runs, Answers], Told]]:
        ways: dict[str, Any] = {
            "gaussian_process": outcomes.gaussian_process,
            "linear": partial(outcomes.linear, strengths=taught.linear.strengths, folds=5),
            "mean": outcomes.base_rate,
        }
        if (trees := taught.boosting) is not None:
            ways["boosting"] = partial(outcomes.boosting, trees=trees.trees, learning_rate=trees.learning_rate)

        def telling(learn: Any, own: Runs, asked: Answers) -> Told:
            return Told(learn(own.table, own.answers[:, 0])(asked)[:, None], None)

        return {arm: partial(telling, learn) for arm, learn in ways.items()}

    jobs = [("nets", size) for size in reversed(sizes)] + [("others", seed) for seed in seeds]

    def work(job: tuple[str, int], watch: parallel.Watch) -> list[dict[str, Any]]:
        scores = nets(job[1]) if job[0] == "nets" else others(job[1])
        watch(len(scores))
        return scores

    def tell(job: tuple[str, int], scores: int) -> None:
        print(f"{stage.name} {job[0]} {job[1]}: {scores} scores", flush=True)

    made = parallel.each(work, jobs, tell, compute)
    runs.write(PICTURES / "about.json", json.dumps(about, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    stage.record([{"data": name} | row for scores in made for row in scores])
