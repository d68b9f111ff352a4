"""What a set of samples is judged by: each number's limits, and all of them on sets whose verdict is known."""

import io

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from tutelage import streams
from tutelage.errors import Mistake
from tutelage.measure import generation

DRAWS = streams.generator(0, "test")
EYE = torch.eye(4, dtype=torch.float64)


def told(classes: Tensor) -> Tensor:
    """ln p of someone who is nearly sure."""
    return (0.9 * EYE[classes] + 0.025).log()


def seen(x: Tensor) -> generation.Seen:
    """A judge whose features are the image's numbers and whose classes are the quarters of the plane."""
    flat = x.flatten(1)
    return generation.Seen(x, flat, told((flat[:, 0] > 0.5).long() + 2 * (flat[:, 1] > 0.5).long()))


def images(n: int) -> Tensor:
    return torch.rand(n, 1, 2, 3, generator=DRAWS)


def judged(samples: Tensor, reference: Tensor, *, train: Tensor) -> dict[str, float]:
    return generation.judged(
        seen(samples), seen(reference), train=train, valid=images(50), neighbours=3, sigmas=[0.1, 0.2, 0.4]
    )


def test_the_reference_itself_cannot_be_told_from_itself() -> None:
    x = images(100)
    all_ = judged(x, x, train=x)
    assert all_["frechet"] == pytest.approx(0, abs=1e-10)
    assert {all_[name] for name in ("precision", "recall", "density", "coverage")} == {1}
    assert all_["nearest_distance"] == 0
    assert all_["classes_hit"] == 4


def test_every_number_sees_a_generator_that_makes_one_image() -> None:
    x, reference, train = images(100), images(100), images(100)
    good, collapsed = judged(x, reference, train=train), judged(x[:1].repeat(100, 1, 1, 1), reference, train=train)
    for name in ("frechet", "kernel_distance"):
        assert collapsed[name] > good[name] + 0.1, name
    for name in ("recall", "coverage", "classes_hit", "class_entropy", "parzen"):
        assert collapsed[name] < good[name] - 0.1, name


def test_memorised_images_are_at_no_distance() -> None:
    train, reference = images(100), images(100)
    assert judged(train[:50], reference, train=train)["nearest_distance"] == 0
    assert judged(images(50), reference, train=train)["nearest_distance"] > 0.05


def test_the_parzen_windows_are_chosen_on_other_images_than_those_they_judge() -> None:
    x, reference = images(60), images(60)
    one, other = (
        generation.judged(seen(x), seen(reference), train=x, valid=valid, neighbours=3, sigmas=[0.01, 0.2, 1.0])
        for valid in (x, x + 1)
    )
    assert (one["parzen_sigma"], other["parzen_sigma"]) == (0.01, 1)
    assert one["parzen"] < other["parzen"]  # the narrow windows were far too narrow for the reference


def test_the_same_samples_in_single_precision_get_the_same_numbers_twice() -> None:
    x, reference = images(60), images(60)
    valid = images(30)
    one, again = (
        generation.judged(seen(x), seen(reference), train=x, valid=valid, neighbours=3, sigmas=[0.1, 0.2])
        for _ in range(2)
    )
    assert one == again
    assert all(type(value) in (int, float) for value in one.values())


def test_fewer_samples_than_features_are_one_clear_line() -> None:
    with pytest.raises(Mistake, match="from 6 samples of 6 features"):
        judged(images(6), images(50), train=images(50))


class Judge:
    """Its features are the image's numbers; who is darkest is of class 0."""

    def encode(self, x: Tensor) -> Tensor:
        return x.flatten(1)

    def predict(self, x: Tensor) -> Tensor:
        return told((x.flatten(1).mean(1) > 0.5).long())


def test_a_judge_sees_images_and_nothing_that_leaves_their_range() -> None:
    x = 3 * images(25) - 1
    told = generation.seen(Judge(), x, block=10)
    assert told.x.equal(x.clamp(0, 1))
    assert told.features.equal(told.x.flatten(1))
    assert told.log_p.equal(Judge().predict(told.x))


def test_a_judge_of_weights_that_learn_keeps_no_gradient() -> None:
    class Learns(Judge):
        scale = torch.ones((), requires_grad=True)

        def encode(self, x: Tensor) -> Tensor:
            return self.scale * x.flatten(1)

    assert not generation.seen(Learns(), images(5)).features.requires_grad


def test_below_each_sample_stands_its_nearest_training_image() -> None:
    train = images(20)
    samples = (train[[3, 7, 3, 0, 19, 5, 6, 8]] + 0.01).clamp(0, 1)
    drawn = {
        what: np.asarray(Image.open(io.BytesIO(png)))
        for what, png in generation.pictures(samples, train, across=4).items()
    }
    four = (train[[3, 7, 3, 0], 0] * 255).round().byte().numpy()
    assert drawn["samples"].shape == (2 * 2, 4 * 3)
    assert drawn["nearest"].shape == (2 * 2, 4 * 3)
    below = drawn["nearest"][2:].reshape(2, 4, 3).transpose(1, 0, 2)
    assert np.array_equal(below, four)
    assert np.array_equal(drawn["samples"][:2], drawn["nearest"][:2])


def test_fewer_samples_than_stand_across_are_all_shown() -> None:
    made = generation.pictures(images(3), images(9), across=8)
    assert [Image.open(io.BytesIO(png)).size for png in made.values()] == [(9, 2), (9, 4)]
