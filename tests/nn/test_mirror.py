"""Tied decoders: the transposed maps of the encoder, and no weight twice."""

import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from tutelage.measure import costs
from tutelage.nn.conv import Encoder
from tutelage.nn.mirror import Linear, Mirror, _back


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (1, 8, 8), (2, 13, 6)])
def test_an_image_of_any_size_comes_back_in_its_size(shape: tuple[int, int, int]) -> None:
    encoder = Encoder(shape, channels=(4, 8), kernel=5, groups=2, grid=2, width=6)
    assert Mirror(encoder, shape)(encoder(torch.rand(3, *shape))).shape == (3, *shape)


@pytest.mark.parametrize("size", [(28, 28), (7, 10), (9, 5)])
def test_the_way_back_is_the_adjoint_of_the_way_there(size: tuple[int, int]) -> None:
    convolution = torch.nn.Conv2d(2, 3, 5, stride=2, padding=2, bias=False).double()
    x = torch.randn(1, 2, *size, dtype=torch.float64)
    there = convolution(x)
    h = torch.randn_like(there)
    back = _back(convolution, h, torch.zeros(2).double(), size)
    torch.testing.assert_close((there * h).sum(), (x * back).sum())  # ⟨Ax, h⟩ = ⟨x, Aᵀh⟩


def test_a_linear_mirror_is_the_transposed_matrix() -> None:
    encoder = Linear((1, 3, 4), width=5)
    z = torch.randn(2, 5)
    told = Mirror(encoder, (1, 3, 4))(z)
    matrix = encoder.get_parameter("layers.1.weight")
    torch.testing.assert_close(told.flatten(1), F.linear(z, matrix.T))


def test_weights_are_counted_and_saved_once_and_learn_from_both_sides() -> None:
    encoder = Linear((1, 3, 4), width=5)
    mirror = Mirror(encoder, (1, 3, 4))
    assert costs.weights(mirror) == 12
    assert list(mirror.state_dict()) == ["biases.0"]
    mirror(torch.ones(1, 5)).sum().backward()
    assert encoder.get_parameter("layers.1.weight").grad is not None
