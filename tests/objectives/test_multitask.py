"""Balancing by hand, at its minima, and against the laws of a projection."""

import pytest
import torch
from torch.distributions import Normal

from tutelage import streams
from tutelage.objectives import multitask

SWAPPED = torch.tensor([[1, 0], [0, 1]])


def test_of_two_conflicting_gradients_each_loses_what_opposes_the_other() -> None:
    # g1·g2 = −2: g1 + 2/5·(−2, 1) = (0.2, 0.4) at a right angle to g2, and g2 + 2/1·(1, 0) = (0, 1) to g1.
    given = torch.tensor([[1.0, 0.0], [-2.0, 1.0]])
    made = multitask.projected(given, SWAPPED)
    torch.testing.assert_close(made, torch.tensor([[0.2, 0.4], [0.0, 1.0]]))
    torch.testing.assert_close(made.sum(0), torch.tensor([0.2, 1.4]))


@pytest.mark.parametrize("other", [[0.0, 3.0], [2.0, 1.0], [0.0, 0.0]], ids=["right angle", "agrees", "nothing"])
def test_gradients_that_do_not_conflict_are_left_as_they_are(other: list[float]) -> None:
    given = torch.tensor([[1.0, 0.0], other])
    torch.testing.assert_close(multitask.projected(given, SWAPPED), given, rtol=0, atol=0)


def test_opposite_gradients_leave_nothing() -> None:
    given = torch.tensor([[1.0, -2.0], [-3.0, 6.0]])
    torch.testing.assert_close(multitask.projected(given, SWAPPED), torch.zeros(2, 2))


def test_others_are_met_in_the_order_given_and_as_they_were() -> None:
    given = torch.tensor([[1.0, 0.0], [-1.0, 1.0], [-1.0, -2.0]])
    # (1, 0) less what opposes (−1, 1) is (½, ½), and that less what opposes (−1, −2) is (0.2, −0.1); the other way
    # round (0.8, −0.4), then (0.2, 0.2). (−1, 1) becomes (0, 1), then (−0.4, 0.2): none meets what is left of another.
    one, other = (
        multitask.projected(given, torch.tensor([order, [1, 0, 2], [2, 0, 1]])) for order in ([0, 1, 2], [0, 2, 1])
    )
    torch.testing.assert_close(one[0], torch.tensor([0.2, -0.1]))
    torch.testing.assert_close(other[0], torch.tensor([0.2, 0.2]))
    torch.testing.assert_close(one[1], torch.tensor([-0.4, 0.2]))


def test_with_two_tasks_what_is_left_conflicts_with_none_and_is_no_longer() -> None:
    draws = streams.generator(0, "gradients")
    for _ in range(20):
        given = torch.randn(2, 5, dtype=torch.float64, generator=draws)
        made = multitask.projected(given, SWAPPED)
        assert float(made[0] @ given[1]) >= -1e-12
        assert float(made[1] @ given[0]) >= -1e-12
        assert (made.norm(dim=1) <= given.norm(dim=1) + 1e-12).all()


def test_of_a_number_it_is_minus_the_logarithm_of_a_normal_density_less_a_constant() -> None:
    error, s = torch.tensor(1.7).double(), torch.tensor(0.6).double()
    told = multitask.uncertain(error.square()[None], s[None], torch.tensor([True]))
    known = -Normal(0, (0.5 * s).exp()).log_prob(error) - 0.5 * torch.log(torch.tensor(2 * torch.pi))
    torch.testing.assert_close(told[0], known)


@pytest.mark.parametrize(("number", "times"), [(True, 1.0), (False, 2.0)])
def test_it_is_least_where_the_variance_is_that_of_the_loss(number: bool, times: float) -> None:
    loss = torch.tensor([0.3]).double()
    s = (times * loss).log().requires_grad_()
    told = multitask.uncertain(loss, s, torch.tensor([number]))
    assert torch.autograd.grad(told.sum(), s)[0].item() == pytest.approx(0, abs=1e-12)
    for off in (-0.1, 0.1):
        assert multitask.uncertain(loss, s + off, torch.tensor([number])) > told


def test_its_gradient_is_that_of_finite_differences() -> None:
    draws = streams.generator(0, "losses")
    losses, s = (torch.rand(3, dtype=torch.float64, generator=draws).requires_grad_() for _ in range(2))
    number = torch.tensor([True, False, True])
    assert torch.autograd.gradcheck(lambda a, b: multitask.uncertain(a, b, number), (losses, s))


def test_by_examples_a_task_weighs_as_much_as_it_has_and_by_tasks_all_weigh_the_same() -> None:
    costs = torch.tensor([[1.0, 0.0, 0.0], [3.0, 5.0, 0.0]])
    known = torch.tensor([[True, False, False], [True, True, False]])
    assert float(multitask.each_example(costs)) == (1 + 3 + 5) / 2
    assert multitask.each_task(costs, known).tolist() == [2.0, 5.0, 0.0]
