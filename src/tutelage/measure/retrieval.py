"""Retrieval: who among many is most like one that is asked about."""

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

Codes = Float[NDArray[np.floating], "n dim"]


def found(z: Codes, asked: Codes, first: int) -> Int[NDArray[np.int64], "m first"]:
    """For each code that is asked about the nearest of all others, nearest first."""
    told: Int[NDArray[np.int64], "m first"] = (
        NearestNeighbors(n_neighbors=first).fit(z).kneighbors(asked, return_distance=False)
    )
    return told


def precision(labels: Int[NDArray[np.int64], "m first"], y: Int[NDArray[np.int64], "m"]) -> float:
    """The share of what was found that is of the class that was asked about: precision at `first`."""
    return float((labels == y[:, None]).mean())
