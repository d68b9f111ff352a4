"""Pictures of a model whose images are its codes: everything can be read off."""

import io

import numpy as np
import torch
from PIL import Image

from tutelage.measure import latent


class Shows:
    """Two latent numbers, told as one image of two grey pixels, 0.5 where a number is 0; its posterior is sure."""

    def encode(self, x: torch.Tensor) -> torch.Tensor:
        return 4 * (x.flatten(1) - 0.5)

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        return (z / 4 + 0.5).view(-1, 1, 1, 2)

    def posterior(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.encode(x), torch.full((len(x), 2), -100.0)

    def sample(self, n: int, generator: torch.Generator) -> torch.Tensor:
        return self.decode(torch.randn(n, 2, generator=generator))


X = torch.tensor([[0.2, 0.4], [0.6, 0.8], [1.0, 0.0]]).view(3, 1, 1, 2)


def grey(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png))).astype(float) / 255


def test_a_walk_goes_evenly_from_each_code_to_the_next_and_the_last_to_the_first() -> None:
    z = torch.tensor([[0.0, 0.0], [3.0, 6.0]])
    told = latent.walk(z, 4)
    assert torch.equal(told[0], z)
    torch.testing.assert_close(told[-1], z.flip(0))
    torch.testing.assert_close(told[:, 0], torch.arange(4)[:, None] * torch.tensor([1.0, 2.0]))


def test_the_cells_of_a_plane_have_equal_shares_of_the_prior_and_the_second_number_grows_upwards() -> None:
    shares = torch.special.ndtr(latent.grid(4))
    assert shares.shape == (4, 4, 2)
    torch.testing.assert_close(shares[0, :, 0], torch.tensor([0.125, 0.375, 0.625, 0.875]))
    torch.testing.assert_close(shares[:, 0, 1], torch.tensor([0.875, 0.625, 0.375, 0.125]))


def test_a_plane_shows_what_is_decoded_there() -> None:
    told = grey(latent.plane(Shows(), 3, torch.device("cpu")))
    first, second = told[:, ::2], told[:, 1::2]
    assert np.all(np.diff(first, axis=1) > 0)
    assert np.all(np.diff(second, axis=0) < 0)
    assert abs(first[1, 1] - 0.5) < 0.01


def test_the_middle_of_the_prior_has_half_of_it_below() -> None:
    assert latent.shares(Shows(), torch.full((1, 1, 1, 2), 0.5)).tolist() == [[0.5, 0.5]]


def test_a_posterior_that_is_sure_gives_the_image_back_in_every_picture() -> None:
    told = {name: grey(png) for name, png in latent.pictures(Shows(), X, torch.Generator().manual_seed(0)).items()}
    rows = X.view(3, 2).numpy()
    assert np.allclose(told["reconstructions"], np.tile(rows.reshape(1, 6), (2, 1)), atol=0.01)
    assert np.allclose(told["like"], np.tile(rows, (1, 4)), atol=0.01)
    assert np.allclose(told["walks"][:, :4], np.tile(rows, (1, 2)), atol=0.01)
    assert np.allclose(told["walks"][:, -2:], np.roll(rows, -1, axis=0), atol=0.01)
    assert told["samples"].shape == (3, 6)
