"""Nets that make images of noise, for the sizes they can make; maxout against what it is the largest of."""

import pytest
import torch

from tutelage.nn.generators import ConvGenerator, DenseGenerator
from tutelage.nn.maxout import Maxout, MaxoutEncoder


@pytest.mark.parametrize("shape", [(1, 28, 28), (1, 32, 32), (3, 64, 64), (3, 8, 12), (1, 4, 4)])
def test_noise_becomes_images_of_the_size_asked_for(shape: tuple[int, int, int]) -> None:
    z = 5 * torch.randn(3, 7, generator=torch.Generator().manual_seed(0))
    for net in (
        ConvGenerator(shape, latent=7, channels=(8, 4), groups=2),
        DenseGenerator(shape, latent=7, hidden=(5, 6)),
    ):
        images = net(z)
        assert images.shape == (3, *shape)
        assert images.min() >= 0
        assert images.max() <= 1
        assert not torch.equal(images[0], images[1])


def test_an_image_depends_on_its_own_noise_alone() -> None:
    net, z = ConvGenerator((1, 8, 8), latent=3, channels=(8, 4), groups=2), torch.randn(5, 3)
    torch.testing.assert_close(net(z)[:2], net(z[:2]))


def test_convolutions_make_no_image_whose_side_is_no_multiple_of_4() -> None:
    with pytest.raises(ValueError, match="27×30"):
        ConvGenerator((1, 27, 30), latent=3, channels=(8, 4), groups=2)


def test_a_unit_of_maxout_is_the_largest_of_its_linear_maps() -> None:
    net, x = Maxout(6, 4, 3).double(), torch.randn(5, 6, dtype=torch.float64)
    weight, bias = net.linear.weight.view(4, 3, 6), net.linear.bias.view(4, 3)
    known = torch.stack([x @ weight[:, j].T + bias[:, j] for j in range(3)]).max(0).values
    torch.testing.assert_close(net(x), known)


def test_maxout_makes_a_code_of_any_image() -> None:
    assert MaxoutEncoder((3, 5, 7), hidden=4, pieces=2, width=6)(torch.zeros(2, 3, 5, 7)).shape == (2, 6)


def test_maxout_of_a_map_and_its_negative_is_its_size() -> None:
    net, x = Maxout(3, 1, 2), torch.randn(9, 3)
    with torch.no_grad():
        net.linear.weight[1], net.linear.bias[1] = -net.linear.weight[0], -net.linear.bias[0]
        torch.testing.assert_close(net(x)[:, 0], (x @ net.linear.weight[0] + net.linear.bias[0]).abs())
