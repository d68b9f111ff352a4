"""Which nets there are to teach of many tasks at once, and what each is asked."""

from collections.abc import Sequence
from itertools import combinations
from typing import Literal, NamedTuple

from tutelage import params, streams
from tutelage.data import tasks as data
from tutelage.data.tasks import Task
from tutelage.errors import Mistake
from tutelage.paradigms.multitask import BALANCES, Pair, Params

Question = Literal["balancing", "learnability", "learning_to_learn", "transference"]


class Fit(NamedTuple):
    """One learner to teach."""

    question: Question
    arm: str  # a balance, or what `fits` calls it
    tasks: tuple[str, ...]
    size: int | None  # examples of each; all there are
    presentations: int
    seed: int


class Split(NamedTuple):
    """Learning to learn: what is taught on images of some classes, and what is then asked of those of others."""

    shown: list[int]
    taught: list[Task]
    held_out: list[int]
    asked: list[Task]


def tasks(block: Params, classes: Sequence[str]) -> list[Task]:
    """All tasks of the data. Raises Mistake for one of a class that it does not have."""
    made = [*(data.pair(*one, classes) for one in block.pairs), *map(data.named, block.others)]
    names = [task.name for task in made]
    for name in names:
        if names.count(name) > 1:
            raise Mistake(f"params.yaml: multitask has the task {name} twice; once is enough")
    return made


def split(block: Params, classes: Sequence[str]) -> Split:
    """All pairs of the classes shown and all other tasks but the numbers held out; all pairs of the rest, and those.

    Raises Mistake where a class is unknown, fewer than two are shown, or fewer tasks are left than shall be taught.
    """
    told = block.learning_to_learn
    held_out = sorted(set(told.classes))
    shown = [c for c in range(len(classes)) if c not in held_out]
    if held_out[-1] >= len(classes) or min(len(held_out), len(shown)) < 2:
        raise Mistake(
            f"params.yaml: multitask.learning_to_learn.classes = {list(told.classes)}: the images have classes 0 to "
            f"{len(classes) - 1}; hold out two at least, and leave two"
        )
    others = [data.named(name) for name in block.others if name not in told.numbers]
    taught = [*_pairs([classes[c] for c in shown]), *others]
    if max(told.tasks) > len(taught):
        raise Mistake(
            f"params.yaml: multitask.learning_to_learn.tasks asks for {max(told.tasks)}, and with classes "
            f"{list(told.classes)} held out there are {len(taught)}; ask for fewer"
        )
    return Split(shown, taught, held_out, [*_pairs([classes[c] for c in held_out]), *map(data.named, told.numbers)])


def fits(block: Params, names: Sequence[str], taught: Sequence[str], budget: params.Budget) -> list[Fit]:
    """All there is to teach, the longest first; `names` are the tasks', `taught` those of learning to learn.

    `whole`: the net that is kept. `alone`: a task a net, `together`: all in one, `pair`: two, each net with the same
    budget. `taught`: so many tasks, fewer being the first of more, in an order of the seed's; `random`: none.
    """
    every, few, learning = tuple(names), block.learnability, block.learning_to_learn
    known: list[Pair | str] = [*block.pairs, *block.others]
    some = tuple(names[known.index(task)] for task in few.tasks)
    made = []
    for seed in budget.seeds:
        order = tuple(taught[k] for k in streams.numpy(seed, "tasks/taught").permutation(len(taught)))
        at_once: list[tuple[Question, str, tuple[str, ...], int | None]] = [
            *(("balancing", arm, every, None) for arm in BALANCES),
            *(("balancing", "alone", (name,), None) for name in names),
            *(
                ("learning_to_learn", "taught", order[:k], size)
                for size in learning.sizes
                for k in sorted({*learning.tasks, len(order)})
            ),
            *(
                ("learnability", arm, which, size)
                for size in few.sizes
                for arm, which in [("together", some), *(("alone", (name,)) for name in some)]
            ),
            *(("transference", "pair", both, few.size) for both in combinations(some, 2)),
        ]
        made += [Fit(*told, block.presentations, seed) for told in at_once]
        made += [Fit("balancing", "whole", every, None, budget.presentations, seed)]
        made += [Fit("learning_to_learn", "random", order, None, 0, seed)]
    return sorted(made, key=lambda fit: fit.arm not in ("projected", "whole"))


def _pairs(classes: Sequence[str]) -> list[Task]:
    """All pairs of classes that are counted from 0 in this order."""
    return [data.pair(one, other, classes) for one, other in combinations(range(len(classes)), 2)]
