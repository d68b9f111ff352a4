"""The linear autoencoder on centred examples, x ↦ VᵀWx: at its minimum it is PCA. Baldi and Hornik, 1989."""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from pydantic import Field, PositiveFloat, PositiveInt
from torch import Tensor, nn

from tutelage import params, streams
from tutelage.data.batches import Batch
from tutelage.objectives import reconstruction
from tutelage.training.learner import Learner, Logs


class Params(params.Block):
    """The block `principal`."""

    widths: params.Distinct[PositiveInt]
    iterations: PositiveInt  # of L-BFGS, at most
    tolerance: PositiveFloat  # share of the loss below which an iteration's gain ends it
    separated: float = Field(gt=1)  # λ_k/λ_{k+1} below which the angle to the principal components says nothing


class LinearAutoencoder(Learner):
    """Σ |VᵀWx − x|²; tied: V = W. No biases: their best values are 0 where examples are centred."""

    def __init__(self, dim: int, *, width: int, tied: bool, learning_rate: float, weight_decay: float) -> None:
        super().__init__(learning_rate=learning_rate, weight_decay=weight_decay)
        self.w = nn.Parameter(nn.Linear(dim, width, bias=False).weight.detach())
        # Balanced, V = W at first: from unlike matrices L-BFGS needs thousands of iterations.
        self.v = None if tied else nn.Parameter(self.w.detach().clone())

    def loss(self, batch: Batch) -> tuple[Tensor, Logs]:
        error = reconstruction.squared(self.reconstruct(batch["x"]), batch["x"]).mean()
        return error, {"loss": error}

    def encode(self, x: Float[Tensor, "n ..."]) -> Float[Tensor, "n width"]:
        return x.flatten(1) @ self.w.T

    def reconstruct(self, x: Float[Tensor, "n ..."]) -> Float[Tensor, "n ..."]:
        return (self.encode(x) @ (self.w if self.v is None else self.v)).view_as(x)

    def directions(self) -> Float[NDArray[np.float64], "width dim"]:
        """Rows that span what can come back."""
        directions: Float[NDArray[np.float64], "width dim"] = (self.w if self.v is None else self.v).detach().numpy()
        return directions


def build(
    dim: int, *, width: int, tied: bool, seed: int, learning_rate: float = 0.0, weight_decay: float = 0.0
) -> LinearAutoencoder:
    """One as it is born from `seed`, in double precision."""
    with streams.born(seed, "linear"):
        return LinearAutoencoder(
            dim, width=width, tied=tied, learning_rate=learning_rate, weight_decay=weight_decay
        ).double()
