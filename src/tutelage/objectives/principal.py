"""Principal components, in closed form. Pearson, 1901; Hotelling, 1933."""

import torch
from jaxtyping import Float
from torch import Tensor


def moments(x: Float[Tensor, "n dim"]) -> tuple[Float[Tensor, "rank dim"], Float[Tensor, "rank"]]:
    """As many rows as x has directions, with its covariance, and the covariance's eigenvalues, largest first.

    Whatever is quadratic in centred examples costs the same on these rows as on all of x.
    """
    centred = (x - x.mean(0)).double()
    _, sizes, directions = torch.linalg.svd(centred, full_matrices=False)
    there = sizes > 1e-9 * sizes[0]  # pixels that are always 0 have no variance to be explained
    sizes, directions = sizes[there], directions[there]
    scale = (len(sizes) / len(x)) ** 0.5
    return scale * sizes[:, None] * directions, sizes.square() / len(x)


def components(x: Float[Tensor, "n dim"], width: int) -> Float[Tensor, "width dim"]:
    """Unit eigenvectors of the covariance of x, largest first, as rows; the largest entry of each is positive."""
    centred = (x - x.mean(0)).double()
    vectors = torch.linalg.eigh(centred.T @ centred / len(x)).eigenvectors.flip(1)[:, :width].T
    largest = vectors.gather(1, vectors.abs().argmax(1, keepdim=True))
    return vectors * largest.sign()  # else the signs are the library's, and another's next year
