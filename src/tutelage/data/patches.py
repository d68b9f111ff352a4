"""Two patches of one image, the second next to the first. Doersch, Gupta and Efros, 2015, section 3."""

from typing import Literal, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor

from tutelage.data.batches import Batch, View
from tutelage.errors import Mistake

OFFSETS = tuple((down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if (down, right) != (0, 0))
"""Where the second lies from the first: the eight neighbours row by row, by their number."""

Colour = Literal["kept", "projected", "dropped"]


class Cut(NamedTuple):
    """How patches are cut, in pixels, and what becomes of three colours; one channel has none to lose."""

    side: int
    gap: int  # between neighbours, so that no line goes on from one to the next
    jitter: int  # by which each of both is moved either way
    wander: int | None  # within which the first one's place is drawn, in the middle; none: as far as there is room
    colour: Colour  # lenses part green from magenta towards an image's rim, which would tell where a patch lay


def room(cut: Cut, height: int, width: int) -> tuple[int, int]:
    """Pixels down and across that nine patches leave over. Raises Mistake where they do not fit."""
    wanted = 3 * cut.side + 2 * cut.gap + 2 * cut.jitter + (cut.wander or 0)
    if wanted > min(height, width):
        raise Mistake(
            f"params.yaml: patches: nine patches of {cut.side} px, gaps of {cut.gap} px, jitter of {cut.jitter} px and "
            f"wander of {cut.wander or 0} px take {wanted} px a side, and images have {height}×{width}; make side, gap "
            "or jitter smaller, or give images.resize a scale"
        )
    return height - wanted, width - wanted


def pair(cut: Cut) -> View:
    """A view of each image as `first`, `second` and `neighbour`, which of OFFSETS, each as likely as another."""

    def view(batch: Batch, draws: Generator) -> Batch:
        neighbour = torch.randint(len(OFFSETS), (len(batch["x"]),), generator=draws)
        return both(batch["x"], neighbour, cut, draws)

    return view


def every(x: Float[Tensor, "n c h w"], cut: Cut, draws: Generator) -> Batch:
    """Eight pairs of each image, one a neighbour, each with a place of its own: to be asked about."""
    neighbour = torch.arange(len(OFFSETS)).repeat(len(x))
    return both(x.repeat_interleave(len(OFFSETS), dim=0), neighbour, cut, draws)


def both(x: Float[Tensor, "n c h w"], neighbour: Int[Tensor, "n"], cut: Cut, draws: Generator) -> Batch:
    """Both patches in the size of x. The first lies where all its neighbours would fit, so its place tells nothing."""
    n, channels, height, width = x.shape
    left = torch.tensor(room(cut, height, width))
    edge, free = (0 * left, left) if cut.wander is None else (left // 2, torch.full_like(left, cut.wander))
    step = cut.side + cut.gap
    place = edge + cut.jitter + step + torch.minimum((torch.rand(n, 2, generator=draws) * (free + 1)).long(), free)
    columns = {}
    for name, corner in (("first", place), ("second", place + step * torch.tensor(OFFSETS)[neighbour])):
        moved = corner + torch.randint(-cut.jitter, cut.jitter + 1, (n, 2), generator=draws)
        patch = _window(x, moved.to(x.device), cut.side)
        if channels == 3:
            patch = COLOURS[cut.colour](patch, draws)
        columns[name] = resized(patch, height, width)
    return {**columns, "neighbour": neighbour.to(x.device)}


def resized(x: Float[Tensor, "n c h w"], height: int, width: int) -> Float[Tensor, "n c height width"]:
    """Bilinear, as a matrix product over rows and one over columns: the same on a GPU from run to run."""
    down, across = (_bilinear(*sizes).to(x) for sizes in ((x.shape[2], height), (x.shape[3], width)))
    return down @ (x @ across.T)


def kept(patch: Float[Tensor, "n 3 h w"], draws: Generator) -> Float[Tensor, "n 3 h w"]:
    return patch


def projected(patch: Float[Tensor, "n 3 h w"], draws: Generator) -> Float[Tensor, "n 3 h w"]:
    """Green against magenta is taken away: x(I − aᵀa/aaᵀ), a = (−1, 2, −1). Section 3.1."""
    a = torch.tensor([-1.0, 2.0, -1.0], dtype=patch.dtype, device=patch.device)
    return torch.einsum("ij,njhw->nihw", torch.eye(3).to(patch) - torch.outer(a, a) / 6, patch)


def dropped(patch: Float[Tensor, "n 3 h w"], draws: Generator) -> Float[Tensor, "n 3 h w"]:
    """One channel is kept, by each patch's own draw; the others are noise around its mean, a hundredth of its
    deviation strong. Section 3.1."""
    n = len(patch)
    stays = torch.randint(3, (n,), generator=draws).to(patch.device)
    noise = torch.randn(patch.shape, generator=draws).to(patch)
    channel = patch[torch.arange(n, device=patch.device), stays][:, None]
    mean, deviation = channel.mean((2, 3), keepdim=True), channel.std((2, 3), keepdim=True, correction=0)
    this = (torch.arange(3, device=patch.device) == stays[:, None])[:, :, None, None]
    return torch.where(this, patch, mean + 0.01 * deviation * noise)


COLOURS = {"kept": kept, "projected": projected, "dropped": dropped}
"""What becomes of three colours: (patch, draws) to what is left of them."""


def _window(x: Float[Tensor, "n c h w"], corner: Int[Tensor, "n 2"], side: int) -> Float[Tensor, "n c side side"]:
    """Of each image the square with that upper left corner."""
    rows, columns = (corner[:, k, None] + torch.arange(side, device=x.device) for k in (0, 1))
    one = torch.arange(len(x), device=x.device)[:, None, None]
    return x[one, :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def _bilinear(size: int, to: int) -> Float[Tensor, "to size"]:
    """Pixel centres over pixel centres; beyond the outermost they stand for all that follows."""
    at = ((torch.arange(to, dtype=torch.float64) + 0.5) * size / to - 0.5).clamp(0, size - 1)
    return (1 - (at[:, None] - torch.arange(size)).abs()).clamp(min=0)
