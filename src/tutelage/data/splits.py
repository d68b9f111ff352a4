"""Train, valid and test parts: drawn once for a data set, whatever the seeds of what learns from them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tutelage import streams
from tutelage.errors import Mistake

Positions = NDArray[np.int64]


def split(
    name: str, labels: NDArray[np.int64], classes: Sequence[str], *, valid: float, test: float, official: int | None
) -> dict[str, Positions]:
    """Positions of the parts `train`, `valid` and `test`, in the order drawn, each with every class.

    `test` is a share of all, or the last `official` examples; `valid` is a share of what remains. Another share of
    `valid` leaves the test part as it was. Raises Mistake where a class would be missing in a part.
    """
    drawn = streams.numpy(0, f"split/{name}").permutation(len(labels))
    if official is None:
        tested, rest = _stratified(drawn, labels, test)
    else:
        first = len(labels) - official
        tested, rest = np.arange(first, len(labels)), drawn[drawn < first]
    kept, taught = _stratified(rest, labels, valid)
    parts = {"train": taught, "valid": kept, "test": tested}
    for part, positions in parts.items():
        counts = np.bincount(labels[positions], minlength=len(classes))
        if 0 in counts:
            lacking = int(counts.argmin())
            have = int((labels == lacking).sum())
            raise Mistake(
                f"{name}: class {classes[lacking]} has {have} examples in all and none in the {part} part; "
                "change the shares, or leave that class out"
            )
    return parts


def _stratified(positions: Positions, labels: NDArray[np.int64], share: float) -> tuple[Positions, Positions]:
    """That share of the positions, rounded once for all and then by class, and the rest; both keep their order."""
    total = round(share * len(positions))
    counts = np.bincount(labels[positions])
    taken, remainders = np.divmod(counts * total, max(len(positions), 1))
    taken[np.argsort(-remainders, kind="stable")[: total - taken.sum()]] += 1  # largest remainders first
    ranks = np.empty_like(positions)
    for label in range(len(counts)):
        of_class = labels[positions] == label
        ranks[of_class] = np.arange(of_class.sum())
    chosen = ranks < taken[labels[positions]]
    return positions[chosen], positions[~chosen]
