"""The kernel distance of two samples of features. Bińkowski et al., 2018; Gretton et al., 2012."""

from jaxtyping import Float
from torch import Tensor

from tutelage.measure import distances


def distance(x: Float[Tensor, "n dim"], y: Float[Tensor, "m dim"]) -> float:
    """MMD² = E k(x, x′) + E k(y, y′) − 2 E k(x, y), k(x, y) = (xᵀy/dim + 1)³, no example paired with itself.

    Gretton et al., 2012, equation 3; the kernel: Bińkowski et al., 2018, section 4. Unbiased, so that samples of one
    distribution come to 0 in the mean, half of the time below. Of all pairs, not of subsets: the same expectation and
    less variance.
    """
    x, y = x.double(), y.double()
    return float(_within(x) + _within(y) - 2 * _total(x, y) / (len(x) * len(y)))


def _kernel(product: Float[Tensor, "*pairs"], dim: int) -> Float[Tensor, "*pairs"]:
    return (product / dim + 1) ** 3


def _total(x: Float[Tensor, "n dim"], y: Float[Tensor, "m dim"]) -> Float[Tensor, ""]:
    """Σ_ij k(x_i, y_j)."""
    total = x.new_zeros(())
    for rows in distances.slices(len(x), len(y)):
        total += _kernel(x[rows] @ y.T, x.shape[1]).sum()
    return total


def _within(x: Float[Tensor, "n dim"]) -> Float[Tensor, ""]:
    """The mean of k(x_i, x_j) over i ≠ j."""
    alone = _kernel(x.square().sum(1), x.shape[1]).sum()
    return (_total(x, x) - alone) / (len(x) * (len(x) - 1))
