"""How well numbers are told."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float
from numpy import ndarray
from sklearn.linear_model import Ridge, RidgeCV
from torch import Tensor

from tutelage.measure.exam import Predicts


def scores(told: Float[ndarray, "n dim"], y: Float[ndarray, "n dim"]) -> dict[str, float]:
    """`mse`: Σ (ŷ − y)², a mean over examples, in the target's units squared; `r2`: 1 − mse over that of the mean."""
    told, y = told.astype(np.float64), y.astype(np.float64)
    mse = float(((told - y) ** 2).sum(1).mean())
    return {"mse": mse, "r2": 1 - mse / float(((y - y.mean(0)) ** 2).sum(1).mean())}


def direct(learner: Predicts, x: Float[Tensor, "n ..."], y: Float[Tensor, "n dim"]) -> dict[str, float]:
    """Its own predictions against the truth."""
    with torch.no_grad():
        told = learner.predict(x)
    return scores(told.cpu().numpy(), y.cpu().numpy())


def ridge(
    z: Float[ndarray, "n dim"],
    y: Float[ndarray, "n out"],
    asked: Float[ndarray, "m dim"],
    *,
    strengths: Sequence[float],
    views: Float[ndarray, "view n dim"] | None = None,
) -> Float[ndarray, "m out"]:
    """The probe for numbers: ridge regression on standardised codes; leaving one out chooses among `strengths`.

    `views` are what they are to probes.linear.
    """
    mean, spread = z.mean(0), z.std(0)
    spread[spread == 0] = 1
    probe = RidgeCV(strengths).fit((z - mean) / spread, y)
    if views is not None:
        every, share = (np.concatenate(views) - mean) / spread, np.full(len(views) * len(y), 1 / len(views))
        probe = Ridge(probe.alpha_).fit(every, np.tile(y, (len(views), 1)), share)
    told: Float[ndarray, "m out"] = probe.predict((asked - mean) / spread)
    return told.reshape(len(asked), -1)
