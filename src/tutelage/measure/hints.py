"""Whether privileged information holds the label itself, or nothing that is not in x as well."""

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray
from sklearn.feature_selection import mutual_info_classif

Numbers = Float[NDArray[np.float64], "n dim"]
HELD = 0.98  # of y's entropy: a column of x* that tells more is taken for the label
FEW = 20  # values: a column that has no more is taken for one of kinds, and its information is counted


def information(star: Numbers, y: Int[NDArray[np.int64], "n"]) -> Float[NDArray[np.float64], "dim"]:
    """Of each column the mutual information with y, as a share of y's entropy; 1 where it holds the label.

    Counted where values are few, else by neighbours (Ross, 2014), which is off by a few hundredths.
    """
    star = np.where(np.isnan(star), np.nanmean(star, 0), star)  # where a cell is not known its column's mean stands
    shares = np.bincount(y) / len(y)
    entropy = -(shares[shares > 0] * np.log(shares[shares > 0])).sum()
    kinds = np.array([len(np.unique(column)) <= FEW for column in star.T])
    columns = [np.unique(c, return_inverse=True)[1] if few else c for c, few in zip(star.T, kinds, strict=True)]
    ranked = np.stack(columns, 1)
    told: NDArray[np.float64] = mutual_info_classif(ranked, y, discrete_features=kinds, random_state=0)
    return told / entropy


def shared(x: Numbers, star: Numbers) -> list[tuple[int, int]]:
    """Columns of x and of x* that are the same, pair by pair; one that says the same of all is not meant."""
    places = {column.tobytes(): i for i, column in reversed(list(enumerate(x.T))) if np.ptp(column)}
    return [(places[own.tobytes()], j) for j, own in enumerate(star.T) if own.tobytes() in places]
