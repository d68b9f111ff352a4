"""The exam: what every learner is asked that has the ability, on examples it never saw."""

from typing import Protocol

import torch
from jaxtyping import Float, Int
from torch import Tensor

from tutelage.measure import classification, codes


class Predicts(Protocol):
    def predict(self, x: Float[Tensor, "n ..."], /) -> Float[Tensor, "n class"]: ...


class Encodes(Predicts, Protocol):
    def encode(self, x: Float[Tensor, "n ..."], /) -> Float[Tensor, "n dim"]: ...


def direct(learner: Predicts, x: Float[Tensor, "n ..."], y: Int[Tensor, "n"], block: int = 1000) -> dict[str, float]:
    """Its own predictions against the labels, block by block: memory is flat in n."""
    with torch.no_grad():
        log_p = torch.cat([learner.predict(part) for part in x.split(block)])
    return classification.scores(log_p.cpu().numpy(), y.cpu().numpy())


def validation(learner: Encodes, x: Float[Tensor, "n ..."], y: Int[Tensor, "n"]) -> dict[str, float]:
    """What is looked at while it learns: its predictions, and whether its codes are healthy."""
    with torch.no_grad():
        z = learner.encode(x)
    return direct(learner, x, y) | {"spread": codes.spread(z), "effective_rank": codes.effective_rank(z)}
