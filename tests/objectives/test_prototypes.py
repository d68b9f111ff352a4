"""Prototypes against distances, against what one shot is, and against a gradient by differences."""

import math

import torch

from tutelage.objectives import prototypes

DRAWS = torch.Generator().manual_seed(0)


def normal(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=DRAWS)


def test_the_products_are_the_softmax_of_squared_distances() -> None:
    support, queries = normal(4, 3, 2, 5), normal(4, 3, 6, 5)
    apart = torch.cdist(queries.flatten(1, 2), support.mean(2)).square().view(4, 3, 6, 3)
    torch.testing.assert_close(prototypes.log_p(support, queries), (-apart).log_softmax(-1))


def test_of_one_shot_the_likeliest_class_is_the_nearest_neighbours() -> None:
    support, queries = normal(5, 1, 8), normal(5, 40, 8)
    nearest = torch.cdist(queries.flatten(0, 1), support[:, 0]).argmin(1).view(5, 40)
    assert torch.equal(prototypes.log_p(support, queries).argmax(-1), nearest)


def test_where_codes_say_nothing_the_loss_is_ln_ways_and_accuracy_is_of_the_right_class() -> None:
    nothing = prototypes.log_p(normal(1, 1, 3).expand(7, 2, 3), normal(7, 4, 3))
    assert math.isclose(float(prototypes.loss(nothing)), math.log(7))
    centres = torch.eye(3, dtype=torch.float64).view(3, 1, 3)
    told = prototypes.log_p(centres, torch.cat([centres, centres.roll(1, 0)], 1))
    assert float(prototypes.accuracy(told)) == 0.5
    assert math.isclose(float(prototypes.loss(told[:, :1])), math.log(1 + 2 * math.exp(-2)))


def test_its_gradient_is_that_of_differences() -> None:
    z = normal(3, 4, 2).requires_grad_()
    assert torch.autograd.gradcheck(lambda z: prototypes.loss(prototypes.log_p(z[:, :2], z[:, 2:])), z)
