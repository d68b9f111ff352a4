"""Augmented views against other ways of moving and turning an image."""

import math

import pytest
import torch
from torch import Tensor

from tutelage import params, streams
from tutelage.data import augmentation, views
from tutelage.errors import Mistake

NONE = augmentation.Strength(shift=0, turn=0, scale=0, shear=0, hole=0, noise=0)
ALL = augmentation.Strength(shift=2, turn=20, scale=0.2, shear=0.2, hole=3, noise=0.1)


def images(n: int = 6, side: int = 8) -> Tensor:
    return torch.rand(n, 2, side, side, dtype=torch.float64, generator=streams.generator(0, "images"))


def reshaped(x: Tensor, *, turn: float = 0, scale: float = 1, shear: float = 0) -> Tensor:
    told = (torch.full((len(x),), number, dtype=x.dtype) for number in (turn, scale, shear))
    shape = augmentation.shapes(**dict(zip(("turn", "scale", "shear"), told, strict=True)))
    still = torch.zeros(len(x), dtype=x.dtype)
    return augmentation.warped(x, shape=shape, down=still, right=still)


def test_at_no_strength_an_image_looks_as_it_does() -> None:
    torch.testing.assert_close(augmentation.seen(images(), NONE, streams.generator(0, "views")), images())


def test_where_a_net_computes_in_bfloat16_views_are_still_exact() -> None:
    x = images().float()
    plain = augmentation.seen(x, ALL, streams.generator(0, "views"))
    with torch.autocast("cpu", torch.bfloat16):
        torch.testing.assert_close(augmentation.seen(x, ALL, streams.generator(0, "views")), plain, rtol=0, atol=0)


def test_moving_by_whole_pixels_is_shifting() -> None:
    x = images()
    down, right = torch.tensor([0, 1, 2, 3, 4, 4]), torch.tensor([2, 0, 4, 1, 2, 4])
    moved = augmentation.warped(
        x, shape=torch.eye(2).double().expand(6, 2, 2), down=(down - 2).double(), right=(right - 2).double()
    )
    torch.testing.assert_close(moved, views.shifted(x, by=2, down=down, right=right))


def test_half_a_pixel_is_the_mean_of_two() -> None:
    x = images()
    eye, still = torch.eye(2).double().expand(6, 2, 2), torch.zeros(6).double()
    moved = augmentation.warped(x, shape=eye, down=still, right=still + 0.5)
    torch.testing.assert_close(moved[..., 1:], (x[..., 1:] + x[..., :-1]) / 2)


def test_a_quarter_turn_is_torchs() -> None:
    # From right towards down, so clockwise as it is seen.
    torch.testing.assert_close(reshaped(images(), turn=math.pi / 2), torch.rot90(images(), -1, (2, 3)))


def test_what_is_twice_as_large_shows_each_pixel_of_the_middle_four_times() -> None:
    spot = torch.zeros(1, 1, 8, 8).double()
    spot[0, 0, 3:5, 3:5] = 1
    assert float(reshaped(spot, scale=2).sum()) == pytest.approx(16)
    assert float(reshaped(spot, scale=0.5).sum()) == pytest.approx(4 / 4)


def test_a_sheared_row_below_the_middle_is_moved_aside_by_its_distance() -> None:
    x = torch.zeros(1, 1, 9, 9).double()
    x[0, 0, 6, 4] = 1
    assert reshaped(x, shear=1.0)[0, 0, 6].argmax() == 6
    assert reshaped(x, shear=1.0)[0, 0, 6, 6] == pytest.approx(1)


def test_a_hole_is_a_square_cut_at_the_edge() -> None:
    ones = torch.ones(2, 1, 8, 8)
    told = augmentation.pierced(ones, side=3, down=torch.tensor([4, 0]), right=torch.tensor([4, 7]))
    assert told[0, 0].logical_not().nonzero().tolist() == [[r, c] for r in (3, 4, 5) for c in (3, 4, 5)]
    assert told[1, 0].logical_not().nonzero().tolist() == [[0, 6], [0, 7], [1, 6], [1, 7]]


def test_twins_are_two_views_the_same_again_from_the_same_stream() -> None:
    batch = {"x": images(), "y": torch.arange(6)}
    view = augmentation.twins(ALL)
    told, again = (view(batch, streams.generator(1, "views")) for _ in range(2))
    torch.testing.assert_close(told, again, rtol=0, atol=0)
    assert not torch.equal(told["one"], told["other"])
    assert told["y"] is batch["y"]
    assert told["x"] is batch["x"]


def test_noise_has_its_standard_deviation_and_images_differ_in_how_they_are_turned() -> None:
    plain = torch.zeros(1000, 1, 8, 8)
    noisy = augmentation.seen(plain, NONE.model_copy(update={"noise": 0.3}), streams.generator(0, "views"))
    assert float(noisy.std()) == pytest.approx(0.3, abs=0.005)
    same = images(1).expand(2, -1, -1, -1)
    turned = augmentation.seen(same, NONE.model_copy(update={"turn": 30.0}), streams.generator(0, "views"))
    assert not torch.allclose(turned[0], turned[1])


def test_a_scale_that_turns_an_image_inside_out_is_one_line() -> None:
    with pytest.raises(Mistake) as mistake:
        params.parse(augmentation.Strength, "views", {"views": ALL.model_dump() | {"scale": 1.5}})
    assert str(mistake.value) == "params.yaml: views.scale = 1.5: should be less than 1"


def test_a_hole_larger_than_an_image_is_one_line() -> None:
    with pytest.raises(Mistake) as mistake:
        augmentation.seen(images(), NONE.model_copy(update={"hole": 9}), streams.generator(0, "views"))
    assert str(mistake.value) == (
        "params.yaml: a view's hole of 9 pixels a side may cover a whole image of 8×8; make hole smaller"
    )
