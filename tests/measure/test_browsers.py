"""A decoder as data for a page: what is kept, what is refused, and the density of codes in closed form."""

import json
from dataclasses import dataclass

import pytest
import torch
from safetensors.torch import load
from torch import nn

from tutelage.measure import browsers, latent
from tutelage.nn.dense import Decoder


@dataclass
class Learner:
    """Codes are an image's two pixels, and as unsure as the prior."""

    decoder: nn.Module

    def encode(self, x: torch.Tensor) -> torch.Tensor:
        return x.flatten(1)

    def posterior(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.encode(x), torch.zeros(len(x), 2)


def sequence(*layers: nn.Module) -> nn.Sequential:
    return nn.Sequential(nn.Linear(2, 3), *layers, nn.Linear(3, 4), nn.Unflatten(1, (1, 2, 2)))


def test_a_packed_decoder_holds_every_weight_to_a_part_of_its_units_largest() -> None:
    decoder = Decoder((3, 4, 5), hidden=7, width=2)
    packed = browsers.packed(decoder, sigmoid=True)
    kept, own = load(packed), decoder.state_dict()
    for name, layer in (("0", "layers.0"), ("1", "layers.2")):
        weight, whole, scale = own[f"{layer}.weight"], kept[f"{name}.weight"], kept[f"{name}.scale"]
        assert whole.dtype == torch.int16
        assert torch.equal(whole.abs().amax(1), torch.full_like(whole[:, 0], 2**15 - 1))
        off = (weight - scale[:, None] * whole).abs().amax(1) / weight.abs().amax(1)
        assert float(off.max()) < 0.51 / 2**15
        assert torch.equal(kept[f"{name}.bias"], own[f"{layer}.bias"])
    assert len(kept) == 6
    length = int.from_bytes(packed[:8], "little")
    known = json.loads(packed[8 : 8 + length])["__metadata__"]["decoder"]
    assert json.loads(known) == {"shape": [3, 4, 5], "sigmoid": True}
    assert browsers.packed(decoder, sigmoid=True) == packed


@pytest.mark.parametrize(
    "decoder",
    [
        sequence(),
        sequence(nn.Tanh()),
        nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.LayerNorm(4), nn.Unflatten(1, (1, 2, 2))),
        sequence(nn.ReLU(), nn.ReLU()),
        nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Unflatten(1, (1, 2, 2))),
        nn.Sequential(nn.Linear(2, 4, bias=False), nn.Unflatten(1, (1, 2, 2))),
        nn.Sequential(nn.Unflatten(1, (1, 1, 2)), nn.Conv2d(1, 1, 1)),
    ],
    ids=["no relu", "tanh", "norm", "relu twice", "relu last", "no bias", "convolution"],
)
def test_other_layers_are_refused(decoder: nn.Module) -> None:
    with pytest.raises(ValueError, match="linear layers with ReLU between them and nothing else"):
        browsers.packed(decoder, sigmoid=False)


def test_a_space_is_no_plane() -> None:
    with pytest.raises(ValueError, match="a plane has two latent numbers, not 3"):
        browsers.packed(Decoder((1, 2, 2), hidden=4, width=3), sigmoid=False)


def test_a_unit_of_zeros_is_kept() -> None:
    decoder = sequence(nn.ReLU())
    nn.init.zeros_(decoder.get_parameter("0.weight"))
    assert not load(browsers.packed(decoder, sigmoid=True))["0.weight"].any()


def test_a_unit_whose_weights_are_of_too_many_sizes_is_refused() -> None:
    decoder = sequence(nn.ReLU())
    with torch.no_grad():
        decoder.get_parameter("0.bias").copy_(torch.tensor([-100.0, 5.0, 5.0]))  # the first is never heard
        decoder.get_parameter("2.weight").copy_(torch.tensor([1e6, 0.1, 0.1]).expand(4, 3))
    with pytest.raises(ValueError, match="in 16 bits"):
        browsers.packed(decoder, sigmoid=True)


class Otherwise(nn.Sequential):
    """Does more than its layers."""

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        for layer in self:
            z = layer(z)
        return 0.5 - z


def test_a_decoder_that_is_more_than_its_layers_is_refused() -> None:
    with pytest.raises(ValueError, match="pixels are off by"):
        browsers.packed(Otherwise(*sequence(nn.ReLU())), sigmoid=True)


def test_codes_are_shares_of_the_prior_with_their_class() -> None:
    x = torch.tensor([[0.0, 0.0], [-40.0, 40.0]]).view(2, 1, 1, 2)
    told = browsers.files(Learner(sequence(nn.ReLU())), sequence(nn.ReLU()), x, torch.tensor([3, -1]), sigmoid=True)
    assert json.loads(told["codes.json"]) == [[0.5, 0.5, 3], [0.0, 1.0, -1]]
    assert {len(row) for row in json.loads(told["density.json"])} == {browsers.SIDE}


def test_the_density_of_the_prior_itself_is_one_everywhere() -> None:
    torch.testing.assert_close(
        latent.density(torch.zeros(1, 2), torch.zeros(1, 2), 5), torch.ones(5, 5, dtype=torch.float64)
    )


def test_the_density_of_any_codes_is_one_in_the_mean_and_lies_where_they_do() -> None:
    mean, log_variance = torch.tensor([[9.0, -1.0], [0.1, 0.2]]), torch.tensor([[-9.0, -9.0], [1.0, 0.5]])
    density = latent.density(mean, log_variance, 6)
    assert float(density.mean()) == pytest.approx(1)
    assert divmod(int(density.argmax()), 6) == (5, 5)  # far to the right, and low: from above the last row but none
    drawn = mean + (0.5 * log_variance).exp() * torch.randn(100_000, 2, 2, generator=torch.Generator().manual_seed(0))
    cells = (torch.special.ndtr(drawn) * 6).long().clamp(0, 5).flatten(0, 1)
    counted = torch.bincount((5 - cells[:, 1]) * 6 + cells[:, 0], minlength=36).view(6, 6) * 36 / len(cells)
    torch.testing.assert_close(density, counted.double(), atol=0.05, rtol=0)
