"""Random numbers by name: a stream a purpose, so that a new draw in one place moves none in another."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch


def seed(number: int, name: str) -> int:
    """The seed of the stream called `name` in replicate `number`."""
    return int.from_bytes(hashlib.blake2b(f"{number}/{name}".encode(), digest_size=8).digest(), "big") >> 1


def numpy(number: int, name: str) -> np.random.Generator:
    """A stream for what runs before torch: splits, label draws."""
    return np.random.default_rng(seed(number, name))


def generator(number: int, name: str) -> "torch.Generator":
    """A stream for torch, on the CPU whatever the device, so that all devices draw the same."""
    import torch  # here, because preparing data draws too and must not wait for torch

    return torch.Generator().manual_seed(seed(number, name))


@contextmanager
def born(number: int, name: str) -> Iterator[None]:
    """Modules made inside start from this stream; torch's global generator is left as it was."""
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed(number, name))
        yield
