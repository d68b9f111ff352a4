"""Noise in the exam: none changes nothing, more changes more, and the clean image is what is asked for."""

import pytest
import torch

from tutelage import streams
from tutelage.data import views
from tutelage.measure import codes, exam, robustness


class Halves:
    """Codes are the first half of the numbers; what comes back is them and zeros."""

    def encode(self, x: torch.Tensor) -> torch.Tensor:
        return x[:, :4]

    def reconstruct(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([x[:, :4], torch.zeros(len(x), 4)], 1)


Y = torch.arange(3).repeat(40)
X = torch.nn.functional.one_hot(Y, 8).float() + 0.1 * torch.rand(120, 8, generator=torch.Generator().manual_seed(0))


def told(kind: str, strengths: list[float]) -> list[dict[str, float]]:
    spoiled = {(kind, s): views.SPOIL[kind](X, s, streams.generator(0, f"{s}")) for s in strengths}
    found = robustness.under_noise(Halves(), X, Y, spoiled, {"x": X[:30], "y": Y[:30]}, strengths=(0.1,), folds=3)
    assert list(found) == list(spoiled)
    return list(found.values())


@pytest.mark.parametrize("kind", ["gaussian", "masking"])
def test_no_noise_changes_nothing_and_more_changes_more(kind: str) -> None:
    none, some, more = told(kind, [0.0, 0.2, 0.8])
    assert none["sse"] == pytest.approx(exam.reconstructed(Halves(), X, X)["sse"])
    assert none["code_shift"] == 0
    assert none["accuracy"] == 1
    assert some["sse"] < more["sse"]
    assert 0 < some["code_shift"] < more["code_shift"]
    assert more["accuracy"] < 1


def test_codes_that_are_exchanged_for_independent_ones_are_moved_by_twice_their_spread() -> None:
    draws = torch.Generator().manual_seed(1)
    one, other = torch.randn(2, 100_000, 3, generator=draws)
    assert codes.shift(other, one) == pytest.approx(2, rel=0.01)


def test_masking_hides_that_share_and_gaussian_has_that_deviation() -> None:
    x = torch.ones(1000, 50)
    hidden = views.masking(x, 0.3, streams.generator(0, "m"))
    assert float(hidden.eq(0).float().mean()) == pytest.approx(0.3, abs=0.01)
    assert set(hidden.unique().tolist()) == {0.0, 1.0}
    noisy = views.gaussian(x, 0.3, streams.generator(0, "g"))
    assert float((noisy - x).std()) == pytest.approx(0.3, rel=0.02)
