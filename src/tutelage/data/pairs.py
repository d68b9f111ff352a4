"""Examples without labels and examples with theirs, drawn side by side."""

from collections.abc import Sequence

import torch
from torch import Tensor

from tutelage.data.batches import Batch, Batches


class Pair:
    """A batch of each kind at a draw: `x` without labels; `x_labelled` and its `y`. What else there is stays away.

    `size` counts both. An epoch is one of the unlabelled; the labelled, being few, go round as often as it takes.
    """

    def __init__(self, unlabelled: Batches, labelled: Batches) -> None:
        self.unlabelled, self.labelled = unlabelled, labelled
        self.size, self.per_epoch = unlabelled.size + labelled.size, unlabelled.per_epoch
        self._began, self._since = labelled.state(), 0  # of the labelled: the state at their epoch's start, draws since

    def draw(self) -> Batch:
        if self._since == self.labelled.per_epoch:
            self._began, self._since = self.labelled.state(), 0
        self._since += 1
        told = self.labelled.draw()
        return {"x": self.unlabelled.draw()["x"], "x_labelled": told["x"], "y": told["y"]}

    def state(self) -> list[Tensor]:
        return [*self.unlabelled.state(), *self._began, torch.tensor(self._since)]

    def restore(self, state: Sequence[Tensor]) -> None:
        *states, since = state
        self.unlabelled.restore(states[:2])
        self.labelled.restore(states[2:])
        self._began, self._since = states[2:], int(since)
        for _ in range(self._since):
            self.labelled.draw()
