"""The games where the best discriminator is known, on seven things; penalties where a critic's slopes are known."""

import math

import pytest
import torch
from scipy.spatial.distance import jensenshannon
from scipy.stats import chisquare, wasserstein_distance

from tutelage.objectives import adversarial
from tutelage.objectives.adversarial import GAMES, HINGE, LEAST_SQUARES, MINIMAX, NON_SATURATING, WASSERSTEIN, Game

DRAWS = torch.Generator().manual_seed(0)


def normal(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=DRAWS)


P, Q = normal(7).softmax(0), normal(7).softmax(0)  # of real things and of fakes, over seven of them
BEST = (P / Q).log()  # the logit of p/(p + q)
NUMBERS = (P - Q) / (P + Q)  # the best of least squares
each = pytest.mark.parametrize("game", GAMES.values(), ids=GAMES)


def cost(game: Game, logit: torch.Tensor) -> float:
    """What the discriminator pays that tells each of the seven things its logit."""
    return float((P * game.real(logit) + Q * game.fake(logit)).sum())


def up_to_a_constant(slope: torch.Tensor) -> torch.Tensor:
    """Shares sum to 1, so that a slope which is the same everywhere moves none of them."""
    return slope - slope.mean()


def slope_of(divergence: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    (slope,) = torch.autograd.grad(divergence, q)
    return up_to_a_constant(slope)


def jsd(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    m = (p + q) / 2
    return 0.5 * ((p * (p / m).log()).sum() + (q * (q / m).log()).sum())


def test_at_the_best_discriminator_the_minimax_value_is_that_of_jensen_and_shannon() -> None:
    assert -cost(MINIMAX, BEST) == pytest.approx(-math.log(4) + 2 * jensenshannon(P, Q) ** 2, rel=1e-12)


def test_against_perfect_fakes_the_best_discriminator_tosses_a_coin() -> None:
    assert float((P * (MINIMAX.real(0 * P) + MINIMAX.fake(0 * P))).sum()) == pytest.approx(math.log(4), rel=1e-12)


def test_at_the_best_discriminator_least_squares_are_pearsons_chi_squared() -> None:
    paid = float(((P + Q) * LEAST_SQUARES.generator(NUMBERS)).sum())  # of real images too, which move no generator
    assert 2 * paid == pytest.approx(chisquare(2 * Q, P + Q).statistic, rel=1e-12)


def test_at_the_best_signs_hinge_pays_twice_the_overlap() -> None:
    assert cost(HINGE, (P - Q).sign()) == pytest.approx(float(2 * torch.minimum(P, Q).sum()), rel=1e-12)


@pytest.mark.parametrize(
    ("game", "best"),
    [(MINIMAX, BEST), (LEAST_SQUARES, NUMBERS), (HINGE, (P - Q).sign())],
    ids=["minimax", "least squares", "hinge"],
)
def test_no_other_discriminator_pays_less(game: Game, best: torch.Tensor) -> None:
    assert all(cost(game, best) < cost(game, best + scale * normal(7)) for scale in (0.01, 0.1, 1, 10))


def test_over_discriminators_of_slope_one_the_wasserstein_value_is_the_distance() -> None:
    places = normal(7).sort().values
    behind = (P - Q).cumsum(0)[:-1]  # of what lies left of each gap, how much more is real
    best = torch.cat([torch.zeros(1), (-behind.sign() * places.diff()).cumsum(0)])
    known = wasserstein_distance(places, places, P, Q)
    assert -cost(WASSERSTEIN, best) == pytest.approx(known, rel=1e-12)
    for _ in range(5):
        other = torch.cat([torch.zeros(1), (normal(6).tanh() * places.diff()).cumsum(0)])
        assert -cost(WASSERSTEIN, other) < known


def test_against_the_best_discriminator_the_minimax_generator_descends_jensen_and_shannons() -> None:
    q = Q.clone().requires_grad_()
    told = up_to_a_constant(MINIMAX.generator(BEST))
    torch.testing.assert_close(told, slope_of(2 * jsd(P, q), q))


def test_against_the_best_discriminator_the_other_descends_kl_less_two_of_it() -> None:
    # Arjovsky and Bottou, 2017, theorem 2.5
    q = Q.clone().requires_grad_()
    told = up_to_a_constant(NON_SATURATING.generator(BEST))
    torch.testing.assert_close(told, slope_of((q * (q / P).log()).sum() - 2 * jsd(P, q), q))


def test_what_both_generators_descend_differs_by_the_logit() -> None:
    logit = 20 * normal(50)
    torch.testing.assert_close(MINIMAX.generator(logit) + NON_SATURATING.generator(logit), -logit)


@pytest.mark.parametrize(
    ("name", "far", "slopes"),
    [
        ("minimax", 1e4, (0, 1, -1)),
        ("minimax", -1e4, (-1, 0, 0)),
        ("non_saturating", 1e4, (0, 1, 0)),
        ("non_saturating", -1e4, (-1, 0, -1)),
        ("least_squares", 1e4, (1e4 - 1, 1e4 + 1, 1e4)),
        ("least_squares", -1e4, (-1e4 - 1, -1e4 + 1, -1e4)),
        ("hinge", 1e4, (0, 1, -1)),
        ("hinge", -1e4, (-1, 0, -1)),
        ("wasserstein", 1e4, (-1, 1, -1)),
        ("wasserstein", -1e4, (-1, 1, -1)),
    ],
)
def test_of_a_discriminator_that_is_certain_costs_and_slopes_are_numbers(
    name: str, far: float, slopes: tuple[float, float, float]
) -> None:
    for price, slope in zip(GAMES[name][:3], slopes, strict=True):
        logit = torch.tensor([far], requires_grad=True)
        (paid,) = price(logit)
        assert torch.isfinite(paid)
        assert torch.autograd.grad(paid, logit)[0].item() == pytest.approx(slope)


@each
def test_slopes_are_those_of_finite_differences(game: Game) -> None:
    logit = (3 * normal(20)).requires_grad_()
    assert all(torch.autograd.gradcheck(price, (logit,)) for price in game[:3])


X, FAKE, ALONG = normal(5, 2, 3, 3), normal(5, 2, 3, 3), normal(3, 1, 3, 3)
SHARE = torch.rand(5, dtype=torch.float64, generator=DRAWS)


def bowl(x: torch.Tensor) -> torch.Tensor:
    """Its slope at x is 2x."""
    return x.square().flatten(1).sum(1)


def test_the_slope_of_a_plane_is_its_own_everywhere() -> None:
    w = normal(18)

    def plane(x: torch.Tensor) -> torch.Tensor:
        return x.flatten(1) @ w + 3

    told = adversarial.gradient_penalty(plane, real=X, fake=FAKE, share=SHARE)
    torch.testing.assert_close(told, (w.norm() - 1).square().expand(5))
    torch.testing.assert_close(adversarial.r1(plane, X), 0.5 * w.square().sum().expand(5))


def test_the_slope_of_a_bowl_is_asked_at_real_images_and_between_them_and_fakes() -> None:
    torch.testing.assert_close(adversarial.r1(bowl, X), 2 * bowl(X))
    for share, at in ((torch.ones(5), X), (torch.zeros(5), FAKE), (torch.full((5,), 0.25), 0.25 * X + 0.75 * FAKE)):
        told = adversarial.gradient_penalty(bowl, real=X, fake=FAKE, share=share.double())
        torch.testing.assert_close(told, (2 * bowl(at).sqrt() - 1).square())


def test_a_discriminator_that_tells_all_the_same_is_penalised_and_has_a_gradient() -> None:
    w = torch.zeros(18, dtype=torch.float64, requires_grad=True)
    told = adversarial.gradient_penalty(lambda x: x.flatten(1) @ w, real=X, fake=FAKE, share=SHARE)
    told.sum().backward()
    assert told.tolist() == [1.0] * 5
    assert torch.isfinite(w.grad).all() if w.grad is not None else False


def test_penalties_have_the_gradient_of_finite_differences() -> None:
    w = [normal(18, 4).requires_grad_(), normal(4).requires_grad_()]

    def net(x: torch.Tensor, w0: torch.Tensor, w1: torch.Tensor) -> torch.Tensor:
        return (x.flatten(1) @ w0).tanh() @ w1

    def between(*w: torch.Tensor) -> torch.Tensor:
        return adversarial.gradient_penalty(lambda x: net(x, *w), real=X, fake=FAKE, share=SHARE)

    assert torch.autograd.gradcheck(between, w)
    assert torch.autograd.gradcheck(lambda *w: adversarial.r1(lambda x: net(x, *w), X), w)


def test_a_penalty_can_be_looked_at_where_nothing_is_learned() -> None:
    with torch.no_grad():
        torch.testing.assert_close(adversarial.r1(bowl, X), 2 * bowl(X))


def test_the_path_length_of_a_linear_image_is_known() -> None:
    w, matrix, along = normal(4, 2, 5).requires_grad_(), normal(2, 5, 9), normal(4, 1, 3, 3)
    image = torch.einsum("nsw,swp->np", w, matrix).view(4, 1, 3, 3)
    known = (torch.einsum("swp,np->nsw", matrix, along.flatten(1)) / 3).square().sum(2).mean(1).sqrt()
    torch.testing.assert_close(adversarial.path_lengths(image, w, along=along), known)


def test_an_image_that_stretches_styles_alike_has_the_same_length_everywhere_in_the_mean() -> None:
    # E ‖Jᵀy‖² of y normal is ‖J‖²_F over pixels: of J = s·1 it is s² in grey, and in colour once more a channel.
    w = normal(20000, 1, 12).requires_grad_()
    for channels in (1, 3):
        image = 3 * w[:, 0, : 4 * channels].view(-1, channels, 2, 2)
        lengths = adversarial.path_lengths(image, w, along=normal(20000, channels, 2, 2))
        assert float(lengths.square().mean()) == pytest.approx(9 * channels, rel=0.03)


def test_where_an_image_does_not_move_its_path_length_has_the_gradient_0() -> None:
    w, still = normal(3, 2, 4).requires_grad_(), torch.zeros(8, 9, dtype=torch.float64, requires_grad=True)
    lengths = adversarial.path_lengths((w.flatten(1) @ still).view(3, 1, 3, 3), w, along=ALONG)
    (slope,) = torch.autograd.grad(lengths.sum(), still)
    assert not slope.any()


def test_the_path_length_has_a_gradient_of_its_own() -> None:
    def paid(w: torch.Tensor, matrix: torch.Tensor) -> torch.Tensor:
        return adversarial.path_lengths((w.flatten(1) @ matrix).tanh().view(3, 1, 3, 3), w, along=ALONG).sum()

    assert torch.autograd.gradcheck(paid, (normal(3, 2, 2).requires_grad_(), normal(4, 9).requires_grad_()))
