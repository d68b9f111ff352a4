"""Learning rates as functions of progress, 0 at the first step and 1 at the end."""

import math

WARM = 0.1
"""The share of the steps in which a rate rises."""


def warmed_cosine(progress: float) -> float:
    """Rises from near 0 in a straight line, in the first tenth, and falls as (1 + cos πp)/2 to 0 at the end.

    Loshchilov and Hutter, 2017, eq. 5, without restarts; the warm-up: Goyal et al., 2017, section 2.2. What it is worth
    here, with AdamW's short memory, stands in bench/descent.md.
    """
    return min(1.0, (progress + 1e-3) / WARM) * 0.5 * (1 + math.cos(math.pi * progress))
