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
BELOW, WITHIN = torch.tensor([[-1.0]]), torch.tensor([[-1.0], [1.0]])


def drawn(name: str, stack: int = 3, m: int = 8) -> Programme:
    """0 ≤ x ≤ 1 and Σx = 3, H of half the rank."""
    draws = streams.generator(0, name)
    half, g = torch.randn(stack, m, m // 2, generator=draws), torch.randn(stack, m, generator=draws)
    u = torch.stack([torch.zeros(stack, m), torch.ones(stack, m)], 1)
    return Programme(half @ half.mT, g, torch.ones(stack, 1, m), torch.full((stack, 1), 3.0), WITHIN, u)


def test_its_equations_hold_and_no_pair_of_bound_and_multiplier_is_left() -> None:
    p = drawn("kkt", stack=20)
    x, room, nu, z = quadratic.solve(p, tolerance=1e-10)
    slope = (p.h @ x[..., None]).squeeze(-1) + p.g + (p.a.mT @ nu[..., None]).squeeze(-1) - z[:, 0] + z[:, 1]
    torch.testing.assert_close(slope, torch.zeros_like(slope), rtol=0, atol=1e-9)
    torch.testing.assert_close(x.sum(1), torch.full((20,), 3.0), rtol=0, atol=1e-9)
    torch.testing.assert_close(room, torch.stack([x, 1 - x], 1), rtol=0, atol=1e-9)
    assert bool((room > 0).all() & (z > 0).all())
    assert float((room * z).sum((1, 2)).max()) < 1e-8


def test_a_projection_on_the_simplex_is_the_one_by_sorting() -> None:
    # Held, Wolfe and Crowder, 1974: max(v − θ, 0) with the θ at which it sums to 1.
    v = torch.randn(5, 7, generator=streams.generator(0, "simplex"))
    p = Programme(torch.eye(7).expand(5, 7, 7), -v, torch.ones(5, 1, 7), torch.ones(5, 1), BELOW, torch.zeros(5, 1, 7))
    down = v.sort(descending=True).values
    theta = (down.cumsum(1) - 1) / torch.arange(1, 8)
    known = (v - theta.gather(1, (down > theta).sum(1, keepdim=True) - 1)).clamp(min=0)
    torch.testing.assert_close(quadratic.solve(p, tolerance=1e-12).x, known, rtol=0, atol=1e-6)


def test_least_squares_without_negative_numbers_are_scipys() -> None:
    draws = streams.numpy(0, "nnls")
    a, b = draws.normal(size=(12, 5)), draws.normal(size=12)
    held = torch.tensor([[[0.0, 0.0, 0.0, 0.0, 1.0]]])
    h, g = torch.from_numpy(a.T @ a)[None], torch.from_numpy(-a.T @ b)[None]
    p = Programme(h, g, held, torch.tensor([[0.7]]), BELOW, torch.zeros(1, 1, 5))
    known, _ = nnls(a[:, :4], b - 0.7 * a[:, 4])  # the equation holds the last at 0.7
    np.testing.assert_allclose(quadratic.solve(p, tolerance=1e-12).x[0], [*known, 0.7], atol=1e-6)


def test_where_nothing_binds_it_is_a_linear_equation() -> None:
    h = torch.diag(torch.tensor([1.0, 2.0, 4.0]))[None]
    p = Programme(h, torch.zeros(1, 3), torch.ones(1, 1, 3), torch.tensor([[7.0]]), BELOW, torch.zeros(1, 1, 3))
    found = quadratic.solve(p, tolerance=1e-12)
    torch.testing.assert_close(found.x, torch.tensor([[4.0, 2.0, 1.0]]))
    torch.testing.assert_close(found.nu, torch.tensor([[-4.0]]))


def test_bounds_on_differences_of_parts_are_bounds_on_numbers_of_other_parts() -> None:
    # x = (p, q) with p ≥ 0 and q ≥ p, and (p, r) with r = q − p ≥ 0: x = S (p, r).
    one = drawn("parts")
    turned = torch.tensor([[1.0, 0.0], [1.0, 1.0]]).kron(torch.eye(4))
    h, g, a = turned.T @ one.h @ turned, one.g @ turned, one.a @ turned
    g = g + 5  # else there is no least where nothing is bounded from above
    apart = Programme(h, g, a, one.b, torch.tensor([[-1.0, 0.0], [0.0, -1.0]]), torch.zeros(3, 2, 4))
    back = torch.linalg.inv(turned)
    between = Programme(one.h, g @ back, one.a, one.b, torch.tensor([[-1.0, 0.0], [1.0, -1.0]]), torch.zeros(3, 2, 4))
    known = quadratic.solve(apart, tolerance=1e-12).x @ turned.T
    torch.testing.assert_close(quadratic.solve(between, tolerance=1e-12).x, known, rtol=0, atol=1e-6)


def test_beside_others_it_is_solved_as_alone() -> None:
    p = drawn("beside", stack=6)
    together = quadratic.solve(p, tolerance=1e-10).x
    for i in range(6):
        alone: Tensor = quadratic.solve(p.of(torch.arange(6) == i), tolerance=1e-10).x
        torch.testing.assert_close(alone[0], together[i], rtol=0, atol=1e-10)


def test_what_cannot_be_is_said() -> None:
    none = Programme(  # no two positive numbers sum to −1
        torch.eye(2)[None], torch.ones(1, 2), torch.ones(1, 1, 2), -torch.ones(1, 1), BELOW, torch.zeros(1, 1, 2)
    )
    with pytest.raises(ArithmeticError, match="1 of 1 quadratic programmes come to no minimum"):
        quadratic.solve(none, tolerance=1e-8)
    with pytest.raises(ArithmeticError, match="is not semidefinite"):
        quadratic.solve(none._replace(h=-9 * none.h, b=torch.ones(1, 1)), tolerance=1e-8)


def test_ten_steps_are_enough_since_the_second_half_of_each_is_bent_as_the_first_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quadratic, "STEPS", 11)  # straight ahead it takes thirteen
    quadratic.solve(drawn("kkt", stack=20), tolerance=1e-10)
