"""Autoencoders: an image through a narrow code and back. Linear, deep, tied, sparse, denoising.

Hinton and Salakhutdinov, 2006; Vincent et al., 2008 (denoising); Baldi and Hornik, 1989 (linear is PCA).
"""

import json
from math import prod
from pathlib import Path
from typing import Any, Literal

import torch
from jaxtyping import Float
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt, model_validator
from torch import Tensor, nn
from torch.optim import Optimizer

from tutelage import params, streams
from tutelage.data import augmentation, views
from tutelage.data.batches import Batch, View
from tutelage.errors import Mistake
from tutelage.nn import dense, weights
from tutelage.nn.conv import Encoder
from tutelage.nn.mirror import Linear, Mirror
from tutelage.objectives import principal, reconstruction, sparsity
from tutelage.training.learner import Learner, Logs

LOSSES = {
    "squared": reconstruction.squared,
    "bernoulli": reconstruction.bernoulli,
    "absolute": reconstruction.absolute,
}
PROXIMAL = {"weights_l1": sparsity.soft_threshold, "weights_l2": sparsity.shrink}


class Noise(params.Block):
    """What the encoder sees instead of the image; the loss is against the image itself."""

    kind: Literal["none", "gaussian", "masking", "views"]
    strength: NonNegativeFloat  # gaussian: standard deviation, a pixel is in [0, 1]; masking: share of pixels set to 0
    views: augmentation.Strength | None  # views: how far one may lie from its image

    @model_validator(mode="after")
    def _within(self) -> "Noise":
        if self.kind == "masking" and self.strength >= 1:
            raise ValueError(f"strength is {self.strength}; masking hides a share of the pixels, from 0 to below 1")
        if self.kind in ("none", "views") and self.strength:
            raise ValueError(f"kind is {self.kind} and strength is {self.strength}; write 0, or a kind of noise")
        if (self.kind == "views") != (self.views is not None):
            raise ValueError(f"kind is {self.kind}; views are null unless it is views, which needs them")
        return self

    def view(self) -> View | None:
        """What gives a batch its column `noisy`; none for no noise."""
        if self.kind != "views":
            return views.noise(self.kind, self.strength)
        assert self.views is not None
        extent = self.views
        return lambda batch, draws: {**batch, "noisy": augmentation.seen(batch["x"], extent, draws)}


class Penalty(params.Block):
    """What is to be few: weights (by a proximal step after each descent step), or active numbers in a code."""

    kind: Literal["none", "weights_l1", "weights_l2", "codes_l1", "codes_rate"]
    strength: NonNegativeFloat
    rate: float = Field(gt=0, lt=1)  # codes_rate: the share of examples for which a unit of the code should be active


class Params(params.Block):
    """One entry of the block `autoencoders`."""

    kind: Literal["pca", "linear", "deep"]  # pca: in closed form; deep: the shared encoder and decoder
    tied: bool  # the decoder's weights are the encoder's, transposed
    code: Literal["linear", "sigmoid"]  # what the code's numbers pass through
    loss: Literal["squared", "bernoulli", "absolute"]
    noise: Noise
    penalty: Penalty
    learning_rate: PositiveFloat
    weight_decay: NonNegativeFloat

    @model_validator(mode="after")
    def _fits(self) -> "Params":
        if self.kind == "pca" and (self.code != "linear" or self.loss != "squared"):
            raise ValueError("pca has a linear code and squared loss")
        if self.penalty.kind == "codes_rate" and self.code != "sigmoid":
            raise ValueError("penalty.kind codes_rate needs code: sigmoid, which keeps a unit's activity within (0, 1)")
        if self.penalty.kind == "codes_l1" and self.code != "linear":
            raise ValueError("penalty.kind codes_l1 needs code: linear; a sigmoid makes no number exactly 0")
        return self

    def with_strength(self, strength: float) -> "Params":
        """The same with a stronger or weaker penalty."""
        return self.model_copy(update={"penalty": self.penalty.model_copy(update={"strength": strength})})


class Sweeps(params.Block):
    """The block `sweeps`: entries of `autoencoders` with one number varied."""

    presentations: PositiveInt  # of a fit with another strength; one with another width has the budget's
    widths: params.Distinct[PositiveInt]  # of the codes of deep and pca
    strengths: dict[str, tuple[NonNegativeFloat, ...]]  # of the penalty of these entries


class Autoencoder(Learner):
    """Σ L(g(f(x̃)), x) + penalty; x̃ is x, or what noise left of it."""

    def __init__(self, block: Params, encoder: Linear | Encoder, decoder: nn.Module) -> None:
        super().__init__(learning_rate=block.learning_rate, weight_decay=block.weight_decay)
        self.encoder, self.decoder = encoder, decoder
        self.penalty, self.code, self.pixels = block.penalty, block.code, block.loss

    def loss(self, batch: Batch) -> tuple[Tensor, Logs]:
        z = self.encode(batch.get("noisy", batch["x"]))
        distortion = LOSSES[self.pixels](self.decoder(z), batch["x"]).mean()
        logs = {"loss": distortion, "reconstruction": distortion}
        if self.penalty.kind == "codes_l1":
            logs["penalty"] = sparsity.l1(z).mean()
        elif self.penalty.kind == "codes_rate":
            logs["penalty"] = sparsity.rate_divergence(z, target=self.penalty.rate)
        if "penalty" in logs:
            logs["loss"] = distortion + self.penalty.strength * logs["penalty"]
        return logs["loss"], logs

    def update(self, batch: Batch, optimizers: dict[str, Optimizer]) -> Logs:
        """One descent step and, where weights are to be few, their proximal step at the same rate."""
        logs = super().update(batch, optimizers)
        if self.penalty.kind in PROXIMAL:
            (optimizer,) = optimizers.values()
            by = optimizer.param_groups[0]["lr"] * self.penalty.strength
            with torch.no_grad():
                for weight in self.matrices():
                    weight.copy_(PROXIMAL[self.penalty.kind](weight, by))
        return logs

    def matrices(self) -> list[nn.Parameter]:
        """The weights that a penalty on weights is on: kernels and matrices, no biases and no norms."""
        return [weight for weight in self.parameters() if weight.ndim > 1]

    def encode(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n width"]:
        z: Tensor = self.encoder(x)
        if self.penalty.kind == "codes_l1":  # shrunk towards 0 by the penalty's strength: else no number is exactly 0
            z = sparsity.soft_threshold(z, self.penalty.strength)
        return z.sigmoid() if self.code == "sigmoid" else z

    def decode(self, z: Float[Tensor, "n width"]) -> Float[Tensor, "n c h w"]:
        told: Tensor = self.decoder(z)
        return told.sigmoid() if self.pixels == "bernoulli" else told

    def reconstruct(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h w"]:
        return self.decode(self.encode(x))


def build(
    block: Params, encoder: params.Encoder, decoder: params.Decoder, shape: tuple[int, int, int], seed: int
) -> Autoencoder:
    """An autoencoder as it is born from `seed`, for images of `shape`. Raises Mistake for a code wider than those."""
    narrow(encoder.width, shape, "encoder.width")
    with streams.born(seed, "encoder"):
        f = Encoder(shape, **encoder.model_dump()) if block.kind == "deep" else Linear(shape, width=encoder.width)
    with streams.born(seed, "decoder"):
        if block.tied or block.kind == "pca":
            g: nn.Module = Mirror(f, shape)
        elif block.kind == "linear":
            g = nn.Sequential(nn.Linear(encoder.width, prod(shape)), nn.Unflatten(1, shape))
        else:
            g = dense.Decoder(shape, hidden=decoder.hidden, width=encoder.width)
    return Autoencoder(block, f, g)


def narrow(width: int, shape: tuple[int, int, int], key: str) -> None:
    """Raises Mistake, which names the key, for a code wider than an image of `shape`."""
    if width > prod(shape):
        raise Mistake(f"params.yaml: {key} is {width}, and an image has {prod(shape)} numbers; narrow it")


def solve(learner: Autoencoder, x: Float[Tensor, "n c h w"]) -> None:
    """Gives a linear and tied learner the principal components of x: what its descent would come to at last."""
    linear, mirror = learner.encoder.layers[-1], learner.decoder
    assert isinstance(linear, nn.Linear)
    assert isinstance(mirror, Mirror)
    directions = principal.components(x.flatten(1), learner.encoder.width)
    mean = x.flatten(1).double().mean(0)
    with torch.no_grad():
        linear.weight.copy_(directions)
        linear.bias.copy_(-directions @ mean)
        mirror.biases[0].copy_(mean)


def about(models: Path) -> dict[str, Any]:
    """What the stage says of the models it leaves: its params, the seeds, the images' shape."""
    told: dict[str, Any] = json.loads((models / "about.json").read_text(encoding="utf-8"))
    return told


def load(models: Path, arm: str, seed: int) -> Autoencoder:
    """An autoencoder as its stage left it, to be asked and not taught."""
    told = about(models)
    block = params.parse(Params, "autoencoder", told, models / "about.json")
    encoder = params.parse(params.Encoder, "encoder", told, models / "about.json")
    decoder = params.parse(params.Decoder, "decoder", told, models / "about.json")
    learner = build(block, encoder, decoder, tuple(told["shape"]), seed)
    weights.give(learner, models / f"{arm}-{seed}.safetensors")
    return learner.eval()


def vectoriser(models: Path, arm: str, seed: int) -> Encoder:
    """The encoder f as its autoencoder left it. Raises Mistake for an autoencoder that has another."""
    encoder = load(models, arm, seed).encoder
    if not isinstance(encoder, Encoder):
        raise Mistake(f"params.yaml: autoencoders.{arm} has a matrix for its encoder; `embedded` needs kind: deep")
    return encoder
