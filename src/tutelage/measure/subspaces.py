"""How far apart two subspaces lie."""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy.linalg import subspace_angles


def angle(a: Float[NDArray[np.floating], "k dim"], b: Float[NDArray[np.floating], "k dim"]) -> float:
    """The largest principal angle between the row spaces, in degrees: 0 where they are one. Björck and Golub, 1973."""
    return float(np.degrees(subspace_angles(a.T, b.T)[0]))
