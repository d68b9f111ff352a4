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


def test_codes_that_are_drawn_have_the_mean_and_the_covariance_of_those_that_are_there() -> None:
    z = torch.randn(300, 3, generator=draws(), dtype=torch.float64)
    z = torch.cat([z @ torch.randn(3, 3, generator=draws(), dtype=torch.float64) + 2, z[:, :1], 0 * z[:, :1] - 1], 1)
    made = synthesis.drawn(Same(), z, 200_000, draws())
    torch.testing.assert_close(made.mean(0), z.mean(0), atol=0.02, rtol=0)
    torch.testing.assert_close(made.T.cov(), z.T.cov(), atol=0.05, rtol=0)
    assert float(made[:, 4].std()) < 1e-12  # what never varies goes on not to


def test_codes_that_are_drawn_are_the_same_from_the_same_stream_and_as_exact_as_those_that_are_there() -> None:
    one, again = (synthesis.drawn(Same(), Z, 7, draws()) for _ in range(2))
    assert torch.equal(one, again)
    assert one.dtype == Z.dtype
    assert one.shape == (7, 4)
