"""Makes arrays of the small tables that play a role; no part is kept aside, since nobody is examined on them."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import sys
from pathlib import Path

from tutelage import params, runs
from tutelage.data import whole

KINDS: dict[str, type[whole.People] | type[whole.Tables]] = {"people": whole.People, "tables": whole.Tables}

role = sys.argv[1]
with runs.stage(f"whole@{role}"):
    whole.prepare(params.read(KINDS[role], role), Path("data/raw") / role, Path("data/prepared") / role)
