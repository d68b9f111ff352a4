"""Brings the raw files of the data set that plays a role."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import sys
from pathlib import Path

from tutelage import params, runs
from tutelage.data import fetching

role = sys.argv[1]
with runs.stage(f"fetch@{role}"):
    # Only the name: an edit of another key of the role must not fetch again.
    fetching.fetch(params.load()[role]["name"], Path("data/raw") / role)
