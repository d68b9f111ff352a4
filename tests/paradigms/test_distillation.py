"""Answers are filled once, of exactly the views that are learned from; what each arm descends; a class left out."""

from typing import Any

import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from tutelage import params, streams
from tutelage.data import views
from tutelage.data.batches import Batch
from tutelage.errors import Mistake
from tutelage.objectives import distillation as objective
from tutelage.paradigms import distillation
from tutelage.params import Compute

from .test_paradigms import DISTILLED, ENCODER, columns

LARGE = ENCODER.model_copy(update={"channels": (8, 8), "width": 20})
SHAPE = (1, 8, 8)


def images() -> Batch:
    return {name: columns()[name] for name in ("x", "y")}


def asked(**changed: Any) -> distillation.Params:
    return DISTILLED.model_copy(update=changed)


def placed(block: distillation.Params) -> Batch:
    of = images()
    return of | distillation.places(len(of["x"]), block, streams.generator(0, "places"))


def answered(block: distillation.Params) -> Batch:
    of = placed(block)
    teacher = distillation.teacher(block, SHAPE, 3, 0)
    return of | {"answers": distillation.answered(teacher, of, block.shift)}


def test_no_two_views_of_an_image_are_alike_and_all_there_are_may_be_asked_for() -> None:
    told = placed(asked(views=9))
    where = 3 * told["down"] + told["right"]
    assert torch.equal(where.sort(1).values, torch.arange(9).expand(60, 9))


def test_a_view_that_is_learned_from_has_the_answer_that_the_teacher_gives_of_it() -> None:
    block, told = asked(views=4), answered(asked(views=4))
    batch = distillation.one_view(block.shift)(told, streams.generator(1, "drawn"))
    teacher = distillation.teacher(block, SHAPE, 3, 0)
    with torch.no_grad():
        torch.testing.assert_close(batch["answers"], teacher.head(teacher.encoder(batch["x"])))
    moved = views.shifts(told["x"], 1)
    assert all(any(torch.equal(x, one) for one in moved[:, i]) for i, x in enumerate(batch["x"]))
    assert torch.equal(batch["y"], told["y"])
    assert not torch.equal(batch["x"], told["x"])


def test_the_column_is_filled_once_and_drawing_leaves_it_as_it_is() -> None:
    told = answered(DISTILLED)
    before = told["answers"].clone()
    assert before.shape == (60, DISTILLED.views, 3)
    view = distillation.one_view(DISTILLED.shift)
    one, same = (view(told, streams.generator(2, "drawn")) for _ in range(2))
    assert torch.equal(told["answers"], before)
    assert torch.equal(one["x"], same["x"])
    assert torch.equal(one["answers"], same["answers"])


def test_all_arms_start_from_the_same_weights_and_with_nothing_spread_smoothing_is_hard(compute: Compute) -> None:
    born = [distillation.build(DISTILLED, arm, ENCODER, SHAPE, 3, 0) for arm in distillation.ARMS]
    for learner in born:
        torch.testing.assert_close(learner.state_dict(), born[0].state_dict(), rtol=0, atol=0)
    told = placed(DISTILLED)
    hard, smooth = (
        distillation.build(asked(smoothing=0.0), arm, ENCODER, SHAPE, 3, 0) for arm in ("hard", "smoothing")
    )
    for learner in (hard, smooth):
        distillation.fit(DISTILLED, learner, told, 0, compute)
    torch.testing.assert_close(hard.state_dict(), smooth.state_dict(), rtol=0, atol=0)


def test_without_labels_the_labels_change_nothing(compute: Compute) -> None:
    told = answered(DISTILLED)
    learners = [distillation.build(DISTILLED, "soft", ENCODER, SHAPE, 3, 0) for _ in range(2)]
    distillation.fit(DISTILLED, learners[0], told, 0, compute)
    distillation.fit(DISTILLED, learners[1], told | {"y": (told["y"] + 1) % 3}, 0, compute)
    torch.testing.assert_close(learners[0].state_dict(), learners[1].state_dict(), rtol=0, atol=0)


def test_both_is_the_answers_loss_and_the_weighted_labels() -> None:
    batch = columns()
    learner = distillation.build(asked(labels_weight=0.3), "both", ENCODER, SHAPE, 3, 0)
    logits = learner.head(learner.encoder(batch["x"]))
    matched = objective.matched(logits, batch["answers"], temperature=DISTILLED.temperature).mean()
    torch.testing.assert_close(learner.loss(batch)[0], matched + 0.3 * F.cross_entropy(logits, batch["y"]))


def test_smoothing_is_the_answers_loss_of_a_teacher_that_knows_labels_only() -> None:
    batch = columns()
    learner = distillation.build(asked(smoothing=0.3), "smoothing", ENCODER, SHAPE, 3, 0)
    spread = 0.7 * F.one_hot(batch["y"], 3) + 0.1
    logits = learner.head(learner.encoder(batch["x"]))
    torch.testing.assert_close(learner.loss(batch)[0], objective.cross_entropy(logits, spread).mean())


@pytest.mark.parametrize("share", [0.05, 0.3, 0.9])
def test_a_raised_bias_makes_the_class_as_frequent_as_it_is(share: float) -> None:
    logits = 4 * torch.randn(200, 5, generator=streams.generator(0, "logits")).double()
    logits[:, 3] -= 20
    told = logits.clone()
    told[:, 3] += distillation.raised(logits, 3, share)
    assert float(told.softmax(1)[:, 3].mean()) == pytest.approx(share, abs=1e-9)


def test_of_logits_that_are_all_the_same_the_bias_has_a_closed_form() -> None:
    # p = eᵇ/(eᵇ + N − 1)
    assert distillation.raised(torch.zeros(7, 5), 0, 0.5) == pytest.approx(float(torch.tensor(4.0).log()), abs=1e-6)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"temperature": 0}, "distill.temperature = 0: should be greater than 0"),
        ({"views": 0}, "distill.views = 0: should be greater than 0"),
        ({"views": 10}, "distill: views is 10, and a shift of 1 px has 9; ask for fewer"),
        ({"asked": 1}, "distill: asked is 1, and students are counted from 0 to 0"),
    ],
)
def test_what_is_wrong_in_the_block_is_one_clear_line(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(Mistake) as mistake:
        params.parse(distillation.Params, "distill", {"distill": DISTILLED.model_dump(mode="json") | wrong})
    assert said in str(mistake.value)
    assert "\n" not in str(mistake.value)


@pytest.mark.parametrize(
    ("changed", "target", "said"),
    [
        ({"omitted": 3}, SHAPE, "params.yaml: distill.omitted = 3: the images have classes 0 to 2"),
        ({"students": (LARGE,)}, SHAPE, "params.yaml: distill.students.0 has 1419 weights, and the teacher 1419"),
        ({}, (1, 9, 9), r"params.yaml: images of target are \[1, 9, 9\]"),
    ],
)
def test_what_does_not_fit_the_images_is_one_clear_line(changed: dict[str, Any], target: Any, said: str) -> None:
    with pytest.raises(Mistake, match=said):
        asked(**changed).known(SHAPE, 3, target)
    asked().known(SHAPE, 3, SHAPE)
