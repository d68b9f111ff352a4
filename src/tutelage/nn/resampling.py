"""Images to twice their size through the filter [1, 3, 3, 1]. Karras et al., 2020, appendix B.

As matrix products over rows and columns: the gradient of torch's own resampling differs on a GPU from run to run, and
these can be differentiated twice.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

TAPS = (0.125, 0.375, 0.375, 0.125)


class Resampled(nn.Module):
    """An image whose rows and columns go through one matrix each: `across` of its columns, `down` of its rows."""

    down: Tensor
    across: Tensor

    def __init__(self, down: Float[Tensor, "out h"], across: Float[Tensor, "out w"]) -> None:
        super().__init__()
        self.register_buffer("down", down, persistent=False)
        self.register_buffer("across", across.T.contiguous(), persistent=False)

    def forward(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c hh ww"]:
        told: Tensor = self.down.to(x.dtype) @ (x @ self.across.to(x.dtype))
        return told


def doubled(height: int, width: int) -> Resampled:
    """Zeros between the pixels, then the filter, twice as strong: a constant stays one, but at the rim."""
    return Resampled(_doubling(height), _doubling(width))


def smoothed(height: int, width: int) -> Resampled:
    """What a transposed convolution of kernel 3 and stride 2 leaves, 2n + 1 a side, to 2n; twice as strong."""
    return Resampled(_smoothing(height), _smoothing(width))


def _doubling(n: int) -> Float[Tensor, "twice n"]:
    """Pixel i between its rim at 2i and 2i + 2: so the middle stays in the middle."""
    matrix = torch.zeros(2 * n, n)
    for i in range(n):
        for k, tap in enumerate(TAPS, start=-1):
            if 0 <= 2 * i + k < 2 * n:
                matrix[2 * i + k, i] = 2 * tap
    return matrix


def _smoothing(n: int) -> Float[Tensor, "twice more"]:
    matrix = torch.zeros(2 * n, 2 * n + 1)
    for i in range(2 * n):
        for k, tap in enumerate(TAPS, start=-1):
            if 0 <= i + k <= 2 * n:
                matrix[i, i + k] = 2 * tap
    return matrix
