"""How far probabilities can be believed."""

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray


def nll(log_p: Float[ndarray, "n class"], y: Int[ndarray, "n"]) -> float:
    """Negative log-likelihood of the true classes, in nats an example."""
    return float(-log_p[np.arange(len(y)), y].mean())


def brier(log_p: Float[ndarray, "n class"], y: Int[ndarray, "n"]) -> float:
    """Σ_k (p_k − [k = y])², a mean over examples, from 0 to 2. Brier, 1950; many tables halve it for two classes."""
    truth = np.eye(log_p.shape[1])[y]
    return float(((np.exp(log_p) - truth) ** 2).sum(1).mean())


def ece(log_p: Float[ndarray, "n class"], y: Int[ndarray, "n"], bins: int = 15) -> float:
    """Expected calibration error: Σ_b n_b/n · |accuracy_b − confidence_b| over equal bins of confidence.

    Naeini et al., 2015; Guo et al., 2017, eq. 3, whose 15 bins these are.
    """
    confidence = np.exp(log_p.max(1))
    right = log_p.argmax(1) == y
    bin_ = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = np.bincount(bin_, right - confidence, bins)
    return float(np.abs(gaps).sum() / len(y))
