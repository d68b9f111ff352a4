"""What the two players of an adversarial game pay. Goodfellow et al., 2014; penalties on how steep a discriminator is.

A discriminator tells an image's logit l; D = 1/(1 + exp(−l)) is its probability that the image is real. Every formula
takes logits, since ln D and ln(1 − D) of a probability that rounds to 0 or 1 are no numbers.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from jaxtyping import Float
from torch import Tensor

Cost = Callable[[Float[Tensor, "n"]], Float[Tensor, "n"]]
Critic = Callable[[Float[Tensor, "n ..."]], Float[Tensor, "n"]]


class Game(NamedTuple):
    """What a logit costs: the discriminator where the image is real, where it is a fake, and who made the fake."""

    real: Cost
    fake: Cost
    generator: Cost
    anchored: bool = True  # a logit above 0 takes an image for real; else logits are known up to a constant only


def surprise(logit: Float[Tensor, "n"]) -> Float[Tensor, "n"]:
    """−ln D in nats. Of a negated logit it is −ln(1 − D)."""
    return -F.logsigmoid(logit)


MINIMAX = Game(
    real=surprise,
    fake=lambda logit: surprise(-logit),
    generator=lambda logit: -surprise(-logit),
)
"""Σ ln D(x) + ln(1 − D(G(z))), which one maximises and the other minimises. Goodfellow et al., 2014, eq. 1.

Where D = p/(p + q) its value is −ln 4 + 2·JSD(p, q). Of a fake that is known as one, D → 0, the generator's slope −D is
nothing.
"""

NON_SATURATING = MINIMAX._replace(generator=surprise)
"""The generator descends −ln D(G(z)), whose slope is −(1 − D). Goodfellow et al., 2014, section 3."""

LEAST_SQUARES = Game(
    real=lambda logit: 0.5 * (logit - 1).square(),
    fake=lambda logit: 0.5 * (logit + 1).square(),
    generator=lambda logit: 0.5 * logit.square(),
)
"""½(l − 1)² and ½(l + 1)²: numbers instead of probabilities, 1 for real and −1 for a fake. Mao et al., 2017, eq. 8.

At the best discriminator ½l² over real images and fakes is ½ Σ (p − q)²/(p + q), Pearson's χ². Their eq. 9, with 1 for
what the generator wants and 0 for a fake, has no such law.
"""

HINGE = Game(
    real=lambda logit: F.relu(1 - logit),
    fake=lambda logit: F.relu(1 + logit),
    generator=lambda logit: -logit,
)
"""max(0, 1 − l) and max(0, 1 + l). Lim and Ye, 2017; Miyato et al., 2018, eq. 16 and 17."""

WASSERSTEIN = Game(
    real=lambda logit: -logit,
    fake=lambda logit: logit,
    generator=lambda logit: -logit,
    anchored=False,
)
"""E l(G(z)) − E l(x), least over discriminators of slope 1, is −W₁(p, q). Arjovsky et al., 2017, eq. 2."""

GAMES = {
    "minimax": MINIMAX,
    "non_saturating": NON_SATURATING,
    "least_squares": LEAST_SQUARES,
    "hinge": HINGE,
    "wasserstein": WASSERSTEIN,
}


def r1(critic: Critic, real: Float[Tensor, "n ..."]) -> Float[Tensor, "n"]:
    """½‖∇l(x)‖² at real images, to be weighted by γ. Mescheder et al., 2018, eq. 9."""
    return 0.5 * _slopes(critic, real).square().sum(1)


def gradient_penalty(
    critic: Critic, *, real: Float[Tensor, "n ..."], fake: Float[Tensor, "n ..."], share: Float[Tensor, "n"]
) -> Float[Tensor, "n"]:
    """(‖∇l(x̂)‖ − 1)² at x̂ = εx + (1 − ε)G(z), ε the share, to be weighted by λ. Gulrajani et al., 2017, eq. 3."""
    between = torch.lerp(fake.to(real), real, share.view(-1, *[1] * (real.ndim - 1)))
    norm = torch.linalg.vector_norm(_slopes(critic, between), dim=1)  # its gradient at 0 is 0; √ of a sum has none
    return (norm - 1).square()


def _slopes(critic: Critic, x: Float[Tensor, "n ..."]) -> Float[Tensor, "n dim"]:
    """∇l(x) of each example, which can itself be differentiated by the critic's weights."""
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        (slopes,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return slopes.flatten(1)


def path_lengths(
    image: Float[Tensor, "n c h w"], w: Float[Tensor, "n style width"], *, along: Float[Tensor, "n c h w"]
) -> Float[Tensor, "n"]:
    """‖Jᵀy‖, J = ∂image/∂w, y normal of variance 1/(h·w): how far an image moves for a step of its style.

    Karras et al., 2020, equation 4, whose code divides by pixels, not by their channels, and takes the mean over the
    styles of an image's layers.
    """
    pixels = image[0, 0].numel()
    (slopes,) = torch.autograd.grad((image * along).sum() / pixels**0.5, w, create_graph=True)
    length = torch.linalg.vector_norm(slopes, dim=(1, 2))  # its gradient at 0 is 0; √ of a sum has none
    return length / w.shape[1] ** 0.5
