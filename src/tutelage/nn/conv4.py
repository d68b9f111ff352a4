"""The encoder of the few-shot literature, Conv4-64. Vinyals et al., 2016; Snell et al., 2017."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Conv4(nn.Module):
    """Four blocks of a 3×3 convolution, batch normalisation, ReLU and 2×2 max-pooling: of 28×28 pixels 64 numbers.

    Once taught it normalises by the means of training and not by those of the images it is asked about, so that a
    query's answer hangs on no other query.
    """

    def __init__(self, shape: tuple[int, int, int], *, channels: int = 64) -> None:
        super().__init__()
        c, height, side = shape
        self.width = channels * (height // 16) * (side // 16)
        blocks = [self._block(c if k == 0 else channels, channels) for k in range(4)]
        self.layers = nn.Sequential(*blocks, nn.Flatten())
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n width"]:
        code: Tensor = self.layers(x.contiguous(memory_format=torch.channels_last))
        return code

    @staticmethod
    def _block(c: int, channels: int) -> nn.Sequential:
        return nn.Sequential(nn.Conv2d(c, channels, 3, padding=1), nn.BatchNorm2d(channels), nn.ReLU(), nn.MaxPool2d(2))
