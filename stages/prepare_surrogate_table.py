"""Cuts a table that surrogates learn into a train and a test part for each seed."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import sys
from pathlib import Path

from tutelage import params, runs
from tutelage.data import surrogate_tables
from tutelage.training import device

name = sys.argv[1]
with runs.stage(f"prepare_surrogate_table@{name}"):
    device.ready(params.read(params.Compute, "compute"))  # the panel method's threads
    split = params.read(surrogate_tables.Split, f"surrogate_tables.{name}.parts")
    seeds = params.read(params.Budget, "budget").seeds
    raw, prepared = (Path("data") / kind / "surrogate_tables" / name for kind in ("raw", "prepared"))
    surrogate_tables.prepare(name, split, seeds, raw, prepared)
