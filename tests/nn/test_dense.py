"""Heads and encoders: affine without hidden units, and not with them."""

import pytest
import torch

from tutelage.nn import dense


@pytest.mark.parametrize(("hidden", "weights"), [(0, 7 * 3 + 3), (5, 7 * 5 + 5 + 5 * 3 + 3)])
def test_a_head_is_affine_where_it_has_no_hidden_units_and_not_where_it_has(hidden: int, weights: int) -> None:
    torch.manual_seed(0)
    head = dense.head(7, hidden=hidden, classes=3).double()
    assert sum(weight.numel() for weight in head.parameters()) == weights
    a, b, zero = torch.randn(20, 7).double(), torch.randn(20, 7).double(), torch.zeros(1, 7).double()
    with torch.no_grad():
        bent = (head(a + b) - head(a) - head(b) + head(zero)).abs().max()
    assert (float(bent) < 1e-12) == (hidden == 0)


def test_an_encoder_has_two_layers_that_bend_and_a_code_that_may_be_below_0() -> None:
    torch.manual_seed(0)
    f = dense.Encoder(4, hidden=6, width=3).double()
    assert sum(weight.numel() for weight in f.parameters()) == 4 * 6 + 6 + 6 * 6 + 6 + 6 * 3 + 3
    x = 20 * torch.randn(50, 4).double()
    with torch.no_grad():
        codes = f(x)
        assert codes.shape == (50, f.width)
        assert (codes < 0).any()
        assert (f(2 * x) - 2 * codes + f(0 * x)).abs().max() > 1e-3
