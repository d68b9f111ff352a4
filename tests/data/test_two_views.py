"""Weak and strong views of unlabelled examples, beside labelled ones."""

import pytest
import torch
from torch import Tensor

from tutelage import params, streams
from tutelage.data import two_views, views
from tutelage.data.batches import Batches
from tutelage.data.two_views import Both, Strength
from tutelage.errors import Mistake

NONE = Strength(shift=0, turn=0, scale=0, shear=0, hole=0, noise=0, contrast=0)
SOME = Strength(shift=1, turn=10, scale=0.1, shear=0.1, hole=2, noise=0.1, contrast=0.3)


def images(n: int = 6) -> Tensor:
    return torch.rand(n, 3, 8, 8, generator=streams.generator(0, "images"))


def both(free: int = 10, known: int = 5) -> Both:
    pool = {"x": images(free), "truth": torch.arange(free)}
    labelled = {"x": images(known), "y": torch.arange(known)}
    return Both(
        Batches(pool, 3, streams.generator(0, "unlabelled"), two_views.twice(1, SOME), streams.generator(0, "views")),
        Batches(labelled, 2, streams.generator(0, "labelled")),
    )


def test_a_draw_holds_both_views_of_the_unlabelled_and_the_labelled_with_theirs() -> None:
    source = both()
    for _ in range(7):
        drawn = source.draw()
        assert sorted(drawn) == ["strong", "truth", "weak", "x_labelled", "y"]
        assert (len(drawn["weak"]), len(drawn["strong"]), len(drawn["y"]), source.size) == (3, 3, 2, 5)
        torch.testing.assert_close(drawn["x_labelled"], images(5)[drawn["y"]], rtol=0, atol=0)


def test_it_goes_on_from_a_state_between_epochs_of_the_unlabelled() -> None:
    for known in (1, 2, 5, 9):
        whole, again = both(known=known), both(known=known)
        for _ in range(2 * whole.per_epoch):
            whole.draw()
        again.restore([part.clone() for part in whole.state()])
        for _ in range(8):
            torch.testing.assert_close(whole.draw(), again.draw(), rtol=0, atol=0)


def test_a_weak_view_is_the_shift_and_at_no_strength_a_strong_one_is_the_image() -> None:
    batch = {"x": images(), "truth": torch.arange(6)}
    told = two_views.twice(2, NONE)(batch, streams.generator(0, "views"))
    moved = views.shift(2)
    assert moved
    torch.testing.assert_close(told["weak"], moved(batch, streams.generator(0, "views"))["x"], rtol=0, atol=0)
    torch.testing.assert_close(told["strong"], images())
    assert told["truth"] is batch["truth"]
    assert list(two_views.twice(0, None)({"x": images()}, streams.generator(0, "views"))) == ["weak"]


def test_each_channel_is_brightened_by_a_factor_of_its_own_within_bounds() -> None:
    ones = torch.ones(2000, 3, 2, 2)
    factors = two_views.contrasted(ones, 0.4, streams.generator(0, "views"))
    assert factors.flatten(2).std(2).max() < 1e-6
    assert float(factors.min()) == pytest.approx(0.6, abs=0.01)
    assert float(factors.max()) == pytest.approx(1.4, abs=0.01)
    assert float(factors.mean()) == pytest.approx(1, abs=0.02)
    assert torch.corrcoef(factors[:, :, 0, 0].T)[0, 1].abs() < 0.1
    assert two_views.contrasted(ones, 0, streams.generator(0, "views")) is ones


def test_a_contrast_that_would_turn_an_image_to_its_negative_is_one_line() -> None:
    with pytest.raises(Mistake) as mistake:
        params.parse(Strength, "strong", {"strong": SOME.model_dump() | {"contrast": 1.0}})
    assert str(mistake.value) == "params.yaml: strong.contrast = 1.0: should be less than 1"
