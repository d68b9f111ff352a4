"""Runs a simulator where surrogates learn from it, a design a seed, and where they are examined."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import sys
from pathlib import Path

from tutelage import params, runs
from tutelage.data import simulated
from tutelage.data.simulated import Runs
from tutelage.training import device, parallel

name = sys.argv[1]

with runs.stage(f"simulate@{name}") as stage:
    compute = params.read(params.Compute, "compute")
    block = params.read(simulated.Params, f"simulators.{name}")
    seeds = params.read(params.Budget, "budget").seeds
    device.ready(compute)
    simulator = simulated.known(name)
    tables = simulated.tables(block, simulator.REGION, seeds, name)

    def work(place: str, watch: parallel.Watch) -> Runs:
        made = simulated.run(simulator, tables[place], f"simulators.{name}, {place}")
        watch(made.failed)
        return made

    def tell(place: str, failed: tuple[int, ...]) -> None:
        left_out = f"; left out, since they failed: rows {', '.join(map(str, failed))}" if failed else ""
        print(f"{stage.name} {place}: {len(tables[place])} runs{left_out}", flush=True)

    made = parallel.each(work, list(tables), tell, compute)
    simulated.keep(dict(zip(tables, made, strict=True)), simulator, name, Path("data/prepared/simulators") / name)
