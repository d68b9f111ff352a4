"""Runs a second of simulators and of what took their place, with its error: `python bench/surrogate.py`.

After `make repro`, which leaves ensembles and their errors. All on one machine and as many threads as params say; what
it prints is committed, dated, as bench/surrogate.md.
"""

import datetime
import platform
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).parent.parent))

import sklearn
import torch

from bench.peers import processor
from tutelage import params
from tutelage.data import designs, simulated
from tutelage.measure import regressors
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


def rate(call: Callable[[], object], size: int) -> tuple[float, float, float]:
    """Runs a second: median, least and most over calls."""
    call()
    spent: list[float] = []
    while len(spent) < 3 or sum(spent) < SECONDS:
        start = time.perf_counter()
        call()
        spent.append(time.perf_counter() - start)
    told = [size / seconds for seconds in spent]
    return statistics.median(told), min(told), max(told)


compute = params.read(params.Compute, "compute")
block = params.read(surrogate.Params, "surrogate")
device.ready(compute)
left = records.read(0.95)
seed = params.read(params.Budget, "budget").seeds[0]
print(f"# Surrogates and the simulators whose place they take: {datetime.date.today()}\n")
print(
    f"`python bench/surrogate.py` after `make repro`: {processor()}, {compute.threads} thread; Python "
    f"{platform.python_version()}, torch {torch.__version__.partition('+')[0]}, scikit-learn {sklearn.__version__}. "
    f"Runs a second: median (least–most) over calls for {SECONDS:g} s, three at least. Error: root mean squared error "
    "inside the region, mean over answers and over designs, in standard deviations of an answer among all runs, and "
    f"among runs that start alike. Taught by {max(block.sizes)} runs.\n"
)
for name in left.blocks["simulators"]:
    simulator = simulated.known(name)
    prepared = Path("data/prepared/simulators") / name
    asked, taught = simulated.load(prepared / "test/inside").table, simulated.load(prepared / f"train/{seed}")
    members = surrogate.load(Path("models/surrogate") / name, simulator.REGION, seed)
    low, high = designs.bounds(simulator.REGION)
    process = regressors.gaussian_process(
        (2 * taught.table - low - high) / (high - low), taught.answers, fitted_on=block.gaussian_process.fitted_on
    )
    alone = surrogate.build(block.model_copy(update={"members": 1}), simulator.REGION, taught.answers, seed)
    own = {name: value if value.ndim == 1 else value[:1] for name, value in members.state_dict().items()}
    alone.load_state_dict(own)
    calls: dict[str, Callable[..., object]] = {
        "simulator": simulator.simulate,
        "ensemble": partial(surrogate.told, members),
        "one_net": partial(surrogate.each, alone),
        "gaussian_process": lambda table: process((2 * table - low - high) / (high - low)),  # noqa: B023
    }
    scores = left.of(f"surrogate@{name}")
    errors = tables.cells(scores[scores["with_level"] == "inside"], ("arm", "metric", "level"), left.level)
    rates = {(way, size): rate(partial(call, asked[:size]), size) for way, call in calls.items() for size in SIZES}
    print(f"**{name}, {len(simulator.REGION)} parameters, {len(simulator.ANSWERS)} answers**\n")
    heads = [f"{'one run' if size == 1 else f'{size} runs'} a call | × the simulator's" for size in SIZES]
    print(f"| way | error, % | alike, % | {' | '.join(heads)} |\n|{'---|' * (3 + 2 * len(SIZES))}")
    for way, title in WAYS.items():
        told = [errors.get((way, metric, str(max(block.sizes)))) for metric in ("error_of_all", "error")]
        cells = [f"{100 * one.mean:.2g}" if one else "0" for one in told]
        for size in SIZES:
            middle, least, most = rates[way, size]
            cells += [f"{middle:,.0f} ({least:,.0f}–{most:,.0f})", f"{middle / rates['simulator', size][0]:,.1f}"]
        print(f"| {title} | {' | '.join(cells)} |")
    print()
