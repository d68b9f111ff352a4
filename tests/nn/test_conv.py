"""The encoder for any size of image, and its pooling against PyTorch's."""

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from tutelage.errors import Mistake
from tutelage.nn import weights
from tutelage.nn.conv import Encoder, GridPool


def encoder(*shape: int) -> Encoder:
    channels, height, width = shape
    return Encoder((channels, height, width), channels=(8, 16), kernel=3, groups=4, grid=4, width=10)


@pytest.mark.parametrize("size", [(7, 7), (8, 8), (4, 4), (2, 2), (13, 5)])
def test_the_grid_is_adaptive_average_pooling(size: tuple[int, int]) -> None:
    x = torch.randn(2, 3, *size, dtype=torch.float64)
    pool = GridPool(*size, 4).double()
    torch.testing.assert_close(pool(x), F.adaptive_avg_pool2d(x, 4).flatten(2), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (1, 8, 8), (3, 105, 64), (1, 3, 3)])
def test_any_size_and_any_channels_become_a_code(shape: tuple[int, int, int]) -> None:
    assert encoder(*shape)(torch.zeros(2, *shape)).shape == (2, 10)


def test_weights_come_back_and_those_of_another_net_do_not(tmp_path: Path) -> None:
    one, other = encoder(1, 8, 8), encoder(1, 8, 8)
    weights.keep(one.state_dict(), tmp_path / "f.safetensors")
    weights.give(other, tmp_path / "f.safetensors")
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))
    with pytest.raises(Mistake, match=r"f\.safetensors does not hold this network's weights"):
        weights.give(encoder(3, 8, 8), tmp_path / "f.safetensors")
    (tmp_path / "f.safetensors").write_bytes(b"half")
    with pytest.raises(Mistake, match="does not hold"):
        weights.give(other, tmp_path / "f.safetensors")
    with pytest.raises(Mistake, match="is missing"):
        weights.give(other, tmp_path / "g.safetensors")
