"""Pairs of patches: they lie where they say, within the image, and in its size; colours are taken away."""

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from jaxtyping import Float
from torch import Tensor

from tutelage import streams
from tutelage.data import patches
from tutelage.data.patches import Cut
from tutelage.errors import Mistake

PLAIN = Cut(side=5, gap=3, jitter=1, wander=None, colour="kept")


def places(n: int, side: int) -> Float[Tensor, "n 2 side side"]:
    """Images whose two channels say of each pixel how far down and how far right it lies."""
    down, right = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    return torch.stack([down, right]).float().expand(n, -1, -1, -1)


def centres(cut: Cut, n: int = 400, side: int = 30) -> tuple[Tensor, Tensor, Tensor]:
    """Where the middles of both patches lie, and the neighbour."""
    told = patches.pair(cut)({"x": places(n, side)}, streams.generator(0, "pairs"))
    first, second = (told[name].mean((2, 3)) for name in ("first", "second"))  # bilinear resizing keeps a ramp's middle
    return first, second, told["neighbour"]


def test_without_jitter_the_second_lies_exactly_a_side_and_a_gap_away() -> None:
    first, second, neighbour = centres(PLAIN._replace(jitter=0))
    torch.testing.assert_close(second - first, 8.0 * torch.tensor(patches.OFFSETS)[neighbour], rtol=0, atol=1e-4)


def test_jitter_moves_each_of_both_by_as_much_at_most_and_reaches_it() -> None:
    first, second, neighbour = centres(PLAIN, n=4000)
    off = second - first - 8.0 * torch.tensor(patches.OFFSETS)[neighbour]
    assert set(off.round().flatten().tolist()) == {-2, -1, 0, 1, 2}


def test_patches_of_a_pair_never_share_a_pixel_where_the_gap_is_twice_the_jitter() -> None:
    first, second, _ = centres(PLAIN._replace(gap=2), n=4000)
    assert (second - first).abs().amax(1).min().round() == PLAIN.side


def test_each_neighbour_is_as_likely_as_another() -> None:
    *_, neighbour = centres(PLAIN, n=8000)
    counts = torch.bincount(neighbour, minlength=8)
    assert len(counts) == 8
    assert float(counts.sub(1000).square().sum() / 1000) < 24.3  # χ² of 7 degrees, 0.999


def test_the_place_of_the_first_says_nothing_of_the_neighbour_and_uses_all_room() -> None:
    first, _, neighbour = centres(PLAIN._replace(jitter=0), n=8000)
    low, high = 8 + 2, 30 - 8 - 3  # middles, where all neighbours fit
    for k in range(8):
        assert set(first[neighbour == k].round().flatten().tolist()) == set(range(low, high + 1))


def test_nine_patches_reach_both_rims_and_no_further() -> None:
    both = torch.stack(centres(PLAIN, n=8000)[:2])
    assert both.min().round() == 2
    assert both.max().round() == 30 - 3


def test_wandering_less_keeps_the_first_in_the_middle() -> None:
    first, *_ = centres(PLAIN._replace(jitter=0, wander=2), n=2000)
    assert set(first.round().flatten().tolist()) == {13, 14, 15}  # of 0 to 29, to the pixel


def test_every_asks_of_each_image_each_neighbour_once() -> None:
    x = torch.rand(3, 1, 30, 30, generator=streams.generator(0, "x"))
    told = patches.every(x, PLAIN, streams.generator(0, "every"))
    assert told["neighbour"].tolist() == list(range(8)) * 3
    assert told["first"].shape == told["second"].shape == (24, 1, 30, 30)


def test_the_same_stream_cuts_the_same_pairs() -> None:
    batch = {"x": torch.rand(6, 3, 30, 30, generator=streams.generator(0, "x"))}
    one, two = (patches.pair(PLAIN._replace(colour="dropped"))(batch, streams.generator(1, "a")) for _ in range(2))
    for name in one:
        assert torch.equal(one[name], two[name])


@pytest.mark.parametrize("to", [(28, 28), (9, 20), (3, 3), (7, 5)])
def test_resizing_is_torchs_bilinear(to: tuple[int, int]) -> None:
    x = torch.rand(2, 3, 7, 5, generator=streams.generator(0, "x"), dtype=torch.float64)
    expected = F.interpolate(x, to, mode="bilinear", align_corners=False)
    torch.testing.assert_close(patches.resized(x, *to), expected)


def test_a_dropped_patch_keeps_one_channel_and_of_the_others_nothing_but_that_ones_mean() -> None:
    patch = torch.rand(300, 3, 6, 6, generator=streams.generator(0, "x"))
    left = patches.dropped(patch, streams.generator(0, "colour"))
    same = (left == patch).all(-1).all(-1)
    assert same.sum(1).tolist() == [1] * 300
    assert set(same.int().argmax(1).tolist()) == {0, 1, 2}
    others, kept = left[~same].view(300, 2, 36), patch[same].view(300, 1, 36)
    off = (others - kept.mean(2, keepdim=True)) / kept.std(2, keepdim=True, correction=0)
    assert float(off.std()) == pytest.approx(0.01, rel=0.05)


def test_projecting_takes_green_against_magenta_and_leaves_grey() -> None:
    draws = streams.generator(0, "colour")
    grey = torch.rand(2, 1, 4, 4, generator=draws).expand(-1, 3, -1, -1)
    torch.testing.assert_close(patches.projected(grey, draws), grey)
    shifted = grey + 0.1 * torch.tensor([-1.0, 2.0, -1.0])[:, None, None]
    torch.testing.assert_close(patches.projected(shifted, draws), grey)


def test_one_channel_has_no_colour_to_lose() -> None:
    batch = {"x": torch.rand(4, 1, 30, 30, generator=streams.generator(0, "x"))}
    cuts = [PLAIN._replace(colour="kept"), PLAIN._replace(colour="projected"), PLAIN._replace(colour="dropped")]
    kept, *others = (patches.pair(cut)(batch, streams.generator(1, "a"))["second"] for cut in cuts)
    assert all(torch.equal(kept, other) for other in others)


def test_an_image_too_small_for_nine_patches_is_one_clear_line() -> None:
    assert patches.room(PLAIN, 23, 24) == (0, 1)
    with pytest.raises(Mistake) as told:
        patches.pair(PLAIN)({"x": torch.zeros(1, 1, 22, 40)}, streams.generator(0, "a"))
    assert str(told.value) == (
        "params.yaml: patches: nine patches of 5 px, gaps of 3 px, jitter of 1 px and wander of 0 px take 23 px a "
        "side, and images have 22×40; make side, gap or jitter smaller, or give images.resize a scale"
    )
