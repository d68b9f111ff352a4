"""Many tasks at once: one f for all, a linear head a task; tasks may ask for classes or numbers, and be of any size.

Caruana, 1997; balancing by Kendall, Gal and Cipolla, 2018, and by Yu et al., 2020.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, groupby
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args

import torch
import torch.nn.functional as F  # noqa: N812
from annotated_types import Ge, Len
from jaxtyping import Bool, Float
from pydantic import NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt, model_validator
from torch import Tensor, nn
from torch.optim import AdamW, Optimizer

from tutelage import params, streams
from tutelage.data import tasks as data
from tutelage.data import views
from tutelage.data.batches import Batch, Batches
from tutelage.data.tasks import Task
from tutelage.errors import Mistake
from tutelage.nn import dense, weights
from tutelage.nn.conv import Encoder
from tutelage.objectives import multitask
from tutelage.training import fitting
from tutelage.training.learner import BETAS, Learner, Logs

Balance = Literal["sum", "mean", "uncertainty", "projected"]
"""A task weighs as many examples as it has, all weigh the same, by a learned variance, the same without conflict."""
Question = Literal["balancing", "learnability", "learning_to_learn", "transference"]
Number = Literal["ink", "slant", "width", "aspect"]
Pair = tuple[NonNegativeInt, NonNegativeInt]
Growing = Annotated[params.Distinct[PositiveInt], Len(2)]  # two points make a slope


class Learnability(params.Block):
    """How well tasks are told against their own number of examples, and what each does for each other."""

    tasks: Annotated[params.Distinct[Pair | str], Len(2)]  # some of pairs and of others
    sizes: Growing  # examples of each
    size: PositiveInt  # one of them, at which each pair is taught together


class LearningToLearn(params.Block):
    """How well tasks never taught are told against the number of those that were."""

    classes: Annotated[tuple[NonNegativeInt, ...], Len(2)]  # no image of them is shown; held out: all pairs of them
    numbers: params.Distinct[Number]  # held out too, asked of the same images
    tasks: Growing  # |T|, beside all there are
    sizes: params.Distinct[PositiveInt]  # examples of each
    labels: Annotated[int, Ge(2)]  # examples of a held-out task that a probe learns from
    strengths: params.Distinct[PositiveFloat]  # of its L2 penalty; leaving one out chooses


class Params(params.Block):
    """The block `multitask`."""

    pairs: tuple[Pair, ...]  # classes, counted from 0
    others: tuple[Literal["parity", "size"] | Number, ...]
    balance: Balance  # of all nets but those by which balances are compared
    learning_rate: PositiveFloat
    weight_decay: NonNegativeFloat
    shift: NonNegativeInt  # pixels by which an image is moved at random; its numbers stay while its ink is inside
    presentations: PositiveInt  # of every fit but that of the net that is kept, which has the budget's
    learnability: Learnability
    learning_to_learn: LearningToLearn

    @model_validator(mode="after")
    def _fits(self) -> "Params":
        if len(self.pairs) + len(self.others) < 2:
            raise ValueError("pairs and others hold fewer than two tasks; many at once are at least two")
        known = [*self.pairs, *self.others]
        for task in self.learnability.tasks:
            if task not in known:
                near = params.nearest(task, list(self.others))
                raise ValueError(f"learnability.tasks has {_told(task)}, which is none of pairs and others{near}")
        if self.learnability.size not in self.learnability.sizes:
            raise ValueError(
                f"learnability.size is {self.learnability.size}; it must be one of learnability.sizes "
                f"{list(self.learnability.sizes)}"
            )
        return self


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


class Multitask(Learner):
    """Σ_t w_t L_t(g_t(f(x, α), β_t), y_t) with L_t a cross-entropy in nats or a squared error.

    A batch holds `x` and `tasks`, a table with a column a task. `outputs` are the classes of each, 1 for a number.
    Projecting gradients is not one descent: `update` steps along their sum, the head along each task's own.
    """

    log_variances: nn.Parameter | None

    def __init__(
        self,
        encoder: Encoder | dense.Encoder,
        head: nn.Linear,
        outputs: Sequence[int],
        *,
        balance: Balance,
        seed: int,
        learning_rate: float,
        weight_decay: float,
    ) -> None:
        super().__init__(learning_rate=learning_rate, weight_decay=weight_decay)
        self.encoder, self.head = encoder, head
        self.outputs, self.balance, self.seed = tuple(outputs), balance, seed
        self.log_variances = nn.Parameter(torch.zeros(len(outputs))) if balance == "uncertainty" else None
        self.register_buffer("number", torch.tensor([k == 1 for k in outputs]), persistent=False)
        self.register_buffer("steps", torch.zeros((), dtype=torch.int64), persistent=balance == "projected")

    number: Tensor
    steps: Tensor  # taken; each has its own order of projections, the same after a stop

    def loss(self, batch: Batch) -> tuple[Tensor, Logs]:
        costs, known = self._costs(batch)
        losses = multitask.each_task(costs, known)
        logs = {"loss": losses.mean()}
        if self.balance == "sum":
            return multitask.each_example(costs), logs
        if self.log_variances is not None:
            weighed = multitask.uncertain(losses, self.log_variances, self.number)
            return (weighed * known.any(0)).sum(), logs  # of a task that is not in the batch nothing is learned
        return losses.mean(), logs

    def update(self, batch: Batch, optimizers: dict[str, Optimizer]) -> Logs:
        if self.balance != "projected":
            return super().update(batch, optimizers)
        (optimizer,) = optimizers.values()
        losses = multitask.each_task(*self._costs(batch))
        optimizer.zero_grad()
        shared, own = list(self.encoder.parameters()), list(self.head.parameters())
        with torch.autocast(losses.device.type, enabled=False):
            gradients = [torch.autograd.grad(loss, shared, retain_graph=True) for loss in losses]
            for weight, slope in zip(own, torch.autograd.grad(losses.sum(), own), strict=True):
                weight.grad = slope
        stacked = torch.stack([torch.cat([slope.flatten() for slope in slopes]) for slopes in gradients])
        draws = streams.generator(self.seed, f"multitask/projections/{int(self.steps)}")
        order = torch.rand(len(losses), len(losses), generator=draws).argsort(1)
        along = multitask.projected(stacked, order).sum(0)
        for weight, slope in zip(shared, along.split([w.numel() for w in shared]), strict=True):
            weight.grad = slope.view_as(weight)
        optimizer.step()
        self.steps += 1
        return {"loss": losses.mean()}

    def optimizers(self) -> dict[str, Optimizer]:
        """One AdamW; variances do not decay."""
        kept = [] if self.log_variances is None else [self.log_variances]
        groups = [
            {"params": [*self.encoder.parameters(), *self.head.parameters()], "weight_decay": self.weight_decay},
            {"params": kept, "weight_decay": 0.0},
        ]
        return {"adamw": AdamW(groups[: 1 + len(kept)], self.learning_rate, BETAS, fused=True)}

    def encode(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n width"]:
        z: Tensor = self.encoder(x)
        return z

    def answers(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n task"]:
        """The likeliest class of each task, or its number, as a table has them."""
        with torch.no_grad():
            told = self.head(self.encoder(x)).float().split(self.outputs, dim=1)
        return torch.stack([one.argmax(1).float() if one.shape[1] > 1 else one[:, 0] for one in told], 1)

    def _costs(self, batch: Batch) -> tuple[Float[Tensor, "n task"], Bool[Tensor, "n task"]]:
        """What each example costs each task, 0 where it is not of it; tasks of as many outputs in a row as one."""
        known = ~batch["tasks"].isnan()
        y = batch["tasks"].nan_to_num()
        told = self.head(self.encoder(batch["x"]))
        costs, task, output = [], 0, 0
        for k, same in groupby(self.outputs):
            n = len(list(same))
            said, truth = told[:, output : output + k * n], y[:, task : task + n]
            if k == 1:
                costs.append((said - truth).square())
            else:
                each = F.cross_entropy(said.reshape(-1, k), truth.reshape(-1).long(), reduction="none")
                costs.append(each.view(-1, n))
            task, output = task + n, output + k * n
        return torch.cat(costs, 1) * known, known


BALANCES: tuple[Balance, ...] = get_args(Balance)


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


def build(
    block: Params,
    encoder: params.Encoder,
    shape: tuple[int, int, int],
    asked: Sequence[Task],
    seed: int,
    balance: Balance | None = None,
) -> Multitask:
    """A learner as it is born from `seed`; f and each task's head are the same whichever other tasks there are."""
    with streams.born(seed, "encoder"):
        f = Encoder(shape, **encoder.model_dump())
    rates = {"learning_rate": block.learning_rate, "weight_decay": block.weight_decay}
    return headed(f, asked, seed, balance=balance or block.balance, **rates)


def headed(
    f: Encoder | dense.Encoder,
    asked: Sequence[Task],
    seed: int,
    *,
    balance: Balance,
    learning_rate: float,
    weight_decay: float,
) -> Multitask:
    """That f with a head a task, each as it is born from `seed`."""
    heads = []
    for task in asked:
        with streams.born(seed, f"head/{task.name}"):
            heads.append(nn.Linear(f.width, task.outputs))
    with streams.born(seed, "head"):
        head = nn.Linear(f.width, sum(task.outputs for task in asked))
    with torch.no_grad():  # one matrix for all: a product a batch, and not one a task
        head.weight.copy_(torch.cat([one.weight for one in heads]))
        head.bias.copy_(torch.cat([one.bias for one in heads]))
    return Multitask(
        f,
        head,
        [task.outputs for task in asked],
        balance=balance,
        seed=seed,
        learning_rate=learning_rate,
        weight_decay=weight_decay,
    )


def teach(
    learner: Multitask,
    x: Float[Tensor, "n ..."],
    table: data.Table,
    *,
    budget: params.Budget,
    presentations: int,
    shift: int,
    compute: params.Compute,
    judge: Callable[[], Mapping[str, float]] | None = None,
) -> fitting.History:
    """From the examples that are of any of its tasks; judged after each epoch where there is a judge, else at the end.

    As many steps also where a batch is smaller, for there are no more examples.
    """
    rows = data.asked(table)
    source = Batches(
        {"x": x[rows], "tasks": table[rows]},
        budget.batch_size,
        streams.generator(learner.seed, "multitask/batches"),
        views.shift(shift),
        streams.generator(learner.seed, "multitask/views"),
    )
    steps = budget.of(presentations).steps if presentations else 0
    every = source.per_epoch if judge else max(1, steps)
    return fitting.fit(learner, source, steps=steps, every=every, compute=compute, judge=judge)


def load(models: Path, arm: str, seed: int) -> Multitask:
    """A learner as its stage left it, to be asked and not taught."""
    path = models / "about.json"
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    block, encoder = params.parse(Params, "multitask", told, path), params.parse(params.Encoder, "encoder", told, path)
    asked = [Task(name, tuple(classes)) for name, classes in told["tasks"]]
    learner = build(block, encoder, tuple(told["shape"]), asked, seed)
    weights.give(learner, models / f"{arm}-{seed}.safetensors")
    return learner.eval()


def _told(task: Pair | str) -> str:
    return task if isinstance(task, str) else str(list(task))


def _pairs(classes: Sequence[str]) -> list[Task]:
    """All pairs of classes that are counted from 0 in this order."""
    return [data.pair(one, other, classes) for one, other in combinations(range(len(classes)), 2)]
