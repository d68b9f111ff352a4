"""Runs a second of simulators and of what took their place, with its error: `python bench/surrogate.py`.

After `make repro`, which leaves ensembles and their errors. All on one machine and one thread, and by its processor
time: a long call loses more to whatever else runs than a short one. What it prints is committed, dated, as
bench/surrogate.md.
"""

import datetime
import platform
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).parent.parent))

import sklearn
import torch

from bench.peers import processor
from tutelage import params
from tutelage.data import designs, simulated
from tutelage.measure import regressors, surrogates
from tutelage.paradigms import surrogate
from tutelage.report import records, tables
from tutelage.training import device

SIZES, SECONDS = (1, 500), 2.0  # runs in one call; how long each is called again, three times at least
WAYS = {
    "simulator": "the simulator",
    "ensemble": "ensemble",
    "one_net": "one net of it",
    "gaussian_process": "Gaussian process",
}
COARSER: dict[str, list[dict[str, int]]] = {
    "climate": [{"cells": 36, "steps": 24}, {"cells": 18, "steps": 12}],
    "airfoil": [{"panels": 100}, {"panels": 50}],
}


def rate(call: Callable[[], object], size: int) -> tuple[float, float, float]:
    """Runs a second of the processor's: median, least and most over calls."""
    call()
    spent: list[float] = []
    while len(spent) < 3 or sum(spent) < SECONDS:
        start = time.process_time()
        call()
        spent.append(time.process_time() - start)
    told = [size / seconds for seconds in spent]
    return statistics.median(told), min(told), max(told)


compute = params.read(params.Compute, "compute").model_copy(update={"threads": 1})
block = params.read(surrogate.Params, "surrogate")
device.ready(compute)
left = records.read(0.95)
seed = params.read(params.Budget, "budget").seeds[0]
print(f"# Surrogates and the simulators whose place they take: {datetime.date.today()}\n")
print(
    f"`python bench/surrogate.py` after `make repro`: {processor()}, one thread; Python "
    f"{platform.python_version()}, torch {torch.__version__.partition('+')[0]}, scikit-learn {sklearn.__version__}. "
    f"Runs a second of processor time: median (least–most) over calls for {SECONDS:g} s, three at least. Error: root "
    "mean squared error inside the region, mean over answers, in standard deviations of an answer among all runs, and "
    f"among runs that start alike; of what is taught, by {max(block.sizes)} runs, a mean over designs too. What is "
    "faster and less exact than another is no better for that: a simulator may be coarser, too.\n"
)
for name in left.blocks["simulators"]:
    simulator = simulated.known(name)
    prepared = Path("data/prepared/simulators") / name
    asked, taught = simulated.load(prepared / "test/inside").table, simulated.load(prepared / f"train/{seed}")
    members = surrogate.load(Path("models/surrogate") / name, "ensemble", seed)
    low, high = designs.bounds(simulator.REGION)
    process = regressors.gaussian_process(
        (2 * taught.table - low - high) / (high - low), taught.answers, fitted_on=block.gaussian_process.fitted_on
    )
    alone = surrogate.build(block.model_copy(update={"members": 1}), simulator.REGION, taught.answers, seed)
    own = {name: value if value.ndim == 1 else value[:1] for name, value in members.state_dict().items()}
    alone.load_state_dict(own)
    calls: dict[str, Callable[..., Any]] = {
        "simulator": simulator.simulate,
        "ensemble": partial(surrogate.told, members),
        "one_net": partial(surrogate.each, alone),
        "gaussian_process": lambda table: process((2 * table - low - high) / (high - low)),  # noqa: B023
    }
    coarser: dict[str, Callable[..., object]] = {
        f"the simulator, {', '.join(f'{count} {what}' for what, count in coarse.items())}": partial(
            simulator.simulate, **coarse
        )
        for coarse in COARSER.get(name, [])
    }
    scores = left.of(f"surrogate@{name}")
    errors = tables.cells(scores[scores["with_level"] == "inside"], ("arm", "metric", "level"), left.level)
    truth, halves = simulated.load(prepared / "test/inside").answers, designs.halves(simulator.REGION, asked)
    known: dict[str, list[float]] = {
        title: [errors[way, metric, str(max(block.sizes))].mean for metric in ("error_of_all", "error")]
        for way, title in WAYS.items()
        if way != "simulator"
    } | {
        title: [
            float(surrogates.errors(simulator.simulate(asked, **coarse), truth, scale).mean())
            for scale in surrogates.deviations(truth, halves)
        ]
        for title, coarse in zip(coarser, COARSER.get(name, []), strict=True)
    }
    named: dict[str, Callable[..., Any]] = {WAYS["simulator"]: calls["simulator"], **coarser}
    named |= {title: calls[way] for way, title in WAYS.items() if way != "simulator"}
    rates = {(title, size): rate(partial(call, asked[:size]), size) for title, call in named.items() for size in SIZES}
    print(f"**{name}, {len(simulator.REGION)} parameters, {len(simulator.ANSWERS)} answers**\n")
    heads = [f"{'one run' if size == 1 else f'{size} runs'} a call | × the simulator's" for size in SIZES]
    print(f"| way | error, % | alike, % | {' | '.join(heads)} |\n|{'---|' * (3 + 2 * len(SIZES))}")
    for title in named:
        cells = [f"{100 * error:.2g}" for error in known.get(title, [0.0, 0.0])]
        for size in SIZES:
            middle, least, most = rates[title, size]
            times = middle / rates[WAYS["simulator"], size][0]
            cells += [f"{middle:,.0f} ({least:,.0f}–{most:,.0f})", f"{times:,.1f}"]
        print(f"| {title} | {' | '.join(cells)} |", flush=True)
    ours, at = WAYS["ensemble"], max(SIZES)
    exact = [
        title for title in named if title.startswith("the simulator") and known.get(title, [0.0])[0] <= known[ours][0]
    ]
    fastest = max(exact, key=lambda title: rates[title, at][0])
    times = rates[ours, at][0] / rates[fastest, at][0]
    print(
        f"\nAt an error of {100 * known[ours][0]:.2g} % the ensemble is {times:,.0f} times as fast as the fastest of "
        f"these simulators that errs no more, {fastest}, with {at} runs a call.\n"
    )
