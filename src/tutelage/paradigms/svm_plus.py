"""SVM, and SVM+, whose slacks are a function of privileged information. Vapnik and Vashist, 2009.

Convex programmes, solved and not descended: nothing is drawn, so there is no seed, and no Learner.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from tutelage.objectives import svm
from tutelage.training import quadratic

TOLERANCE = 1e-9
"""Share of the objective that a machine may be away from its best."""


class Machines(NamedTuple):
    """f(x) = Σ_i α_i y_i K(x_i, x) + b, several side by side. Of x* it asks nothing."""

    weights: Float[Tensor, "*stack n"]  # α y
    bias: Float[Tensor, "*stack"]
    slacks: Float[Tensor, "*stack n"]  # of SVM+ what its correcting function is at each x*
    gap: Float[Tensor, "*stack"]  # of a primal and a dual that are allowed, as a share of the primal: below 1e-6

    def decide(self, k: Float[Tensor, "*stack m n"]) -> Float[Tensor, "*stack m"]:
        """f of examples whose kernels with those that taught are the rows of k."""
        return (k @ self.weights[..., None]).squeeze(-1) + self.bias[..., None]

    def predict(self, k: Float[Tensor, "*stack m n"]) -> Int[Tensor, "*stack m"]:
        """The class of each, by one machine (0 or 1) or, where the stack's first axis holds more, by the surest."""
        told = self.decide(k)
        return told[0].gt(0).long() if len(told) == 1 else told.argmax(0)


def fit(
    k: Float[Tensor, "*#stack n n"],
    signs: Float[Tensor, "*#stack n"],
    *,
    c: Float[Tensor, "*#stack"],
    tolerance: float = TOLERANCE,
) -> Machines:
    """SVMs for each of `signs` and strengths C, whose shapes are broadcast. Raises ValueError where a sign is alone."""
    stack, (signs, c, k) = _side_by_side(signs, (c,), k)
    # In α/C, and the objective as well: C is then 1.
    programme = quadratic.Programme(
        h=c[:, None, None] * signs[:, :, None] * signs[:, None, :] * k,
        g=-torch.ones_like(signs),
        a=signs[:, None, :],
        b=torch.zeros_like(c)[:, None],
        j=signs.new_tensor([[-1], [1]]),
        u=torch.stack([torch.zeros_like(signs), torch.ones_like(signs)], 1),
    )
    found = quadratic.solve(programme, tolerance=tolerance)
    alpha, bias = c[:, None] * found.x, found.nu[:, 0]
    best = svm.primal(alpha, bias, signs, k, c=c)
    gap = (best - svm.dual(alpha, signs, k)) / best
    return _shaped(stack, Machines(alpha * signs, bias, found.z[:, 1], gap))


def fit_plus(
    k: Float[Tensor, "*#stack n n"],
    k_star: Float[Tensor, "*#stack n n"],
    signs: Float[Tensor, "*#stack n"],
    *,
    c: Float[Tensor, "*#stack"],
    gamma: Float[Tensor, "*#stack"],
    tolerance: float = TOLERANCE,
) -> Machines:
    """SVM+s for each of `signs`, strengths C and γ, likewise: the smaller γ, the freer the slacks.

    γ → 0 and K* of full rank: any slacks, which is SVM. γ → ∞, or x* the same for all: one slack for all. Of x*
    of variance 1, C/γ up to 1e5 is solved to less than a millionth; beyond, rounding is in the way, and the gap tells.
    """
    stack, (signs, c, gamma, k, k_star) = _side_by_side(signs, (c, gamma), k, k_star)
    ones, zeros = torch.ones_like(signs), torch.zeros_like(signs)
    own, star = c[:, None, None] * signs[:, :, None] * signs[:, None, :] * k, (c / gamma)[:, None, None] * k_star
    none = torch.zeros_like(own)
    programme = quadratic.Programme(  # in α/C, then δ/C
        h=torch.cat([torch.cat([own, none], -1), torch.cat([none, star], -1)], -2),
        g=torch.cat([-ones, zeros], -1),
        a=torch.stack([torch.cat([signs, zeros], -1), torch.cat([zeros, ones], -1)], -2),
        b=torch.zeros_like(c)[:, None].expand(-1, 2),
        j=signs.new_tensor([[-1, 0], [1, -1]]),  # α ≥ 0 and C + δ − α = β ≥ 0
        u=torch.stack([zeros, ones], 1),
    )
    found = quadratic.solve(programme, tolerance=tolerance)
    alpha, delta = (c[:, None] * found.x).chunk(2, -1)
    bias = found.nu[:, 0]
    best = svm.primal_plus(alpha, delta, bias, signs, k, k_star, c=c, gamma=gamma)
    gap = (best - svm.dual_plus(alpha, delta, signs, k, k_star, gamma=gamma)) / best
    return _shaped(stack, Machines(alpha * signs, bias, found.z[:, 1], gap))


def _side_by_side(signs: Tensor, numbers: tuple[Tensor, ...], *kernels: Tensor) -> tuple[torch.Size, list[Tensor]]:
    """The stack's shape, and signs, numbers and kernels for it, in double precision, along one axis."""
    if not ((signs > 0).any(-1) & (signs < 0).any(-1)).all():
        raise ValueError("all examples are of one sign; a machine learns from two")
    stack = torch.broadcast_shapes(signs.shape[:-1], *(v.shape for v in numbers), *(k.shape[:-2] for k in kernels))
    whole = [
        (signs, signs.shape[-1:]),
        *((number, torch.Size()) for number in numbers),
        *((k, k.shape[-2:]) for k in kernels),
    ]
    return stack, [of.double().expand(stack + one).reshape((-1, *one)) for of, one in whole]


def _shaped(stack: torch.Size, machines: Machines) -> Machines:
    return Machines(*(part.view(stack + part.shape[1:]) for part in machines))
