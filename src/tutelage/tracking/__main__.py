"""`python -m tutelage.tracking sync` adds to MLflow what it lacks; `… ui` shows it while stages run; `… path` finds."""

import argparse
import sys
from pathlib import Path

from tutelage.errors import Mistake
from tutelage.tracking import environment, server
from tutelage.tracking.sync import View


def located(model: str) -> Path:
    """Raises Mistake where there is no store, and where it has no such model."""
    uri = environment.store()
    file = environment.database(uri)
    if file and not file.exists():
        raise Mistake(f"{file} is not there; `python -m tutelage.tracking sync` makes it")
    environment.settle()
    from tutelage.tracking import registry

    return registry.path(uri, model)


parser = argparse.ArgumentParser(prog="python -m tutelage.tracking", description=__doc__)
commands = parser.add_subparsers(dest="command", required=True)
commands.add_parser("sync", help="add to MLflow what it lacks")
ui = commands.add_parser("ui", help="serve it, and follow what runs, until Ctrl-C")
ui.add_argument("--port", type=int, default=5000)
where = commands.add_parser("path", help="say where the weights of a registered model lie")
where.add_argument("model", metavar="models:/NAME@best")
asked = parser.parse_args()
if asked.command == "ui":
    try:
        server.serve(View(environment.store()), asked.port)
    except Mistake as mistake:
        sys.exit(f"tracking: {mistake}")
elif asked.command == "path":
    try:
        print(located(asked.model))
    except Mistake as mistake:
        sys.exit(f"tracking: {mistake}")
else:
    message = View(environment.store()).attempt()
    if message:
        print(message, file=sys.stderr)  # and no exit status: see View.attempt
