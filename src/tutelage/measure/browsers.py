"""A plane of two latent numbers as files from which a page, without a library, decodes any point of it."""

import copy
import json
from typing import Protocol

import torch
from jaxtyping import Float, Int
from safetensors.torch import save
from torch import Tensor, nn
from torch.nn import functional

from tutelage.measure import latent

FAITHFUL = 1 / 255  # how far a pixel of [0, 1] may lie from the decoder's own
WHOLE = 2**15 - 1
SIDE = 50  # cells of the density


class Plane(Protocol):
    def encode(self, x: Float[Tensor, "n c h w"], /) -> Float[Tensor, "n 2"]: ...
    def posterior(self, x: Float[Tensor, "n c h w"], /) -> tuple[Float[Tensor, "n 2"], Float[Tensor, "n 2"]]: ...


def files(
    learner: Plane, decoder: nn.Module, x: Float[Tensor, "n c h w"], y: Int[Tensor, "n"], *, sigmoid: bool
) -> dict[str, bytes]:
    """What report/explorers.py shows: the decoder, the codes of x as shares of the prior with their class, the density.

    `decoder` is the learner's, from z to pixels or, where a sigmoid ends `decode`, to what comes before it.
    """
    places = zip(latent.shares(learner, x).tolist(), y.tolist(), strict=True)
    codes = [[round(across, 4), round(up, 4), kind] for (across, up), kind in places]
    return {
        "decoder.safetensors": packed(decoder, sigmoid=sigmoid),
        "codes.json": (json.dumps(codes) + "\n").encode(),
        "density.json": density(learner, x),
    }


def density(learner: Plane, x: Float[Tensor, "n c h w"]) -> bytes:
    """How dense the codes of x are over the plane, as rows of multiples of the prior."""
    with torch.no_grad():
        told = latent.density(*learner.posterior(x), SIDE)
    return (json.dumps([[round(cell, 3) for cell in row] for row in told.tolist()]) + "\n").encode()


def packed(decoder: nn.Module, *, sigmoid: bool) -> bytes:
    """A decoder's layers as safetensors: weights as whole numbers of 16 bits, to be multiplied by their unit's scale.

    Of as many bytes as float16 and several times as near, since a unit's weights are of one size. Metadata say the
    images' shape and the end. Raises ValueError where a page could not decode the same: other layers than linear ones
    with ReLU between them, or pixels farther than FAITHFUL from the decoder's own.
    """
    linear = _layers(decoder)
    layers: dict[str, Tensor] = {}
    for at, layer in enumerate(linear):
        weight = layer.weight.detach().cpu().float()
        scale = (weight.abs().amax(1) / WHOLE).clamp(min=torch.finfo(torch.float32).tiny)
        whole = (weight / scale[:, None]).round().short()
        bias = layer.bias.detach().cpu().float().contiguous()
        layers |= {f"{at}.weight": whole, f"{at}.scale": scale, f"{at}.bias": bias}
    z = latent.grid(101).flatten(0, 1).double()
    with torch.no_grad():  # in doubles: the products of floats may be of bfloat16
        told: Tensor = copy.deepcopy(decoder).cpu().double()(z)
    off = float((_pixels(told, sigmoid) - _pixels(_forward(layers, z), sigmoid)).abs().max())
    if not off <= FAITHFUL:
        raise ValueError(f"{type(decoder).__name__}: in 16 bits, layer after layer, pixels are off by {off:.3g}")
    known = json.dumps({"shape": list(told.shape[1:]), "sigmoid": sigmoid})
    return save(layers, metadata={"decoder": known})  # one entry: the order of several is no order


def _layers(decoder: nn.Module) -> list[nn.Linear]:
    leaves = [part for part in decoder.modules() if not any(part.children())]
    if isinstance(leaves[-1], nn.Unflatten):
        leaves.pop()
    linear, between = leaves[::2], leaves[1::2]
    if not (
        len(leaves) % 2
        and all(isinstance(part, nn.Linear) and part.bias is not None for part in linear)
        and all(isinstance(part, nn.ReLU) for part in between)
    ):
        raise ValueError(
            f"{type(decoder).__name__}: a page decodes linear layers with ReLU between them and nothing else"
        )
    if linear[0].in_features != 2:
        raise ValueError(f"{type(decoder).__name__}: a plane has two latent numbers, not {linear[0].in_features}")
    return [part for part in linear if isinstance(part, nn.Linear)]


def _forward(layers: dict[str, Tensor], z: Float[Tensor, "n 2"]) -> Float[Tensor, "n pixel"]:
    last = len(layers) // 3 - 1
    for at in range(last + 1):
        weight = layers[f"{at}.scale"][:, None] * layers[f"{at}.weight"]
        z = functional.linear(z, weight.double(), layers[f"{at}.bias"].double())
        z = z.relu() if at < last else z
    return z


def _pixels(told: Float[Tensor, "n ..."], sigmoid: bool) -> Float[Tensor, "n pixel"]:
    return (told.sigmoid() if sigmoid else told).flatten(1).clamp(0, 1)
