"""Makes the examples of a problem with privileged information, of files or of a package; they are cut where asked."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import sys
from pathlib import Path

from tutelage import params, runs
from tutelage.data import kinds, makers

name = sys.argv[1]
with runs.stage(f"problem@{name}") as stage:
    problem = params.read(kinds.Entry, f"lupi.{name}").problem
    makers.prepare(problem, stage.scratch / "raw", Path("data/prepared/problems") / name)
