"""A net that learns another's answers. Hinton, Vinyals and Dean, 2015."""

import torch.nn.functional as F  # noqa: N812
from jaxtyping import Float
from torch import Tensor


def softened(logits: Float[Tensor, "n class"], temperature: float | Float[Tensor, ""]) -> Float[Tensor, "n class"]:
    """exp(v/T) / Σ exp(v/T): a teacher's answer at temperature T; section 2, equation 1."""
    return (logits / temperature).softmax(-1)


def cross_entropy(logits: Float[Tensor, "n class"], told: Float[Tensor, "n class"]) -> Float[Tensor, "n"]:
    """−Σ t ln softmax(z) in nats, t an answer that is a probability of each class.

    Least where softmax(z) = t, and there t's own entropy, not 0. Raises ValueError where shapes differ.
    """
    alike(logits, told)
    return -(told * F.log_softmax(logits, dim=-1)).sum(-1)


def matched(
    student: Float[Tensor, "n class"], teacher: Float[Tensor, "n class"], *, temperature: float
) -> Float[Tensor, "n"]:
    """T² · cross-entropy of both at temperature T: by T² its gradient is as large at every T; section 2.

    Hot, less what does not hang on the student, it is Σ (z − z̄ − v + v̄)²/2N of the N classes' logits; section 2.1.
    """
    return temperature**2 * cross_entropy(student / temperature, softened(teacher, temperature))


def alike(told: Float[Tensor, "n dim"], asked: Float[Tensor, "n dim"]) -> None:
    """Raises ValueError for unlike shapes: an (n,) less an (n, 1) is an (n, n), and its mean is a number like any."""
    if told.shape != asked.shape or told.ndim != 2:
        raise ValueError(f"answers of shapes {tuple(told.shape)} and {tuple(asked.shape)}; both must be one (n, dim)")
