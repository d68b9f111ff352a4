"""Few labels: which examples of a pool are shown with theirs, equally many a class or as they come."""

from collections.abc import Sequence

import numpy as np
import torch

from tutelage import streams
from tutelage.data.batches import Batch
from tutelage.errors import Mistake


def few(pool: Batch, per_class: int, classes: Sequence[str], *, seed: int, name: str, key: str) -> Batch:
    """`per_class` examples of every class in a pool, the first of one order drawn for (seed, name).

    So the draw of 2 holds the draw of 1. Raises Mistake, which names that key, for a class that has fewer.
    """
    y = pool["y"].cpu().numpy()
    draws = streams.numpy(seed, f"labels/{name}")
    chosen = []
    for number, title in enumerate(classes):
        members = draws.permutation(np.flatnonzero(y == number))
        if len(members) < per_class:
            raise Mistake(
                f"params.yaml: {key} asks for {per_class}, and class {title} of {name} has "
                f"{len(members)} examples to learn from; ask for fewer"
            )
        chosen.append(members[:per_class])
    rows = torch.from_numpy(np.concatenate(chosen)).to(pool["y"].device)
    return {column: values[rows] for column, values in pool.items()}


def as_they_come(pool: Batch, m: int, *, seed: int, name: str, key: str) -> Batch:
    """m examples of a pool, whatever their classes: the first of one order drawn for (seed, name).

    Raises Mistake, which names that key, where there are fewer.
    """
    if len(pool["y"]) < m:
        raise Mistake(
            f"params.yaml: {key} asks for {m} labels, and {name} has {len(pool['y'])} examples to learn from; "
            "ask for fewer"
        )
    rows = streams.numpy(seed, f"labels as they come/{name}").permutation(len(pool["y"]))[:m]
    return {column: values[torch.from_numpy(rows).to(values.device)] for column, values in pool.items()}
