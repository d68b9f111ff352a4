"""The triangle activation at its limits."""

import torch

from tutelage import streams
from tutelage.objectives import centres


def distances(n: int = 5, k: int = 4) -> torch.Tensor:
    return torch.rand(n, k, dtype=torch.float64, generator=streams.generator(0, "distances"))


def test_a_centre_no_nearer_than_the_mean_gives_nothing_and_one_nearer_gives_by_how_much() -> None:
    told = centres.triangle(torch.tensor([[1.0, 2.0, 3.0], [4.0, 4.0, 4.0], [0.0, 3.0, 6.0]]))
    assert told.tolist() == [[1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [3.0, 0.0, 0.0]]


def test_what_is_above_the_mean_sums_to_what_is_below_it() -> None:
    rho = distances()
    below = (rho - rho.mean(1, keepdim=True)).clamp(min=0)
    torch.testing.assert_close(centres.triangle(rho).sum(1), below.sum(1))


def test_the_same_distance_more_to_every_centre_changes_nothing_and_units_scale() -> None:
    rho = distances()
    torch.testing.assert_close(centres.triangle(rho + 7), centres.triangle(rho))
    torch.testing.assert_close(centres.triangle(3 * rho), 3 * centres.triangle(rho))


def test_gradients_are_those_of_finite_differences() -> None:
    assert torch.autograd.gradcheck(centres.triangle, (distances().requires_grad_(),))
