"""Flow without friction around closed outlines: panels of vorticity that is linear along each. Drela, 1989 (XFOIL)."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

ENTRIES = 50_000  # of matrices at once, so that what they need stays in the cache


def surface_speed(nodes: Float[Tensor, "n node 2"], angle: Float[Tensor, "n"]) -> Float[Tensor, "n node"]:
    """Speed along each outline, over that of the stream: positive clockwise, so to the tail above and from it below.

    `angle` of the stream in radians; nodes anticlockwise, the first and the last the tail. NaN for an outline that
    crosses itself, goes clockwise, has a panel without length or equations that are singular.
    """
    size = max(1, ENTRIES // nodes.shape[1] ** 2)
    blocks = zip(nodes.split(size), angle.split(size), strict=True)
    return torch.cat([_speed(*block) for block in blocks])


def _speed(nodes: Float[Tensor, "n node 2"], angle: Float[Tensor, "n"]) -> Float[Tensor, "n node"]:
    """The outline is a streamline of stream and vorticity, Σ_j ψ_ij γ_j − ψ_0 = x_i sin α − y_i cos α (Drela, §2).

    A tail with an angle is a stagnation point on both sides, γ = 0: that is Kutta's condition, and ψ_0 takes the place
    of the unknown that it spares.
    """
    matrix, simple = influence(nodes)
    matrix[:, :, 0] = -1  # of ψ_0
    x, y = nodes[:, :-1].unbind(-1)
    right = x * angle.sin()[:, None] - y * angle.cos()[:, None]
    solved, singular = torch.linalg.solve_ex(matrix, right)
    solved[:, 0] = 0
    speed = torch.cat([solved, solved[:, :1]], 1)
    speed[~simple | (singular != 0)] = torch.nan
    return speed


def influence(nodes: Float[Tensor, "n node 2"]) -> tuple[Float[Tensor, "n panel panel"], Bool[Tensor, "n"]]:
    """Stream function at each node of a clockwise vorticity of 1 at another that falls to 0 at its neighbours.

    And whether the outline is simple: from each of its nodes its panels are seen under angles whose sum is inside
    (0, 2π); where it crosses itself, at some nodes by whole turns more or less.
    """
    # A panel from a to b, as seen from a node: u along it from the foot of the node's perpendicular, η the distance.
    #   ∫ ln r ds   = [u ln r − u]ₐᵇ + η θ,   θ the angle under which the panel is seen
    #   ∫ u ln r ds = [r² (ln r − ½) / 2]ₐᵇ
    # It takes no frame of the panel: with its length h, u_a h = a·b − a², u_b = u_a + h, η h = a × b.
    x, y = (c[:, None] - c[:, :-1, None] for c in nodes.unbind(-1))
    square = x * x + y * y
    log = torch.where(square > 0, square, 1).log() / 2
    ax, bx, ay, by = x[..., :-1], x[..., 1:], y[..., :-1], y[..., 1:]
    cross, dot = ax * by - bx * ay, ax * bx + ay * by + 0.0  # atan2(0, −0) would be π
    seen = torch.atan2(cross, dot)
    length = (nodes[:, 1:] - nodes[:, :-1]).norm(dim=-1)[:, None]
    inverse = length**-2
    start = (dot - square[..., :-1]) * inverse  # u_a / h; and the integrals over h and h²:
    whole = start * log.diff() + log[..., 1:] - 1 + cross * inverse * seen
    rising = (square * (log - 0.5)).diff() * (inverse / 2) - start * whole
    scale = length / (2 * torch.pi)
    rising *= scale
    matrix = scale * whole - rising
    matrix[..., 1:] += rising[..., :-1]
    turned = seen.sum(-1)
    return matrix, ((turned > 0) & (turned < 2 * torch.pi) & (length[:, 0] > 0)).all(1)


def lift(nodes: Float[Tensor, "n node 2"], speed: Float[Tensor, "n node"]) -> Float[Tensor, "n"]:
    """2 Γ of a unit chord, Kutta and Joukowski's theorem."""
    length = (nodes[:, 1:] - nodes[:, :-1]).norm(dim=-1)
    return ((speed[:, 1:] + speed[:, :-1]) * length).sum(1)


def moment(nodes: Float[Tensor, "n node 2"], speed: Float[Tensor, "n node"]) -> Float[Tensor, "n"]:
    """½ ∮ γ² dρ², ρ the distance from the quarter of a unit chord; nose up."""
    a, b = speed[:, :-1], speed[:, 1:]
    mean = (a.square() + a * b + b.square()) / 3  # of γ² over a panel
    from_quarter = (nodes - nodes.new_tensor([0.25, 0.0])).square().sum(-1)
    return (mean * from_quarter.diff(dim=1)).sum(1) / 2
