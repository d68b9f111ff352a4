"""The convolutional encoder f that every image paradigm shares."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class GridPool(nn.Module):
    """Averages any height × width into grid × grid cells, cut as `nn.AdaptiveAvgPool2d` cuts them.

    As one matrix product, because that layer's gradient on a GPU differs from run to run.
    """

    cells: Tensor  # a column a cell: the share of each pixel in its average

    def __init__(self, height: int, width: int, grid: int) -> None:
        super().__init__()
        self.register_buffer("cells", torch.kron(_cells(height, grid), _cells(width, grid)).T, persistent=False)

    def forward(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c cell"]:
        return x.flatten(2) @ self.cells.to(x.dtype)


class Encoder(nn.Module):
    """Two stride-2 convolutions with GroupNorm, a grid of averages, one linear layer.

    `shape` is (channels, height, width) of an image, `width` the numbers in a code.
    """

    def __init__(
        self, shape: tuple[int, int, int], *, channels: tuple[int, int], kernel: int, groups: int, grid: int, width: int
    ) -> None:
        super().__init__()
        c, height, side = shape
        first, second = channels
        height, side = -(-height // 4), -(-side // 4)  # each stride 2 halves, rounding up
        self.width = width
        self.layers = nn.Sequential(
            nn.Conv2d(c, first, kernel, stride=2, padding=kernel // 2),
            nn.GroupNorm(groups, first),
            nn.ReLU(),
            nn.Conv2d(first, second, kernel, stride=2, padding=kernel // 2),
            nn.GroupNorm(groups, second),
            nn.ReLU(),
            GridPool(height, side, grid),
            nn.Flatten(),
            nn.Linear(second * grid * grid, width),
        )

    def forward(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n width"]:
        code: Tensor = self.layers(x)
        return code

    def born(self) -> None:
        """Draws all weights anew, as they were drawn when it was made."""
        for layer in self.layers:
            if isinstance(layer, nn.Conv2d | nn.GroupNorm | nn.Linear):
                layer.reset_parameters()


def _cells(size: int, grid: int) -> Float[Tensor, "grid size"]:
    cells = torch.zeros(grid, size)
    for cell in range(grid):
        first, last = cell * size // grid, -(-(cell + 1) * size // grid)
        cells[cell, first:last] = 1 / (last - first)
    return cells
