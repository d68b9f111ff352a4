"""Pseudo-labels at their threshold, and the loss at its ends."""

import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from tutelage import streams
from tutelage.objectives import consistency


def logits(name: str, n: int = 8, classes: int = 4) -> torch.Tensor:
    return 2 * torch.randn(n, classes, dtype=torch.float64, generator=streams.generator(0, name))


def test_who_is_sure_is_who_gives_a_class_that_probability() -> None:
    q = torch.tensor([[0.8, 0.1, 0.1], [0.1, 0.79, 0.11], [0.05, 0.05, 0.9]], dtype=torch.float64)
    told, sure = consistency.pseudo_labels(q.log(), 0.8 - 1e-12)
    assert told.tolist() == [0, 1, 2]
    assert sure.tolist() == [True, False, True]


def test_the_higher_the_threshold_the_fewer_are_sure_and_none_at_nearly_1() -> None:
    sure = [consistency.pseudo_labels(logits("q", 200), tau)[1].sum() for tau in (0.01, 0.5, 0.8, 0.95, 1 - 1e-9)]
    assert sure == sorted(sure, reverse=True)
    assert (int(sure[0]), int(sure[-1])) == (200, 0)


def test_where_all_are_sure_it_is_the_cross_entropy() -> None:
    p, y = logits("p"), torch.arange(8) % 4
    told = consistency.cross_entropy(p, y, torch.ones(8, dtype=torch.bool))
    torch.testing.assert_close(told, -p.log_softmax(1)[torch.arange(8), y])


def test_who_is_not_sure_costs_nothing_and_moves_nothing() -> None:
    p, sure = logits("p").requires_grad_(), torch.arange(8) < 3
    told = consistency.cross_entropy(p, torch.zeros(8, dtype=torch.long), sure)
    told.sum().backward()
    torch.testing.assert_close(told[:3], -p.log_softmax(1)[:3, 0])
    assert told[3:].eq(0).all()
    assert p.grad is not None
    assert p.grad.ne(0).any(1).tolist() == sure.tolist()


def test_no_gradient_passes_through_what_is_taken_for_the_truth() -> None:
    q, p = logits("q").requires_grad_(), logits("p").requires_grad_()
    consistency.cross_entropy(p, *consistency.pseudo_labels(q, 0.3)).sum().backward()
    assert q.grad is None
    assert p.grad is not None


def test_a_net_that_is_its_own_teacher_becomes_surer_and_keeps_its_mind() -> None:
    # Of itself: the gradient is p − 1 at the class it is for, so that its cost −ln max p falls. Lee, 2013, section 2.3.
    p = logits("p").requires_grad_()
    told, sure = consistency.pseudo_labels(p, 0.01)
    loss = consistency.cross_entropy(p, told, sure)
    torch.testing.assert_close(loss, -p.log_softmax(1).amax(1))
    (slope,) = torch.autograd.grad(loss.sum(), p)
    torch.testing.assert_close(slope, p.softmax(1) - F.one_hot(told, 4))


def test_gradients_are_those_of_finite_differences() -> None:
    told, sure = consistency.pseudo_labels(logits("q"), 0.5)
    assert 0 < int(sure.sum()) < 8
    assert torch.autograd.gradcheck(lambda p: consistency.cross_entropy(p, told, sure), logits("p").requires_grad_())


@pytest.mark.parametrize("threshold", [0.5, 1.0])
def test_a_class_of_probability_1_is_always_taken(threshold: float) -> None:
    told, sure = consistency.pseudo_labels(torch.tensor([[0.0, 1000.0]]), threshold)
    assert (told.tolist(), sure.tolist()) == ([1], [True])
