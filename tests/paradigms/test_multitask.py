"""What is shared and what is not, what a balance weighs, and which nets there are to teach."""

from typing import Any

import pytest
import torch

from tutelage import params
from tutelage.data import tasks
from tutelage.errors import Mistake
from tutelage.paradigms import multitask, multitask_plan
from tutelage.paradigms.multitask import Balance, Multitask

from .test_paradigms import ASKED, ENCODER, MANY, columns

TITLES = [str(c) for c in range(10)]


def born(balance: Balance = "mean", asked: list[tasks.Task] | None = None) -> Multitask:
    return multitask.build(MANY, ENCODER, (1, 8, 8), ASKED if asked is None else asked, 0, balance).double()


def batch() -> dict[str, torch.Tensor]:
    return {name: column[:8].double() for name, column in columns().items() if name in ("x", "tasks")}


def gradient(learner: Multitask, of: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    learner.zero_grad()
    learner.loss(of)[0].backward()
    return {name: w.grad.clone() for name, w in learner.named_parameters() if w.grad is not None}


def only(of: dict[str, torch.Tensor], task: int) -> dict[str, torch.Tensor]:
    left = torch.full_like(of["tasks"], torch.nan)
    left[:, task] = of["tasks"][:, task]
    return {**of, "tasks": left}


def test_the_gradient_of_the_mean_is_the_mean_of_the_tasks_gradients() -> None:
    of, learner = batch(), born()
    whole, apart = gradient(learner, of), [gradient(learner, only(of, k)) for k in range(len(ASKED))]
    for name, slope in whole.items():
        torch.testing.assert_close(slope, sum(one[name] for one in apart))


def test_by_sum_a_task_weighs_as_many_examples_as_it_has() -> None:
    of = batch()
    of["tasks"][2:, 0] = torch.nan  # two examples of eight
    learner = born("sum")
    mean = born()
    for k, share in ((0, 2 / 8), (1, 1.0)):
        told, each = learner.loss(only(of, k))[0], mean.loss(only(of, k))[0] * len(ASKED)
        torch.testing.assert_close(told, share * each)


def test_what_is_not_of_a_task_teaches_it_nothing() -> None:
    of, learner = batch(), born("uncertainty")
    slopes = gradient(learner, only(of, 2))
    assert slopes["head.weight"][:4].eq(0).all()
    assert slopes["head.weight"][4:].ne(0).any()
    assert slopes["log_variances"].ne(0).tolist() == [False, False, True]


def test_where_gradients_do_not_conflict_projection_steps_as_the_mean_does() -> None:
    of = only(batch(), 1)
    steps = {}
    for balance in ("mean", "projected"):
        learner = born(balance)
        learner.update(of, learner.optimizers())
        steps[balance] = [w for name, w in learner.state_dict().items() if name != "steps"]
    torch.testing.assert_close(steps["mean"], steps["projected"], rtol=1e-3, atol=1e-5)  # AdamW forgets the scale


def test_projection_steps_otherwise_where_they_conflict() -> None:
    of = batch()
    of["tasks"][:, 1] = 1 - of["tasks"][:, 0]  # the same question, answered the other way
    steps = {}
    for balance in ("mean", "projected"):
        learner = born(balance)
        learner.update(of, learner.optimizers())
        steps[balance] = next(learner.encoder.parameters())
    assert not torch.allclose(steps["mean"], steps["projected"], rtol=1e-3, atol=1e-5)


def test_a_task_starts_the_same_whichever_others_there_are() -> None:
    both, alone = born(), born(asked=[ASKED[1]])
    torch.testing.assert_close(both.encoder.state_dict(), alone.encoder.state_dict(), rtol=0, atol=0)
    torch.testing.assert_close(both.head.weight[2:4], alone.head.weight, rtol=0, atol=0)


def test_answers_are_classes_and_numbers_in_their_columns() -> None:
    learner = born()
    with torch.no_grad():
        told = learner.head(learner.encoder(batch()["x"]))
    answers = learner.answers(batch()["x"])
    assert answers[:, 0].tolist() == (told[:, 1] > told[:, 0]).tolist()
    torch.testing.assert_close(answers[:, 2], told[:, 4].float())


def test_variances_do_not_decay_and_are_learned_only_where_they_are_asked_for() -> None:
    groups = born("uncertainty").optimizers()["adamw"].param_groups
    assert [group["weight_decay"] for group in groups] == [MANY.weight_decay, 0.0]
    assert [len(group["params"]) for group in groups][1] == 1
    assert len(born().optimizers()["adamw"].param_groups) == 1


def test_held_out_pairs_share_no_class_with_what_is_taught_and_held_out_numbers_are_not_taught() -> None:
    told = multitask_plan.split(MANY, TITLES)
    assert set(told.shown) | set(told.held_out) == set(range(10))
    assert not set(told.shown) & set(told.held_out)
    assert [task.name for task in told.asked] == ["8 or 9", "slant"]
    assert not {task.name for task in told.taught} & {task.name for task in told.asked}
    assert len(told.taught) == 8 * 7 / 2 + 1
    assert {c for task in told.taught if task.pair for c in task.classes} == set(TITLES[:8])


def test_fewer_tasks_are_the_first_of_more_and_every_task_is_taught_alone() -> None:
    budget = params.Budget(seeds=(0, 1), presentations=640, batch_size=32)
    made = multitask_plan.fits(MANY, ["2 or 3", "ink", "slant"], list("abcdef"), budget)
    of = [fit for fit in made if fit.seed == 1]
    chains = [fit.tasks for fit in of if fit.arm == "taught"]
    assert [len(chain) for chain in chains] == [1, 2, 6]
    assert chains[0] == chains[2][:1]
    assert chains[1] == chains[2][:2]
    assert chains != [fit.tasks for fit in made if fit.arm == "taught" and fit.seed == 0]
    alone = [(fit.tasks, fit.size) for fit in of if fit.arm == "alone"]
    assert alone == [((t,), None) for t in ("2 or 3", "ink", "slant")] + [
        ((t,), size) for size in (4, 8) for t in ("2 or 3", "ink")
    ]
    assert {fit.presentations for fit in of} == {0, 320, 640}
    assert len(set(made)) == len(made)


def wrong(**changed: Any) -> str:
    told = MANY.model_dump(mode="json")
    for key, value in changed.items():
        block, _, name = key.partition("__")
        told = told | {block: told[block] | {name: value} if name else value}

    def read() -> None:
        block = params.parse(multitask.Params, "multitask", {"multitask": told})
        multitask_plan.tasks(block, TITLES)
        multitask_plan.split(block, TITLES)

    with pytest.raises(Mistake) as mistake:
        read()
    return str(mistake.value).removeprefix("params.yaml: ")


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"pairs": [], "others": ["ink"]}, "multitask: pairs and others hold fewer than two tasks; many at once are at least two"),  # noqa: E501
        ({"others": ["ink", "slant", "ink"]}, "multitask has the task ink twice; once is enough"),
        ({"pairs": [[2, 3], [3, 3]]}, "multitask has a task [3, 3]: the images have classes 0 to 9; name two of them, the lesser first"),  # noqa: E501
        ({"learnability__tasks": ["ink", "slnt"]}, "multitask: learnability.tasks has slnt, which is none of pairs and others; did you mean slant?"),  # noqa: E501
        ({"learnability__tasks": ["ink", [0, 1]]}, "multitask: learnability.tasks has [0, 1], which is none of pairs and others"),  # noqa: E501
        ({"learnability__tasks": ["ink", "ink"]}, "multitask.learnability.tasks: ink stands there twice; once is enough"),  # noqa: E501
        ({"learnability__sizes": [8, 8]}, "multitask.learnability.sizes: 8 stands there twice; once is enough"),
        ({"learnability__size": 5}, "multitask: learnability.size is 5; it must be one of learnability.sizes [4, 8]"),
        ({"learning_to_learn__classes": [1, 12]}, "multitask.learning_to_learn.classes = [1, 12]: the images have classes 0 to 9; hold out two at least, and leave two"),  # noqa: E501
        ({"learning_to_learn__tasks": [1, 50]}, "multitask.learning_to_learn.tasks asks for 50, and with classes [8, 9] held out there are 29; ask for fewer"),  # noqa: E501
    ],
)  # fmt: skip
def test_a_mistake_is_one_line(changed: dict[str, Any], line: str) -> None:
    assert wrong(**changed) == line
