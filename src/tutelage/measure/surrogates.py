"""How well a simulator's answers are told: errors in the answers' own deviations, and whether doubt is as large."""

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

NORMAL = 1.96
"""Standard deviations either side within which 95 % of a normal distribution lie."""


def deviations(
    answers: Float[ndarray, "n answer"], halves: Float[ndarray, "n"]
) -> tuple[Float[ndarray, "answer"], Float[ndarray, "answer"]]:
    """Standard deviations of answers: among all runs, and among those of one half, about its own mean."""
    about = answers.copy()
    for half in np.unique(halves):
        about[halves == half] -= answers[halves == half].mean(0)
    return answers.std(0), np.sqrt((about**2).mean(0))


def errors(
    told: Float[ndarray, "n answer"], truth: Float[ndarray, "n answer"], deviation: Float[ndarray, "answer"]
) -> Float[ndarray, "answer"]:
    """Root mean squared error of each answer as a share of its deviation. Raises ValueError where shapes differ."""
    if told.shape != truth.shape:
        raise ValueError(f"answers of shapes {told.shape} and {truth.shape}")
    return np.sqrt(((told - truth) ** 2).mean(0)) / np.where(deviation > 0, deviation, 1)


def coverage(
    told: Float[ndarray, "n answer"], spread: Float[ndarray, "n answer"], truth: Float[ndarray, "n answer"]
) -> float:
    """The share of truths within `NORMAL` spreads of what was told: .95 where doubt is as large as error."""
    return float((np.abs(told - truth) <= NORMAL * spread).mean())


def jumped(
    answers: Float[ndarray, "m answer"],
    halves: Float[ndarray, "m"],
    inside: Float[ndarray, "n answer"],
    inside_halves: Float[ndarray, "n"],
) -> Bool[ndarray, "m"]:
    """Which runs answer as another half of the region does: they are nearer to its mean than to their own half's."""
    deviation = np.where(inside.std(0) > 0, inside.std(0), 1)
    kinds = np.unique(inside_halves)
    means = np.stack([inside[inside_halves == half].mean(0) for half in kinds])
    away = (((answers[:, None] - means) / deviation) ** 2).sum(2)
    return np.isin(halves, kinds) & (kinds[away.argmin(1)] != halves)
