"""A learner says what a batch costs; one loop trains any learner."""

import torch
from torch import Tensor, nn
from torch.optim import AdamW, Optimizer

from tutelage.data.batches import Batch

Logs = dict[str, Tensor]

BETAS = 0.85, 0.95
"""AdamW's, of gradients and of their squares: a short memory, since a fit has a thousand steps and not a million."""


class Learner(nn.Module):
    """Subclasses write `loss`; those whose step is not one descent of it write `update` too.

    What else one can do (`encode`, `reconstruct`, `decode`, `predict`, `sample`) the exam asks for by name.
    """

    def __init__(self, *, learning_rate: float, weight_decay: float) -> None:
        super().__init__()
        self.learning_rate, self.weight_decay = learning_rate, weight_decay

    def loss(self, batch: Batch) -> tuple[Tensor, Logs]:
        """The scalar to descend, and its named terms, each a mean over the batch's examples and none a weight."""
        raise NotImplementedError(f"{type(self).__name__} does not say what a batch costs")

    def forward(self, batch: Batch) -> tuple[Tensor, Logs]:
        return self.loss(batch)

    def optimizers(self) -> dict[str, Optimizer]:
        """One AdamW (Loshchilov and Hutter, 2019) on what requires a gradient."""
        learned = [weight for weight in self.parameters() if weight.requires_grad]
        return {"adamw": AdamW(learned, self.learning_rate, BETAS, weight_decay=self.weight_decay, fused=True)}

    def update(self, batch: Batch, optimizers: dict[str, Optimizer]) -> Logs:
        """One step; the loop has set the rates and the precision of the forward pass."""
        (optimizer,) = optimizers.values()
        loss, logs = self.loss(batch)
        optimizer.zero_grad()
        with torch.autocast(loss.device.type, enabled=False):
            loss.backward()
        optimizer.step()
        return logs
