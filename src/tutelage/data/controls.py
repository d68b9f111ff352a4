"""Splits of a problem side by side, and what stands in the place of its privileged information x* as a control."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy.typing import NDArray
from torch import Tensor

from tutelage import streams
from tutelage.data.problems import STAR, Numbers, Split
from tutelage.errors import Mistake


class Stack(NamedTuple):
    """All splits side by side; each column standardised by what teaches in its split, or each row of unit length."""

    x: Float[Tensor, "split n d"]
    star: Float[Tensor, "split n e"]
    y: Float[Tensor, "split n k"]  # ones and zeros
    kept: Float[Tensor, "split fold n"]  # 1 where a fold teaches; of the last fold all do
    x_asked: Float[Tensor, "split m d"]
    star_asked: Float[Tensor, "split m e"]
    y_asked: Int[Tensor, "split m"]
    standardised: bool


def stack(splits: Sequence[Split], folds: int, *, standardised: bool = True) -> Stack:
    """Of splits with equally many examples; where columns are not to be standardised they stay as they are."""
    classes = 1 + max(int(part.y.max()) for split in splits for part in split)
    sides = [_scaled(s.taught.x, s.asked.x, standardised) for s in splits]
    stars = [_scaled(s.taught.star, s.asked.star, standardised) for s in splits]
    y = np.stack([np.eye(classes)[split.taught.y] for split in splits])
    kept = np.stack([_kept(split.taught.group, folds, number) for number, split in enumerate(splits)])
    columns = [np.stack(column) for column in (*zip(*sides, strict=True), *zip(*stars, strict=True))]
    x, x_asked, star, star_asked = map(torch.from_numpy, columns)
    asked = torch.from_numpy(np.stack([split.asked.y for split in splits]))
    return Stack(x, star, torch.from_numpy(y), torch.from_numpy(kept), x_asked, star_asked, asked, standardised)


def _scaled(taught: Numbers, asked: Numbers, standardised: bool) -> tuple[Numbers, Numbers]:
    if not standardised:
        return taught, asked
    known = ~np.isnan(taught)
    count = known.sum(0).clip(1)
    mean = np.where(known, taught, 0).sum(0) / count
    spread = np.sqrt((np.where(known, taught - mean, 0) ** 2).sum(0) / count)
    spread[spread == 0] = 1
    return _filled((taught - mean) / spread), _filled((asked - mean) / spread)


def _filled(of: Numbers) -> Numbers:
    """0, the mean, where a cell is not known; a row of which none is stays as it is."""
    missing = np.isnan(of)
    return np.where(missing & ~missing.all(1, keepdims=True), 0.0, of)


def _kept(group: Int[NDArray[np.int64], "n"], folds: int, split: int) -> Float[NDArray[np.float64], "fold n"]:
    """Whole groups at a time; the last row is of all examples. Raises Mistake where a fold would have no group."""
    names = np.unique(group)
    if len(names) < folds:
        raise Mistake(f"the labels of split {split} are of {len(names)} groups, too few for {folds} folds; lower folds")
    place = streams.numpy(split, "lupi/folds").permutation(len(names)) % folds
    held = place[np.searchsorted(names, group)]
    return np.concatenate([(held != np.arange(folds)[:, None]).astype(float), np.ones((1, len(group)))])


def instead(control: str, of: Stack) -> Float[Tensor, "split n e"] | None:
    """What a teacher sees in x*'s place; of smoothing nothing, since it has no teacher, and says the same of all."""
    if control in (STAR, "self"):
        return of.star if control == STAR else of.x
    if control == "noise":
        draws = [streams.generator(split, "lupi/noise") for split in range(len(of.star))]
        told = torch.stack([torch.randn(of.star.shape[1:], generator=g, dtype=torch.float64) for g in draws])
        return told if of.standardised else torch.nn.functional.normalize(told, dim=-1)
    if control == "shuffled":
        orders = [streams.generator(split, "lupi/shuffled") for split in range(len(of.star))]
        return torch.stack(
            [star[torch.randperm(len(star), generator=g)] for star, g in zip(of.star, orders, strict=True)]
        )
    if control == "constant":
        ones = torch.ones_like(of.star)
        return ones if of.standardised else torch.nn.functional.normalize(ones, dim=-1)
    return None
