"""Several losses at once: how the tasks' losses, or their gradients, become one."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor


def each_example(costs: Float[Tensor, "n task"]) -> Float[Tensor, ""]:
    """Σ_t Σ_i L_t / n: a task weighs as much as it has examples; costs are 0 where an example is not of the task."""
    return costs.sum() / len(costs)


def each_task(costs: Float[Tensor, "n task"], known: Bool[Tensor, "n task"]) -> Float[Tensor, "task"]:
    """Each task's own mean over the examples that are of it; 0 where none is."""
    return costs.sum(0) / known.sum(0).clamp(min=1)


def uncertain(
    losses: Float[Tensor, "task"], log_variances: Float[Tensor, "task"], number: Bool[Tensor, "task"]
) -> Float[Tensor, "task"]:
    """a_t exp(−s_t) L_t + s_t/2, s_t = ln σ_t² learned; a is ½ for squared errors and 1 for cross-entropies.

    Kendall, Gal and Cipolla, 2018: eq. 5 to 7 for numbers, where it is −ln of a normal density less a constant; eq. 10
    for classes, where it approximates −ln of a softmax at temperature σ². Least at s = ln L for numbers and ln 2L for
    classes.
    """
    return torch.where(number, 0.5, 1.0).to(losses.dtype) * torch.exp(-log_variances) * losses + 0.5 * log_variances


def projected(gradients: Float[Tensor, "task weight"], order: Int[Tensor, "task task"]) -> Float[Tensor, "task weight"]:
    """Each task's gradient less what of it opposes another's, for others in the order of the task's row.

    g_i ← g_i − (g_i·g_j / |g_j|²) g_j wherever g_i·g_j < 0, g_j as it was. Yu et al., 2020, algorithm 1, which steps
    along the sum over i.
    """
    made = gradients.clone()
    squares = gradients.square().sum(1)
    for i, others in enumerate(order.tolist()):
        for j in others:
            along = made[i] @ gradients[j]
            if i != j and along < 0:  # never of a gradient that is 0
                made[i] -= along / squares[j] * gradients[j]
    return made
