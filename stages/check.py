"""Reads all of params.yaml before any other stage touches an output; what it leaves never changes."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from pathlib import Path

from tutelage import params, runs
from tutelage.data import catalogue, roles, whole
from tutelage.errors import Mistake
from tutelage.paradigms import kohonen, supervised, transfer
from tutelage.report import settings
from tutelage.training import device

BLOCKS: dict[str, type[params.Block]] = {
    "compute": params.Compute,
    "budget": params.Budget,
    "images": roles.Params,
    "target": roles.Params,
    "people": whole.People,
    "tables": whole.Tables,
    "encoder": params.Encoder,
    "pretrain": supervised.Params,
    "transfer": transfer.Params,
    "kohonen": kohonen.Params,
    "report": settings.Params,
}


def check(path: Path = params.FILE) -> None:
    """Raises Mistake with a line for everything that is wrong."""
    blocks = params.load(path)
    wrong = [f"{path}: {name} is no block{params.nearest(name, list(BLOCKS))}" for name in blocks.keys() - BLOCKS]
    wrong += [f"{path}: block {name} is missing" for name in BLOCKS.keys() - blocks]
    for name in BLOCKS.keys() & blocks:
        try:
            block = params.parse(BLOCKS[name], name, blocks, path)
            if isinstance(block, roles.Params | whole.People):
                catalogue.find(block.name)
            if isinstance(block, whole.Tables):
                for one in block.name:
                    catalogue.find(one)
            if isinstance(block, params.Compute):
                device.ready(block)
        except Mistake as mistake:
            wrong += str(mistake).splitlines()
    if wrong:
        raise Mistake("\n".join(sorted(wrong)))


if __name__ == "__main__":
    with runs.stage("check"):
        check()
        runs.write(Path("reports/checked"), "params.yaml holds what every stage needs.\n")
