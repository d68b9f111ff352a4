"""Tasks: what may be asked of an image, computed exactly from its class or its pixels, and which examples have answers.

A table is Float[n task]: a class counted from 0 or a number; NaN where an example is not of the task.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Tensor

from tutelage import streams
from tutelage.data.batches import Batch
from tutelage.errors import Mistake

Plane = Float[Tensor, "n h w"]
Table = Float[Tensor, "n task"]


class Task(NamedTuple):
    """`classes` are those it tells apart, none where it asks for a number; `pair`: the data's two that it is about."""

    name: str
    classes: tuple[str, ...] = ()
    pair: tuple[int, int] | None = None

    @property
    def outputs(self) -> int:
        """Numbers in an answer: one a class, or the number itself."""
        return len(self.classes) or 1


def pair(one: int, other: int, classes: Sequence[str]) -> Task:
    """Which of two classes of the data it is, asked of their examples alone. Raises Mistake for a class unknown."""
    if not one < other < len(classes):
        raise Mistake(
            f"params.yaml: multitask has a task [{one}, {other}]: the images have classes 0 to {len(classes) - 1}; "
            "name two of them, the lesser first"
        )
    return Task(f"{classes[one]} or {classes[other]}", (classes[one], classes[other]), (one, other))


def named(name: str) -> Task:
    """`parity` and `size` of a class as it is counted, or a number of NUMBERS."""
    return Task(name, SIDES.get(name, ()))


def ink(plane: Plane) -> Float[Tensor, "n"]:
    """The mean pixel."""
    return plane.mean((1, 2))


def width(plane: Plane) -> Float[Tensor, "n"]:
    """√μ20, in pixels: the standard deviation of the ink from left to right."""
    return _moments(plane)[0].sqrt()


def aspect(plane: Plane) -> Float[Tensor, "n"]:
    """½ ln μ02/μ20: the logarithm of height over width; a quarter turn changes its sign."""
    across, _, down = _moments(plane)
    return 0.5 * (down / across).log()


def slant(plane: Plane) -> Float[Tensor, "n"]:
    """−μ11/μ02: the tangent of the angle by which it leans to the right; rows count downwards."""
    _, both, down = _moments(plane)
    return -both / down


NUMBERS: Mapping[str, Callable[[Plane], Float[Tensor, "n"]]] = {
    "ink": ink, "slant": slant, "width": width, "aspect": aspect
}  # fmt: skip
SIDES = {"parity": ("even", "odd"), "size": ("lower half", "upper half")}


def tables(tasks: Sequence[Task], parts: Sequence[Batch], classes: int) -> list[Table]:
    """A table for each part; numbers are moved and scaled to mean 0 and variance 1 in the first, which is learned from.

    Raises Mistake for a task of which the first part has no example, one class or one number only.
    """
    plain = [torch.stack([_answers(task, part, classes) for task in tasks], 1) for part in parts]
    for task, answers in zip(tasks, plain[0].T, strict=True):
        _learnable(task, answers[~answers.isnan()])
    number = torch.tensor([not task.classes for task in tasks], device=plain[0].device)
    known = ~plain[0].isnan()
    mean = plain[0].nansum(0) / known.sum(0)
    spread = ((plain[0] - mean).square().nansum(0) / known.sum(0)).sqrt()
    return [torch.where(number, (table - mean) / spread, table).float() for table in plain]


def drawn(table: Table, tasks: Sequence[Task], size: int, *, seed: int) -> Table:
    """The same with the answers of `size` examples a task, classes in turn; drawn for (seed, task), a size holds less.

    Raises Mistake for a task that has fewer.
    """
    left = torch.full_like(table, torch.nan)
    for number, task in enumerate(tasks):
        rows = _order(table[:, number].cpu().numpy(), task, seed)
        if len(rows) < size:
            raise Mistake(
                f"params.yaml: multitask asks for {size} examples of a task, and task {task.name} has {len(rows)} to "
                "learn from; ask for fewer"
            )
        few = torch.from_numpy(rows[:size]).to(table.device)
        left[few, number] = table[few, number]
    return left


def drawn_of_each(table: Table, tasks: Sequence[Task], size: int, *, seed: int) -> Table:
    """The same with `size` examples of each class of a task, which has as many of each, or of its number."""
    columns = [drawn(table[:, [k]], [task], size * task.outputs, seed=seed) for k, task in enumerate(tasks)]
    return torch.cat(columns, 1)


def fewest(table: Table, tasks: Sequence[Task]) -> dict[str, int]:
    """By task, how many examples there are of its class that has fewest, or of its number."""
    return {
        task.name: min(int((column == k).sum()) for k in range(task.outputs))
        if task.classes
        else int((~column.isnan()).sum())
        for task, column in zip(tasks, table.T, strict=True)
    }


def load(part: Path, device: torch.device) -> tuple[Float[Tensor, "n ..."], Table]:
    """A prepared part of a task set: pixels in [0, 1] or features as they are, and its table."""
    x, table = (torch.from_numpy(np.load(part / f"{name}.npy", allow_pickle=False)) for name in ("x", "table"))
    scale = 255 if x.dtype == torch.uint8 else 1
    return x.to(device, torch.float32).div_(scale), table.to(device)


def asked(table: Table) -> Bool[Tensor, "n"]:
    """The examples that are of any task."""
    return (~table.isnan()).any(1)


def _order(answers: np.ndarray, task: Task, seed: int) -> np.ndarray:
    """The task's examples in the order in which they are drawn."""
    rows = streams.numpy(seed, f"tasks/{task.name}").permutation(np.flatnonzero(~np.isnan(answers)))
    if not task.classes:
        return rows
    turn = np.empty(len(rows), int)
    for label in range(len(task.classes)):
        turn[answers[rows] == label] = np.arange((answers[rows] == label).sum())
    told: np.ndarray = rows[np.argsort(turn, kind="stable")]
    return told


def _answers(task: Task, part: Batch, classes: int) -> Float[Tensor, "n"]:
    if not task.classes:
        told = NUMBERS[task.name](part["x"].double().mean(1))
        return torch.where(told.isfinite(), told, torch.nan)  # of an empty image, or one of a single row
    y = part["y"]
    if task.pair:
        of, told = (y == task.pair[0]) | (y == task.pair[1]), y == task.pair[1]
    else:
        of, told = y >= 0, (y % 2 == 1) if task.name == "parity" else (2 * y >= classes)
    return torch.where(of, told.double(), torch.nan)


def _learnable(task: Task, answers: Float[Tensor, "m"]) -> None:
    if not len(answers):
        raise Mistake(f"task {task.name} has no examples to learn from; leave it out of multitask in params.yaml")
    for label, title in enumerate(task.classes):
        if not (answers == label).any():
            raise Mistake(
                f"task {task.name} has no examples of {title} to learn from; leave it out of multitask in params.yaml"
            )
    if not task.classes and float(answers.max() - answers.min()) < 1e-9:
        raise Mistake(f"task {task.name} asks for one number only; leave it out of multitask in params.yaml")


def _moments(plane: Plane) -> tuple[Float[Tensor, "n"], Float[Tensor, "n"], Float[Tensor, "n"]]:
    """μ20, μ11 and μ02 of the ink, in pixels squared, about its centre."""
    _, height, side = plane.shape
    down, right = (torch.arange(size, dtype=plane.dtype, device=plane.device) for size in (height, side))
    share = plane / plane.sum((1, 2), keepdim=True)
    x = right - (share * right).sum((1, 2))[:, None]
    y = down - (share * down[:, None]).sum((1, 2))[:, None]
    return (
        (share * x.square()[:, None, :]).sum((1, 2)),
        (share * y[:, :, None] * x[:, None, :]).sum((1, 2)),
        (share * y.square()[:, :, None]).sum((1, 2)),
    )
