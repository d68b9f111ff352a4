"""Quadratic programmes against their closed forms, another's solver, and each other in one stack."""

import numpy as np
import pytest
import torch
from scipy.optimize import nnls
from torch import Tensor

from tutelage import streams
from tutelage.training import quadratic
from tutelage.training.quadratic import Programme

pytestmark = pytest.mark.usefixtures("doubles")


def drawn(name: str, stack: int = 3, m: int = 8) -> Programme:
    """Some bounds finite and some not, one equation, H of half the rank."""
    draws = streams.generator(0, name)
    half = torch.randn(stack, m, m // 2, generator=draws)
    u = torch.where(torch.rand(stack, m, generator=draws) < 0.5, torch.inf, 2.0)
    g = torch.randn(stack, m, generator=draws).abs() - 0.5 * (u < 3)  # else there is no least
    return Programme(half @ half.mT, g, torch.ones(stack, 1, m), torch.full((stack, 1), 3.0), u)


def test_its_equations_hold_and_no_pair_of_bound_and_multiplier_is_left() -> None:
    p = drawn("kkt", stack=20)
    x, nu, z, w = quadratic.solve(p, tolerance=1e-10)
    slope = (p.h @ x[..., None]).squeeze(-1) + p.g + (p.a.mT @ nu[..., None]).squeeze(-1) - z + w
    torch.testing.assert_close(slope, torch.zeros_like(slope), rtol=0, atol=1e-9)
    torch.testing.assert_close(x.sum(1), torch.full((20,), 3.0), rtol=0, atol=1e-9)
    assert bool((x > 0).all() & (x < p.u).all() & (z > 0).all())
    assert torch.equal(w > 0, p.u.isfinite())
    assert float((x * z).sum(1).max()) < 1e-10
    assert float((torch.where(w > 0, p.u - x, 0) * w).sum(1).max()) < 1e-10


def test_a_projection_on_the_simplex_is_the_one_by_sorting() -> None:
    # Held, Wolfe and Crowder, 1974: max(v − θ, 0) with the θ at which it sums to 1.
    v = torch.randn(5, 7, generator=streams.generator(0, "simplex"))
    p = Programme(
        torch.eye(7).expand(5, 7, 7), -v, torch.ones(5, 1, 7), torch.ones(5, 1), torch.full((5, 7), torch.inf)
    )
    down = v.sort(descending=True).values
    theta = (down.cumsum(1) - 1) / torch.arange(1, 8)
    known = (v - theta.gather(1, (down > theta).sum(1, keepdim=True) - 1)).clamp(min=0)
    torch.testing.assert_close(quadratic.solve(p, tolerance=1e-12).x, known, rtol=0, atol=1e-6)


def test_least_squares_without_negative_numbers_are_scipys() -> None:
    draws = streams.numpy(0, "nnls")
    a, b = draws.normal(size=(12, 5)), draws.normal(size=12)
    held = np.array([[[0.0] * 4 + [1.0]]])
    p = Programme(*map(torch.tensor, ((a.T @ a)[None], -(a.T @ b)[None], held, [[0.7]], [[np.inf] * 5])))
    known, _ = nnls(a[:, :4], b - 0.7 * a[:, 4])  # the equation holds the last at 0.7
    np.testing.assert_allclose(quadratic.solve(p, tolerance=1e-12).x[0], [*known, 0.7], atol=1e-6)


def test_where_nothing_binds_it_is_a_linear_equation() -> None:
    h = torch.diag(torch.tensor([1.0, 2.0, 4.0]))[None]
    p = Programme(h, torch.zeros(1, 3), torch.ones(1, 1, 3), torch.tensor([[7.0]]), torch.full((1, 3), 100.0))
    found = quadratic.solve(p, tolerance=1e-12)
    torch.testing.assert_close(found.x, torch.tensor([[4.0, 2.0, 1.0]]))
    torch.testing.assert_close(found.nu, torch.tensor([[-4.0]]))


def test_beside_others_it_is_solved_as_alone() -> None:
    p = drawn("beside", stack=6)
    together = quadratic.solve(p, tolerance=1e-10).x
    for i in range(6):
        alone: Tensor = quadratic.solve(p.of(torch.tensor([i])), tolerance=1e-10).x
        torch.testing.assert_close(alone[0], together[i], rtol=0, atol=1e-10)


def test_what_cannot_be_is_said() -> None:
    p = Programme(torch.eye(2)[None], torch.ones(1, 2), torch.ones(1, 1, 2), -torch.ones(1, 1), torch.full((1, 2), 9.0))
    with pytest.raises(ArithmeticError, match="1 of 1 quadratic programmes come to no"):
        quadratic.solve(p, tolerance=1e-8)
