"""What each layer of an encoder makes of images, as codes for a probe. After Zhang, Isola and Efros, 2016."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from tutelage.nn.conv import Encoder, GridPool


def outputs(encoder: Encoder, x: Float[Tensor, "n c h w"], *, grid: int) -> dict[str, Float[Tensor, "n dim"]]:
    """`1` and `2`: after the convolutions, averaged in grid × grid cells a channel; `code`: the code itself."""
    told: dict[str, Tensor] = {}
    z = x
    with torch.no_grad():
        for layer in encoder.layers:
            z = layer(z)
            if isinstance(layer, nn.ReLU):
                told[str(len(told) + 1)] = GridPool(z.shape[2], z.shape[3], grid).to(z.device)(z).flatten(1)
    return {**told, "code": z}
