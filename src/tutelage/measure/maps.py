"""How well a map shows what it was taught: how near, in what order, what is torn apart.

Descriptions of the sample that was learned from, not promises for others.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.spatial import distance


class Ranks(NamedTuple):
    """The places one site's examples take among another's neighbours, from the nearest, 1; those equally far share."""

    first: Float[ndarray, "a b"]
    last: Float[ndarray, "a b"]


class Space(NamedTuple):
    """A sample as measures ask of it: how far apart its examples are, and which is whose how-many-th nearest."""

    apart: Float[ndarray, "n n"]
    ranks: Ranks


class Grid(NamedTuple):
    """The nodes of a map: how far apart they are on it, and which are next to each other."""

    r: Float[ndarray, "k k"]
    near: Bool[ndarray, "k k"]


def distances(x: Float[ndarray, "n m"], w: Float[ndarray, "k m"]) -> Float[ndarray, "n k"]:
    """ρ(x, w) from the differences themselves: exact to the last digits."""
    return distance.cdist(x, w)


def quantization_error(rho: Float[ndarray, "n k"]) -> float:
    """The mean distance of an example to its winner."""
    return float(rho.min(1).mean())


def topographic_error(rho: Float[ndarray, "n k"], near: Bool[ndarray, "k k"]) -> float:
    """The share of examples whose winner and next best are no neighbours on the map. Kiviluoto, 1996."""
    first, second = np.argsort(rho, axis=1, kind="stable")[:, :2].T
    return float(1 - near[first, second].mean())


def purity(node: Int[ndarray, "n"], y: Int[ndarray, "n"]) -> float:
    """The share of examples whose class is the commonest of their node. It grows with the number of nodes."""
    table = np.zeros((node.max() + 1, y.max() + 1))
    np.add.at(table, (node, y), 1)
    return float(table.max(1).sum() / len(y))


def ranks(d: Float[ndarray, "site site"], count: Int[ndarray, "site"]) -> Ranks:
    """Of the examples at each site among the neighbours of one at another, itself not counted; rows are the asking."""
    order = np.argsort(d, axis=1, kind="stable")
    sorted_, held = np.take_along_axis(d, order, 1), count[order].cumsum(1).astype(float)
    new = np.diff(sorted_, axis=1, prepend=-1) > 1e-9 * (1 + sorted_)  # distances that differ by rounding are equal
    before = np.concatenate([np.zeros((len(d), 1)), held[:, :-1]], 1)
    first = np.maximum.accumulate(np.where(new, before, 0), 1)
    closes = np.concatenate([new[:, 1:], np.ones((len(d), 1), bool)], 1)
    last = np.minimum.accumulate(np.where(closes, held, np.inf)[:, ::-1], 1)[:, ::-1]
    told = Ranks(np.empty_like(d, dtype=float), np.empty_like(d, dtype=float))
    np.put_along_axis(told.first, order, first + 1 - (sorted_ > 0), 1)
    np.put_along_axis(told.last, order, last - 1, 1)
    return told


def of(sites: Ranks, node: Int[ndarray, "n"]) -> Ranks:
    """From ranks between nodes those between the examples that sit there."""
    return Ranks(*(rank[node[:, None], node] for rank in sites))


def trustworthiness(space: Ranks, shown: Ranks, k: int) -> float:
    """1 − 2/(nk(2n − 3k − 1)) Σ_i Σ_{j among k nearest of i as shown} max(0, rank of j in space − k).

    Venna and Kaski, 2001. Those equally far (all of one node are) share their places: the expectation over the orders
    they could stand in. With space and shown exchanged it is continuity.
    """
    n = len(space.first)
    ties = shown.last - shown.first + 1
    within = np.clip(k - shown.first + 1, 0, ties) / np.maximum(ties, 1)
    from_ = np.maximum(space.first, k + 1)
    beyond = np.maximum(space.last - from_ + 1, 0) * (from_ + space.last - 2 * k) / 2
    excess = beyond / np.maximum(space.last - space.first + 1, 1)
    np.fill_diagonal(within, 0)
    return float(1 - 2 / (n * k * (2 * n - 3 * k - 1)) * (within * excess).sum())


def far_on_map(space: Ranks, shown: Float[ndarray, "n n"], k: int) -> float:
    """The share of pairs (an example, one of its k nearest in space) that are farther apart on the map than half of all
    pairs are."""
    pairs = ~np.eye(len(shown), dtype=bool)
    return float((shown > np.median(shown[pairs]))[pairs & (space.first <= k)].mean())


def far_in_space(rho: Float[ndarray, "n n"], together: Bool[ndarray, "n n"]) -> float:
    """The share of pairs at one node, or at neighbouring ones, that are farther apart in space than half of all are."""
    pairs = ~np.eye(len(rho), dtype=bool)
    return float((rho > np.median(rho[pairs]))[pairs & together].mean())


def space(x: Float[ndarray, "n m"]) -> Space:
    """Of a sample, once for all its maps."""
    apart = distances(x, x)
    return Space(apart, ranks(apart, np.ones(len(x), int)))


def measures(space: Space, grid: Grid, rho: Float[ndarray, "n k"], y: Int[ndarray, "n"], k: int) -> dict[str, float]:
    """All of one map by name, from the distances of its examples to its nodes."""
    node = rho.argmin(1)
    shown = of(ranks(grid.r, np.bincount(node, minlength=len(grid.r))), node)
    between = node[:, None], node
    return {
        "quantization_error": quantization_error(rho),
        "topographic_error": topographic_error(rho, grid.near),
        "trustworthiness": trustworthiness(space.ranks, shown, k),
        "continuity": trustworthiness(shown, space.ranks, k),
        "purity": purity(node, y),
        "far_on_map": far_on_map(space.ranks, grid.r[between], k),
        "far_in_space": far_in_space(space.apart, (grid.near | (grid.r == 0))[between]),
    }
