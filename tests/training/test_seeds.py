"""Seeds stacked learn what each learns alone."""

import copy

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from tutelage import streams
from tutelage.data.batches import Batch, Batches, Stacked
from tutelage.params import Compute
from tutelage.training import fitting
from tutelage.training.learner import Learner, Logs
from tutelage.training.seeds import Seeds, by_seed


class Dense(Learner):
    """A small net with two terms of loss and a weight that stays."""

    def __init__(self, seed: int) -> None:
        super().__init__(learning_rate=0.01, weight_decay=0.1)
        with streams.born(seed, "net"):
            self.net = nn.Sequential(nn.Linear(5, 8), nn.Tanh(), nn.Linear(8, 3)).double()
        self.net[0].bias.requires_grad_(False)
        self.register_buffer("scale", torch.full((), 1.0 + seed, dtype=torch.float64))

    def loss(self, batch: Batch) -> tuple[Tensor, Logs]:
        loss = F.cross_entropy(self.scale * self.net(batch["x"]), batch["y"])
        penalty = torch.stack([weight.square().sum() for weight in self.net.parameters()]).sum()
        return loss + 1e-3 * penalty, {"loss": loss, "penalty": penalty}


def columns(seed: int) -> Batch:
    draws = streams.generator(seed, "data")
    return {
        "x": torch.randn(40, 5, generator=draws, dtype=torch.float64),
        "y": torch.randint(0, 3, (40,), generator=draws),
    }


def sources() -> list[Batches]:
    return [Batches(columns(seed), 16, streams.generator(seed, "batches")) for seed in range(3)]


def test_stacked_is_alone_to_the_ninth_digit_over_fifty_steps(compute: Compute) -> None:
    alone, stacked = [Dense(seed) for seed in range(3)], [Dense(seed) for seed in range(3)]
    histories = [
        fitting.fit(learner, source, steps=50, compute=compute)
        for learner, source in zip(alone, sources(), strict=True)
    ]
    together = Seeds(stacked)
    history = fitting.fit(together, Stacked(sources()), steps=50, compute=compute)
    together.unstack(stacked)
    for one, other in zip(alone, stacked, strict=True):
        for a, b in zip(one.parameters(), other.parameters(), strict=True):
            torch.testing.assert_close(a, b, rtol=0, atol=1e-9)
    for seed, told in enumerate(histories):
        for mine, theirs in zip(told, history, strict=True):
            assert mine[0] == pytest.approx(theirs[seed], abs=1e-6)


def test_seeds_is_a_learner_and_its_learners_are_not_moved() -> None:
    learners = [Dense(seed) for seed in range(2)]
    before = copy.deepcopy(learners[0].state_dict())
    assert isinstance(Seeds(learners), Learner)
    torch.testing.assert_close(learners[0].state_dict(), before, rtol=0, atol=0)


def test_logs_of_seeds_come_apart() -> None:
    assert by_seed({"loss": torch.tensor([1.0, 2.0]), "rate": torch.tensor([3.0, 4.0])}) == [
        {"loss": 1, "rate": 3},
        {"loss": 2, "rate": 4},
    ]
    assert by_seed({"loss": torch.tensor(5.0)}) == [{"loss": 5}]


def test_sources_of_unequal_length_do_not_stack() -> None:
    short = Batches({"x": torch.zeros(10, 5)}, 16, streams.generator(0, "batches"))
    with pytest.raises(ValueError, match="equally many"):
        Stacked([short, sources()[0]])
