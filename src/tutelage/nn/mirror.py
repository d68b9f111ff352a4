"""Decoders whose weights are the encoder's own, transposed; only their biases are new."""

from math import prod

import torch
import torch.nn.functional as F  # noqa: N812
from jaxtyping import Float
from torch import Tensor, nn

from tutelage.nn.conv import Encoder, GridPool


class Linear(nn.Module):
    """An image's numbers times one matrix: the linear encoder."""

    def __init__(self, shape: tuple[int, int, int], *, width: int) -> None:
        super().__init__()
        self.width = width
        self.layers = nn.Sequential(nn.Flatten(), nn.Linear(prod(shape), width))

    def forward(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n width"]:
        code: Tensor = self.layers(x)
        return code


class Mirror(nn.Module):
    """The way back through an encoder, layer by layer; `shape` is (channels, height, width) of an image."""

    def __init__(self, encoder: Linear | Encoder, shape: tuple[int, int, int]) -> None:
        super().__init__()
        self.shape = shape
        self._encoder = (encoder,)  # in a tuple, so that its weights are not counted and saved twice
        if isinstance(encoder, Linear):
            self.biases = nn.ParameterList([torch.zeros(prod(shape))])
            self.norms = nn.ModuleList()
            return
        convolutions = [layer for layer in encoder.layers if isinstance(layer, nn.Conv2d)]
        linear = encoder.layers[-1]
        assert isinstance(linear, nn.Linear)
        self.biases = nn.ParameterList(
            [torch.zeros(linear.in_features), *(torch.zeros(c.in_channels) for c in reversed(convolutions))]
        )
        groups = [layer.num_groups for layer in encoder.layers if isinstance(layer, nn.GroupNorm)]
        self.norms = nn.ModuleList(
            nn.GroupNorm(g, c.out_channels) for g, c in zip(reversed(groups), reversed(convolutions), strict=True)
        )

    def forward(self, z: Float[Tensor, "n width"]) -> Float[Tensor, "n c h w"]:
        (encoder,) = self._encoder
        if isinstance(encoder, Linear):
            linear = encoder.layers[-1]
            assert isinstance(linear, nn.Linear)
            return F.linear(z, linear.weight.T, self.biases[0]).unflatten(1, self.shape)
        first, _, _, second, _, _, pool, _, linear = encoder.layers
        assert isinstance(linear, nn.Linear)
        _, height, width = self.shape
        half = (-(-height // 2), -(-width // 2))
        quarter = (-(-height // 4), -(-width // 4))
        h = F.linear(z, linear.weight.T, self.biases[0]).unflatten(1, (second.out_channels, -1))
        h = F.relu(self.norms[0](_spread(pool, h).unflatten(2, quarter)))
        h = F.relu(self.norms[1](_back(second, h, self.biases[1], half)))
        return _back(first, h, self.biases[2], (height, width))


def _spread(pool: nn.Module, cells: Float[Tensor, "n c cell"]) -> Float[Tensor, "n c pixel"]:
    """Gives every pixel the mean of the cells it was counted in."""
    assert isinstance(pool, GridPool)
    share = pool.cells / pool.cells.sum(1, keepdim=True)
    return cells @ share.T.to(cells.dtype)


def _back(convolution: nn.Module, h: Tensor, bias: Tensor, size: tuple[int, int]) -> Tensor:
    assert isinstance(convolution, nn.Conv2d)
    kernel, padding, stride = convolution.kernel_size[0], int(convolution.padding[0]), convolution.stride[0]
    rows, columns = (
        to - ((came - 1) * stride - 2 * padding + kernel) for to, came in zip(size, h.shape[2:], strict=True)
    )
    return F.conv_transpose2d(
        h, convolution.weight, bias, stride=stride, padding=padding, output_padding=(rows, columns)
    )
