"""The adversarial pair: who makes images of noise, and who tells them from real ones. Goodfellow et al., 2014.

Not one descent: each player steps down what the game makes it pay, so `update` is written here. No label is seen.
"""

import copy
import json
from pathlib import Path
from typing import Annotated, Any, Literal

import torch
from annotated_types import Ge
from jaxtyping import Float, Int
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt, model_validator
from torch import Generator, Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm
from torch.optim import AdamW, Optimizer

from tutelage import params, streams
from tutelage.data.batches import Batch
from tutelage.errors import Mistake
from tutelage.nn import weights
from tutelage.nn.conv import Encoder
from tutelage.nn.generators import ConvGenerator, DenseGenerator
from tutelage.nn.maxout import MaxoutEncoder
from tutelage.objectives import adversarial
from tutelage.training.learner import Learner, Logs

Share = Annotated[float, Field(ge=0, lt=1)]


class Rates(params.Block):
    """Each player's learning rate, AdamW's at its highest."""

    generator: PositiveFloat
    discriminator: PositiveFloat


class Play(params.Block):
    """How two players play, whatever their nets."""

    loss: Literal["minimax", "non_saturating", "least_squares", "hinge", "wasserstein"]  # what each player descends
    latent: PositiveInt  # numbers in z
    gradient_penalty: NonNegativeFloat  # λ: draws slopes between real and fake towards 1; 0 for none
    r1: NonNegativeFloat  # γ: draws slopes at real images towards 0; 0 for none
    lazy: PositiveInt  # a penalty is asked for every so many steps, and weighs so many times as much then
    average: Share  # decay of the generator's moving average, which makes the samples; 0: the generator itself
    learning_rate: Rates
    betas: tuple[Share, Share]  # AdamW's memory of gradients and of their squares, of both players

    @property
    def bounded(self) -> bool:
        """Whether something keeps the discriminator from being as steep as it likes."""
        return self.gradient_penalty > 0 or self.r1 > 0

    @model_validator(mode="after")
    def _slopes(self) -> "Play":
        if self.loss == "wasserstein" and not self.bounded:
            raise ValueError("wasserstein bounds no slope by itself; write gradient_penalty: 10")
        return self


class Params(Play):
    """One entry of the block `gans`."""

    nets: Literal["mlp", "conv"]  # mlp: dense, the discriminator of maxout | conv: the discriminator is f and a head
    hidden: tuple[PositiveInt, PositiveInt]  # of the generator's two hidden layers: mlp: units | conv: channels
    pieces: Annotated[int, Ge(2)]  # mlp: linear maps of which a unit of maxout takes the largest
    spectral: bool  # the discriminator's matrices are divided by their largest singular values
    ahead: PositiveInt  # steps the discriminator takes alone, to see what is left of the generator's gradient

    @property
    def bounded(self) -> bool:
        return self.spectral or super().bounded

    def fits(self, encoder: params.Encoder, key: str) -> None:
        """Raises Mistake where channels make no groups."""
        if self.nets == "conv" and any(channels % encoder.groups for channels in self.hidden):
            raise Mistake(
                f"params.yaml: {key}.hidden = {list(self.hidden)}: encoder.groups = {encoder.groups} must divide both"
            )


class Gan(Learner):
    """Σ ln D(x) + ln(1 − D(G(z))), the discriminator's to maximise and the generator's to minimise; or another game."""

    steps: Int[Tensor, ""]

    def __init__(self, block: Play, generator: nn.Module, encoder: nn.Module, head: nn.Sequential) -> None:
        super().__init__(learning_rate=0, weight_decay=0)
        self.block, self.game = block, adversarial.GAMES[block.loss]
        self.generator, self.average = generator, copy.deepcopy(generator).requires_grad_(False)
        self.encoder, self.head = encoder, head
        self.register_buffer("steps", torch.zeros((), dtype=torch.int64))

    def optimizers(self) -> dict[str, Optimizer]:
        """Two of AdamW, one a player."""
        rates, betas = self.block.learning_rate.model_dump(), self.block.betas
        return {
            player: AdamW(learned, rates[player], betas, weight_decay=0, fused=True)
            for player, learned in self._players().items()
        }

    def update(self, batch: Batch, optimizers: dict[str, Optimizer]) -> Logs:
        """The discriminator steps, then the generator, about the same fakes; `noise` is a column, [n, 1, latent].

        A player without an optimiser stands still, and its gradient is told.
        """
        real, fake = batch["x"], self.fakes(batch)
        seen_real, seen_fake = self.logit(torch.cat([real, fake.detach()])).float().chunk(2)
        discriminator_loss = self.game.real(seen_real).mean() + self.game.fake(seen_fake).mean()
        penalty = self._penalty(real, fake.detach())
        logs = self._descend("discriminator", discriminator_loss + penalty, optimizers)
        generator_loss = self.game.generator(self.logit(fake).float()).mean()
        logs |= self._descend("generator", generator_loss + self.regular(batch), optimizers)
        with torch.no_grad():
            for mean, weight in zip(self.average.parameters(), self.generator.parameters(), strict=True):
                mean.lerp_(weight, 1 - self.block.average)
        self.steps += 1
        boundary = 0 if self.game.anchored else (seen_real.mean() + seen_fake.mean()) / 2
        logs |= {
            "loss": discriminator_loss + penalty,
            "discriminator_loss": discriminator_loss,
            "generator_loss": generator_loss,
            "penalty": penalty,
            "real_accuracy": (seen_real > boundary).float().mean(),
            "fake_accuracy": (seen_fake <= boundary).float().mean(),
        }
        return {name: value.detach() for name, value in logs.items()}

    def fakes(self, batch: Batch) -> Float[Tensor, "n c h w"]:
        """What the generator makes of a batch's noise."""
        image: Tensor = self.generator(batch["noise"][:, 0])
        return image

    def regular(self, batch: Batch) -> Float[Tensor, ""]:
        """What the generator pays beside the game: here nothing."""
        return batch["x"].new_zeros(())

    def logit(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n"]:
        """What the discriminator tells of an image: above 0 it takes it for real."""
        told: Tensor = self.head(self.encoder(x))
        return told.squeeze(1)

    def encode(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n width"]:
        """What the discriminator makes of an image before it judges."""
        code: Tensor = self.encoder(x)
        return code

    def decode(self, z: Float[Tensor, "n latent"]) -> Float[Tensor, "n c h w"]:
        image: Tensor = self.average(z)
        return image

    def sample(self, n: int, generator: Generator) -> Float[Tensor, "n c h w"]:
        z = torch.randn(n, self.block.latent, generator=generator)
        return self.decode(z.to(next(self.parameters()).device))

    def _penalty(self, real: Float[Tensor, "n c h w"], fake: Float[Tensor, "n c h w"]) -> Float[Tensor, ""]:
        block, penalty = self.block, real.new_zeros(())
        if int(self.steps) % block.lazy:
            return penalty
        if block.r1:
            penalty = penalty + block.lazy * block.r1 * adversarial.r1(self.logit, real).mean()
        if block.gradient_penalty:
            # A batch comes in a random order: shares spread evenly over it are as good as drawn, and steadier.
            share = (torch.arange(len(real), device=real.device) + 0.5) / len(real)
            steep = adversarial.gradient_penalty(self.logit, real=real, fake=fake, share=share).mean()
            penalty = penalty + block.lazy * block.gradient_penalty * steep
        return penalty

    def _descend(self, player: str, loss: Float[Tensor, ""], optimizers: dict[str, Optimizer]) -> Logs:
        """One step of one player; the other's weights get no gradient, which would be thrown away."""
        learned = self._players()[player]
        for weight in learned:
            weight.grad = None
        with torch.autocast(loss.device.type, enabled=False):
            loss.backward(inputs=learned)
        if player in optimizers:
            optimizers[player].step()
        return {f"{player}_gradient": nn.utils.get_total_norm([w.grad for w in learned if w.grad is not None])}

    def _players(self) -> dict[str, list[nn.Parameter]]:
        return {
            "discriminator": [*self.encoder.parameters(), *self.head.parameters()],
            "generator": list(self.generator.parameters()),
        }


class Ahead(Gan):
    """The discriminator plays alone, to see what of the generator's gradient is left when it gets ahead.

    Arjovsky and Bottou, 2017, figure 2.
    """

    def optimizers(self) -> dict[str, Optimizer]:
        return {"discriminator": super().optimizers()["discriminator"]}


def build(block: Params, encoder: params.Encoder, shape: tuple[int, int, int], seed: int, kind: type[Gan] = Gan) -> Gan:
    """One as it is born from `seed`, for images of `shape` (channel, height, width).

    Raises Mistake for images of a size that convolutions cannot make, and for channels that make no groups.
    """
    _, height, width = shape
    generator: nn.Module
    f: nn.Module
    if block.nets == "conv" and (height % 4 or width % 4):
        raise Mistake(
            f"params.yaml: gans: nets = conv makes images whose sides are multiples of 4, and these are "
            f"{height}×{width}; bring them to such a size by images.resize, or write mlp"
        )
    block.fits(encoder, "gans")
    with streams.born(seed, "generator"):
        if block.nets == "conv":
            generator = ConvGenerator(shape, latent=block.latent, channels=block.hidden, groups=encoder.groups)
        else:
            generator = DenseGenerator(shape, latent=block.latent, hidden=block.hidden)
    with streams.born(seed, "discriminator"):
        if block.nets == "conv":
            f = Encoder(shape, **encoder.model_dump())
        else:
            f = MaxoutEncoder(shape, hidden=block.hidden[0], pieces=block.pieces, width=encoder.width)
        head = nn.Sequential(nn.LeakyReLU(0.2), nn.Linear(encoder.width, 1))
        if block.spectral:  # Miyato et al., 2018
            for layer in [*f.modules(), *head.modules()]:
                if isinstance(layer, nn.Conv2d | nn.Linear):
                    spectral_norm(layer)
    return kind(block, generator, f, head)


def load(models: Path, arm: str, seed: int) -> Gan:
    """One as its stage left it, to be asked and not taught."""
    told: dict[str, Any] = json.loads((models / "about.json").read_text(encoding="utf-8"))
    block = params.parse(Params, "gan", told, models / "about.json")
    encoder = params.parse(params.Encoder, "encoder", told, models / "about.json")
    learner = build(block, encoder, tuple(told["shape"]), seed)
    weights.give(learner, models / f"{arm}-{seed}.safetensors")
    return learner.eval()
