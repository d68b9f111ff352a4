"""Data sets as columns of tensors on the device, and batches cut from them in a named stream's order."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Generator, Tensor

Batch = dict[str, Tensor]
View = Callable[[Batch, Generator], Batch]


class Source(Protocol):
    """What the loop draws from: batches without end, the same again from a saved state."""

    size: int
    per_epoch: int

    def draw(self) -> Batch: ...
    def state(self) -> list[Tensor]: ...
    def restore(self, state: Sequence[Tensor]) -> None: ...


class Batches:
    """One permutation an epoch, cut into equal batches; the few left over wait for another epoch.

    `view` changes a batch (crops, noise) by its own stream. State is only kept between epochs.
    """

    def __init__(
        self,
        columns: Mapping[str, Tensor],
        size: int,
        order: Generator,
        view: View | None = None,
        views: Generator | None = None,
    ) -> None:
        self.columns = dict(columns)
        self.n = len(next(iter(columns.values())))
        self.size = min(size, self.n)
        self.per_epoch = self.n // self.size
        self.order, self.view, self.views = order, view, views or Generator()
        self._waiting: list[Tensor] = []

    def draw(self) -> Batch:
        if not self._waiting:
            device = next(iter(self.columns.values())).device
            permutation = torch.randperm(self.n, generator=self.order).to(device)
            whole = permutation[: self.per_epoch * self.size]
            self._waiting = list(whole.view(self.per_epoch, self.size).flip(0).unbind())
        rows = self._waiting.pop()
        batch = {name: column[rows] for name, column in self.columns.items()}
        return self.view(batch, self.views) if self.view else batch

    def state(self) -> list[Tensor]:
        assert not self._waiting, "batches are saved between epochs"
        return [self.order.get_state(), self.views.get_state()]

    def restore(self, state: Sequence[Tensor]) -> None:
        self._waiting = []
        self.order.set_state(state[0])
        self.views.set_state(state[1])


class Whole:
    """All examples at every draw, in their order: for a rule that takes them at once."""

    per_epoch = 1

    def __init__(self, columns: Mapping[str, Tensor]) -> None:
        self.columns = dict(columns)
        self.size = len(next(iter(columns.values())))

    def draw(self) -> Batch:
        return self.columns

    def state(self) -> list[Tensor]:
        return []

    def restore(self, state: Sequence[Tensor]) -> None:
        pass


class Stacked:
    """Several sources side by side, for `Seeds`: every column gets a leading seed axis."""

    def __init__(self, sources: Sequence[Batches]) -> None:
        self.sources = sources
        self.size, self.per_epoch = sources[0].size, sources[0].per_epoch
        if any((s.size, s.per_epoch) != (self.size, self.per_epoch) for s in sources):
            raise ValueError("sources that are stacked have equally many examples")

    def draw(self) -> Batch:
        drawn = [source.draw() for source in self.sources]
        return {name: torch.stack([batch[name] for batch in drawn]) for name in drawn[0]}

    def state(self) -> list[Tensor]:
        return [part for source in self.sources for part in source.state()]

    def restore(self, state: Sequence[Tensor]) -> None:
        for source, order, views in zip(self.sources, state[::2], state[1::2], strict=True):
            source.restore([order, views])


def load(part: Path, device: torch.device) -> Batch:
    """A prepared part as columns: `x` Float[n channel height width] in [0, 1], `y` Int[n]; `group` where it has any."""
    images = torch.from_numpy(np.load(part / "images.npy", allow_pickle=False))
    labels = torch.from_numpy(np.load(part / "labels.npy", allow_pickle=False))
    columns = {"x": images.to(device, torch.float32).div_(255), "y": labels.to(device)}
    if (part / "groups.npy").exists():
        columns["group"] = torch.from_numpy(np.load(part / "groups.npy", allow_pickle=False)).to(device)
    return columns


def of(batch: Batch, classes: Sequence[int]) -> Batch:
    """The examples of these classes, which are counted from 0 in this order."""
    number = {c: i for i, c in enumerate(classes)}
    rows = torch.isin(batch["y"], torch.tensor(classes, device=batch["y"].device))
    y = torch.tensor([number[c] for c in batch["y"][rows].tolist()], device=batch["y"].device)
    return {**{name: column[rows] for name, column in batch.items()}, "y": y}


def about(prepared: Path) -> dict[str, Any]:
    """What prepare says of a role's data: name, classes, shape, counts."""
    told: dict[str, Any] = json.loads((prepared / "about.json").read_text(encoding="utf-8"))
    return told
