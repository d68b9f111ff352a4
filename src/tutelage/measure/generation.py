"""Judging generators: the same numbers for whatever makes images, whether it was taught or not."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import torch
from jaxtyping import Float
from torch import Tensor

from tutelage.measure import coverage, distances, frechet, kernel, manifolds, mosaics, parzen


class Classifier(Protocol):
    def encode(self, x: Float[Tensor, "n ..."], /) -> Float[Tensor, "n dim"]: ...
    def predict(self, x: Float[Tensor, "n ..."], /) -> Float[Tensor, "n class"]: ...


class Seen(NamedTuple):
    """Images, and what one fixed classifier sees in them."""

    x: Float[Tensor, "n ..."]  # pixels in [0, 1]
    features: Float[Tensor, "n dim"]  # of its last layer but one
    log_p: Float[Tensor, "n class"]


def seen(classifier: Classifier, x: Float[Tensor, "n ..."], block: int = 1000) -> Seen:
    """What it makes of them, cut to [0, 1] before: nobody is judged by pixels that no image has."""
    x = x.clamp(0, 1)
    with torch.no_grad():
        told = [(classifier.encode(part), classifier.predict(part)) for part in x.split(block)]
    features, log_p = zip(*told, strict=True)
    return Seen(x, torch.cat(features), torch.cat(log_p))


def judged(
    samples: Seen,
    reference: Seen,
    *,
    train: Float[Tensor, "t ..."],
    valid: Float[Tensor, "v ..."],
    neighbours: int,
    sigmas: Sequence[float],
) -> dict[str, float]:
    """Every number a set of samples is judged by, beside images that neither classifier nor generator has seen.

    `train` is what the generator learned from: a mean distance to it far below that of unseen images is memorising.
    `valid` chooses the Parzen windows among `sigmas`. Raises Mistake for too few samples.
    """
    windows = parzen.log_likelihood(reference.x, samples.x, valid=valid, sigmas=sigmas)
    _, away = distances.nearest(samples.x, train)
    return {
        "frechet": frechet.distance(samples.features, reference.features),
        "kernel_distance": kernel.distance(samples.features, reference.features),
        **manifolds.scores(samples.features, reference.features, neighbours=neighbours),
        "classes_hit": coverage.classes_hit(samples.log_p),
        "class_entropy": coverage.class_entropy(samples.log_p),
        "parzen": windows.mean,
        "parzen_error": windows.error,
        "parzen_sigma": windows.sigma,
        "nearest_distance": float(away.mean()),
    }


def pictures(samples: Float[Tensor, "n c h w"], train: Float[Tensor, "t c h w"], across: int) -> dict[str, bytes]:
    """PNGs: `samples`, half as many rows of them as stand across; `nearest`, some of them above the training images
    nearest to each, by which memorising shows."""
    first = samples[:across]
    index, _ = distances.nearest(first, train)
    shown = {"samples": samples[: across * max(1, across // 2)], "nearest": torch.cat([first, train[index]])}
    return {what: mosaics.png(mosaics.mosaic(mosaics.pixels(x), across=len(first))) for what, x in shown.items()}
