"""Full-batch descent by SciPy's L-BFGS, in double precision: for what must be taken to its very minimum."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from tutelage.data.batches import Batch
from tutelage.training.learner import Learner


def descend(learner: Learner, batch: Batch, *, iterations: int, tolerance: float) -> int:
    """Takes a learner in double precision down its loss on one batch; returns how many iterations that took.

    It ends early where an iteration lessens the loss by no more than that share of it. Liu and Nocedal, 1989.
    """
    learned = [weight for weight in learner.parameters() if weight.requires_grad]

    def cost(at: NDArray[np.float64], /) -> tuple[float, NDArray[np.float64]]:
        vector_to_parameters(torch.as_tensor(at), learned)
        loss, _ = learner.loss(batch)
        slopes = torch.autograd.grad(loss, learned)
        slope: NDArray[np.float64] = parameters_to_vector(slopes).numpy()
        return loss.item(), slope

    start = parameters_to_vector(learned).detach().numpy()
    options: Any = {"maxiter": iterations, "maxfun": 2 * iterations, "maxcor": 20, "ftol": tolerance, "gtol": 0.0}
    found = minimize(cost, start, jac=True, method="L-BFGS-B", options=options)
    with torch.no_grad():
        vector_to_parameters(torch.as_tensor(found.x), learned)
    return int(found.nit)
