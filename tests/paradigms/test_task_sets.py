"""Which nets there are to teach of a task set, what f they have, and what is said of a plan that cannot be."""

from typing import Any

import pytest
import torch

from tutelage import params
from tutelage.data.tasks import Task
from tutelage.errors import Mistake
from tutelage.nn import conv, dense
from tutelage.paradigms import task_sets
from tutelage.paradigms.task_sets import Fit, Params

from .test_paradigms import ENCODER

TOLD: dict[str, Any] = {
    "parts": {"valid": 0.2, "test": 0.25},
    "hidden": 12,
    "balance": "mean",
    "learning_rate": 0.01,
    "weight_decay": 0.0,
    "shift": 0,
    "batch_size": 16,
    "learnability": {"tasks": ["a", "c"], "sizes": [2, 4], "presentations": 320},
    "learning_to_learn": {
        "held_out": 2, "tasks": [1, 2], "sizes": [4], "presentations": 640, "labels": 3, "strengths": [1.0]
    },
}  # fmt: skip
NAMES = ["a", "b", "c", "d", "e"]


def block(**changed: Any) -> Params:
    told = dict(TOLD)
    for key, value in changed.items():
        outer, _, name = key.partition("__")
        told[outer] = told[outer] | {name: value} if name else value
    return params.parse(Params, "task_sets.some", {"task_sets": {"some": told}})


def planned(held_out: int | None = 2, apart: tuple[str, ...] = ()) -> list[Fit]:
    return task_sets.fits(block(learning_to_learn__held_out=held_out), NAMES, apart, (0, 1), "some")


def test_each_size_has_one_net_for_all_and_one_a_task_with_the_same_budget() -> None:
    of = [fit for fit in planned() if (fit.question, fit.seed) == ("learnability", 1)]
    assert [(fit.arm, fit.tasks, fit.size) for fit in of] == [
        (arm, tasks, size)
        for size in (2, 4)
        for arm, tasks in [("together", ("a", "c")), ("alone", ("a",)), ("alone", ("c",))]
    ]
    assert {(fit.presentations, fit.tasks == fit.asked) for fit in of} == {(320, True)}


def test_what_is_asked_is_never_taught_and_each_seed_draws_it() -> None:
    made = [fit for fit in planned() if fit.question == "learning_to_learn"]
    for fit in made:
        assert len(fit.asked) == 2
        assert not set(fit.asked) & set(fit.tasks)
    assert len({fit.asked for fit in made}) == 2
    chains = [fit.tasks for fit in made if fit.seed == 0 and fit.arm == "taught"]
    assert [len(chain) for chain in chains] == [1, 2, 3]
    assert chains[0] == chains[2][:1]
    assert chains[1] == chains[2][:2]
    assert [(fit.arm, fit.size, fit.presentations) for fit in made if not fit.tasks] == [
        (arm, None, 0) for arm in ("random", "raw")
    ] * 2  # fmt: skip


def test_what_a_set_keeps_apart_is_asked_and_all_else_may_be_taught() -> None:
    made = planned(None, ("d", "e"))
    assert {fit.asked for fit in made if fit.question == "learning_to_learn"} == {("d", "e")}
    assert {task for fit in made for task in fit.tasks} == {"a", "b", "c"}


def test_f_is_the_images_encoder_or_a_dense_one_with_as_wide_a_code() -> None:
    asked = [Task("a"), Task("b", ("x", "y", "z"))]
    rows = task_sets.build(block(), ENCODER, [21], asked, 0, "some")
    images = task_sets.build(block(hidden=None, shift=1), ENCODER, [1, 8, 8], asked, 0, "some")
    assert isinstance(rows.encoder, dense.Encoder)
    assert isinstance(images.encoder, conv.Encoder)
    for learner, x in ((rows, torch.zeros(5, 21)), (images, torch.zeros(5, 1, 8, 8))):
        assert learner.encode(x).shape == (5, ENCODER.width)
        assert learner.answers(x).shape == (5, 2)
    again = task_sets.build(block(), ENCODER, [21], asked[:1], 0, "some")
    torch.testing.assert_close(again.encoder.state_dict(), rows.encoder.state_dict(), rtol=0, atol=0)
    torch.testing.assert_close(again.head.weight, rows.head.weight[:1], rtol=0, atol=0)


@pytest.mark.parametrize(
    ("changed", "apart", "line"),
    [
        ({"learnability__tasks": ["a", "f"]}, (), "learnability.tasks: some has no task f to teach"),
        ({"learnability__tasks": ["a", "c"]}, ("c",), "learnability.tasks: some has no task c to teach; it is never taught"),  # noqa: E501
        ({"learning_to_learn__held_out": None}, (), "learning_to_learn.held_out: some keeps no task apart; write how many"),  # noqa: E501
        ({"learning_to_learn__held_out": 4}, (), "learning_to_learn.tasks asks for 2, and some has 1 that are not held out; ask for fewer"),  # noqa: E501
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_is_one_line(changed: dict[str, Any], apart: tuple[str, ...], line: str) -> None:
    with pytest.raises(Mistake) as mistake:
        task_sets.fits(block(**changed), NAMES, apart, (0,), "some")
    assert str(mistake.value) == f"params.yaml: task_sets.some.{line}"


def test_too_few_examples_are_said_of_the_task() -> None:
    asked = [Task("a"), Task("b", ("x", "y"))]
    task_sets.enough(block(), asked, {"a": 9, "b": 4}, "some")
    with pytest.raises(Mistake) as mistake:
        task_sets.enough(block(), asked, {"a": 9, "b": 3}, "some")
    assert str(mistake.value) == (
        "params.yaml: task_sets.some.learnability.sizes asks for 4 examples of each class, and task b has 3 to learn "
        "from; ask for fewer"
    )


@pytest.mark.parametrize(
    ("hidden", "shift", "shape", "line"),
    [
        (12, 0, [1, 8, 8], ".hidden = 12: some has images, whose f is `encoder`; write null"),
        (None, 0, [21], ": some has no images; write how many units are hidden, and shift: 0"),
        (12, 1, [21], ": some has no images; write how many units are hidden, and shift: 0"),
    ],
)
def test_an_f_of_the_other_kind_is_one_line(hidden: int | None, shift: int, shape: list[int], line: str) -> None:
    with pytest.raises(Mistake) as mistake:
        task_sets.build(block(hidden=hidden, shift=shift), ENCODER, shape, [Task("a")], 0, "some")
    assert str(mistake.value) == f"params.yaml: task_sets.some{line}"
