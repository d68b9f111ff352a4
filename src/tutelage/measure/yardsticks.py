"""Images made without a generator that was taught: the rows between which every table of generators is read.

They stand with what judges, and are no ways of teaching: nothing descends a loss and no budget is spent.
"""

import torch
from jaxtyping import Float
from threadpoolctl import threadpool_limits
from torch import Generator, Tensor

from tutelage.errors import Mistake
from tutelage.objectives import principal


def noise(x: Float[Tensor, "n ..."], count: int, generator: Generator) -> Float[Tensor, "count ..."]:
    """Pixels uniform in [0, 1] and each by itself, in the shape of x's images: the floor."""
    return torch.rand(count, *x.shape[1:], generator=generator, dtype=torch.float64).to(x)


def gaussian(x: Float[Tensor, "n ..."], count: int, generator: Generator, *, width: int) -> Float[Tensor, "count ..."]:
    """μ + Σ_k √λ_k ε_k v_k, ε normal, over the first `width` principal components of x, λ their variances.

    What leaves [0, 1] is cut: it is no image.
    """
    flat = x.flatten(1).double()
    mean, directions = flat.mean(0), principal.components(flat, width)
    spread = ((flat - mean) @ directions.T).std(0)
    draws = torch.randn(count, len(spread), generator=generator, dtype=torch.float64).to(x.device)
    return (mean + (draws * spread) @ directions).clamp(0, 1).view(count, *x.shape[1:]).to(x)


def centroids(x: Float[Tensor, "n ..."], count: int, generator: Generator) -> Float[Tensor, "count ..."]:
    """As many centres of k-means, scikit-learn's: real images to a Parzen window, and blurred to everyone else.

    Raises Mistake for more than there are images.
    """
    from sklearn.cluster import KMeans  # here, because it takes half a second that others need not wait

    if count > len(x):
        raise Mistake(f"{len(x)} images have no {count} centroids; ask for {len(x)} or fewer")
    start = int(torch.randint(2**31, (), generator=generator))
    with threadpool_limits(1):  # other threads, other last digits
        centres = KMeans(count, n_init=1, random_state=start).fit(x.flatten(1).double().cpu().numpy()).cluster_centers_
    return torch.from_numpy(centres).view(count, *x.shape[1:]).to(x)
