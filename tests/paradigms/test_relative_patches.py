"""What is special to relative patches: one encoder for both, overlap, the question's measures, layers for probes."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from jaxtyping import Float
from PIL import Image
from pydantic import ValidationError
from torch import Tensor

from tutelage import streams
from tutelage.data import patches
from tutelage.data.batches import Batches
from tutelage.errors import Mistake
from tutelage.measure import layers, pretext
from tutelage.nn import weights
from tutelage.paradigms import relative_patches
from tutelage.params import Compute
from tutelage.training import fitting

from .test_paradigms import ENCODER, PATCHES, columns, labelled, placed, placed_alone


def test_both_patches_go_through_one_encoder_each_alone() -> None:
    learner, x = placed(0), columns()["x"]
    told = learner.predict_neighbour(x, x.flip(0))
    codes = torch.cat([learner.encode(x), learner.encode(x.flip(0))], dim=1)
    torch.testing.assert_close(told, learner.head(codes).log_softmax(1))
    torch.testing.assert_close(told.exp().sum(1), torch.ones(len(x)))


def test_the_encoder_is_born_as_that_which_is_taught_by_labels() -> None:
    torch.testing.assert_close(placed(3).encoder.state_dict(), labelled(3).encoder.state_dict(), rtol=0, atol=0)


def test_patches_that_could_overlap_are_refused() -> None:
    with pytest.raises(ValidationError, match="gap is 1 and jitter 1"):
        relative_patches.Params(**{**PATCHES.model_dump(), "jitter": 1})


def test_images_too_small_for_nine_patches_are_refused_before_anything_is_taught() -> None:
    with pytest.raises(Mistake, match="take 8 px a side, and images have 7×9"):
        relative_patches.build(PATCHES, ENCODER, (1, 7, 9), 0)


SPOTS = PATCHES.model_copy(update={"side": 6, "wander": 0})


def spots(wander: float) -> Float[Tensor, "n 1 24 24"]:
    """Images of a bright spot in the middle, or wherever in that share of the image."""
    middle = 12 + 24 * wander * (torch.rand(400, 2, 1, generator=streams.generator(0, "spots")) - 0.5)
    at = (torch.arange(24) - middle) / 3
    return (-0.5 * (at[:, 0, :, None] ** 2 + at[:, 1, None, :] ** 2)).exp()[:, None]


def told(x: Float[Tensor, "n 1 24 24"], compute: Compute, *, alone: bool) -> tuple[float, float]:
    """How well neighbours are told, and where the first patch is another image's, by one that was taught these."""
    learner = relative_patches.build(SPOTS, ENCODER, (1, 24, 24), 0, alone=alone)
    order, draws = streams.generator(0, "batches"), streams.generator(0, "patches")
    fitting.fit(learner, Batches({"x": x}, 32, order, patches.pair(SPOTS.cut), draws), steps=300, compute=compute)
    asked = patches.every(x, SPOTS.cut, streams.generator(0, "asked"))
    own, strangers = (pretext.neighbours(learner, pairs) for pairs in (asked, pretext.strangers(asked, 8)))
    return own["accuracy"], strangers["accuracy"]


def test_a_neighbour_is_told_by_both_patches_and_less_by_the_second_alone(compute: Compute) -> None:
    # A bright spot, wherever it lies: where the second patch was is told only by the first.
    x = spots(wander=1)
    own, strangers = told(x, compute, alone=False)
    assert own > 0.3
    assert strangers < own - 0.05
    assert told(x, compute, alone=True)[0] < own - 0.05


def test_where_subjects_are_centred_the_second_patch_alone_tells_all(compute: Compute) -> None:
    own, strangers = told(spots(wander=0), compute, alone=True)
    assert own == strangers > 0.95


def test_the_control_is_born_as_its_entry_and_sees_of_a_pair_what_lies_beside_zeros() -> None:
    learner, control, x = placed(0), placed_alone(0), columns()["x"]
    torch.testing.assert_close(control.state_dict(), learner.state_dict(), rtol=0, atol=0)
    z = control.encode(x)
    expected = control.head(torch.cat([torch.zeros_like(z), z], dim=1)).log_softmax(1)
    torch.testing.assert_close(control.predict_neighbour(x.flip(0), x), expected)
    assert torch.equal(control.predict_neighbour(x.flip(0), x), control.predict_neighbour(x, x))


def test_an_entry_and_its_control_are_given_back_each_its_own_weights(tmp_path: Path) -> None:
    blocks = {"patches": {"apart": PATCHES.model_dump()}, "encoder": ENCODER.model_dump(), "shape": [1, 8, 8]}
    (tmp_path / "about.json").write_text(json.dumps(blocks), encoding="utf-8")
    kept = {False: placed(3), True: placed_alone(4)}
    for name, learner in zip(("apart", "second_of_apart"), kept.values(), strict=True):
        weights.keep(learner.state_dict(), tmp_path / f"{name}-0.safetensors")
    x = columns()["x"]
    for alone, learner in kept.items():
        given = relative_patches.load(tmp_path, "apart", 0, alone=alone)
        assert torch.equal(given.predict_neighbour(x.flip(0), x), learner.predict_neighbour(x.flip(0), x))


def test_strangers_have_another_images_first_patch_and_their_own_second() -> None:
    asked = patches.every(columns()["x"], PATCHES.cut, streams.generator(0, "asked"))
    told = pretext.strangers(asked, 8)
    assert torch.equal(told["first"][8:], asked["first"][:-8])
    assert torch.equal(told["second"], asked["second"])
    assert torch.equal(told["neighbour"], asked["neighbour"])


def test_blocks_do_not_change_what_is_told() -> None:
    asked = patches.every(columns()["x"], PATCHES.cut, streams.generator(0, "asked"))
    whole, parts = (pretext.neighbours(placed(0), asked, block=size) for size in (1000, 7))
    assert whole == pytest.approx(parts, rel=1e-5)


def test_layers_are_what_the_encoder_goes_through() -> None:
    encoder, x = labelled(0).encoder, columns()["x"]
    told = layers.outputs(encoder, x, grid=2)
    assert {name: z.shape[1] for name, z in told.items()} == {"1": 16, "2": 16, "code": 6}
    torch.testing.assert_close(told["code"], encoder(x))
    torch.testing.assert_close(encoder.layers[-1](told["2"]), encoder(x))  # its own grid
    mean = encoder.layers[:3](x).mean((2, 3))
    torch.testing.assert_close(told["1"].view(len(x), 4, 4).mean(2), mean)  # cells of one size


def test_a_picture_has_the_first_patch_in_the_middle_and_each_second_one_where_it_lay() -> None:
    second = torch.arange(8).view(8, 1, 1, 1).expand(8, 1, 2, 2) / 10
    told = np.asarray(Image.open(io.BytesIO(pretext.around({"first": torch.ones(8, 1, 2, 2), "second": second}, 1))))
    middles = told.reshape(3, 6, 3, 6)[:, 2, :, 2]
    assert middles.tolist() == [[0, 26, 51], [76, 255, 102], [128, 153, 178]]
