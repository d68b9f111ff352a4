"""Makes arrays of the small tables that play a role; no part is kept aside, since nobody is examined on them."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import sys
from pathlib import Path

from tutelage import params, runs
from tutelage.data import samples

KINDS: dict[str, type[samples.People] | type[samples.Tables]] = {"people": samples.People, "tables": samples.Tables}

role = sys.argv[1]
with runs.stage(f"prepare_tables@{role}"):
    samples.prepare(params.read(KINDS[role], role), Path("data/raw") / role, Path("data/prepared") / role)
