"""Classes that belong to classes: how well those above are told, and which of its own it is."""

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray


def scores(
    log_p: Float[NDArray[np.float64], "n k"], y: Int[NDArray[np.int64], "n"], above: Int[NDArray[np.int64], "k"]
) -> dict[str, float]:
    """Means over examples; `above` says of each class to which it belongs.

    −ln p(y) = −ln p(above) − ln p(y | above): who descends the log-loss of y descends both, and `above_nll` and
    `within_nll` add up to it.
    """
    p_above = np.stack([np.exp(log_p[:, above == one]).sum(1) for one in range(above.max() + 1)], 1)
    right = above[y]
    rows = np.arange(len(y))
    above_nll = -np.log(np.maximum(p_above[rows, right], np.finfo(np.float64).tiny))
    return {
        "above_accuracy": float((p_above.argmax(1) == right).mean()),
        "above_nll": float(above_nll.mean()),
        "within_nll": float((-log_p[rows, y] - above_nll).mean()),
    }
