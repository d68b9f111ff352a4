"""What competition does beyond what every way of teaching owes."""

from typing import Any

import pytest
import torch
from torch import Tensor

from tutelage import params, streams
from tutelage.data.batches import Batches
from tutelage.errors import Mistake
from tutelage.paradigms import competition
from tutelage.params import Compute
from tutelage.training import fitting

BLOCK = params.read(competition.Params, "competition").model_copy(update={"presentations": 3000})


def blobs() -> Tensor:
    """Four groups far from each other, twenty examples each."""
    draws = streams.generator(0, "blobs")
    middles = torch.tensor([[4.0, 0], [-4, 0], [0, 4], [0, -4]])
    return (middles.repeat(20, 1) + 0.3 * torch.randn(80, 2, generator=draws)).contiguous()


def build(arm: str, seed: int = 0, start: competition.Start = "samples", **other: Any) -> competition.Centres:
    return competition.build(BLOCK.model_copy(update=other), arm, blobs(), seed, "blobs", start)


def fit(learners: list[competition.Centres], compute: Compute) -> Any:
    return competition.fit(learners, blobs(), list(range(len(learners))), compute, size=10, looks=10)


def dead(learner: competition.Centres) -> int:
    return len(learner.w) - len(learner.winners(blobs()).unique())


def test_from_near_the_origin_hard_competition_leaves_more_centres_idle_than_soft(compute: Compute) -> None:
    hard, soft = (build(arm, start="random") for arm in competition.ARMS)
    fit([hard], compute)
    fit([soft], compute)
    assert dead(hard) >= 10
    assert dead(soft) < dead(hard)


def test_what_has_settled_moves_no_more_and_says_when(compute: Compute) -> None:
    learner = build("winner_takes_all")
    fit([learner], compute)
    assert isinstance(learner, competition.WinnerTakesAll)
    assert 0 < int(learner.settled) < 3000
    assert int(learner.settled) % 10 == 0
    before = learner.w.clone()
    learner.update({"x": blobs()}, {})
    assert torch.equal(learner.w, before)


def test_q_starts_at_its_mean_over_the_sample_and_follows_the_newest(compute: Compute) -> None:
    learner = build("winner_takes_all")
    assert isinstance(learner, competition.WinnerTakesAll)
    start, x = float(learner.q), blobs()
    assert start == pytest.approx(float(torch.cdist(x, learner.w).amin(1).square().mean()), rel=1e-5)
    newest = float(torch.cdist(x[:1], learner.w).amin().square())
    learner.update({"x": x[:1]}, {})
    memory = BLOCK.memory
    assert float(learner.q) == pytest.approx(memory * newest + (1 - memory) * start, rel=1e-5)


def test_winner_takes_most_with_no_width_is_winner_takes_all() -> None:
    rate = BLOCK.rate.winner_takes_all
    same = competition.Rates(winner_takes_all=rate, winner_takes_most=rate)
    narrow = competition.Course(start=1e-6, end=1e-6)
    soft, hard = (build(arm, width=narrow, rate=same) for arm in ("winner_takes_most", "winner_takes_all"))
    for learner in (soft, hard):
        learner.update({"x": blobs()[:30]}, {})
    torch.testing.assert_close(soft.w, hard.w)


@pytest.mark.parametrize("arm", competition.ARMS)
def test_learners_side_by_side_are_as_each_alone(arm: str, compute: Compute) -> None:
    side, alone = [build(arm, seed) for seed in (0, 1)], build(arm, 1)
    fit(side, compute)
    source = Batches({"x": blobs()}, 10, streams.generator(1, "batches"))
    fitting.fit(alone, source, steps=300, compute=compute)
    for name, state in alone.state_dict().items():
        if name != "seen":
            torch.testing.assert_close(side[1].state_dict()[name], state, rtol=1e-4, atol=1e-5)


def test_more_centres_than_examples_is_one_line() -> None:
    with pytest.raises(Mistake, match=r"competition\.centres = 81, and blobs has 80 examples; write fewer"):
        build("winner_takes_all", centres=81)


def test_a_course_must_not_grow() -> None:
    with pytest.raises(ValueError, match="it must not grow"):
        competition.Course(start=1, end=2)
