"""How well classes are told apart. Rows of `log_p` are the logarithms of one example's class probabilities."""

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from tutelage.measure import calibration


def accuracy(log_p: Float[ndarray, "n class"], y: Int[ndarray, "n"]) -> float:
    """The share of examples whose likeliest class is theirs."""
    return float(np.mean(log_p.argmax(1) == y))


def recalls(log_p: Float[ndarray, "n class"], y: Int[ndarray, "n"]) -> Float[ndarray, "class"]:
    """Accuracy within each class; NaN for a class that has no example."""
    right, count = np.bincount(y, log_p.argmax(1) == y, log_p.shape[1]), np.bincount(y, minlength=log_p.shape[1])
    return np.divide(right, count, out=np.full(log_p.shape[1], np.nan), where=count > 0)


def balanced_accuracy(log_p: Float[ndarray, "n class"], y: Int[ndarray, "n"]) -> float:
    """The mean of the recalls of the classes that have examples."""
    return float(np.nanmean(recalls(log_p, y)))


def scores(log_p: Float[ndarray, "n class"], y: Int[ndarray, "n"]) -> dict[str, float]:
    """The five numbers every classifier is judged by."""
    log_p = log_p.astype(np.float64)
    return {
        "accuracy": accuracy(log_p, y),
        "balanced_accuracy": balanced_accuracy(log_p, y),
        "nll": calibration.nll(log_p, y),
        "ece": calibration.ece(log_p, y),
        "brier": calibration.brier(log_p, y),
    }
