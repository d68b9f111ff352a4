"""What styles do, as pictures: truncation, two images mixed, noise, and a walk from style to style as an animation."""

from collections.abc import Sequence
from typing import Protocol

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from tutelage.measure import latent, mosaics

SHADES = 4  # of one image, which noise alone tells apart
DRAWS = 64  # over which a pixel's deviation is taken

Images = Float[Tensor, "n c h w"]
Style = Float[Tensor, "n width"]


class Styled(Protocol):
    """A generator with a style for each layer."""

    def style(self, z: Float[Tensor, "n latent"], truncation: float = ..., /) -> Style: ...
    def draw(self, one: Style, other: Style, cut: int, noise: Float[Tensor, "n pixels"] | None = ..., /) -> Images: ...
    def noise(self, n: int, generator: Generator, /) -> Float[Tensor, "n pixels"]: ...


def truncated(learner: Styled, z: Float[Tensor, "n latent"], truncations: Sequence[float]) -> bytes:
    """A PNG with a row a truncation and a column a code."""
    styles = torch.cat([learner.style(z, psi) for psi in truncations])
    return mosaics.png(mosaics.mosaic(mosaics.pixels(learner.draw(styles, styles, 0)), across=len(z)))


def mixed(learner: Styled, coarse: Style, fine: Style, cut: int) -> bytes:
    """A PNG whose first row has the images of coarse styles and whose first column has those of fine ones; where they
    meet, the layers before the cut have the column's style and the others the row's."""
    down, across = len(fine), len(coarse)
    pairs = learner.draw(coarse.repeat(down, 1), fine.repeat_interleave(across, 0), cut).unflatten(0, (down, across))
    top, left = learner.draw(coarse, coarse, 0), learner.draw(fine, fine, 0)
    rows = torch.cat([left[:, None], pairs], 1)
    head = torch.cat([torch.zeros_like(top[:1]), top])
    return mosaics.png(mosaics.mosaic(mosaics.pixels(torch.cat([head[None], rows]).flatten(0, 1)), across=across + 1))


def noisy(learner: Styled, w: Style, generator: Generator) -> bytes:
    """A PNG with a row a style: its image without noise, under `SHADES` draws, and last how far each pixel strays over
    `DRAWS`, white for the picture's largest deviation."""
    without = learner.draw(w, w, 0)
    shades = [learner.draw(w, w, 0, learner.noise(len(w), generator)) for _ in range(SHADES)]
    strays = torch.stack([learner.draw(w, w, 0, learner.noise(len(w), generator)) for _ in range(DRAWS)]).std(0)
    strays = strays / strays.max().clamp(min=1e-12)
    return mosaics.beside(without, torch.stack([*shades, strays], 1))


def deviations(learner: Styled, w: Style, generator: Generator) -> dict[str, float]:
    """How far a pixel strays in the mean: `noise`, of one style under other noise; `style`, of one noise in others."""
    few = w[:1].expand(DRAWS, -1)
    noise = torch.stack(
        [learner.draw(one.expand_as(few), one.expand_as(few), 0, learner.noise(DRAWS, generator)).std(0) for one in w]
    )
    same = learner.noise(1, generator).expand(len(w), -1)
    return {"noise": float(noise.mean()), "style": float(learner.draw(w, w, 0, same).std(0).mean())}


def walk(learner: Styled, w: Float[Tensor, "stop n width"], steps: int) -> Float[Tensor, "frame n c h w"]:
    """Without noise along `stop` styles and back to the first, so many steps from each straight to the next."""
    path = latent.walk(w, steps + 1)[:-1].transpose(0, 1).flatten(0, 1)
    return torch.stack([learner.draw(styles, styles, 0) for styles in path])
