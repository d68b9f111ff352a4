"""What happens or not, told by what else would learn it, and judged where one of the two is rare.

Beside `regressors`: parameters in [−1, 1], and p that it happens.
"""

import warnings
from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.gaussian_process.kernels import ConstantKernel, Matern
from sklearn.metrics import roc_auc_score

from tutelage.measure import calibration, classification, probes

Ask = Callable[[Float[ndarray, "m parameter"]], Float[ndarray, "m"]]
LEAST = 1e-12
"""Of a probability: what is certain and wrong costs 28 nats and not all there are."""


def base_rate(x: Float[ndarray, "n parameter"], y: Float[ndarray, "n"]) -> Ask:
    """How often it happened, whatever is asked: the floor."""
    return lambda asked: np.full(len(asked), y.mean())


def linear(x: Float[ndarray, "n parameter"], y: Float[ndarray, "n"], *, strengths: Sequence[float], folds: int) -> Ask:
    """Logistic regression; cross-validation chooses among `strengths`."""
    return lambda asked: np.exp(probes.linear(x, y.astype(np.int64), asked, strengths=strengths, folds=folds)[:, 1])


def gaussian_process(x: Float[ndarray, "n parameter"], y: Float[ndarray, "n"]) -> Ask:
    """Laplace's approximation, Matérn's kernel 5/2 with a length for each parameter. Rasmussen, 2006, ch. 3."""
    lengths = Matern(np.ones(x.shape[1]), (1e-1, 1e3), nu=2.5)
    common = ConstantKernel(1.0, (1e-3, 1e3))  # how rare it is: the latent function's mean is 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a length at its bound: the parameter hardly matters
        fitted = GaussianProcessClassifier(ConstantKernel(1.0, (1e-3, 1e3)) * lengths + common).fit(x, y)
    return lambda asked: np.asarray(fitted.predict_proba(asked)[:, 1])


def boosting(x: Float[ndarray, "n parameter"], y: Float[ndarray, "n"], *, trees: int, learning_rate: float) -> Ask:
    """Boosted trees of the log-odds."""
    grow = HistGradientBoostingClassifier(max_iter=trees, learning_rate=learning_rate, early_stopping=False)
    fitted = grow.fit(x, y)
    return lambda asked: np.asarray(fitted.predict_proba(asked)[:, 1])


def scores(p: Float[ndarray, "n"], y: Float[ndarray, "n"], rate: float) -> dict[str, float]:
    """Log-likelihood, and who is told apart; accuracy says little, for so is whoever never says the rarer.

    Balanced accuracy is of a threshold at `rate`, how often it happened among what was learned from: at ½ hardly any
    rare event would be told. The area is that under the curve of hits by false alarms.
    """
    p = np.clip(p, LEAST, 1 - LEAST)
    log_p, came = np.log(np.column_stack([1 - p, p])), y.astype(np.int64)
    return {
        "nll": calibration.nll(log_p, came),
        "balanced_accuracy": classification.balanced_accuracy(log_p - np.log([1 - rate, rate]), came),
        "area": float(roc_auc_score(came, p)),
        "accuracy": classification.accuracy(log_p, came),
        "brier": calibration.brier(log_p, came),
    }
