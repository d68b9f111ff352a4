"""How transferable layers are: the first n of a net, copied, kept or tuned, under others that are born anew.

Yosinski, Clune, Bengio and Lipson, 2014. A and B are two halves of the classes; all but A's own net are taught B.
"""

import copy
from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from pydantic import NonNegativeFloat, PositiveFloat, PositiveInt, field_validator
from torch import nn

from tutelage import params, streams
from tutelage.data.batches import Batch, Batches
from tutelage.nn import dense
from tutelage.nn.conv import Encoder
from tutelage.paradigms.supervised import Classifier
from tutelage.paradigms.transfer import Head
from tutelage.training import fitting
from tutelage.training.learner import Learner

DEPTHS = ("the first convolution", "the second", "the code", "the hidden units")
"""The layers below the last: each a matrix with all that follows it up to the next, a norm too. The last is always
new."""
HALVES = ("A", "B")
ARMS = {"AnB": "A", "BnB": "B", "AnB+": "A", "BnB+": "B", "random": "random"}
"""Whose layers are copied; a + says that they go on learning."""


class Params(params.Block):
    """The block `layers`."""

    depths: params.Distinct[PositiveInt]  # n: so many layers are copied
    random: PositiveInt  # halves drawn at random, a seed; one more cut is made by confusion
    hidden: PositiveInt  # units between the code and the classes
    presentations: PositiveInt  # images shown in each fit
    learning_rate: PositiveFloat  # AdamW's at its highest, of all fits
    weight_decay: NonNegativeFloat

    @field_validator("depths")
    @classmethod
    def _there(cls, depths: tuple[int, ...]) -> tuple[int, ...]:
        if max(depths) > len(DEPTHS):
            raise ValueError(f"{max(depths)} is beyond the net, which has {len(DEPTHS)} layers below its last")
        return depths


class Fit(NamedTuple):
    """One net to teach: of a cut's half, or with `depth` layers of such a net."""

    cut: str
    arm: str
    depth: int
    seed: int


class Layered(Classifier):
    """What was copied, as `encoder`, under what was born anew."""

    head: nn.Sequential

    def first(self, depth: int) -> nn.Sequential:
        """Of a net of which nothing was copied the first layers, not copies of them."""
        return nn.Sequential(*list(self.head)[:depth])


def cuts(block: Params) -> list[str]:
    """The ways in which classes are cut into halves."""
    return [*(f"random {number}" for number in range(1, block.random + 1)), "dissimilar"]


def fits(block: Params, seeds: Sequence[int]) -> tuple[list[Fit], list[Fit]]:
    """The bases, taught once a cut and seed, and all that stand on them."""
    places = [(cut, seed) for cut in cuts(block) for seed in seeds]
    bases = [Fit(cut, half, 0, seed) for cut, seed in places for half in HALVES]
    return bases, [Fit(cut, arm, n, seed) for cut, seed in places for n in block.depths for arm in ARMS]


def build(
    block: Params,
    encoder: params.Encoder,
    shape: tuple[int, int, int],
    classes: int,
    seed: int,
    born: str,
    below: nn.Sequential | None = None,
    *,
    frozen: bool = False,
) -> Layered:
    """A net born from `seed` and that name, for images of `shape` (channel, height, width).

    Its first layers are a copy of `below`, if any; `frozen` keeps them as they are.
    """
    with streams.born(seed, f"layers/{born}"):
        f = Encoder(shape, **encoder.model_dump())
        g = dense.head(f.width, hidden=block.hidden, classes=classes)
    layers = _by_depth(f.layers, g)
    copied: Any = layers[:0] if below is None else copy.deepcopy(below)
    copied.requires_grad_(not frozen)
    above = layers[len(copied) :]
    return Layered(copied, above, learning_rate=block.learning_rate, weight_decay=block.weight_decay)


def fit(
    block: Params, learner: Layered, pool: Batch, seed: int, born: str, batch_size: int, compute: params.Compute
) -> float:
    """Teaches a net its half's images; returns what they cost in the last quarter of its steps.

    What frozen layers make of an image is computed once.
    """
    taught: Learner = learner
    columns = {"x": pool["x"], "y": pool["y"]}
    if not any(weight.requires_grad for weight in learner.encoder.parameters()):
        with torch.no_grad():
            z = torch.cat([learner.encoder(part) for part in pool["x"].split(1000)])
        columns = {"z": z, "y": pool["y"]}
        taught = Head(learner.head, learning_rate=learner.learning_rate, weight_decay=learner.weight_decay)
    source = Batches(columns, batch_size, streams.generator(seed, f"layers/{born}/batches"))
    steps = max(1, block.presentations // source.size)
    return fitting.fit(taught, source, steps=steps, every=-(-steps // 4), compute=compute)[-1][0]["train/loss"]


def _by_depth(*parts: nn.Module) -> nn.Sequential:
    groups: list[list[nn.Module]] = []
    for layer in (layer for part in parts for layer in part.children()):
        if isinstance(layer, nn.Conv2d | nn.Linear):
            groups.append([])
        groups[-1].append(layer)
    return nn.Sequential(*(nn.Sequential(*group) for group in groups))
