"""Nets side by side answer as each would alone."""

import torch
from torch import Generator

from tutelage.nn.stacked import Net


def test_a_stacked_net_answers_as_layers_of_torch_do() -> None:
    net, draws = Net(5, 3, 2), Generator().manual_seed(0)
    w = torch.randn(4, 6, net.size(), generator=draws, dtype=torch.float64)
    x = torch.randn(4, 7, 5, generator=draws, dtype=torch.float64)
    told = net.answer(w, x)
    first, second = torch.nn.Linear(5, 3).double(), torch.nn.Linear(3, 2).double()
    row = w[2, 4]
    with torch.no_grad():
        first.weight.copy_(row[:15].view(5, 3).T)
        first.bias.copy_(row[15:18])
        second.weight.copy_(row[18:24].view(3, 2).T)
        second.bias.copy_(row[24:])
        torch.testing.assert_close(told[2, 4], second(first(x[2]).tanh()))
    assert told.shape == (4, 6, 7, 2)


def test_a_penalty_is_of_weights_and_of_no_bias() -> None:
    assert Net(5, 3, 2).weighs().tolist() == [1] * 15 + [0] * 3 + [1] * 6 + [0] * 2
    assert Net(5, 0, 2).weighs().tolist() == [1] * 10 + [0] * 2


def test_linear_ones_are_born_at_0_and_others_by_their_split() -> None:
    assert not Net(5, 0, 2).born(3, "student").any()
    drawn = Net(5, 3, 2).born(3, "student")
    assert torch.equal(drawn, Net(5, 3, 2).born(3, "student"))
    assert not torch.equal(drawn[0], drawn[1])
    assert not torch.equal(drawn, Net(5, 3, 2).born(3, "teacher"))
