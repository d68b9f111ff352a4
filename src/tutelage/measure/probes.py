"""Probes: what simple classifiers make of codes and few labels."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier

SOLVER = "newton-cg"  # to the minimum in a few steps: two to nine times as fast as lbfgs, whose last steps are small
Codes = Float[NDArray[np.floating], "n dim"]


def linear(
    z: Codes,
    y: Int[NDArray[np.int64], "n"],
    asked: Codes,
    *,
    strengths: Sequence[float],
    folds: int,
    views: Float[NDArray[np.floating], "view n dim"] | None = None,
) -> Float[NDArray[np.float64], "m class"]:
    """Logistic regression on standardised codes: ln p of each class for each code that is asked about.

    The strength of its L2 penalty is chosen among `strengths` by cross-validation inside these labels, by their
    log-likelihood; where a class has a single label there is none to choose by, and it is the middle one.
    With `views`, codes of the same examples as they might also have looked, the choice is z's and these teach, each
    with its share of an example's weight.
    """
    mean, spread = z.mean(0), z.std(0)
    spread[spread == 0] = 1
    z, asked = (z - mean) / spread, (asked - mean) / spread
    fewest = int(np.bincount(y).min())
    inverse = [1 / strength for strength in strengths]
    if fewest < 2:
        chosen = inverse[len(inverse) // 2]
        probe = LogisticRegression(C=chosen, solver=SOLVER, max_iter=1000).fit(z, y)
    else:
        parts = StratifiedKFold(min(folds, fewest))
        probe = LogisticRegressionCV(
            Cs=inverse,
            cv=parts,
            scoring="neg_log_loss",
            solver=SOLVER,
            max_iter=1000,
            l1_ratios=(0,),
            use_legacy_attributes=False,
        ).fit(z, y)
        chosen = probe.C_
    if views is not None:
        every, share = (np.concatenate(views) - mean) / spread, np.full(len(views) * len(y), 1 / len(views))
        probe = LogisticRegression(C=chosen, solver=SOLVER, max_iter=1000).fit(every, np.tile(y, len(views)), share)
    scores = probe.decision_function(asked).astype(np.float64)
    each = scores if scores.ndim > 1 else np.stack([np.zeros_like(scores), scores], 1)  # of two classes there is one
    # Not the logarithm of probabilities, which underflow: few labels can leave a sparse number next to no spread, and
    # others' codes are then thousands of deviations away.
    told: Float[NDArray[np.float64], "m class"] = log_softmax(each, axis=1)
    return told


def linear_of_some(
    z: Codes,
    y: Int[NDArray[np.int64], "n"],
    asked: Codes,
    *,
    classes: int,
    strengths: Sequence[float],
    folds: int,
) -> Float[NDArray[np.float64], "m class"]:
    """The same where labels may lack some of the classes: such a class is never told, its ln p is −∞."""
    there, number = np.unique(y, return_inverse=True)
    told = np.full((len(asked), classes), -np.inf)
    told[:, there] = linear(z, number, asked, strengths=strengths, folds=folds) if len(there) > 1 else 0
    return told


def nearest(
    z: Codes, y: Int[NDArray[np.int64], "n"], asked: Codes, *, neighbours: int
) -> Float[NDArray[np.float64], "m class"]:
    """The shares of the classes among the nearest codes by Euclidean distance: ln (share + ε) of each.

    As many neighbours as are asked for, at most as many as the smallest class has. A class with none of them gets
    ε = 1e-3 before all are made to sum to 1, else one surprise costs ∞.
    """
    shares = KNeighborsClassifier(min(neighbours, int(np.bincount(y).min()))).fit(z, y).predict_proba(asked) + 1e-3
    told: Float[NDArray[np.float64], "m class"] = np.log(shares / shares.sum(1, keepdims=True))
    return told
