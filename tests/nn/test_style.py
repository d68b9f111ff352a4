"""The style-based generator's parts against the equations they stand for, and what each leaves untouched."""

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from scipy.signal import upfirdn

from tutelage.nn import resampling
from tutelage.nn.equalised import Linear, leaky
from tutelage.nn.style import Mapping, Modulated, Styled, StyleGenerator, mixed

DRAWS = torch.Generator().manual_seed(0)


def normal(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=DRAWS)


def test_equalised_layers_keep_the_variance_whatever_their_width() -> None:
    torch.manual_seed(0)
    for features in (8, 800):
        told = Linear(features, 2000)(torch.randn(500, features)).detach()
        assert float(told.std()) == pytest.approx(1, abs=0.03)
    assert float(leaky(torch.randn(10**6)).square().mean()) == pytest.approx(1.04, abs=0.01)


def test_a_slower_layer_is_born_alike_and_moves_as_much_less_for_a_step() -> None:
    x, born, moved = normal(3, 6), {}, {}
    for rate in (1.0, 0.01):
        torch.manual_seed(0)
        layer = Linear(6, 4, bias=0.5, rate=rate).double()
        with torch.no_grad():
            born[rate] = layer(x)
            for weight in layer.parameters():
                weight.add_(1)
            moved[rate] = layer(x) - born[rate]
    torch.testing.assert_close(born[0.01], born[1.0], rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(moved[0.01], 0.01 * moved[1.0], rtol=1e-5, atol=1e-5)


def test_mapping_does_not_see_how_long_a_code_is() -> None:
    net, z = Mapping(5, 7, 3, 0.01).double(), normal(4, 5)
    torch.testing.assert_close(net(3 * z), net(z), rtol=1e-6, atol=1e-9)


def kernels(layer: Modulated, w: torch.Tensor) -> torch.Tensor:
    """w″ of each image, by equations 1 and 3."""
    modulated = layer.style(w)[:, None, :, None, None] * (layer.scale * layer.weight)[None]
    return modulated / (modulated.square().sum((2, 3, 4), keepdim=True) + 1e-8).sqrt()


def test_one_kernel_for_all_images_is_a_kernel_for_each() -> None:
    layer, x, w = Modulated(3, 4, 3, 5).double(), normal(2, 3, 6, 6), normal(2, 5)
    told = [F.conv2d(x[i : i + 1], kernel, padding=1) for i, kernel in enumerate(kernels(layer, w))]
    torch.testing.assert_close(layer(x, w), torch.cat(told))
    told = [
        F.conv_transpose2d(x[i : i + 1], kernel.transpose(0, 1), stride=2) for i, kernel in enumerate(kernels(layer, w))
    ]
    torch.testing.assert_close(layer(x, w, twice=True), torch.cat(told))


def test_demodulation_takes_away_how_strong_a_style_is_and_leaves_noise_its_variance() -> None:
    layer, x = Modulated(30, 20, 3, 5).double(), normal(2, 30, 40, 40)
    for parameter in (layer.style.weight, layer.style.bias):
        parameter.data.mul_(50)
    strong = layer(x, normal(2, 5)).detach()
    assert float(strong[:, :, 1:-1, 1:-1].std()) == pytest.approx(1, abs=0.02)


def test_doubling_is_the_filter_between_zeros() -> None:
    x, taps = normal(1, 1, 5, 7), [0.25, 0.75, 0.75, 0.25]
    rows = upfirdn(taps, x[0, 0].numpy(), up=2, axis=0)[1:11]
    known = upfirdn(taps, rows, up=2, axis=1)[:, 1:15]
    torch.testing.assert_close(resampling.doubled(5, 7).double()(x)[0, 0], torch.from_numpy(known))


def test_a_constant_stays_one_but_at_the_rim() -> None:
    told = resampling.doubled(4, 6)(torch.ones(1, 1, 4, 6))
    torch.testing.assert_close(told[:, :, 1:-1, 1:-1], torch.ones(1, 1, 6, 10))


def test_a_transposed_convolution_that_passes_through_is_smoothed_to_the_doubled_image() -> None:
    x, kernel = normal(2, 1, 4, 6), torch.zeros(1, 1, 3, 3, dtype=torch.float64)
    kernel[..., 1, 1] = 1
    left = F.conv_transpose2d(x, kernel, stride=2)
    torch.testing.assert_close(resampling.smoothed(4, 6).double()(left), resampling.doubled(4, 6).double()(x))


def test_noise_reaches_an_image_by_its_learned_strength() -> None:
    layer = Styled(3, 4, (6, 6), 5).double()
    x, w, one, other = normal(2, 3, 6, 6), normal(2, 5), normal(2, 36), normal(2, 36)
    assert torch.equal(layer(x, w, one), layer(x, w, other))
    layer.strength.data.fill_(0.3)
    with torch.no_grad():
        layer.bias.fill_(100)  # far from the kink
        moved = layer(x, w, one) - layer(x, w, other)
    torch.testing.assert_close(moved, (0.3 * 2**0.5 * (one - other)).view(2, 1, 6, 6).expand_as(moved))


@pytest.mark.parametrize("shape", [(1, 28, 28), (1, 32, 32), (3, 32, 32), (3, 64, 64), (1, 8, 12)])
@pytest.mark.parametrize("levels", [2, 3])
def test_styles_become_images_of_the_size_asked_for(shape: tuple[int, int, int], levels: int) -> None:
    g = StyleGenerator(shape, latent=4, width=5, depth=2, rate=0.1, channels=(6, 4, 3)[:levels])
    w = g.mapping(torch.randn(2, 4))[:, None].expand(-1, g.synthesis.styles, -1)
    image = g.synthesis(w, torch.randn(2, g.synthesis.pixels))
    assert image.shape == (2, *shape)
    assert g.synthesis.styles == 2 * levels
    assert image.min() >= 0
    assert image.max() <= 1


def test_each_style_moves_the_image_and_the_layers_before_it_do_not_see_it() -> None:
    g = StyleGenerator((1, 8, 8), latent=4, width=5, depth=2, rate=0.1, channels=(6, 4)).double().synthesis
    w, noise = normal(1, g.styles, 5), torch.zeros(1, g.pixels, dtype=torch.float64)
    seen: list[torch.Tensor] = []
    g.first.register_forward_hook(lambda layer, given, told: seen.append(told))
    whole = g(w, noise)
    for at in range(g.styles):
        other = w.clone()
        other[:, at] = normal(1, 5)
        assert not torch.allclose(g(other, noise), whole)
        assert torch.equal(seen[-1], seen[0]) == (at > 0)
    assert g.cuts == {(8, 8): 1}


def test_mixing_takes_over_at_the_cut() -> None:
    one, other = torch.zeros(3, 2), torch.ones(3, 2)
    told = mixed(one, other, torch.tensor([0, 2, 4]), 4)
    assert told[:, :, 0].tolist() == [[1, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 0]]
