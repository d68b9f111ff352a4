"""What else would learn numbers from a few numbers: Gaussian process, boosted trees, a straight line, their mean.

They stand with what judges, as the rows between which a net is read; all learn standardised answers from parameters in
[−1, 1], and give answers back in their units.
"""

import warnings
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
from sklearn.linear_model import RidgeCV


class Told(NamedTuple):
    """Answers, and their standard deviations where a way knows them."""

    answers: Float[ndarray, "m answer"]
    spread: Float[ndarray, "m answer"] | None


Ask = Callable[[Float[ndarray, "m parameter"]], Told]
"""A way that has learned."""


def mean(x: Float[ndarray, "n parameter"], y: Float[ndarray, "n answer"]) -> Ask:
    """The mean of what it saw, whatever is asked: the floor."""
    return lambda asked: Told(np.repeat(y.mean(0)[None], len(asked), axis=0), None)


def linear(x: Float[ndarray, "n parameter"], y: Float[ndarray, "n answer"], *, strengths: Sequence[float]) -> Ask:
    """Ridge regression; leaving one out chooses among `strengths`, for each answer its own."""
    z, middle, deviation = _standard(y)
    fitted = RidgeCV(strengths, alpha_per_target=True).fit(x, z)
    return lambda asked: Told(_columns(fitted.predict(asked), asked) * deviation + middle, None)


def gaussian_process(x: Float[ndarray, "n parameter"], y: Float[ndarray, "n answer"], *, fitted_on: int) -> Ask:
    """Matérn's kernel 5/2, a length for each parameter, and noise; one kernel for all answers. Rasmussen, 2006, ch. 4.

    Its likelihood is maximised on the first `fitted_on` rows and all are then conditioned on.
    """
    z, middle, deviation = _standard(y)
    lengths = Matern(np.ones(x.shape[1]), (1e-2, 1e3), nu=2.5)
    kernel = ConstantKernel(1.0, (1e-3, 1e5)) * lengths + WhiteKernel(1e-6, (1e-12, 1e-1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a length at its bound: the parameter hardly matters
        fitted = GaussianProcessRegressor(kernel).fit(x[:fitted_on], z[:fitted_on])
        if len(x) > fitted_on:
            fitted = GaussianProcessRegressor(fitted.kernel_, optimizer=None).fit(x, z)

    def ask(asked: Float[ndarray, "m parameter"]) -> Told:
        told, spread = (_columns(column, asked) for column in fitted.predict(asked, return_std=True))
        return Told(told * deviation + middle, spread * deviation)

    return ask


def boosting(
    x: Float[ndarray, "n parameter"],
    y: Float[ndarray, "n answer"],
    *,
    trees: int,
    learning_rate: float,
    left: float,
) -> Ask:
    """Boosted trees for each principal component of the answers, which leave out at most a share `left` of variance."""
    z, middle, deviation = _standard(y)
    scores, strengths, directions = np.linalg.svd(z, full_matrices=False)
    missing = 1 - np.cumsum(strengths**2) / (strengths**2).sum()
    kept = int(np.argmax(missing <= left)) + 1
    grow = partial(HistGradientBoostingRegressor, max_iter=trees, learning_rate=learning_rate, early_stopping=False)
    fitted = [grow().fit(x, scores[:, k] * strengths[k]) for k in range(kept)]

    def ask(asked: Float[ndarray, "m parameter"]) -> Told:
        told = np.column_stack([one.predict(asked) for one in fitted]) @ directions[:kept]
        return Told(told * deviation + middle, None)

    return ask


def _columns(told: Float[ndarray, "..."], asked: Float[ndarray, "m parameter"]) -> Float[ndarray, "m answer"]:
    """A single answer has its column too: an (m,) less an (m, 1) would be an (m, m)."""
    return told.reshape(len(asked), -1)


def _standard(
    y: Float[ndarray, "n answer"],
) -> tuple[Float[ndarray, "n answer"], Float[ndarray, "answer"], Float[ndarray, "answer"]]:
    middle, deviation = y.mean(0), y.std(0)
    deviation[deviation == 0] = 1
    return (y - middle) / deviation, middle, deviation
