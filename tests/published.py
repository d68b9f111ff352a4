"""Three published gains by privileged information, made again as they were made, and as they should have been.

Lopez-Paz et al., 2016: nets of two layers of 20, Keras's RMSprop, batches of 128, 50 epochs. Vapnik and Vashist, 2009.
"""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy.io import loadmat
from torch import Tensor

from tutelage import streams
from tutelage.data import controls, poems, problems
from tutelage.data.kinds import Description
from tutelage.measure import significance
from tutelage.paradigms import machines

UNITS, BATCH, RATE, KEPT, LEAST = 20, 128, 1e-3, 0.9, 1e-6  # theirs
ASKED = 1500  # of sarcos
Cost = Callable[[Tensor, Tensor], Tensor]
Weights = list[tuple[Tensor, Tensor]]


class Sarcos(NamedTuple):
    """Of each repetition the mean squared errors of a student and of one that is distilled, by what is subtracted."""

    student: Float[Tensor, "repetition"]
    distilled: Float[Tensor, "repetition"]
    student_broken: Float[Tensor, "repetition"]
    distilled_broken: Float[Tensor, "repetition"]
    answers: Float[Tensor, "repetition asked 1"]  # of the student
    asked: Float[Tensor, "asked 1"]


def sarcos(mirror: Path, repetitions: int, *, labels: int = 300, temperature: float = 10) -> Sarcos:
    """The first of seven torques, x* the six others, the soft labels alone and, as theirs, divided by T."""
    rows = torch.from_numpy(loadmat(mirror / "sarcos" / "sarcos_inv_test.mat")["sarcos_inv_test"]).double()
    rows = (rows - rows.mean(0)) / rows.std(0)
    rows = rows[torch.from_numpy(streams.numpy(0, "published/sarcos/asked").permutation(len(rows)))]
    asked, rest = rows[:ASKED], rows[ASKED:]
    orders = [streams.numpy(r, "published/sarcos").permutation(len(rest))[:labels] for r in range(repetitions)]
    x, y, star = torch.stack([rest[order] for order in orders]).split((21, 1, 6), -1)

    def taught(seen: Tensor, wanted: Tensor, name: str) -> Weights:
        return trained(seen, lambda told, at: (told - wanted.gather(1, at)).square().mean((1, 2)), 1, name)

    soft = answers(taught(star, y, "teacher"), star) / temperature
    every, right = asked[:, :21].expand(repetitions, -1, -1), asked[:, 21:22]
    by, of = (answers(taught(x, wanted, "student"), every) for wanted in (y, soft))
    return Sarcos(error(by, right), error(of, right), broken(by, right), broken(of, right), by, right)


def error(told: Float[Tensor, "repetition n 1"], asked: Float[Tensor, "n 1"]) -> Float[Tensor, "repetition"]:
    return (told - asked).square().mean((1, 2))


def broken(told: Float[Tensor, "repetition n 1"], asked: Float[Tensor, "n 1"]) -> Float[Tensor, "repetition"]:
    """As published: an (n, 1) less an (n,) is an (n, n)."""
    return torch.stack([(one - asked.squeeze(1)).square().mean() for one in told])


class Digits(NamedTuple):
    """Accuracies of each repetition, of nets that saw as many epochs."""

    teacher: Float[Tensor, "repetition"]
    student: Float[Tensor, "repetition"]
    distilled: Float[Tensor, "repetition"]


def digits(
    images: Float[Tensor, "n 784"],
    classes: Int[Tensor, "n"],
    repetitions: int,
    *,
    epochs: int,
    labels: int = 300,
    temperature: float = 10,
    imitation: float = 0.5,
) -> Digits:
    """x 7×7 pixels, x* 28×28; their soft labels' loss has T² before it. The teacher has its 50 epochs."""
    small = torch.nn.functional.avg_pool2d(images.view(-1, 1, 28, 28), 4).flatten(1)
    orders = [
        torch.from_numpy(streams.numpy(r, "published/digits").permutation(len(images))) for r in range(repetitions)
    ]
    rows = torch.stack([order[:labels] for order in orders])
    others = torch.stack([order[labels:] for order in orders])
    y = torch.nn.functional.one_hot(classes, 10).double()[rows]

    def surprise(told: Tensor, wanted: Tensor, at: Tensor) -> Tensor:
        return -(wanted.gather(1, at.expand(-1, -1, 10)) * told.log_softmax(-1)).sum(-1).mean(-1)

    teacher = trained(images[rows], lambda told, at: surprise(told, y, at), 10, "teacher")
    soft = (answers(teacher, images[rows]) / temperature).softmax(-1)
    student = trained(small[rows], lambda told, at: surprise(told, y, at), 10, "student", epochs=epochs)

    def both(told: Tensor, at: Tensor) -> Tensor:
        return (1 - imitation) * surprise(told, y, at) + temperature**2 * imitation * surprise(told, soft, at)

    distilled = trained(small[rows], both, 10, "student", epochs=epochs)

    def right(net: Weights, seen: Tensor) -> Tensor:
        return (answers(net, seen[others]).argmax(-1) == classes[others]).double().mean(-1)

    return Digits(right(teacher, images), right(student, small), right(distilled, small))


def poets(
    raw: Path, description: Description, grid: machines.Params, splits: int, *, labels: int = 70
) -> dict[str, Float[Tensor, "split"]]:
    """Accuracy of SVM, and of SVM+ with a description of 5 or 8 in x*'s place, with noise there, and with nothing."""
    parts = poems.read(raw)
    star, n = parts.described[description], len(parts.train.y)
    asked = problems.Examples(
        parts.test.x, np.zeros((len(parts.test.y), star.shape[1])), parts.test.y, np.arange(len(parts.test.y))
    )
    every = problems.Examples(parts.train.x, star, parts.train.y, np.arange(n))
    drawn = [
        problems.Split(every.of(streams.numpy(split, "published/poems").permutation(n)[:labels]), asked)
        for split in range(splits)
    ]
    of = controls.stack(drawn, 3)
    made = {control: machines.learn(grid, of, control) for control in ("", problems.STAR, "noise", "constant")}
    return {
        control: ((one.decided > 0) == of.y_asked).double().mean(-1)
        for control, told in made.items()
        for one in told.values()
    }


def difference(of: Tensor, against: Tensor) -> significance.Difference:
    return significance.difference(of.numpy(), against.numpy(), 0.95)


def trained(x: Float[Tensor, "net n d"], cost: Cost, classes: int, name: str, *, epochs: int = 50) -> Weights:
    """Nets side by side; cost(answers, rows) is of the rows Int[net batch 1] of a batch, one number a net."""
    sides = (x.shape[-1], UNITS, UNITS, classes)
    draws = streams.generator(0, f"published/{name}/weights")
    flat = []
    for a, b in pairwise(sides):
        span = (6 / (a + b)) ** 0.5  # Glorot and Bengio's
        flat += [(2 * torch.rand(len(x), a, b, generator=draws, dtype=x.dtype) - 1) * span, x.new_zeros(len(x), 1, b)]
    squares = [torch.zeros_like(w) for w in flat]
    order = streams.generator(0, f"published/{name}/batches")
    for _ in range(epochs):
        turned = torch.rand(x.shape[:2], generator=order).argsort(1)[..., None]
        for at in turned.split(BATCH, 1):
            flat = [w.detach().requires_grad_() for w in flat]
            told = answers(list(zip(flat[::2], flat[1::2], strict=True)), x.gather(1, at.expand(-1, -1, x.shape[-1])))
            slopes = torch.autograd.grad(cost(told, at).sum(), flat)
            with torch.no_grad():
                squares = [KEPT * s + (1 - KEPT) * g.square() for s, g in zip(squares, slopes, strict=True)]
                flat = [w - RATE * g / (s + LEAST).sqrt() for w, g, s in zip(flat, slopes, squares, strict=True)]
    return [(w.detach(), b.detach()) for w, b in zip(flat[::2], flat[1::2], strict=True)]


def answers(net: Weights, x: Float[Tensor, "net n d"]) -> Float[Tensor, "net n k"]:
    for number, (weight, bias) in enumerate(net):
        x = (x.relu() if number else x) @ weight + bias
    return x
