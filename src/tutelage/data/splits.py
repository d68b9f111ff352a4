"""Train, valid and test parts: drawn once for a data set, whatever the seeds of what learns from them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tutelage import streams
from tutelage.errors import Mistake

Positions = NDArray[np.int64]
Groups = NDArray[np.str_]
"""Of each example the name of what it belongs with, before it, to the last slash, its family: `STIX/Bold`."""


def split(
    name: str,
    labels: NDArray[np.int64],
    classes: Sequence[str],
    *,
    valid: float,
    test: float,
    official: int | None,
    groups: Groups | None = None,
) -> dict[str, Positions]:
    """Positions of the parts `train`, `valid` and `test`, in the order drawn, each with every class.

    `test` is a share of all, or the last `official` examples; `valid` is a share of what remains. Another share of
    `valid` leaves the test part as it was. With `groups` no group is in two parts, and shares
    are of groups, of each family its own. Raises Mistake where a class would be missing in a part, or a group lies on
    both sides of an official test part.
    """
    drawn = streams.numpy(0, f"split/{name}").permutation(len(labels))

    def apart(positions: Positions, share: float) -> tuple[Positions, Positions]:
        return _stratified(positions, labels, share) if groups is None else _grouped(positions, groups, share, name)

    if official is None:
        tested, rest = apart(drawn, test)
    else:
        first = len(labels) - official
        tested, rest = np.arange(first, len(labels)), drawn[drawn < first]
        if groups is not None and (both := np.intersect1d(groups[tested], groups[rest])).size:
            raise Mistake(f"{name}: {both[0]} is in the official test part and before it; leave that group out")
    kept, taught = apart(rest, valid)
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


def _grouped(positions: Positions, groups: Groups, share: float, name: str) -> tuple[Positions, Positions]:
    """That share of the groups, by family as `_stratified` goes by class, and the rest; both keep their order."""
    names = np.unique(groups[positions])
    _, families = np.unique([group[: group.rfind("/") + 1] for group in names], return_inverse=True)
    taken, _ = _stratified(streams.numpy(0, f"split/{name}/groups").permutation(len(names)), families, share)
    chosen = np.isin(groups[positions], names[taken])
    return positions[chosen], positions[~chosen]
