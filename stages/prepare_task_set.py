"""Cuts a data set whose parts are tasks into train, valid and test parts of arrays."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import sys
from pathlib import Path

from tutelage import params, runs
from tutelage.data import task_sets

name = sys.argv[1]
with runs.stage(f"prepare_task_set@{name}"):
    shares = params.read(task_sets.Parts, f"task_sets.{name}.parts")
    task_sets.prepare(name, shares, Path("data/raw/task_sets") / name, Path("data/prepared/task_sets") / name)
