"""Brings the raw files of the data set that plays a role, or of each of several in a folder of its own."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import sys
from pathlib import Path

from tutelage import params, runs
from tutelage.data import fetching

role = sys.argv[1]
with runs.stage(f"fetch@{role}"):
    # Only the name: an edit of another key of the role must not fetch again.
    name, raw = params.load()[role]["name"], Path("data/raw") / role
    if name == "yours":
        raw.mkdir(parents=True, exist_ok=True)  # nothing is brought: prepare reads where data/yours leads to
    elif isinstance(name, str):
        fetching.fetch(name, raw)
    else:
        for one in name:
            fetching.fetch(one, raw / one)
