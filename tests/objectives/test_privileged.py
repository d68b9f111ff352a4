"""What remains of each way at the ends of its weights, who learns, and shapes that are refused."""

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from tutelage import streams
from tutelage.objectives import privileged

pytestmark = pytest.mark.usefixtures("doubles")
Y = F.one_hot(torch.arange(6) % 3, 3).double()


def drawn(name: str, dim: int = 3) -> Tensor:
    return torch.randn(6, dim, generator=streams.generator(0, name))


def test_squared_errors_and_cross_entropies_are_torchs() -> None:
    f, y = drawn("f"), drawn("y")
    torch.testing.assert_close(privileged.numbers(f, y), F.mse_loss(f, y, reduction="none").sum(1))
    torch.testing.assert_close(privileged.classes(f, Y), F.cross_entropy(f, Y.argmax(1), reduction="none"))


@pytest.mark.parametrize("loss", [privileged.classes, privileged.numbers])
def test_without_imitation_a_student_learns_alone(loss: privileged.Loss) -> None:
    f, t = drawn("f"), drawn("t")
    alone = loss(f, Y)
    torch.testing.assert_close(privileged.apart(loss, f, Y, teacher=t.softmax(1), imitation=0), alone)
    none = privileged.together(loss, f, Y, teacher=t, says=t.softmax(1), imitation=0, taught=0)
    torch.testing.assert_close(none, alone)
    torch.testing.assert_close(privileged.distilled_numbers(f, Y, teacher=t, imitation=0), privileged.numbers(f, Y))
    for temperature in (0.1, 1, 10):
        told = privileged.distilled(f, Y, teacher=t, temperature=temperature, imitation=0)
        torch.testing.assert_close(told, privileged.classes(f, Y))


def test_imitation_of_numbers_pulls_to_between_y_and_the_teacher() -> None:
    # (f − y)² + μ(f − t)² is least at (y + μt)/(1 + μ); (1 − λ) and λ at (1 − λ)y + λt: the same where μ = λ/(1 − λ).
    y, t, share = drawn("y", 1), drawn("t", 1), 0.3
    f = ((1 - share) * y + share * t).requires_grad_()
    mu = share / (1 - share)
    for cost in (
        privileged.distilled_numbers(f, y, teacher=t, imitation=share),
        privileged.apart(privileged.numbers, f, y, teacher=t, imitation=mu),
    ):
        (slope,) = torch.autograd.grad(cost.sum(), f)
        torch.testing.assert_close(slope, torch.zeros(6, 1), rtol=0, atol=1e-12)


def test_imitation_of_classes_is_to_learn_their_mixture() -> None:
    # Cross-entropy is linear in what is told: (1 − λ)y + λσ(t/T) is the one label that costs the same.
    f, t = drawn("f"), drawn("t")
    told = privileged.distilled(f, Y, teacher=t, temperature=2.0, imitation=0.3)
    torch.testing.assert_close(told, privileged.classes(f, 0.7 * Y + 0.3 * (t / 2).softmax(1)))


def test_a_cold_teacher_that_is_right_is_the_labels() -> None:
    f, right = drawn("f"), 5 * Y
    told = privileged.distilled(f, Y, teacher=right, temperature=1e-3, imitation=0.6)
    torch.testing.assert_close(told, privileged.classes(f, Y))


def test_who_is_taught_alone_is_the_student_and_together_the_teacher_too() -> None:
    f, t = drawn("f").requires_grad_(), drawn("t").requires_grad_()
    says = t.softmax(1)
    cost = privileged.apart(privileged.classes, f, Y, teacher=says, imitation=2)
    (unmoved,) = torch.autograd.grad(cost.sum(), [t], allow_unused=True, materialize_grads=True)
    assert not unmoved.any()
    cost = privileged.distilled(f, Y, teacher=t, temperature=2, imitation=1)
    (unmoved,) = torch.autograd.grad(cost.sum(), [t], allow_unused=True, materialize_grads=True)
    assert not unmoved.any()
    cost = privileged.together(privileged.classes, f, Y, teacher=t, says=says, imitation=0, taught=0.5)
    (alone,) = torch.autograd.grad(cost.sum(), t, retain_graph=True)
    torch.testing.assert_close(alone, 0.5 * (says - Y))  # λ (σ(t) − y)
    cost = privileged.together(privileged.classes, f, Y, teacher=t, says=says, imitation=1, taught=0.5)
    (pulled,) = torch.autograd.grad(cost.sum(), t)
    assert not torch.allclose(pulled, alone)


WAYS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "apart": lambda f, t: privileged.apart(privileged.classes, f, Y, teacher=t.softmax(1), imitation=0.7),
    "together": lambda f, t: privileged.together(
        privileged.classes, f, Y, teacher=t, says=t.softmax(1), imitation=0.7, taught=0.3
    ),
    "together, numbers": lambda f, t: privileged.together(
        privileged.numbers, f, Y, teacher=t, says=t, imitation=0.7, taught=0.3
    ),
    "distilled": lambda f, t: privileged.distilled(f, Y, teacher=t, temperature=2.0, imitation=0.7),
    "distilled, numbers": lambda f, t: privileged.distilled_numbers(f, Y, teacher=t, imitation=0.7),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
def test_gradients_are_those_of_finite_differences(way: Callable[[Tensor, Tensor], Tensor]) -> None:
    f, t = drawn("f").requires_grad_(), drawn("t")
    assert way(f, t).shape == (6,)
    assert torch.autograd.gradcheck(lambda f: way(f, t), f)
    if way in (WAYS["together"], WAYS["together, numbers"]):
        assert torch.autograd.gradcheck(way, (f, t.requires_grad_()))


@pytest.mark.parametrize("shapes", [((6,), (6, 1)), ((6, 1), (6,)), ((6, 1), (1, 1)), ((6, 1), (6, 2))])
def test_an_n_less_an_n_by_1_is_refused(shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    # The published gain on SARCOS is one that broadcasting made: the difference of (n,) and (n, 1) is (n, n).
    told, asked = (torch.zeros(shape) for shape in shapes)
    with pytest.raises(ValueError, match="both must be one"):
        privileged.numbers(told, asked)
    with pytest.raises(ValueError, match="both must be one"):
        privileged.distilled_numbers(told, told, teacher=asked, imitation=0.5)
    with pytest.raises(ValueError, match="both must be one"):
        privileged.apart(privileged.numbers, told, told, teacher=asked, imitation=0.5)
