"""What a network costs, in numbers that are the same on every machine."""

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode


def weights(module: nn.Module) -> int:
    """How many numbers it has learned or could learn."""
    return sum(weight.numel() for weight in module.parameters())


def operations(module: nn.Module, one: Tensor) -> int:
    """Multiplications and additions of one forward pass of `one` example, convolutions and matrix products only."""
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        module(one)
    return int(counter.get_total_flops())


def of(learner: nn.Module, encoder: nn.Module, one: Tensor) -> dict[str, int]:
    """The weights that were learned, and the operations of encoding one example."""
    return {"weights": weights(learner), "operations": operations(encoder, one)}
