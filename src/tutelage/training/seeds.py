"""Several seeds as one learner, its weights stacked; the loop cannot tell."""

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state, vmap

from tutelage.data.batches import Batch
from tutelage.training.learner import Learner, Logs


class Seeds(Learner):
    """Learners of one build, trained at once: every weight and every column has a leading seed axis.

    Pays for heads and small dense nets. Not for convolutions on a CPU; not with BatchNorm's running statistics,
    a clipped global norm, or an optimiser that takes a tensor for a matrix.
    """

    def __init__(self, learners: Sequence[Learner]) -> None:
        first = learners[0]
        super().__init__(learning_rate=first.learning_rate, weight_decay=first.weight_decay)
        weights, buffers = stack_module_state(list(learners))
        self.stacked = nn.ParameterDict({_flat(name): nn.Parameter(w, w.requires_grad) for name, w in weights.items()})
        for name, buffer in buffers.items():
            self.register_buffer(_flat(name), buffer, persistent=False)
        self._names = list(weights), list(buffers)
        self._one = (copy.deepcopy(first).to("meta"),)  # in a tuple, so that its weights are not ours

    def loss(self, batch: Batch) -> tuple[Tensor, Logs]:
        """The sum over seeds, so that each seed's gradient is its own; terms keep the seed axis."""

        def alone(state: dict[str, Tensor], batch: Batch) -> tuple[Tensor, Logs]:
            told: tuple[Tensor, Logs] = functional_call(self._one[0], state, (batch,))
            return told

        losses, logs = vmap(alone)(self._state(), batch)
        return losses.sum(), logs

    def unstack(self, learners: Sequence[Learner]) -> None:
        """Gives each of the learners that were stacked its weights as they are now."""
        for seed, learner in enumerate(learners):
            learner.load_state_dict({name: self.stacked[_flat(name)][seed] for name in self._names[0]}, strict=False)

    def _state(self) -> dict[str, Tensor]:
        weights, buffers = self._names
        return {name: self.stacked[_flat(name)] for name in weights} | {
            name: self.get_buffer(_flat(name)) for name in buffers
        }


def by_seed(terms: Logs) -> list[dict[str, float]]:
    """Logs with a seed axis as one dict of numbers a seed."""
    values = {name: torch.atleast_1d(value).tolist() for name, value in terms.items()}
    return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]


def _flat(name: str) -> str:
    return name.replace(".", "/")
