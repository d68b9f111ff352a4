"""The examples of problems that stand on files or on a package, made once; each kind's in a file of its own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tutelage import runs
from tutelage.data import catalogue, degraded, ett, fetching, kinds, poems, protein, texts, yours
from tutelage.data.problems import Made
from tutelage.data.roles import save

MAKERS: dict[type[kinds.Filed], Callable[[Any, Path], Made]] = {
    kinds.Documents: texts.make,
    kinds.Requests: texts.make,
    kinds.Images: degraded.make,
    kinds.Poems: poems.make,
    kinds.Protein: protein.make,
    kinds.Ett: ett.make,
    kinds.Table: yours.make,
}
"""Each of its block in params.yaml and of the folder with the raw files, which is empty where nothing is fetched."""


def prepare(problem: kinds.Problem, raw: Path, prepared: Path) -> None:
    """Leaves prepared/{x,star,y,group}.npy and about.json; of what each split draws anew only that it does.

    Raises Mistake where files cannot be had or do not fit.
    """
    facts: dict[str, Any] = {"drawn": "anew, by each split"}
    if isinstance(problem, kinds.Filed):
        source = problem.source()
        if source:
            fetching.fetch(source, raw)
        made = MAKERS[type(problem)](problem, raw)
        of = made.examples
        for name, numbers in (("x", of.x), ("star", of.star)):
            save(prepared / f"{name}.npy", numbers.astype(np.float32))
        save(prepared / "y.npy", of.y)
        save(prepared / "group.npy", of.group)
        entry = catalogue.find(source) if source else None
        facts = {
            "data": source or made.data,
            "classes": made.classes,
            "above": made.above,
            "counts": np.bincount(of.y, minlength=len(made.classes)).tolist(),
            "groups": len(np.unique(of.group)),
            "columns": made.columns,
            "star_columns": made.star_columns,
            "standardised": made.standardised,
            "licence": entry.licence if entry else made.licence,
            "citation": entry.citation if entry else made.citation,
        }
    runs.write(prepared / "about.json", json.dumps(facts, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
