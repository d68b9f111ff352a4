"""Cuts the data set that plays a role into train, valid and test parts of arrays."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import sys
from pathlib import Path

from tutelage import params, runs
from tutelage.data import own_images

role = sys.argv[1]
with runs.stage(f"prepare@{role}"):
    own_images.prepare(params.read(own_images.Params, role), Path("data/prepared") / role, grouped=role == "letters")
