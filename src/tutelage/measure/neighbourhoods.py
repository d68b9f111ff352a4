"""Whether who is near in one space is near in another."""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from sklearn import manifold

Points = Float[NDArray[np.floating], "n dim"]


def trustworthiness(x: Points, z: Points, *, neighbours: int) -> float:
    """1 where the nearest of every z are among the nearest of its x, less for strangers. Venna and Kaski, 2001."""
    return float(manifold.trustworthiness(x, z, n_neighbors=neighbours))
