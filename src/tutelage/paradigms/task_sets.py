"""Many tasks at once where a data set's own parts are the tasks: their own examples, and the tasks never taught."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, NamedTuple

from annotated_types import Len
from pydantic import NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt

from tutelage import params, streams
from tutelage.data.task_sets import Parts
from tutelage.data.tasks import Task
from tutelage.errors import Mistake
from tutelage.nn import dense
from tutelage.nn.conv import Encoder
from tutelage.paradigms import multitask
from tutelage.paradigms.multitask import Growing, Multitask


class Learnability(params.Block):
    """How well tasks are told against their own number of examples."""

    tasks: Annotated[params.Distinct[str], Len(2)]
    sizes: Growing  # examples of each class, or of a number
    presentations: PositiveInt  # of each net


class LearningToLearn(params.Block):
    """How well tasks never taught are told against the number of those that were."""

    held_out: PositiveInt | None  # so many, drawn by each seed; null: those that the data set itself keeps apart
    tasks: Growing  # |T|, beside all there are
    sizes: params.Distinct[PositiveInt]  # examples of each class, or of a number
    presentations: PositiveInt  # of each net
    labels: PositiveInt  # examples of each class of a held-out task, or of its number, that a probe learns from
    strengths: params.Distinct[PositiveFloat]  # of its L2 penalty; leaving one out chooses


class Params(params.Block):
    """An entry of `task_sets`, which is named as its data set."""

    parts: Parts
    hidden: PositiveInt | None  # units of each layer of a dense f, where examples are no images
    balance: Literal["sum", "mean"]  # a task weighs as many examples as it has in a batch; all weigh the same
    learning_rate: PositiveFloat
    weight_decay: NonNegativeFloat
    shift: NonNegativeInt  # pixels by which an image is moved at random
    batch_size: PositiveInt
    learnability: Learnability
    learning_to_learn: LearningToLearn


class Fit(NamedTuple):
    """One learner to teach, or none: `random` as it is born, `raw` the examples for their codes."""

    question: Literal["learnability", "learning_to_learn"]
    arm: Literal["together", "alone", "taught", "random", "raw"]
    tasks: tuple[str, ...]  # taught
    asked: tuple[str, ...]
    size: int | None
    presentations: int
    seed: int


def fits(block: Params, names: Sequence[str], apart: Sequence[str], seeds: Sequence[int], title: str) -> list[Fit]:
    """All there is to teach. Fewer tasks are the first of more, in an order of the seed's.

    `names` are all tasks of the set `title`, `apart` those that it keeps from being taught. Raises Mistake for a task
    unknown or never to be taught, and where fewer are left than shall be taught.
    """
    few, learning = block.learnability, block.learning_to_learn
    taught = [name for name in names if name not in apart]
    place = f"params.yaml: task_sets.{title}"
    for name in few.tasks:
        if name not in taught:
            near = "; it is never taught" if name in apart else params.nearest(name, taught)
            raise Mistake(f"{place}.learnability.tasks: {title} has no task {name} to teach{near}")
    if learning.held_out is None and not apart:
        raise Mistake(f"{place}.learning_to_learn.held_out: {title} keeps no task apart; write how many")
    left = len(taught) - (learning.held_out or 0)
    if max(learning.tasks) > left:
        raise Mistake(
            f"{place}.learning_to_learn.tasks asks for {max(learning.tasks)}, and {title} has {max(left, 0)} that are "
            "not held out; ask for fewer"
        )
    made = []
    for seed in seeds:
        order = tuple(taught[k] for k in streams.numpy(seed, "task_sets/taught").permutation(len(taught)))
        asked = tuple(apart) if learning.held_out is None else order[left:]
        made += [
            Fit("learnability", "alone" if len(which) == 1 else "together", which, which, size, few.presentations, seed)
            for size in few.sizes
            for which in [few.tasks, *((name,) for name in few.tasks)]
        ]
        made += [
            Fit("learning_to_learn", "taught", order[:k], asked, size, learning.presentations, seed)
            for size in learning.sizes
            for k in sorted({*learning.tasks, left})
        ]
        made += [Fit("learning_to_learn", arm, (), asked, None, 0, seed) for arm in ("random", "raw")]
    return made


def enough(block: Params, tasks: Sequence[Task], counts: Mapping[str, int], title: str) -> None:
    """Raises Mistake for the task with too few to learn from; `counts` are of its class that has fewest."""
    few, learning = block.learnability, block.learning_to_learn
    for key, size in (
        ("learnability.sizes", max(few.sizes)),
        ("learning_to_learn.sizes", max(learning.sizes)),
        ("learning_to_learn.labels", learning.labels),
    ):
        for task in tasks:
            if counts[task.name] < size:
                each = " of each class" if task.classes else ""
                raise Mistake(
                    f"params.yaml: task_sets.{title}.{key} asks for {size} examples{each}, and task {task.name} has "
                    f"{counts[task.name]} to learn from; ask for fewer"
                )


def build(
    block: Params, encoder: params.Encoder, shape: Sequence[int], asked: Sequence[Task], seed: int, title: str
) -> Multitask:
    """A learner as it is born from `seed`: the f of all images, or a dense one with as wide a code.

    Raises Mistake where what is said of f is of the other kind.
    """
    place = f"params.yaml: task_sets.{title}"
    image = len(shape) == 3
    if image and block.hidden is not None:
        raise Mistake(f"{place}.hidden = {block.hidden}: {title} has images, whose f is `encoder`; write null")
    if not image and (block.hidden is None or block.shift):
        raise Mistake(f"{place}: {title} has no images; write how many units are hidden, and shift: 0")
    with streams.born(seed, "encoder"):
        f = (
            dense.Encoder(shape[0], hidden=block.hidden, width=encoder.width)
            if block.hidden is not None
            else Encoder((shape[0], shape[1], shape[2]), **encoder.model_dump())
        )
    return multitask.headed(
        f, asked, seed, balance=block.balance, learning_rate=block.learning_rate, weight_decay=block.weight_decay
    )
