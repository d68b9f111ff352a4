"""Views: an example as it might also have looked."""

from typing import Literal

import torch
import torch.nn.functional as F  # noqa: N812
from jaxtyping import Float
from torch import Generator, Tensor

from tutelage.data.batches import Batch, View


def shift(by: int) -> View | None:
    """A view that moves each image by up to `by` pixels either way, zeros coming in; none for 0."""
    if by == 0:
        return None

    def view(batch: Batch, draws: Generator) -> Batch:
        down, right = torch.randint(0, 2 * by + 1, (2, len(batch["x"])), generator=draws)
        return {**batch, "x": shifted(batch["x"], by=by, down=down, right=right)}

    return view


def shifted(x: Float[Tensor, "n c h w"], *, by: int, down: Tensor, right: Tensor) -> Float[Tensor, "n c h w"]:
    """Each image moved by (down − by, right − by) pixels, 0 ≤ down, right ≤ 2·by."""
    n, _, height, width = x.shape
    padded = F.pad(x, (by, by, by, by))
    rows = (2 * by - down)[:, None] + torch.arange(height)
    columns = (2 * by - right)[:, None] + torch.arange(width)
    one = torch.arange(n, device=x.device)[:, None, None]
    moved = padded[one, :, rows.to(x.device)[:, :, None], columns.to(x.device)[:, None, :]]
    return moved.permute(0, 3, 1, 2)


def shifts(x: Float[Tensor, "n c h w"], by: int) -> Float[Tensor, "view n c h w"]:
    """Every way in which `shift` may move these images, each as likely as another."""
    n, moves = len(x), range(2 * by + 1)
    every = [(torch.full((n,), down), torch.full((n,), right)) for down in moves for right in moves]
    return torch.stack([shifted(x, by=by, down=down, right=right) for down, right in every])


def noise(kind: Literal["none", "gaussian", "masking"], strength: float) -> View | None:
    """A view with one more column, `noisy`: what a denoising autoencoder is given to see; none for no noise."""
    if kind == "none" or strength == 0:
        return None
    return lambda batch, draws: {**batch, "noisy": SPOIL[kind](batch["x"], strength, draws)}


def latent(samples: int, width: int) -> View:
    """A view with one more column, `noise`: the standard normal numbers from which codes are drawn."""

    def view(batch: Batch, draws: Generator) -> Batch:
        noise = torch.randn(len(batch["x"]), samples, width, generator=draws)
        return {**batch, "noise": noise.to(batch["x"].device)}

    return view


def styles(latent: int, *, layers: int, pixels: int, mixing: float) -> View:
    """A view with all that a style-based generator draws: two codes an image, the first layer that the second styles,
    noise for the pixels of all layers, and a direction in which the image is asked how far it moves.

    Of a share 1 − `mixing` of the images no layer is the second's.
    """

    def view(batch: Batch, draws: Generator) -> Batch:
        n, on = len(batch["x"]), batch["x"].device
        cut = torch.randint(1, layers, (n,), generator=draws)
        alone = torch.rand(n, generator=draws) >= mixing
        columns = {
            "codes": torch.randn(n, 2, latent, generator=draws),
            "cut": cut.masked_fill(alone, layers),
            "pixels": torch.randn(n, pixels, generator=draws),
            "along": torch.randn(batch["x"].shape, generator=draws),
        }
        return {**batch, **{name: column.to(on) for name, column in columns.items()}}

    return view


def gaussian(x: Tensor, strength: float, draws: Generator) -> Tensor:
    """Adds to every pixel a normal number of that standard deviation; what leaves [0, 1] stays outside."""
    return x + strength * torch.randn(x.shape, generator=draws).to(x.device)


def masking(x: Tensor, strength: float, draws: Generator) -> Tensor:
    """Sets that share of the pixels to 0, each by its own draw. Vincent et al., 2008, section 2.2."""
    return x * (torch.rand(x.shape, generator=draws) >= strength).to(x.device)


SPOIL = {"gaussian": gaussian, "masking": masking}
"""What a kind of noise does: (x, strength, draws) to what is left of x."""
