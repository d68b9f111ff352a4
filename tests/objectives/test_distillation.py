"""Soft cross-entropy against torch's, what is least, T², and its limit when it is hot."""

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from tutelage import streams
from tutelage.objectives import distillation

pytestmark = pytest.mark.usefixtures("doubles")


def logits(name: str, n: int = 6, classes: int = 4) -> Tensor:
    return 2 * torch.randn(n, classes, generator=streams.generator(0, name))


def centred(z: Tensor) -> Tensor:
    return z - z.mean(1, keepdim=True)


def test_it_is_torchs_of_labels_and_of_probabilities() -> None:
    z, y, soft = logits("z"), torch.arange(6) % 4, logits("t").softmax(1)
    hard = distillation.cross_entropy(z, F.one_hot(y, 4).double())
    torch.testing.assert_close(hard, F.cross_entropy(z, y, reduction="none"))
    torch.testing.assert_close(distillation.cross_entropy(z, soft), F.cross_entropy(z, soft, reduction="none"))


def test_it_is_least_at_the_teachers_answer_and_there_its_entropy() -> None:
    v = logits("v").requires_grad_()
    told = v.detach().softmax(1)
    cost = distillation.cross_entropy(v, told)
    torch.testing.assert_close(cost, -(told * told.log()).sum(1))
    (slope,) = torch.autograd.grad(cost.sum(), v)
    torch.testing.assert_close(slope, torch.zeros(6, 4))


def test_answers_are_even_when_hot_and_one_class_when_cold() -> None:
    v = logits("v")
    torch.testing.assert_close(distillation.softened(v, 1e9), torch.full((6, 4), 0.25))
    torch.testing.assert_close(distillation.softened(v, 1e-9), F.one_hot(v.argmax(1), 4).double())
    torch.testing.assert_close(distillation.softened(v, 1.0), v.softmax(1))


@pytest.mark.parametrize("temperature", [0.5, 1.0, 4.0])
def test_its_gradient_is_t_times_what_answers_differ_by(temperature: float) -> None:
    # ∂C/∂z = (1/T)(q − p), equation 2; times T².
    z, v = logits("z").requires_grad_(), logits("v")
    (slope,) = torch.autograd.grad(distillation.matched(z, v, temperature=temperature).sum(), z)
    known = (z / temperature).softmax(1) - (v / temperature).softmax(1)
    torch.testing.assert_close(slope, temperature * known)


def test_hot_it_matches_centred_logits() -> None:
    # Equation 4: T² ∂C/∂z → (z − v)/N, both centred, so C less its least → Σ (z − v)²/2N; the rest goes as 1/T.
    z, v = logits("z").requires_grad_(), logits("v")
    away = []
    for temperature in (1e2, 1e3, 1e4):
        cost = distillation.matched(z, v, temperature=temperature)
        beyond = cost - distillation.matched(v, v, temperature=temperature)
        (slope,) = torch.autograd.grad(cost.sum(), z)
        away.append(float((slope - centred(z - v).detach() / 4).abs().max()))
    torch.testing.assert_close(beyond.detach(), centred(z - v).detach().square().sum(1) / 8, rtol=1e-3, atol=0)
    assert away[1] == pytest.approx(away[0] / 10, rel=0.1)
    assert away[2] == pytest.approx(away[1] / 10, rel=0.1)


def test_gradients_are_those_of_finite_differences() -> None:
    z, v = logits("z").requires_grad_(), logits("v").requires_grad_()
    assert torch.autograd.gradcheck(lambda z, v: distillation.matched(z, v, temperature=3.0), (z, v))


def test_unlike_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"shapes \(6, 4\) and \(4,\)"):
        distillation.cross_entropy(logits("z"), torch.full((4,), 0.25))
