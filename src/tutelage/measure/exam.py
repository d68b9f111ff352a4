"""The exam: what every learner is asked that has the ability, on examples it never saw."""

from collections.abc import Callable
from typing import Any, Protocol

import torch
from jaxtyping import Float, Int
from numpy import ndarray
from torch import Tensor

from tutelage.measure import classification, codes


class Predicts(Protocol):
    def predict(self, x: Float[Tensor, "n ..."], /) -> Float[Tensor, "n class"]: ...


class Encodes(Protocol):
    def encode(self, x: Float[Tensor, "n ..."], /) -> Float[Tensor, "n dim"]: ...


class Decodes(Protocol):
    def decode(self, z: Float[Tensor, "n dim"], /) -> Float[Tensor, "n ..."]: ...


class Reconstructs(Protocol):
    def reconstruct(self, x: Float[Tensor, "n ..."], /) -> Float[Tensor, "n ..."]: ...


def direct(learner: Predicts, x: Float[Tensor, "n ..."], y: Int[Tensor, "n"]) -> dict[str, float]:
    """Its own predictions against the labels."""
    return classification.scores(_blocks(learner.predict, x).cpu().numpy(), y.cpu().numpy())


def recalls(learner: Predicts, x: Float[Tensor, "n ..."], y: Int[Tensor, "n"]) -> Float[ndarray, "class"]:
    """Of its own predictions the accuracy within each class; NaN for a class that has no example."""
    return classification.recalls(_blocks(learner.predict, x).cpu().numpy(), y.cpu().numpy())


def reconstructed(learner: Reconstructs, seen: Float[Tensor, "n ..."], x: Float[Tensor, "n ..."]) -> dict[str, float]:
    """Σ (x̂ − x)² of an example, in the mean, x̂ being what comes back of what was seen of x."""
    return {"sse": float((_blocks(learner.reconstruct, seen) - x).double().square().flatten(1).sum(1).mean())}


ABILITIES: dict[str, Callable[[Any, Tensor, Tensor], dict[str, float]]] = {
    "predict": direct,
    "reconstruct": lambda learner, x, y: reconstructed(learner, x, x),
}
"""What a learner may be able to do, and how that is examined: (learner, x, y) to metrics."""


def encoded(learner: Encodes, x: Float[Tensor, "n ..."]) -> Float[Tensor, "n dim"]:
    """The codes of examples, however many."""
    return _blocks(learner.encode, x)


def decoded(learner: Decodes, z: Float[Tensor, "n dim"]) -> Float[Tensor, "n ..."]:
    """What comes of codes, however many."""
    return _blocks(learner.decode, z)


def health(learner: Encodes, x: Float[Tensor, "n ..."]) -> dict[str, float]:
    """Whether its codes spread, and in how many directions."""
    return codes.health(encoded(learner, x))


def _blocks(ask: Callable[[Tensor], Tensor], x: Tensor, size: int = 1000) -> Tensor:
    """The answers for all of x, asked for block by block: memory is flat in n."""
    with torch.no_grad():
        return torch.cat([ask(part) for part in x.split(size)])
