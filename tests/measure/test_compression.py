"""Bits and decibels against closed forms: entropies, quantisation noise, a picture that is all one grey."""

import numpy as np
import pytest
import torch

from tutelage.measure import compression

DRAWS = np.random.default_rng(0)


def test_bits_come_to_the_entropy_of_what_is_coded() -> None:
    p = np.array([0.5, 0.25, 0.125, 0.125])
    known, coded = (DRAWS.choice(4, size=(200_000, 2), p=p) for _ in range(2))
    assert compression.bits(coded, known) == pytest.approx(2 * 1.75, rel=0.01)


def test_a_value_never_seen_costs_an_escape_and_is_finite() -> None:
    known = np.zeros((1000, 1), np.int64)
    usual, strange, stranger = (compression.bits(np.array([[v]]), known) for v in (0, 3, 3000))
    assert usual < 0.01
    assert 10 < strange < stranger < 50


def test_quantising_costs_a_twelfth_of_the_square_of_its_step() -> None:
    z = DRAWS.normal(size=(100_000, 3))
    told = 0.1 * compression.quantised(z, 0.1)
    assert np.square(told - z).mean() == pytest.approx(0.1**2 / 12, rel=0.01)


def test_a_finer_step_costs_a_bit_more_for_each_halving() -> None:
    known, coded = DRAWS.normal(size=(2, 100_000, 1))
    coarse, fine = (
        compression.bits(compression.quantised(coded, s), compression.quantised(known, s)) for s in (0.2, 0.1)
    )
    assert fine - coarse == pytest.approx(1, abs=0.02)


def test_psnr_is_of_the_mean_squared_error_and_cuts_what_no_pixel_can_be() -> None:
    x = np.full((10, 4), 0.5)
    assert compression.psnr(x + 0.1, x) == pytest.approx(20)
    assert compression.psnr(np.array([1.3]), np.array([0.9])) == pytest.approx(20)


class Same:
    def decode(self, z: torch.Tensor) -> torch.Tensor:
        return z.view(-1, 1, 2, 2)


def test_codes_that_are_their_pixels_lose_what_quantising_loses() -> None:
    known, x = (torch.from_numpy(DRAWS.uniform(0.2, 0.8, size=(20_000, 1, 2, 2))) for _ in range(2))
    fine, coarse = compression.of_codes(Same(), known.flatten(1), x.flatten(1), x, [0.01, 0.1])
    assert fine.psnr == pytest.approx(-10 * np.log10(0.01**2 / 12), abs=0.05)
    assert fine.bits == pytest.approx(np.log2(0.6 / 0.01), abs=0.05)  # a number a pixel, evenly over 60 values
    assert (coarse.bits < fine.bits, coarse.psnr < fine.psnr) == (True, True)


def test_between_two_steps_the_psnr_lies_on_the_line_over_the_logarithm_of_bits_and_beyond_there_is_none() -> None:
    points = [compression.Point(0.4, 30.0), compression.Point(0.1, 20.0)]
    assert compression.at_rates(points, [0.1, 0.2, 0.4]) == pytest.approx([20, 25, 30])
    assert np.isnan(compression.at_rates(points, [0.09, 0.41])).all()


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_format_gives_more_for_more(kind: str) -> None:
    smooth = np.linspace(0, 255, 64 * 64).reshape(64, 64, 1)
    whole = np.clip(smooth + DRAWS.normal(scale=20, size=smooth.shape), 0, 255).astype(np.uint8)
    low, high = compression.file_format(whole, kind, [10, 90])  # type: ignore[arg-type]
    assert low.bits < high.bits
    assert low.psnr < high.psnr
