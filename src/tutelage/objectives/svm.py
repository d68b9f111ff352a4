"""Support vector machines: what is least and what is greatest at their best, so that how far one is from it is known.

Cortes and Vapnik, 1995; with privileged information, SVM+: Vapnik and Vashist, 2009. A leading `*stack` axis holds
machines side by side: strengths C and γ, classes, splits. K is the kernel of x and K* that of x*, as Gram matrices.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor


def linear(x: Float[Tensor, "*stack m dim"], of: Float[Tensor, "*stack n dim"]) -> Float[Tensor, "*stack m n"]:
    """⟨x, x′⟩."""
    return x @ of.mT


def gaussian(
    x: Float[Tensor, "*stack m dim"], of: Float[Tensor, "*stack n dim"], *, width: float
) -> Float[Tensor, "*stack m n"]:
    """exp(−|x − x′|²/2σ²), the radial basis function kernel; scikit-learn's gamma is 1/2σ²."""
    exact = "donot_use_mm_for_euclid_dist"  # by products an example is not at distance 0 from itself
    return torch.exp(-torch.cdist(x, of, compute_mode=exact).square() / (2 * width**2))


def signs(y: Int[Tensor, "*stack n"], classes: int) -> Float[Tensor, "machine *stack n"]:
    """±1 for each machine: one for two classes, 1 for the second; for more, one a class against the rest."""
    told = torch.arange(classes, device=y.device) if classes > 2 else torch.ones(1, dtype=y.dtype, device=y.device)
    return torch.where(y == told.view(-1, *[1] * y.ndim), 1.0, -1.0).double()


def quadratic(k: Float[Tensor, "*stack n n"], v: Float[Tensor, "*stack n"]) -> Float[Tensor, "*stack"]:
    """vᵀKv, the squared length of Σ v_i φ(x_i)."""
    return (v * (k @ v[..., None]).squeeze(-1)).sum(-1)


def dual(
    alpha: Float[Tensor, "*stack n"], signs: Float[Tensor, "*stack n"], k: Float[Tensor, "*stack n n"]
) -> Float[Tensor, "*stack"]:
    """Σα − ½ Σ α_i α_j y_i y_j K_ij, to be maximised where Σ yα = 0 and 0 ≤ α ≤ C."""
    return alpha.sum(-1) - quadratic(k, alpha * signs) / 2


def primal(
    alpha: Float[Tensor, "*stack n"],
    bias: Float[Tensor, "*stack"],
    signs: Float[Tensor, "*stack n"],
    k: Float[Tensor, "*stack n n"],
    *,
    c: Float[Tensor, "*stack"],
) -> Float[Tensor, "*stack"]:
    """½|w|² + C Σ max(0, 1 − y f(x)), f = ⟨w, φ⟩ + b, w = Σ α y φ: of any α and b no less than any dual."""
    short = 1 - signs * ((k @ (alpha * signs)[..., None]).squeeze(-1) + bias[..., None])
    return quadratic(k, alpha * signs) / 2 + c * short.clamp(min=0).sum(-1)


def dual_plus(
    alpha: Float[Tensor, "*stack n"],
    delta: Float[Tensor, "*stack n"],
    signs: Float[Tensor, "*stack n"],
    k: Float[Tensor, "*stack n n"],
    k_star: Float[Tensor, "*stack n n"],
    *,
    gamma: Float[Tensor, "*stack"],
) -> Float[Tensor, "*stack"]:
    """Σα − ½ Σ α_i α_j y_i y_j K_ij − (1/2γ) Σ δ_i δ_j K*_ij, δ = α + β − C.

    To be maximised where Σ yα = 0, Σ δ = 0, α ≥ 0 and β ≥ 0. Vapnik and Vashist, 2009, section 3. Of δ and not of β,
    since δ is small where γ is, and would be lost in a difference.
    """
    return dual(alpha, signs, k) - quadratic(k_star, delta) / (2 * gamma)


def primal_plus(
    alpha: Float[Tensor, "*stack n"],
    delta: Float[Tensor, "*stack n"],
    bias: Float[Tensor, "*stack"],
    signs: Float[Tensor, "*stack n"],
    k: Float[Tensor, "*stack n n"],
    k_star: Float[Tensor, "*stack n n"],
    *,
    c: Float[Tensor, "*stack"],
    gamma: Float[Tensor, "*stack"],
) -> Float[Tensor, "*stack"]:
    """½|w|² + (γ/2)|w*|² + C Σ f*(x*), f* = ⟨w*, φ*⟩ + b*, w* = Σ δ φ*/γ, b* the least that is allowed.

    Allowed is f* ≥ 0 and y f(x) ≥ 1 − f*: what an example may fall short by is a function of its x*.
    """
    short = 1 - signs * ((k @ (alpha * signs)[..., None]).squeeze(-1) + bias[..., None])
    along = (k_star @ delta[..., None]).squeeze(-1) / gamma[..., None]
    corrected = along + (short.clamp(min=0) - along).amax(-1, keepdim=True)
    lengths = quadratic(k, alpha * signs) + quadratic(k_star, delta) / gamma
    return lengths / 2 + c * corrected.sum(-1)
