"""What a model with latent numbers makes, as pictures: samples, like objects, walks, and the plane where it has two."""

from typing import Protocol

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from tutelage.measure import exam, mosaics

Images = Float[Tensor, "n c h w"]


class Latent(Protocol):
    def encode(self, x: Images, /) -> Float[Tensor, "n latent"]: ...
    def decode(self, z: Float[Tensor, "n latent"], /) -> Images: ...
    def sample(self, n: int, generator: Generator, /) -> Images: ...
    def posterior(self, x: Images, /) -> tuple[Float[Tensor, "n latent"], Float[Tensor, "n latent"]]: ...


def pictures(learner: Latent, x: Images, generator: Generator) -> dict[str, bytes]:
    """PNGs, n images on a side: `samples`, `reconstructions` below their images, `like` and `walks` beside theirs."""
    n = len(x)
    with torch.no_grad():
        mean, log_variance = learner.posterior(x)
        deviation = (0.5 * log_variance).exp()
        like = [
            learner.decode(mean + deviation * torch.randn(mean.shape, generator=generator).to(x.device))
            for _ in range(n)
        ]
        walks = [learner.decode(z) for z in walk(mean, n)]
        samples = learner.sample(n * n, generator)
        pairs = torch.cat([x, learner.decode(mean)])
    return {
        "samples": mosaics.png(mosaics.mosaic(mosaics.pixels(samples), across=n)),
        "reconstructions": mosaics.png(mosaics.mosaic(mosaics.pixels(pairs), across=n)),
        "like": mosaics.beside(x, torch.stack(like, 1)),
        "walks": mosaics.beside(x, torch.stack(walks, 1)),
    }


def walk(z: Float[Tensor, "n latent"], steps: int) -> Float[Tensor, "steps n latent"]:
    """From each code straight to the next one's, the last one's to the first: evenly, both ends among the steps."""
    along = torch.linspace(0, 1, steps, device=z.device)[:, None, None]
    return z + along * (z.roll(-1, 0) - z)


def plane(learner: Latent, side: int, device: torch.device) -> bytes:
    """A PNG of what is decoded over a plane of two latent numbers, evenly by the prior's share, the second upwards."""
    z = grid(side).flatten(0, 1).to(device)
    return mosaics.png(mosaics.mosaic(mosaics.pixels(exam.decoded(learner, z)), across=side))


def grid(side: int) -> Float[Tensor, "side side 2"]:
    """The middles of side × side cells of equal share under the prior, N(0, 1) in both numbers, row by row from above.

    Kingma and Welling, 2014, appendix A.
    """
    along = torch.special.ndtri((torch.arange(side) + 0.5) / side)
    down, across = torch.meshgrid(along.flip(0), along, indexing="ij")
    return torch.stack([across, down], -1)


def shares(learner: exam.Encodes, x: Images) -> Float[Tensor, "n latent"]:
    """Where the posterior's mean of each image lies: the share of the prior below it, number by number."""
    return torch.special.ndtr(exam.encoded(learner, x).cpu())


def density(mean: Float[Tensor, "n 2"], log_variance: Float[Tensor, "n 2"], side: int) -> Float[Tensor, "side side"]:
    """Codes drawn from the posteriors in each cell of `grid`, as a multiple of what the prior has there, from above.

    1/n Σ q(z|xᵢ) integrated over the cell; 1 everywhere is the prior, and so is the mean of all cells.
    """
    edges = torch.special.ndtri(torch.linspace(0, 1, side + 1, dtype=torch.float64))
    mean, deviation = mean.double().cpu(), (0.5 * log_variance.double().cpu()).exp()
    below = torch.special.ndtr((edges - mean[..., None]) / deviation[..., None])
    across, up = below.diff(dim=-1).unbind(1)
    return side**2 / len(mean) * (up.T @ across).flip(0)
