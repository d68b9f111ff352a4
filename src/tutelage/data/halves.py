"""Two halves of a data set's classes: drawn at random, or cut where classes are least confused with each other."""

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from tutelage import streams
from tutelage.errors import Mistake

Halves = tuple[list[int], list[int]]
"""A and B, each sorted; with an odd number of classes B has one more."""
Confusion = Float[ndarray, "class class"]
STARTS = (
    8  # eigenvectors from which a cut begins; of ten classes all but one, nearly always the least cut comes of them
)


def enough(classes: int, name: str) -> None:
    """Raises Mistake where a half would not have two classes to tell apart."""
    if classes < 4:
        raise Mistake(
            f"params.yaml: layers cuts the classes of images into two halves of two at least, and {name} has {classes} "
            "classes; give images.name a data set with 4 or more"
        )


def at_random(classes: int, *, seed: int, draw: int) -> Halves:
    """The draw of that number, of this seed."""
    drawn = streams.numpy(seed, f"halves/{draw}").permutation(classes)
    return sorted(drawn[: classes // 2].tolist()), sorted(drawn[classes // 2 :].tolist())


def dissimilar(confusion: Confusion, *, seed: int) -> Halves:
    """The halves of the least cut; where they are equally large, which of them is A is drawn."""
    a, b = least_cut(confusion)
    return (b, a) if len(a) == len(b) and streams.numpy(seed, "halves/dissimilar").random() < 0.5 else (a, b)


def least_cut(confusion: Confusion) -> Halves:
    """Σ_{i∈A, j∈B} s_ij made small, s = C + Cᵀ without its diagonal: classes that are confused stay on one side.

    Begins with the halves of each of the first eigenvectors of the Laplacian diag(s1) − s (the second alone: Fiedler,
    1973); two classes change sides, those that lessen the cut most, while any do (after Kernighan and Lin, 1970); the
    least of these cuts. No draw, and not always the least of all.
    """
    s = _both_ways(confusion)
    vectors = np.linalg.eigh(np.diag(s.sum(1)) - s)[1][:, 1 : 1 + STARTS].T
    found = [_exchanged(s, np.argsort(way, kind="stable")[: len(s) // 2]) for v in vectors for way in (v, -v)]
    return min(found, key=lambda halves: across(confusion, halves))


def across(confusion: Confusion, halves: Halves) -> float:
    """Of all confusion of two classes the share that lies between the halves; 5/9 on average of halves of ten."""
    s = _both_ways(confusion)
    a, b = halves
    return float(2 * s[np.ix_(a, b)].sum() / s.sum())


def _exchanged(s: Confusion, a: Int[ndarray, "half"]) -> Halves:
    side = np.where(np.isin(np.arange(len(s)), a), 1.0, -1.0)
    while True:
        a, b = np.flatnonzero(side > 0), np.flatnonzero(side < 0)
        outward = -side * (s @ side)  # what a class has across the cut, less what it has on its side
        gain = outward[a][:, None] + outward[b] - 2 * s[np.ix_(a, b)]
        one, other = np.unravel_index(int(gain.argmax()), gain.shape)
        if gain[one, other] <= 1e-12 * s.sum():
            return a.tolist(), b.tolist()
        side[[a[one], b[other]]] *= -1


def _both_ways(confusion: Confusion) -> Confusion:
    s = confusion + confusion.T
    np.fill_diagonal(s, 0)
    return s
