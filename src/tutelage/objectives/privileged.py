"""Learning from x and from x*, which is not there when asked. Vapnik and Vashist, 2009; Lopez-Paz et al., 2016.

A student a(x), a teacher a(x*). L is a loss of an answer and of what it should have been, one number an example:
`classes` of logits, and of probabilities or their ones and zeros; `numbers` of numbers. Both refuse unlike shapes.
"""

from collections.abc import Callable

from jaxtyping import Float
from torch import Tensor

from tutelage.objectives import distillation

Answer = Float[Tensor, "n dim"]
Loss = Callable[[Answer, Answer], Float[Tensor, "n"]]
Weight = float | Float[Tensor, ""]

classes: Loss = distillation.cross_entropy


def numbers(told: Answer, asked: Answer) -> Float[Tensor, "n"]:
    """Σ (a − y)² over an example's numbers. Raises ValueError where shapes differ."""
    distillation.alike(told, asked)
    return (told - asked).square().flatten(1).sum(1)


def apart(loss: Loss, student: Answer, y: Answer, *, teacher: Answer, imitation: Weight) -> Float[Tensor, "n"]:
    """L(a(x), y) + μ L(a(x), a(x*)): the teacher has learned before, and nothing passes to it.

    `teacher` is what it says, as y is given: of classes their probabilities, not logits.
    """
    return loss(student, y) + imitation * loss(student, teacher.detach())


def together(
    loss: Loss, student: Answer, y: Answer, *, teacher: Answer, says: Answer, imitation: Weight, taught: Weight
) -> Float[Tensor, "n"]:
    """L(a(x), y) + μ L(a(x), a(x*)) + λ L(a(x*), y): both learn at once, the teacher to be imitable too.

    `teacher` is its answer as `student` is (logits), `says` the same as y is given (probabilities); of numbers both
    are one.
    """
    return loss(student, y) + imitation * loss(student, says) + taught * loss(teacher, y)


def distilled(
    student: Float[Tensor, "n class"],
    y: Float[Tensor, "n class"],
    *,
    teacher: Float[Tensor, "n class"],
    temperature: Weight,
    imitation: Weight,
) -> Float[Tensor, "n"]:
    """(1 − λ) ℓ(y, σ(f)) + λ ℓ(σ(t/T), σ(f)), λ in [0, 1], logits f and t. Lopez-Paz et al., 2016, equation 6.

    Unlike Hinton et al. the student is never at a temperature, so there is no T². Nothing passes to the teacher.
    """
    soft = distillation.softened(teacher.detach(), temperature)
    return (1 - imitation) * classes(student, y) + imitation * classes(student, soft)


def distilled_numbers(student: Answer, y: Answer, *, teacher: Answer, imitation: Weight) -> Float[Tensor, "n"]:
    """(1 − λ) (f − y)² + λ (f − t)²: of numbers there is no temperature."""
    return (1 - imitation) * numbers(student, y) + imitation * numbers(student, teacher.detach())
