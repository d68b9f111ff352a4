"""The health of codes: do they spread, and in how many directions?"""

import torch
from jaxtyping import Float
from torch import Tensor


def spread(z: Float[Tensor, "n dim"]) -> float:
    """The mean over dimensions of the codes' standard deviation; 0 where every example has one code."""
    return float(z.double().std(0).mean())


def deviation(z: Float[Tensor, "n dim"]) -> float:
    """√ of the mean over dimensions of the codes' variance: one unit for all their numbers, whichever way they lie."""
    return float(z.std(0).square().mean().sqrt())


def shift(moved: Float[Tensor, "n dim"], z: Float[Tensor, "n dim"]) -> float:
    """E|z̃ − z|² / E|z − E z|²: how far codes were moved, as a share of how far they lie apart; 1 is lost."""
    apart = (z - z.mean(0)).double().square().sum(1).mean()
    return float((moved - z).double().square().sum(1).mean() / apart)


def effective_rank(z: Float[Tensor, "n dim"]) -> float:
    """exp(−Σ p log p), p the singular values of the centred codes as shares of their sum. Roy and Vetterli, 2007.

    From 1 (one direction) to the width; 0 where every example has one code.
    """
    values = torch.linalg.svdvals((z - z.mean(0)).double())
    if values.sum() == 0:
        return 0.0
    return float(torch.special.entr(values / values.sum()).sum().exp())


def health(z: Float[Tensor, "n dim"]) -> dict[str, float]:
    """Whether codes spread, and in how many directions."""
    return {"spread": spread(z), "effective_rank": effective_rank(z)}
