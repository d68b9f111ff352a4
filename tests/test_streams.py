"""Streams are by name, the same everywhere, and leave the global generator alone."""

import torch
from torch import nn

from tutelage import streams


def test_a_stream_is_its_name_and_number() -> None:
    draws = {(n, name): streams.numpy(n, name).integers(1 << 60) for n in (0, 1) for name in ("batches", "views")}
    assert len(set(draws.values())) == 4
    assert draws[0, "views"] == streams.numpy(0, "views").integers(1 << 60)


def test_the_seed_of_a_stream_never_changes() -> None:
    # Written down once: another hash would silently change every result there is.
    assert streams.seed(0, "batches") == 7930449418457016843


def test_modules_are_born_the_same_and_the_global_generator_stays() -> None:
    torch.manual_seed(3)
    before = torch.random.get_rng_state()
    with streams.born(0, "net"):
        one = nn.Linear(3, 3)
    assert torch.equal(torch.random.get_rng_state(), before)
    torch.rand(5)
    with streams.born(0, "net"):
        assert torch.equal(nn.Linear(3, 3).weight, one.weight)
