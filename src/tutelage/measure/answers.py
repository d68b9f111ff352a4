"""How well tasks are told: the share of right classes, or the share of a number's variance that is explained."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from tutelage.measure import regression


def quality(told: Float[ndarray, "n"], y: Float[ndarray, "n"], *, number: bool) -> tuple[str, float]:
    """The metric's name, `r2` of a number and `accuracy` of classes, and its value where y is not NaN."""
    of = ~np.isnan(y)
    if number:
        return "r2", regression.scores(told[of, None], y[of, None])["r2"]
    return "accuracy", float(np.mean(told[of] == y[of]))


def probed(
    z: Float[ndarray, "n dim"],
    y: Float[ndarray, "n"],
    asked: Float[ndarray, "m dim"],
    *,
    classes: int,
    strengths: Sequence[float],
) -> Float[ndarray, "m"]:
    """A probe's answers, from the codes of examples whose y is not NaN; 0 classes: a number.

    Ridge regression, of classes on their indicators: one probe for both, in closed form; leaving one out chooses the
    strength of its L2 penalty.
    """
    of = ~np.isnan(y)
    known = np.eye(classes)[y[of].astype(int)] if classes else y[of, None]
    told = regression.ridge(z[of], known, asked, strengths=strengths)
    return np.asarray(told.argmax(1) if classes else told[:, 0], float)
