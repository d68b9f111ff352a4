"""The correlation of two views' codes against NumPy's, and the loss at its ends."""

import numpy as np
import pytest
import torch
from torch import Tensor

from tutelage import streams
from tutelage.objectives import redundancy


def codes(name: str, n: int = 20, dim: int = 4) -> Tensor:
    return torch.randn(n, dim, dtype=torch.float64, generator=streams.generator(0, name))


def test_correlations_are_numpys() -> None:
    one, other = codes("one"), codes("other", dim=3)
    known = np.corrcoef(one.numpy(), other.numpy(), rowvar=False)[:4, 4:]
    torch.testing.assert_close(redundancy.cross_correlation(one, other), torch.from_numpy(known))


def test_views_that_tell_the_same_things_once_cost_nothing() -> None:
    told = torch.linalg.qr(torch.cat([torch.ones(20, 1).double(), codes("one")], 1)).Q[:, 1:]  # centred, orthogonal
    correlation = redundancy.cross_correlation(told, 5 * told)
    torch.testing.assert_close(correlation, torch.eye(4).double())
    assert float(redundancy.invariance(correlation)) == pytest.approx(0, abs=1e-24)
    assert float(redundancy.redundancy(correlation)) == pytest.approx(0, abs=1e-24)


def test_the_loss_of_a_matrix_is_as_by_hand() -> None:
    correlation = torch.tensor([[0.5, 0.1], [-0.2, 1.0]])
    assert float(redundancy.invariance(correlation)) == pytest.approx(0.25)
    assert float(redundancy.redundancy(correlation)) == pytest.approx(0.05)


def test_one_thing_told_in_every_number_is_invariant_and_wholly_redundant() -> None:
    collapsed = codes("one", dim=1).expand(-1, 4)
    correlation = redundancy.cross_correlation(collapsed, collapsed)
    assert float(redundancy.invariance(correlation)) == pytest.approx(0, abs=1e-24)
    assert float(redundancy.redundancy(correlation)) == pytest.approx(4 * 3)


def test_neither_where_a_number_lies_nor_how_large_it_is_matters() -> None:
    one, other = codes("one"), codes("other")
    plain = redundancy.cross_correlation(one, other)
    changed = redundancy.cross_correlation(one * torch.tensor([1.0, 5.0, 0.1, 2.0]) + 7, 3 * other - 2)
    torch.testing.assert_close(changed, plain)


def test_a_number_that_never_changes_correlates_with_none_and_gives_a_finite_gradient() -> None:
    one = codes("one")
    one[:, 2] = 3
    one.requires_grad_()
    correlation = redundancy.cross_correlation(one, codes("other"))
    assert correlation[2].tolist() == [0.0] * 4
    redundancy.invariance(correlation).backward()
    assert one.grad is not None
    assert torch.isfinite(one.grad).all()


def test_two_numbers_that_never_change_do_not_correlate_by_their_rounding() -> None:
    one, other = codes("one", n=24).float(), codes("other", n=24).float()
    one[:, 2], other[:, 1] = 0.1, 0.3  # neither is the mean of 24 of it
    correlation = redundancy.cross_correlation(one, other)
    assert correlation[2].tolist() == correlation[:, 1].tolist() == [0.0] * 4


def test_gradients_are_those_of_finite_differences() -> None:
    one, other = codes("one", n=6).requires_grad_(), codes("other", n=6).requires_grad_()

    def both(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
        correlation = redundancy.cross_correlation(a, b)
        return redundancy.invariance(correlation), redundancy.redundancy(correlation)

    assert torch.autograd.gradcheck(both, (one, other))
