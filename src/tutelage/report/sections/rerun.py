"""How to change something, and what then runs again, as dvc.yaml has it."""

from collections.abc import Mapping

from tutelage.pipeline import Entry
from tutelage.report.parts import Cell, Section, Table, Words
from tutelage.report.records import Records


def section(records: Records) -> Section:
    """A row a block of params.yaml."""
    rows = [
        [Cell(block), Cell(", ".join(after(records.entries, block)))]
        for block in records.blocks
        if after(records.entries, block)
    ]
    words = Words(
        [
            "Edit params.yaml, then run `make repro`. DVC runs again what follows from the edit and takes the rest "
            "from its cache. `make repro PROFILE=whole` runs on the complete data sets; `make ui` opens MLflow, where "
            "runs are compared and watched while they go on.",
            "All numbers of this page are in reports/scores.csv, a row a value.",
        ]
    )
    return Section(
        "Change it, run it again", [words, Table("What an edit runs again", ["block", "stages"], rows, words=2)]
    )


def after(entries: Mapping[str, Entry], block: str) -> list[str]:
    """The stages whose record an edit of the block can change; `check` reads all and changes nothing."""
    stale = {name for name, e in entries.items() if any(key.split(".")[0] == block for key in e.params)}
    while True:
        made = {out for name in stale for out in entries[name].outs}
        more = {name for name, e in entries.items() if any(_stands_on(dep, made) for dep in e.deps)} - stale
        if not more:
            return [name for name in entries if name in stale]
        stale |= more


def _stands_on(dep: str, made: set[str]) -> bool:
    return any(out == dep or out.startswith(f"{dep}/") or dep.startswith(f"{out}/") for out in made)
