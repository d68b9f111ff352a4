"""Learning rates as functions of progress, 0 at the first step and 1 at the end."""

import math


def cosine(progress: float) -> float:
    """(1 + cos πp)/2: from 1 to 0. Loshchilov and Hutter, 2017, eq. 5, without restarts."""
    return 0.5 * (1 + math.cos(math.pi * progress))
