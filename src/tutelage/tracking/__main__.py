"""`python -m tutelage.tracking sync` adds to MLflow what it lacks; `… ui` shows it while stages run."""

import argparse
import sys

from tutelage.errors import Mistake
from tutelage.tracking import environment, server
from tutelage.tracking.sync import View

parser = argparse.ArgumentParser(prog="python -m tutelage.tracking", description=__doc__)
commands = parser.add_subparsers(dest="command", required=True)
commands.add_parser("sync", help="add to MLflow what it lacks")
ui = commands.add_parser("ui", help="serve it, and follow what runs, until Ctrl-C")
ui.add_argument("--port", type=int, default=5000)
asked = parser.parse_args()
if asked.command == "ui":
    try:
        server.serve(View(environment.store()), asked.port)
    except Mistake as mistake:
        sys.exit(f"tracking: {mistake}")
else:
    message = View(environment.store()).attempt()
    if message:
        print(message, file=sys.stderr)  # and no exit status: see View.attempt
