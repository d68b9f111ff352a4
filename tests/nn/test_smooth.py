"""Nets side by side are the nets that they are alone."""

import torch
from torch import nn

from tutelage import streams
from tutelage.nn.smooth import Smooth


def test_each_net_is_pytorchs_own_with_its_weights() -> None:
    with streams.born(0, "test_smooth"):
        several, x = Smooth(3, 2, hidden=5, depth=2, nets=4), torch.randn(4, 7, 3)
    told = several(x)
    for k in range(4):
        alone = nn.Sequential(nn.Linear(3, 5), nn.SiLU(), nn.Linear(5, 5), nn.SiLU(), nn.Linear(5, 2))
        linear = [layer for layer in alone if isinstance(layer, nn.Linear)]
        for layer, slope, offset in zip(linear, several.slopes, several.offsets, strict=True):
            layer.load_state_dict({"weight": slope[k].T, "bias": offset[k, 0]})
        torch.testing.assert_close(alone(x[k]), told[k])


def test_they_are_born_within_the_bounds_of_pytorchs_own() -> None:
    with streams.born(0, "test_smooth"):
        several = Smooth(4, 2, hidden=25, depth=1, nets=300)
    for weights, asked in ((several.slopes[0], 4), (several.offsets[0], 4), (several.slopes[1], 25)):
        bound = asked**-0.5
        assert 0.99 * bound < float(weights.detach().abs().max()) <= bound
        assert abs(float(weights.detach().std()) / (bound / 3**0.5) - 1) < 0.05
