"""Splits of problems: nothing that teaches is asked about, and controls are what they say."""

import numpy as np
import pytest
import torch

from tutelage.data import controls, problems
from tutelage.errors import Mistake

SERIES = {"history": 6, "horizon": 9, "around": 3}


def worlds(splits: int = 2, labels: int = 20) -> list[problems.Split]:
    return [problems.world("clean_labels", dim=5, labels=labels, asked=30, split=s) for s in range(splits)]


def test_a_split_of_a_world_is_a_draw_of_its_own() -> None:
    one, other = worlds()
    assert not set(one.taught.group) & set(one.asked.group)
    assert (len(one.taught.y), len(one.asked.y)) == (20, 30)
    assert not np.array_equal(one.taught.x, other.taught.x)


def test_no_two_windows_of_a_series_share_a_point_in_time() -> None:
    told = problems.series(**SERIES, labels=10, asked=5, split=0)
    begins = np.sort(np.concatenate([told.taught.group, told.asked.group]))
    assert np.diff(begins).min() >= 6 + 9 + 3
    assert told.taught.group.max() < told.asked.group.min()
    assert (told.taught.x.shape, told.asked.star.shape) == ((10, 6), (5, 6))


def test_around_a_point_to_come_is_seen_whether_it_is_higher() -> None:
    told = problems.series(**SERIES, labels=200, asked=1, split=0).taught
    assert np.mean((told.star.mean(1) > 0) == told.y) > 0.9


def test_who_is_not_described_teaches_nothing_and_is_asked_first() -> None:
    star = np.ones((60, 2))
    star[::3] = np.nan
    star[1, 0] = np.nan  # a cell alone
    of = problems.Examples(np.zeros((60, 1)), star, np.zeros(60, np.int64), np.arange(60))
    told = problems.drawn(of, labels=15, asked=25, split=0)
    assert not np.isnan(told.taught.star).all(1).any()
    assert np.isnan(told.asked.star).all(1).sum() == 20
    with pytest.raises(Mistake, match=r"asked is 20, and none of these has x\*, so that it cannot be said what it is "):
        problems.drawn(of, labels=15, asked=20, split=0)
    whole = problems.drawn(of._replace(star=np.ones((60, 2))), labels=15, asked=25, split=0)
    assert set(whole.taught.group) & set(whole.asked.group) == set()


def test_a_group_in_which_some_are_described_is_whole_in_one_part() -> None:
    star = np.ones((60, 1))
    star[::2] = np.nan
    of = problems.Examples(np.zeros((60, 1)), star, np.zeros(60, np.int64), np.arange(60) // 4)
    told = problems.drawn(of, labels=10, asked=30, split=1)
    assert not set(told.taught.group) & set(told.asked.group)
    assert not np.isnan(told.taught.star).any()


def test_a_cell_that_is_not_known_is_the_mean_of_what_teaches() -> None:
    (split,) = worlds(1)
    x = split.taught.x.copy()
    x[3, 0] = np.nan
    star_asked = np.full_like(split.asked.star, np.nan)
    gaps = problems.Split(split.taught._replace(x=x), split.asked._replace(star=star_asked))
    of = controls.stack([gaps], 2)
    known = np.delete(x[:, 0], 3)
    assert of.x[0, 3, 0] == 0
    np.testing.assert_allclose(np.delete(of.x[0, :, 0].numpy(), 3), (known - known.mean()) / known.std())
    assert of.star_asked.isnan().all()
    assert torch.equal(of.x[..., 1:], controls.stack([split], 2).x[..., 1:])


def test_columns_are_standardised_by_what_teaches_alone() -> None:
    (split,) = worlds(1)
    of = controls.stack([split], 2)
    torch.testing.assert_close(of.x.mean(1), torch.zeros(1, 5, dtype=torch.float64), rtol=0, atol=1e-12)
    other = split._replace(asked=split.asked._replace(x=split.asked.x + 100))
    assert torch.equal(of.x, controls.stack([other], 2).x)


def test_folds_hold_out_whole_groups_and_each_once() -> None:
    (split,) = worlds(1)
    pairs = split._replace(taught=split.taught._replace(group=np.arange(20) // 2))
    kept = controls.stack([pairs], 3).kept[0]
    assert torch.equal((1 - kept[:-1]).sum(0), torch.ones(20, dtype=torch.float64))
    assert torch.equal(kept[:, ::2], kept[:, 1::2])
    assert bool(kept[-1].all())


def test_controls_have_the_shape_of_x_star_and_tell_nothing_of_y() -> None:
    of = controls.stack(worlds(), 2)
    for control in problems.CONTROLS:
        seen = controls.instead(control, of)
        if control == "smoothing":
            assert seen is None
            continue
        assert seen is not None
        assert seen.shape == (of.x.shape if control == "self" else of.star.shape)
        assert not torch.equal(seen, of.star)
    shuffled = controls.instead("shuffled", of)
    assert shuffled is not None
    assert torch.equal(shuffled.sort(1).values, of.star.sort(1).values)
    star = controls.instead(problems.STAR, of)
    assert star is not None
    assert torch.equal(star, of.star)
