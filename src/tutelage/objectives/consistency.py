"""What a net takes an unlabelled image for, once it is sure, it shall say of the image's other views too.

Pseudo-labels: Lee, 2013. A weak and a strong view, and a threshold: Sohn et al., 2020 (FixMatch).
"""

import torch.nn.functional as F  # noqa: N812
from jaxtyping import Bool, Float, Int
from torch import Tensor


def pseudo_labels(logits: Float[Tensor, "n class"], threshold: float) -> tuple[Int[Tensor, "n"], Bool[Tensor, "n"]]:
    """argmax q, and whether max q ≥ τ, q the classes' probabilities; no gradient passes. FixMatch, section 2.1."""
    highest, told = logits.detach().softmax(1).max(1)
    return told, highest >= threshold


def cross_entropy(
    logits: Float[Tensor, "n class"], told: Int[Tensor, "n"], sure: Bool[Tensor, "n"]
) -> Float[Tensor, "n"]:
    """1(sure) · −ln p(told): nothing for an example of which the net was not sure. FixMatch, equation 4.

    Its mean is over all examples, as there, and not over the sure ones: the fewer, the less they weigh.
    """
    return F.cross_entropy(logits, told, reduction="none") * sure
