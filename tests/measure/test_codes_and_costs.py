"""Health of codes at its limits; costs counted by hand."""

import pytest
import torch
from torch import nn

from tutelage.measure import codes, costs
from tutelage.nn.conv import Encoder


def test_codes_that_collapsed_have_no_spread_and_no_rank() -> None:
    z = torch.ones(10, 4)
    assert (codes.spread(z), codes.effective_rank(z)) == (0, 0)


def test_the_deviation_of_codes_is_the_same_whichever_way_they_lie() -> None:
    z = torch.randn(1000, 2, dtype=torch.float64) * torch.tensor([3.0, 1.0])
    turned = z @ torch.tensor([[0.6, 0.8], [-0.8, 0.6]], dtype=torch.float64)
    assert codes.deviation(z) == pytest.approx(codes.deviation(turned))
    assert codes.deviation(z) ** 2 == pytest.approx(float(z.var(0).mean()))


def test_codes_along_a_line_have_rank_one_and_white_ones_all() -> None:
    line = torch.linspace(-1, 1, 50)[:, None] * torch.ones(1, 4)
    assert codes.effective_rank(line) == pytest.approx(1, abs=1e-4)
    corners = torch.cat([torch.eye(4), -torch.eye(4)])
    assert codes.effective_rank(corners) == pytest.approx(4, abs=1e-6)


def test_the_operations_of_a_layer_are_two_a_weight() -> None:
    assert costs.of(nn.Linear(7, 3), nn.Linear(7, 3), torch.zeros(1, 7)) == {"weights": 24, "operations": 42}


def test_the_default_encoder_stays_under_five_million_operations() -> None:
    f = Encoder((1, 28, 28), channels=(16, 32), kernel=5, groups=4, grid=4, width=64)
    convolutions = 2 * (14 * 14 * 16 * 25 + 7 * 7 * 32 * 16 * 25)
    assert convolutions < costs.operations(f, torch.zeros(1, 1, 28, 28)) < 5e6
