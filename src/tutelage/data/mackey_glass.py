"""A series that is chaotic because it hangs on its own past: blood cells by Mackey and Glass, 1977."""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray


def slope(x: float, past: float, *, a: float, b: float) -> float:
    """dx/dt = b x(t − τ)/(1 + x(t − τ)¹⁰) − a x; at rest at x = (b/a − 1)^(1/10), and at 0."""
    return b * past / (1 + past**10) - a * x


def series(
    length: int, *, a: float, b: float, tau: float, steps: int, start: float, dropped: int
) -> Float[NDArray[np.float64], "length"]:
    """x at t = dropped, dropped + 1, … of a series that was `start` up to t = 0; `steps` make a unit of time.

    By the fourth-order Runge–Kutta rule. Halfway through a step the past is on the cubic through the ends of a step
    and their slopes (Hermite), which keeps the order; the past of the step's beginning, often taken, makes it 1. Kinks
    at t = 0, τ, 2τ, … are at ends of steps. Raises ValueError where τ is not of whole steps.
    """
    back = round(tau * steps)
    if back < 1 or abs(back - tau * steps) > 1e-9:
        raise ValueError(f"a delay of {tau} is not of whole steps of 1/{steps}")
    h = 1 / steps
    x, middles = [start] * (back + 1), [start] * back  # at ends of steps from −τ on, and halfway to each next
    rise = slope(start, start, a=a, b=b)
    for _ in range((dropped + length - 1) * steps):
        now, middle, end = x[-1], middles[-back], x[-back]
        k1 = rise
        k2 = slope(now + h * k1 / 2, middle, a=a, b=b)
        k3 = slope(now + h * k2 / 2, middle, a=a, b=b)
        k4 = slope(now + h * k3, end, a=a, b=b)
        x.append(now + h * (k1 + 2 * k2 + 2 * k3 + k4) / 6)
        rise = slope(x[-1], end, a=a, b=b)
        middles.append((now + x[-1]) / 2 + h * (k1 - rise) / 8)
    return np.array(x[back + dropped * steps :: steps])
