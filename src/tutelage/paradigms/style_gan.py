"""The style-based adversarial pair: noise chooses a style, and a style what each layer makes of a constant.

Karras et al., 2019 and 2020. The discriminator is f and a head, as in the plain pair: only the generator differs.
"""

import json
from pathlib import Path
from typing import Annotated, Any

import torch
from annotated_types import Len
from jaxtyping import Float
from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt
from torch import Generator, Tensor, nn

from tutelage import params, streams
from tutelage.data import views
from tutelage.data.batches import Batch, View
from tutelage.errors import Mistake
from tutelage.nn import weights
from tutelage.nn.conv import Encoder
from tutelage.nn.style import StyleGenerator, mixed
from tutelage.objectives import adversarial
from tutelage.paradigms import gan

CENTRE = 4096  # codes whose styles have the mean towards which truncation leads


class PathLength(params.Block):
    """What the generator pays where equal steps of a style move images unequally far."""

    weight: NonNegativeFloat  # 0 for none
    lazy: PositiveInt  # asked for every so many steps, of half a batch, and weighs so many times as much then
    memory: gan.Share  # of the mean length


class Params(gan.Play):
    """The block `style_gan`."""

    seeds: params.Distinct[NonNegativeInt]  # the replicates
    batch_size: PositiveInt
    width: PositiveInt  # numbers in a style w
    depth: PositiveInt  # layers between z and w
    mapping_rate: PositiveFloat  # how fast they move, in others' steps
    channels: Annotated[tuple[PositiveInt, ...], Len(2)]  # of each resolution, each twice the one before
    mixing: Annotated[float, Field(ge=0, le=1)]  # share of the images that are made in two styles
    path_length: PathLength


class StyleGan(gan.Gan):
    """The game of the plain pair; the generator also pays for path lengths that differ."""

    block: Params
    generator: StyleGenerator
    average: StyleGenerator
    length: Float[Tensor, ""]  # the mean of path lengths so far

    def __init__(self, block: Params, generator: StyleGenerator, encoder: nn.Module, head: nn.Sequential) -> None:
        super().__init__(block, generator, encoder, head)
        self.register_buffer("length", torch.zeros(()))

    def view(self) -> View:
        """What its batches must hold beside images."""
        g, block = self.generator.synthesis, self.block
        return views.styles(block.latent, layers=g.styles, pixels=g.pixels, mixing=block.mixing)

    def fakes(self, batch: Batch) -> Float[Tensor, "n c h w"]:
        return self.generator.synthesis(self._styles(batch), batch["pixels"])

    def regular(self, batch: Batch) -> Float[Tensor, ""]:
        """(‖Jᵀy‖ − a)², a the mean so far. Karras et al., 2020, section 3.2."""
        block = self.block.path_length
        if not block.weight or int(self.steps) % block.lazy:
            return batch["x"].new_zeros(())
        half = {name: column[: (len(column) + 1) // 2] for name, column in batch.items()}
        w = self._styles(half).float()  # and the slopes along it, whatever the forward pass is in
        lengths = adversarial.path_lengths(self.generator.synthesis(w, half["pixels"]), w, along=half["along"])
        self.length.lerp_(lengths.detach().mean(), 1 - block.memory)
        return block.lazy * block.weight * (lengths - self.length).square().mean()

    def style(self, z: Float[Tensor, "n latent"], truncation: float = 1) -> Float[Tensor, "n width"]:
        """w̄ + ψ(w − w̄): truncated by ψ below 1, images are likelier and more alike. Karras et al., 2019, appendix B."""
        w: Tensor = self.average.mapping(z)
        if truncation == 1:
            return w
        draws = torch.randn(CENTRE, z.shape[1], generator=streams.generator(0, "centre of styles"))
        return torch.lerp(self.average.mapping(draws.to(z.device)).mean(0), w, truncation)

    def draw(
        self,
        one: Float[Tensor, "n width"],
        other: Float[Tensor, "n width"],
        cut: int,
        noise: Float[Tensor, "n pixels"] | None = None,
    ) -> Float[Tensor, "n c h w"]:
        """The image of one style in the layers before the cut and of another from there on; without noise for None."""
        g = self.average.synthesis
        w = mixed(one, other, torch.full((len(one),), cut, device=one.device), g.styles)
        image: Tensor = g(w, one.new_zeros(len(one), g.pixels) if noise is None else noise)
        return image

    def noise(self, n: int, generator: Generator) -> Float[Tensor, "n pixels"]:
        return torch.randn(n, self.average.synthesis.pixels, generator=generator).to(self.length.device)

    def decode(self, z: Float[Tensor, "n latent"]) -> Float[Tensor, "n c h w"]:
        """Without noise."""
        w = self.style(z)
        return self.draw(w, w, 0)

    def sample(self, n: int, generator: Generator, truncation: float = 1) -> Float[Tensor, "n c h w"]:
        w = self.style(torch.randn(n, self.block.latent, generator=generator).to(self.length.device), truncation)
        return self.draw(w, w, 0, self.noise(n, generator))

    def _styles(self, batch: Batch) -> Float[Tensor, "n style width"]:
        one, other = self.generator.mapping(batch["codes"].flatten(0, 1)).unflatten(0, (-1, 2)).unbind(1)
        return mixed(one, other, batch["cut"], self.generator.synthesis.styles)


def build(block: Params, encoder: params.Encoder, shape: tuple[int, int, int], seed: int) -> StyleGan:
    """One as it is born from `seed`, for images of `shape` (channel, height, width).

    Raises Mistake for images of a size that so many resolutions cannot make.
    """
    _, height, width = shape
    least = 2 ** (len(block.channels) - 1)
    if height % least or width % least:
        raise Mistake(
            f"params.yaml: style_gan: {len(block.channels)} resolutions (channels = {list(block.channels)}) make "
            f"images whose sides are multiples of {least}, and these are {height}×{width}; bring them to such a size "
            "by images.resize, or name fewer channels"
        )
    with streams.born(seed, "generator"):
        g = StyleGenerator(
            shape,
            latent=block.latent,
            width=block.width,
            depth=block.depth,
            rate=block.mapping_rate,
            channels=block.channels,
        )
    with streams.born(seed, "discriminator"):
        f = Encoder(shape, **encoder.model_dump())
        head = nn.Sequential(nn.LeakyReLU(0.2), nn.Linear(encoder.width, 1))
    return StyleGan(block, g, f, head)


def load(models: Path, arm: str, seed: int) -> StyleGan:
    """One as its stage left it, to be asked and not taught."""
    told: dict[str, Any] = json.loads((models / "about.json").read_text(encoding="utf-8"))
    block = params.parse(Params, "style_gan", told, models / "about.json")
    encoder = params.parse(params.Encoder, "encoder", told, models / "about.json")
    learner = build(block, encoder, tuple(told["shape"]), seed)
    weights.give(learner, models / f"{arm}-{seed}.safetensors")
    return learner.eval()
