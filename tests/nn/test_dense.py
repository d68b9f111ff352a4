"""Heads: affine without hidden units, and not with them."""

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
