"""Blobs are as wide as is said of them."""

import torch

from tutelage.data import drawn


def test_without_noise_the_slope_of_a_blobs_logarithm_is_its_width() -> None:
    side = 24
    blobs = drawn.blobs(50, side=side, noise=0, seed=0, name="train")
    least, greatest = drawn.WIDTHS
    sigma = least + (greatest - least) * (blobs["y"][:, 0].double() / 12**0.5 + 0.5)
    # ln of a Gaussian is a parabola whose second difference is −(1/side)²/σ², wherever it lies and however high
    curved = blobs["x"].double().log().diff(n=2, dim=3)
    torch.testing.assert_close(curved[:, 0, 12, 12], -1 / (side * sigma) ** 2, rtol=2e-3, atol=0)


def test_widths_have_mean_0_and_variance_1() -> None:
    y = drawn.blobs(20000, side=2, noise=0.1, seed=0, name="train")["y"]
    assert abs(float(y.mean())) < 0.03
    assert abs(float(y.var()) - 1) < 0.03


def test_parts_and_seeds_differ_and_the_same_is_the_same() -> None:
    one, same, part, seed = (
        drawn.blobs(4, side=8, noise=0.1, seed=s, name=name)["x"]
        for s, name in ((0, "train"), (0, "train"), (0, "test"), (1, "train"))
    )
    assert torch.equal(one, same)
    assert not torch.equal(one, part)
    assert not torch.equal(one, seed)
