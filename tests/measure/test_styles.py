"""Pictures of a generator whose images are its styles: everything can be read off."""

import io

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from tutelage.measure import mosaics, styles


class Shows:
    """Two layers, a pixel each, grey as its own number of the style; noise adds a tenth of itself to the second."""

    def style(self, z: Tensor, truncation: float = 1) -> Tensor:
        return 0.5 + truncation * (z - 0.5)

    def draw(self, one: Tensor, other: Tensor, cut: int, noise: Tensor | None = None) -> Tensor:
        layers = torch.stack([one[:, 0] if cut > 0 else other[:, 0], one[:, 1] if cut > 1 else other[:, 1]], 1)
        if noise is not None:
            layers = layers + 0.1 * noise * torch.tensor([0.0, 1.0])
        return layers.view(-1, 1, 1, 2)

    def noise(self, n: int, generator: torch.Generator) -> Tensor:
        return torch.randn(n, 2, generator=generator)


Z = torch.tensor([[0.0, 0.2], [0.4, 0.6], [0.8, 1.0]])


def grey(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png))).astype(float) / 255


def test_a_row_of_truncated_images_is_nearer_to_the_mean_style_the_smaller_the_truncation() -> None:
    told = grey(styles.truncated(Shows(), Z, [0.0, 0.5, 1.0]))
    flat = Z.flatten().numpy()
    assert np.allclose(told, [0.5 + psi * (flat - 0.5) for psi in (0, 0.5, 1)], atol=0.01)


def test_where_two_styles_meet_the_column_gives_the_layers_before_the_cut_and_the_row_the_others() -> None:
    told = grey(styles.mixed(Shows(), Z, Z[:2], 1))
    assert told.shape == (3, 8)
    assert np.allclose(told[0], [0, 0, *Z.flatten()], atol=0.01)
    assert np.allclose(told[1:, :2], Z[:2], atol=0.01)
    for row, fine in enumerate(Z[:2], start=1):
        for column, coarse in enumerate(Z, start=1):
            assert np.allclose(told[row, 2 * column : 2 * column + 2], [coarse[0], fine[1]], atol=0.01)


def test_noise_is_seen_where_it_strays_and_nowhere_else() -> None:
    told = grey(styles.noisy(Shows(), Z, torch.Generator().manual_seed(0))).reshape(3, -1, 2)
    assert told.shape[1] == 2 + styles.SHADES
    assert np.allclose(told[:, 0], Z, atol=0.01)
    assert np.allclose(told[:, 1:-1, 0], Z[:, None, 0], atol=0.01)
    assert np.ptp(told[1, 1:-1, 1]) > 0.05
    assert np.allclose(told[:, -1, 0], 0)
    assert told[:, -1, 1].max() == 1


def test_deviations_of_noise_and_of_styles_are_those_that_were_put_in() -> None:
    draws = torch.Generator().manual_seed(0)
    told = styles.deviations(Shows(), torch.rand(400, 2, generator=draws), draws)
    assert told["noise"] == pytest.approx(0.1 / 2, rel=0.05)
    assert told["style"] == pytest.approx(12**-0.5, rel=0.05)


def test_a_walk_goes_through_its_stops_and_back_to_the_first() -> None:
    frames = styles.walk(Shows(), torch.stack([Z[:1], Z[1:2], Z[2:]]), 4)
    assert frames.shape == (12, 1, 1, 1, 2)
    assert torch.allclose(frames[::4, 0, 0, 0], Z)
    assert torch.allclose(frames[2, 0, 0, 0], (Z[0] + Z[1]) / 2)
    assert torch.allclose(frames[10, 0, 0, 0], (Z[2] + Z[0]) / 2)


def test_an_animation_has_its_frames_and_is_the_same_twice() -> None:
    draws = np.random.default_rng(0)
    frames = [draws.integers(0, 256, (6, 5, 1), np.uint8) for _ in range(3)]
    file = mosaics.webp(frames, 40)
    read = Image.open(io.BytesIO(file))
    assert (read.n_frames, read.info["loop"]) == (3, 0)  # type: ignore[attr-defined]
    assert file == mosaics.webp(frames, 40)
