"""How much of a network, or of its codes, is exactly nothing."""

from collections.abc import Sequence

import torch
from torch import Tensor


def zeros(numbers: Sequence[Tensor]) -> float:
    """The share of the numbers that are exactly 0."""
    return float(torch.cat([part.detach().flatten() for part in numbers]).eq(0).double().mean())
