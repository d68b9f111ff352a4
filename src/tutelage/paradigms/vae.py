"""The variational autoencoder. Kingma and Welling, 2014; β: Higgins et al., 2017; K samples: Burda et al., 2016."""

import json
import math
from pathlib import Path
from typing import Any, Literal

import torch
from jaxtyping import Float
from pydantic import NonNegativeFloat, PositiveFloat, PositiveInt
from torch import Generator, Tensor

from tutelage import params, streams
from tutelage.data.batches import Batch
from tutelage.nn import weights
from tutelage.nn.conv import Encoder
from tutelage.nn.dense import Decoder
from tutelage.objectives import reconstruction, variational
from tutelage.paradigms import autoencoder
from tutelage.training.learner import Learner, Logs


class Params(params.Block):
    """One entry of the block `vae`."""

    pixels: Literal["bernoulli", "gaussian"]  # p(x|z): ink that is there or not, or a grey with normal noise
    sigma: PositiveFloat  # gaussian: the noise's standard deviation, a pixel is in [0, 1]
    latent: PositiveInt  # numbers in z
    beta: NonNegativeFloat  # weight of the rate; 1 is the evidence lower bound
    samples: PositiveInt  # of z an image; more than 1: the importance-weighted bound, which knows no beta
    presentations: PositiveInt | None  # of examples to the encoder in all; null: the budget's
    learning_rate: PositiveFloat
    weight_decay: NonNegativeFloat


class Vae(Learner):
    """Σ [E_q −ln p(x|z) + β KL(q(z|x) ‖ N(0, 1))]: distortion and rate, both in nats an image."""

    def __init__(self, block: Params, encoder: Encoder, decoder: Decoder) -> None:
        super().__init__(learning_rate=block.learning_rate, weight_decay=block.weight_decay)
        self.encoder, self.decoder = encoder, decoder
        self.pixels, self.sigma, self.beta, self.latent = block.pixels, block.sigma, block.beta, block.latent

    def loss(self, batch: Batch) -> tuple[Tensor, Logs]:
        """`noise` is a column, [n, samples, latent]: so the loss is a function of its batch."""
        x, noise = batch["x"], batch["noise"].transpose(0, 1)
        mean, log_variance = self.posterior(x)
        z = mean + (0.5 * log_variance).exp() * noise
        distortion = torch.stack([self.distortion(one, x) for one in z])
        rate = variational.kl(mean, log_variance).mean()
        logs = {"distortion": distortion.mean(), "rate": rate}
        if len(z) == 1:
            logs["loss"] = logs["distortion"] + self.beta * rate
        else:
            logs["loss"] = -variational.importance_weighted(self._log_weights(z, mean, log_variance, distortion)).mean()
        return logs["loss"], logs

    def posterior(self, x: Float[Tensor, "n c h w"]) -> tuple[Float[Tensor, "n latent"], Float[Tensor, "n latent"]]:
        """q(z|x): its mean and the logarithm of its variance."""
        mean, log_variance = self.encoder(x).chunk(2, dim=1)
        return mean, log_variance

    def distortion(self, z: Float[Tensor, "n latent"], x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n"]:
        """−ln p(x|z) in nats. Of grey pixels bernoulli's is a cross-entropy and no likelihood."""
        told = self.decoder(z)
        if self.pixels == "bernoulli":
            return reconstruction.bernoulli(told, x)
        noise = x[0].numel() * math.log(self.sigma * math.sqrt(2 * math.pi))
        return 0.5 / self.sigma**2 * reconstruction.squared(told, x) + noise

    def encode(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n latent"]:
        return self.posterior(x)[0]

    def decode(self, z: Float[Tensor, "n latent"]) -> Float[Tensor, "n c h w"]:
        told: Tensor = self.decoder(z)
        return told.sigmoid() if self.pixels == "bernoulli" else told

    def reconstruct(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h w"]:
        return self.decode(self.encode(x))

    def sample(self, n: int, generator: Generator) -> Float[Tensor, "n c h w"]:
        z = torch.randn(n, self.latent, generator=generator)
        return self.decode(z.to(next(self.parameters()).device))

    def log_weights(
        self, x: Float[Tensor, "n c h w"], samples: int, generator: Generator, block: int = 1000
    ) -> Float[Tensor, "samples n"]:
        """ln p(x, z)/q(z|x) in nats of so many samples of each image, decoded in blocks."""
        mean, log_variance = self.posterior(x)
        parts = []
        for first in range(0, samples, max(1, block // len(x))):
            k = min(max(1, block // len(x)), samples - first)
            noise = torch.stack([torch.randn(mean.shape, generator=generator) for _ in range(k)])  # whatever the block
            z = mean + (0.5 * log_variance).exp() * noise.to(x.device)
            distortion = self.distortion(z.flatten(0, 1), x.repeat(k, 1, 1, 1)).view(k, len(x))
            parts.append(self._log_weights(z, mean, log_variance, distortion))
        return torch.cat(parts)

    def _log_weights(self, z: Tensor, mean: Tensor, log_variance: Tensor, distortion: Tensor) -> Tensor:
        prior = variational.log_normal(z, torch.zeros_like(z), torch.zeros_like(z))
        return prior - distortion - variational.log_normal(z, mean, log_variance)


def build(
    block: Params, encoder: params.Encoder, decoder: params.Decoder, shape: tuple[int, int, int], seed: int
) -> Vae:
    """One as it is born from `seed`, for images of `shape` (channel, height, width)."""
    autoencoder.narrow(block.latent, shape, "vae: latent")
    with streams.born(seed, "encoder"):
        f = Encoder(shape, **encoder.model_dump() | {"width": 2 * block.latent})
    with streams.born(seed, "decoder"):
        g = Decoder(shape, hidden=decoder.hidden, width=block.latent)
    return Vae(block, f, g)


def load(models: Path, arm: str, seed: int) -> Vae:
    """One as its stage left it, to be asked and not taught."""
    told: dict[str, Any] = json.loads((models / "about.json").read_text(encoding="utf-8"))
    block = params.parse(Params, f"vae.{arm}", told, models / "about.json")
    encoder = params.parse(params.Encoder, "encoder", told, models / "about.json")
    decoder = params.parse(params.Decoder, "decoder", told, models / "about.json")
    learner = build(block, encoder, decoder, tuple(told["shape"]), seed)
    weights.give(learner, models / f"{arm}-{seed}.safetensors")
    return learner.eval()
