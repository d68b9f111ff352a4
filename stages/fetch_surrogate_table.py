"""Brings the raw files of a table that surrogates learn."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import sys
from pathlib import Path

from tutelage import runs
from tutelage.data import fetching

name = sys.argv[1]
with runs.stage(f"fetch_surrogate_table@{name}"):
    fetching.fetch(name, Path("data/raw/surrogate_tables") / name)
