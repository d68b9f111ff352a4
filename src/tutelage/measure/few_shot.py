"""Episodes asked about: by the means of the shots' codes, by a linear head on them, by a learner itself.

All episodes of a call are solved together, and accuracy is told of each.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from tutelage.measure import exam
from tutelage.objectives import prototypes

Rows = Int[Tensor, "episode way example"]


def nearest(z: Float[Tensor, "n dim"], rows: Rows, shots: int) -> Float[Tensor, "episode"]:
    """The class whose mean code is nearest, in double precision."""
    codes = z.double()[rows.to(z.device)]
    return prototypes.accuracy(prototypes.log_p(codes[:, :, :shots], codes[:, :, shots:]))


def linear(z: Float[Tensor, "n dim"], rows: Rows, shots: int, *, strength: float) -> Float[Tensor, "episode"]:
    """Logistic regression on codes standardised by the shots', Σ −ln p + ½ strength ‖W‖²."""
    codes = z.double()[rows.to(z.device)]
    support, queries = codes[:, :, :shots].flatten(1, 2), codes[:, :, shots:].flatten(1, 2)
    mean, spread = support.mean(1, keepdim=True), support.std(1, keepdim=True, correction=0)
    spread = torch.where(spread > 0, spread, 1)
    weights = fitted((support - mean) / spread, rows.shape[1], strength=strength)
    told = with_one((queries - mean) / spread) @ weights
    return prototypes.accuracy(told.unflatten(1, (rows.shape[1], -1)))


def directly(learner: exam.Predicts, x: Float[Tensor, "n ..."], rows: Int[Tensor, "way example"], shots: int) -> float:
    """One episode's queries as a learner tells them itself."""
    asked = x[rows[:, shots:].to(x.device)]
    with torch.no_grad():
        told = learner.predict(asked.flatten(0, 1))
    return float(prototypes.accuracy(told.unflatten(0, asked.shape[:2])))


def fitted(
    x: Float[Tensor, "episode n dim"], way: int, *, strength: float, tolerance: float = 1e-3
) -> Float[Tensor, "episode more way"]:
    """The weights of logistic regression, the last row its constants, which are free; examples lie class by class.

    All episodes by one accelerated descent until no slope is above the tolerance. Nesterov, 2004, section 2.2.1.
    """
    one = with_one(x)
    truth = torch.eye(way, dtype=x.dtype, device=x.device).repeat_interleave(x.shape[1] // way, 0)
    free = torch.ones(one.shape[2], 1, dtype=x.dtype, device=x.device)
    free[-1] = 0
    # The loss curves by no more than half the largest eigenvalue of x'x.
    step = 1 / (torch.linalg.matrix_norm(one, 2).square() / 2 + strength)[:, None, None]
    momentum = (1 - (strength * step).sqrt()) / (1 + (strength * step).sqrt())
    weights = before = one.new_zeros(len(x), one.shape[2], way)
    for _ in range(2000):
        ahead = weights + momentum * (weights - before)
        slope = one.transpose(1, 2) @ ((one @ ahead).softmax(2) - truth) + strength * free * ahead
        before, weights = weights, ahead - step * slope
        if slope.abs().amax() < tolerance:
            break
    return weights


def with_one(x: Float[Tensor, "episode n dim"]) -> Float[Tensor, "episode n more"]:
    return torch.cat([x, torch.ones_like(x[:, :, :1])], 2)
