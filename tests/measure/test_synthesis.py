"""Like images: none of the noise is none of the change, and a judge that reads the code says how much is left."""

import pytest
import torch

from tutelage.measure import synthesis


class Same:
    """A code is its image, and its largest number its class."""

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        return z

    def predict(self, x: torch.Tensor) -> torch.Tensor:
        return x.log_softmax(1)


Y = torch.arange(4).repeat(500)
Z = torch.nn.functional.one_hot(Y, 4).float()


def draws() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_noise_on_a_code_has_the_deviation_that_is_asked_for() -> None:
    assert torch.equal(synthesis.like(Same(), Z, 0.0, draws()), Z)
    assert float((synthesis.like(Same(), Z, 0.3, draws()) - Z).std()) == pytest.approx(0.3, rel=0.03)


def test_beside_each_stand_its_own() -> None:
    told = synthesis.beside(Same(), Z[:5], [0.0, 1e-3], draws())
    assert told.shape == (5, 2, 4)
    assert torch.equal(told[:, 0], Z[:5])
    torch.testing.assert_close(told[:, 1], Z[:5], atol=0.01, rtol=0)


def test_all_are_kept_without_noise_and_a_class_is_guessed_under_much() -> None:
    none, some, all_of_it = synthesis.kept(Same(), Same(), Z, Y, [0.0, 0.5, 1e4], draws())
    assert none == 1
    assert 0.5 < some < 1
    assert all_of_it == pytest.approx(0.25, abs=0.03)
