"""Panels for an outline that is given as points."""

import numpy as np
import torch
from jaxtyping import Float
from numpy import ndarray
from scipy.interpolate import CubicSpline
from scipy.optimize import minimize_scalar
from torch import Tensor


def repanelled(outline: Float[ndarray, "n_outline 2"], panels: int) -> Float[Tensor, "node 2"]:
    """Nodes on a spline through the points: by the cosine of arc length, as many above the nose as below.

    The points go from the tail around to the tail, either way; an open tail is closed, half from each side, in
    proportion to the distance from the nose, which is the point farthest from it. The tail comes to (1, 0) and the nose
    to distance 1: nothing is turned, so that an angle of attack is the one against the points' own axis.
    """
    points = outline[:, 0] + 1j * outline[:, 1]
    points = points[np.append(True, np.diff(points) != 0)]  # some files say a point twice
    points = points - (points[0] + points[-1]) / 2
    if (points[:-1].conj() * points[1:]).imag.sum() < 0:  # twice its area: clockwise
        points = points[::-1]
    along = np.append(0, np.abs(np.diff(points)).cumsum())
    spline = CubicSpline(along, points)
    farthest = int(np.abs(points).argmax())
    around = along[farthest - 1], along[farthest + 1]
    nose = minimize_scalar(lambda s: -float(abs(spline(s))), bounds=around, options={"xatol": 1e-9 * along[-1]}).x
    share = (1 - np.cos(np.linspace(0, np.pi, panels // 2 + 1))) / 2
    at = np.append(nose * share[:-1], nose + (along[-1] - nose) * share)
    nodes = 1 + spline(at) / abs(spline(nose))
    gap = np.where(at < nose, nodes[0] - nodes[-1], nodes[-1] - nodes[0])
    nodes -= gap / 2 * nodes.real
    nodes[[0, -1]] = 1
    return torch.from_numpy(np.stack([nodes.real, nodes.imag], -1))
