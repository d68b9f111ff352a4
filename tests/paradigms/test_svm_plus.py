"""SVM against scikit-learn's, SVM+ against SVM and against its primal by another's solver, both by their gaps."""

import numpy as np
import pytest
import torch
from scipy.optimize import LinearConstraint, minimize
from sklearn.datasets import load_iris
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import SVC
from torch import Tensor

from tutelage import streams
from tutelage.objectives import svm
from tutelage.paradigms import svm_plus

pytestmark = pytest.mark.usefixtures("doubles")
C = torch.tensor(1.0)


def examples(n: int = 60, name: str = "examples") -> tuple[Tensor, Tensor, Tensor]:
    """x, x* and ±1, which hangs on both and on noise."""
    draws = streams.generator(0, name)
    x, star, noise = (torch.randn(n, dim, generator=draws) for dim in (3, 2, 1))
    return x, star, torch.where(x[:, 0] + star[:, 0] + 0.5 * noise[:, 0] > 0.1, 1.0, -1.0)


def gaussian(x: Tensor) -> Tensor:
    return svm.gaussian(x, x, width=1.0)


@pytest.mark.parametrize("kernel", ["linear", "rbf"])
@pytest.mark.parametrize("c", [0.01, 1.0, 100.0])
def test_svm_is_scikit_learns(kernel: str, c: float) -> None:
    x, _, y = examples()
    known = SVC(C=c, kernel=kernel, gamma=0.5, tol=1e-12).fit(x, y)
    if kernel == "linear":
        k, asked = svm.linear(x, x), svm.linear(examples(9, "asked")[0], x)
    else:
        k, asked = gaussian(x), svm.gaussian(examples(9, "asked")[0], x, width=1.0)
    machine = svm_plus.fit(k, y, c=torch.tensor(c))
    near = 1e-6 * max(1, c)  # LIBSVM keeps its kernel in single precision: at C = 100 its margins are 1 to 1e-5
    np.testing.assert_allclose(machine.decide(k), known.decision_function(x), atol=near)
    np.testing.assert_allclose(machine.decide(asked), known.decision_function(examples(9, "asked")[0]), atol=near)
    short = (1 - y * machine.decide(k)).clamp(min=0)
    torch.testing.assert_close(machine.slacks, short, rtol=0, atol=1e-6)


def test_more_than_two_classes_are_each_against_the_rest() -> None:
    x, y = (torch.from_numpy(part) for part in load_iris(return_X_y=True))
    k = svm.gaussian(x, x, width=1.0)
    machines = svm_plus.fit(k, svm.signs(y, 3), c=C)
    known = OneVsRestClassifier(SVC(C=1.0, gamma=0.5, tol=1e-12)).fit(x.numpy(), y.numpy())
    np.testing.assert_allclose(machines.decide(k).T, known.decision_function(x.numpy()), atol=1e-5)
    assert np.array_equal(machines.predict(k), known.predict(x.numpy()))


def test_two_classes_are_told_by_the_sign() -> None:
    x, _, y = examples()
    k = gaussian(x)
    machine = svm_plus.fit(k, svm.signs((y > 0).long(), 2), c=C)
    assert torch.equal(machine.predict(k), (machine.decide(k)[0] > 0).long())
    assert float((machine.predict(k) == (y > 0)).double().mean()) > 0.8


GRID = [(c, gamma) for c in (0.01, 1.0, 100.0) for gamma in (1e-3, 1e-1, 1.0, 1e3)]


def both(c: Tensor, gamma: Tensor, star: str = "gaussian") -> tuple[svm_plus.Machines, Tensor, Tensor]:
    x, x_star, y = examples()
    k, k_star = gaussian(x), gaussian(x_star) if star == "gaussian" else svm.linear(x_star, x_star)
    return svm_plus.fit_plus(k, k_star, y, c=c, gamma=gamma), k, y


@pytest.mark.parametrize("star", ["gaussian", "linear"])
def test_gaps_are_at_most_a_millionth_of_the_primal(star: str) -> None:
    c, gamma = torch.tensor(GRID).T
    plus, k, y = both(c, gamma, star)
    assert plus.gap.shape == (len(GRID),)
    assert -1e-9 < float(plus.gap.min()) <= float(plus.gap.max()) < 1e-6
    assert float(svm_plus.fit(k, y, c=c).gap.abs().max()) < 1e-6


def test_the_conditions_of_kuhn_and_tucker_hold() -> None:
    plus, k, y = both(torch.tensor(2.0), torch.tensor(0.1))
    alpha, far = plus.weights * y, 1 - y * plus.decide(k)
    assert float(alpha.min()) > -1e-9
    assert float(plus.slacks.min()) > -1e-9
    assert float((far - plus.slacks).max()) < 1e-8  # y f ≥ 1 − f*
    assert float((alpha * (far - plus.slacks)).abs().max()) < 1e-8  # and equal where α > 0
    assert float(plus.weights.sum()) == pytest.approx(0, abs=1e-8)


def test_a_correcting_function_that_is_free_is_svm() -> None:
    # K* = 1 is of full rank: each example has a number of its own in x*. As γ → 0 what f* costs goes as γ.
    x, _, y = examples()
    k = gaussian(x)
    away = [
        (
            svm_plus.fit_plus(k, torch.eye(60), y, c=C, gamma=torch.tensor(g)).decide(k)
            - svm_plus.fit(k, y, c=C).decide(k)
        )
        for g in (1e-2, 1e-4, 1e-6)
    ]
    sizes = [float(of.abs().max()) for of in away]
    assert sizes[0] > 1e-4
    assert sizes[1] < 0.05 * sizes[0]
    assert sizes[2] < 1e-5
    plus, plain = svm_plus.fit_plus(k, torch.eye(60), y, c=C, gamma=torch.tensor(1e-6)), svm_plus.fit(k, y, c=C)
    assert torch.equal(plus.decide(k) > 0, plain.decide(k) > 0)
    torch.testing.assert_close(plus.slacks, plain.slacks, rtol=0, atol=1e-5)


def test_x_star_that_tells_nothing_is_one_slack_for_all() -> None:
    # The same x* for all, and any x* as γ → ∞: f* = b*, and C n b* is what it costs.
    x, star, y = examples()
    k = gaussian(x)
    constant = svm_plus.fit_plus(k, torch.ones(60, 60), y, c=C, gamma=C)
    costly = svm_plus.fit_plus(k, gaussian(star), y, c=C, gamma=torch.tensor(1e9))
    torch.testing.assert_close(constant.slacks, constant.slacks[:1].expand(60), rtol=0, atol=1e-7)
    torch.testing.assert_close(constant.decide(k), costly.decide(k), rtol=0, atol=1e-5)
    assert float((1 - y * constant.decide(k)).max()) == pytest.approx(float(constant.slacks[0]), abs=1e-7)


def test_svm_plus_is_what_another_solver_makes_of_its_primal() -> None:
    x, star, y = (part[:14] for part in examples())
    c, gamma = 0.7, 0.5
    plus = svm_plus.fit_plus(svm.linear(x, x), svm.linear(star, star), y, c=torch.tensor(c), gamma=torch.tensor(gamma))
    one, two, sign = x.numpy(), star.numpy(), y.numpy()

    def corrected(at: np.ndarray) -> np.ndarray:
        return np.asarray(two @ at[4:6] + at[6])

    def cost(at: np.ndarray) -> float:
        return float((at[:3] @ at[:3] + gamma * at[4:6] @ at[4:6]) / 2 + c * corrected(at).sum())

    def slope(at: np.ndarray) -> np.ndarray:
        return np.concatenate([at[:3], [0], gamma * at[4:6] + c * two.sum(0), [14 * c]])

    of_star = np.hstack([np.zeros((14, 4)), two, np.ones((14, 1))])
    of_x = np.hstack([sign[:, None] * one, sign[:, None], np.zeros((14, 3))])
    allowed = LinearConstraint(np.vstack([of_star, of_x + of_star]), np.repeat([0.0, 1.0], 14))
    known = minimize(cost, np.zeros(7), jac=slope, method="SLSQP", constraints=allowed, options={"ftol": 1e-12})
    assert known.success
    np.testing.assert_allclose(plus.weights @ x, known.x[:3], atol=1e-5)
    np.testing.assert_allclose(plus.bias, known.x[3], atol=1e-5)
    np.testing.assert_allclose(plus.slacks, corrected(known.x), atol=1e-5)


def test_a_grid_shares_its_kernels_and_each_point_is_as_alone() -> None:
    c, gamma = torch.tensor([0.1, 10.0])[:, None], torch.tensor([0.01, 1.0, 100.0])
    together, k, _ = both(c, gamma)
    assert together.weights.shape == (2, 3, 60)
    for i in range(2):
        for j in range(3):
            alone, _, _ = both(c[i, 0], gamma[j])
            torch.testing.assert_close(together.decide(k)[i, j], alone.decide(k), rtol=0, atol=1e-7)


def test_what_it_is_to_tell_hangs_on_no_x_star() -> None:
    asked = svm.gaussian(examples(9, "asked")[0], examples()[0], width=1.0)
    plus, _, _ = both(C, C)
    told = plus.decide(asked)
    torch.testing.assert_close(told[[2, 0, 1]], plus.decide(asked[[2, 0, 1]]))
    x, star, y = examples()
    moved = svm_plus.fit_plus(gaussian(x), gaussian(star.flip(0)), y, c=C, gamma=C)
    assert not torch.allclose(moved.decide(asked), told)  # what it learned from does


def test_one_sign_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="of one sign"):
        svm_plus.fit(torch.eye(3), torch.ones(3), c=C)
