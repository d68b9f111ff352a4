"""Which classes a learner takes for which."""

import torch
from jaxtyping import Float, Int
from numpy import ndarray
from torch import Tensor

from tutelage.measure.exam import Predicts


def shares(learner: Predicts, x: Float[Tensor, "n ..."], y: Int[Tensor, "n"]) -> Float[ndarray, "class class"]:
    """C_ij: the probability of class j in the mean over examples of class i. Where few answers are wrong, it tells
    more than their counts do."""
    with torch.no_grad():
        p = torch.cat([learner.predict(part) for part in x.split(1000)]).double().exp()
    told: ndarray = torch.stack([p[y == k].mean(0) for k in range(p.shape[1])]).cpu().numpy()
    return told
