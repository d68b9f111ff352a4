"""The Fréchet distance of two samples, each taken for a Gaussian. Dowson and Landau, 1982; Heusel et al., 2017."""

import torch
from jaxtyping import Float
from torch import Tensor

from tutelage.errors import Mistake


def distance(x: Float[Tensor, "n dim"], y: Float[Tensor, "m dim"]) -> float:
    """|μ_x − μ_y|² + tr(C_x + C_y − 2(C_x C_y)^½), which is the distance squared, as everyone prints it.

    Heusel et al., 2017, equation 6. Too high in the mean, the more the fewer samples: compare equal numbers of them.
    Raises Mistake for fewer than dim + 1, of which no covariance has full rank.
    """
    (mean_x, root_x), (mean_y, root_y) = _moments(x), _moments(y)
    # C = RᵀR, so C_x C_y has the eigenvalues of (R_x R_yᵀ)(R_x R_yᵀ)ᵀ: their roots are the singular values of R_x R_yᵀ.
    # No covariance is formed and no root of a matrix taken, which turns complex where an eigenvalue is nearly 0.
    between = torch.linalg.svdvals(root_x @ root_y.T).sum()
    return float((mean_x - mean_y).square().sum() + root_x.square().sum() + root_y.square().sum() - 2 * between)


def _moments(x: Float[Tensor, "n dim"]) -> tuple[Float[Tensor, "dim"], Float[Tensor, "dim dim"]]:
    """The mean, and R with RᵀR = C, C over n − 1."""
    n, dim = x.shape
    if n <= dim:
        raise Mistake(
            f"a Fréchet distance from {n} samples of {dim} features would be rank-deficient; "
            f"take {dim + 1} samples or more, or fewer features"
        )
    x = x.double()
    mean = x.mean(0)
    return mean, torch.linalg.qr((x - mean) / (n - 1) ** 0.5, mode="r").R
