"""SVM and SVM+ beside the nets of `lupi`: each split's kernel, C and γ chosen by its own folds. Two classes only.

One against the rest would do for more, at as many times the cost, and with folds in which a class is alone.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float
from pydantic import PositiveFloat, PositiveInt, model_validator
from torch import Tensor

from tutelage import params
from tutelage.data import controls
from tutelage.data.controls import Stack
from tutelage.objectives import svm
from tutelage.paradigms import svm_plus
from tutelage.paradigms.svm_plus import Machines

FAR = 1e5  # C/γ beyond which rounding is in the way of a programme's minimum
ROUGH = 1e-5  # share of its objective that a fold's machine may be away from its best: no error hangs on it
Kernel = Callable[[Tensor, Tensor], Tensor]


class Params(params.Block):
    """The grid of SVM and SVM+; of what stands in x*'s place the kernel is the one of x."""

    widths: params.Distinct[PositiveFloat]  # σ of RBF kernels, beside a linear one, of rows of a length of about 1
    strengths: params.Distinct[PositiveFloat]  # C, of each slack
    most: PositiveInt  # labels: the time that a programme takes goes as their cube
    corrections: params.Distinct[PositiveFloat]  # γ, of the square of SVM+'s correcting function: small ones free it

    @model_validator(mode="after")
    def _solvable(self) -> "Params":
        if max(self.strengths) > FAR * min(self.corrections):
            raise ValueError(
                f"svm has a strength of {max(self.strengths):g} and a correction of {min(self.corrections):g}; beyond "
                f"{FAR:g} times as much no programme is solved exactly, so take a smaller strength or larger correction"
            )
        return self


class Told(NamedTuple):
    """What a machine of each split decides on what is asked, above 0 for the second class, and how exact it is."""

    decided: Float[Tensor, "split asked"]
    gap: Float[Tensor, "split"]


class Pupil(NamedTuple):
    """What teaches in one split."""

    x: Float[Tensor, "n d"]
    star: Float[Tensor, "n e"] | None  # or what stands for it; SVM has none
    signs: Float[Tensor, "n"]
    kept: Bool[Tensor, "fold n"]  # of the last fold all


class Grams(NamedTuple):
    """Of one kernel, which all points of the grid share."""

    x: Float[Tensor, "n n"]
    star: Float[Tensor, "n n"] | None

    def of(self, rows: Bool[Tensor, "n"]) -> "Grams":
        return Grams(self.x[rows][:, rows], None if self.star is None else self.star[rows][:, rows])


def learn(block: Params, of: Stack, control: str) -> dict[str, Told]:
    """SVM where nothing is in x*'s place, else SVM+; of smoothing neither, since it has no teacher.

    Nor of more labels than the block's most, nor of more classes than two.
    """
    seen = controls.instead(control, of) if control else None
    if of.y.shape[1] > block.most or of.y.shape[-1] != 2 or (control and seen is None):
        return {}

    def even(x: Float[Tensor, "split n d"]) -> Float[Tensor, "split n d"]:
        """Rows of a length of about 1, as those of words have: C and σ mean the same whatever the columns."""
        return x / x.shape[-1] ** 0.5 if of.standardised else x

    signs = svm.signs(of.y[..., 1].long(), 2)[0]
    made = []
    for split, kept in enumerate(of.kept.bool()):
        one = Pupil(even(of.x)[split], None if seen is None else even(seen)[split], signs[split], kept)
        made.append(_told(block, one, even(of.x_asked)[split]))
    decided, gaps = zip(*made, strict=True)
    return {"svm_plus" if control else "svm": Told(torch.stack(decided), torch.stack(gaps))}


def _told(block: Params, of: Pupil, asked: Float[Tensor, "m d"]) -> tuple[Float[Tensor, "m"], Float[Tensor, ""]]:
    """By the point with the fewest errors on what its folds held out; of as few, the least hinge loss there."""
    if len(of.signs.unique()) < 2:  # of one class, which is all there is to tell
        return of.signs[0].expand(len(asked)), of.signs.new_zeros(())
    c, gamma = (torch.tensor(numbers, dtype=torch.float64) for numbers in (block.strengths, block.corrections))
    grid = torch.stack([c, c], 1) if of.star is None else torch.cartesian_prod(c, gamma)
    found = []
    kernels: list[Kernel] = [svm.linear, *(partial(svm.gaussian, width=width) for width in block.widths)]
    for kernel in kernels:
        grams = Grams(kernel(of.x, of.x), None if of.star is None else kernel(of.star, of.star))
        missed = _missed(grams, of, grid).tolist()
        found += [(*how, kernel, grams, point) for how, point in zip(missed, grid, strict=True)]
    *_, kernel, grams, point = min(found, key=lambda one: one[:2])
    machine = _fitted(grams, of.signs, point[None], svm_plus.TOLERANCE)
    return machine.decide(kernel(asked, of.x)[None])[0], machine.gap[0]


def _missed(grams: Grams, of: Pupil, grid: Float[Tensor, "point 2"]) -> Float[Tensor, "point 2"]:
    """Of each point errors and hinge loss on what folds held out; a fold that has one class alone tells nothing."""
    made = torch.zeros(len(grid), 2, dtype=torch.float64)
    for rows in of.kept[:-1]:
        if len(of.signs[rows].unique()) == 2:
            machines = _fitted(grams.of(rows), of.signs[rows], grid, ROUGH)
            margins = of.signs[~rows] * machines.decide(grams.x[~rows][:, rows].expand(len(grid), -1, -1))
            made += torch.stack([(margins <= 0).sum(-1), (1 - margins).clamp(min=0).sum(-1)], -1)
    return made


def _fitted(grams: Grams, signs: Float[Tensor, "n"], grid: Float[Tensor, "point 2"], tolerance: float) -> Machines:
    if grams.star is None:
        return svm_plus.fit(grams.x, signs, c=grid[:, 0], tolerance=tolerance)
    return svm_plus.fit_plus(grams.x, grams.star, signs, c=grid[:, 0], gamma=grid[:, 1], tolerance=tolerance)
