"""Descents side by side: each comes to its own minimum, as if it were alone."""

import pytest
import torch
from sklearn.linear_model import LogisticRegression
from torch import Generator, Tensor

from tutelage.training import descents

BENT = torch.tensor([[1.0, 100.0, 0.01], [5.0, 5.0, 5.0]], dtype=torch.float64)
AT = torch.tensor([[1.0, -2.0, 3.0], [0.5, 0.0, -4.0]], dtype=torch.float64)

ALL = torch.arange(1)
BY = torch.tensor([1.0, 7.0], dtype=torch.float64)


def bowl(x: Tensor, rows: Tensor) -> Tensor:
    return (BENT[rows] * (x - AT[rows]).square()).sum(-1) / 2


def rosenbrock(x: Tensor, _: Tensor) -> Tensor:
    return (1 - x[..., 0]).square() + 100 * (x[..., 1] - x[..., 0].square()).square()


def test_a_bowl_ends_at_its_bottom_whatever_is_beside_it() -> None:
    went = descents.descend(bowl, torch.zeros(2, 3), evaluations=200, tolerance=1e-9)
    assert float(went.slope.max()) <= 1e-9
    torch.testing.assert_close(went.at, AT, rtol=0, atol=1e-6)
    scaled = descents.descend(
        lambda x, rows: bowl(x, rows) * BY[rows], torch.zeros(2, 3), evaluations=200, tolerance=1e-9
    )
    torch.testing.assert_close(scaled.at[0], went.at[0], rtol=0, atol=1e-12)


def test_a_bent_valley_is_followed_to_its_end() -> None:
    start = torch.tensor([[-1.2, 1.0], [2.0, -3.0]])
    went = descents.descend(rosenbrock, start, evaluations=400, tolerance=1e-8)
    torch.testing.assert_close(went.at, torch.ones(2, 2, dtype=torch.float64), rtol=0, atol=1e-6)


def test_the_cost_never_rises_and_is_told_at_doubling_numbers() -> None:
    assert descents.looks(20) == [0, 1, 2, 4, 8, 16, 20]
    assert descents.looks(16) == [0, 1, 2, 4, 8, 16]
    went = descents.descend(rosenbrock, torch.tensor([[-1.2, 1.0]]), evaluations=20, tolerance=1e-8)
    assert went.curve.shape == (7, 1)
    assert (went.curve.diff(dim=0) <= 0).all()
    assert float(went.curve[-1, 0]) == pytest.approx(float(rosenbrock(went.at, ALL)[0]))


def test_who_ended_early_is_told_as_it_stayed() -> None:
    went = descents.descend(bowl, AT.clone(), evaluations=9, tolerance=1e-9)
    assert went.curve.shape == (len(descents.looks(9)), 2)
    assert torch.equal(went.at, AT)


def test_who_has_ended_is_asked_no_more_and_the_others_go_on_as_if_alone() -> None:
    asked: list[list[int]] = []

    def watched(x: Tensor, rows: Tensor) -> Tensor:
        asked.append(rows.tolist())
        return rosenbrock(x, rows)

    start = torch.tensor([[[1.0, 1.0], [-1.2, 1.0], [1.0, 1.0]], [[1.0, 1.0], [2.0, -3.0], [0.9, 0.8]]])
    went = descents.descend(watched, start, evaluations=400, tolerance=1e-8)
    assert asked[:2] == [[0, 1, 2], [1, 2]]  # of the first no split goes on
    assert asked[-1] != [1, 2]
    for i in range(2):
        for j in range(3):
            alone = descents.descend(rosenbrock, start[i, j][None], evaluations=400, tolerance=1e-8)
            assert torch.equal(alone.at[0], went.at[i, j])
            assert torch.equal(alone.slope[0], went.slope[i, j])
            assert torch.equal(alone.curve[:, 0], went.curve[:, i, j])


def test_logistic_regression_is_scikit_learns() -> None:
    draws = Generator().manual_seed(3)
    x = torch.randn(60, 4, generator=draws, dtype=torch.float64)
    y = (x[:, 0] + torch.randn(60, generator=draws) > 0).double()
    strengths = torch.tensor([0.01, 1.0], dtype=torch.float64)

    def cost(w: Tensor, rows: Tensor) -> Tensor:
        z = w[:, :4] @ x.T + w[:, 4:]
        missed = torch.nn.functional.binary_cross_entropy_with_logits(z, y.expand_as(z), reduction="none").mean(-1)
        return missed + strengths[rows] / 2 * w[:, :4].square().sum(-1)

    went = descents.descend(cost, torch.zeros(2, 5), evaluations=200, tolerance=1e-10)
    for at, strength in zip(went.at, strengths.tolist(), strict=True):
        theirs = LogisticRegression(C=1 / (60 * strength), tol=1e-10, max_iter=1000).fit(x.numpy(), y.numpy())
        torch.testing.assert_close(at[:4], torch.from_numpy(theirs.coef_[0]), rtol=0, atol=1e-5)
