"""Laws and limits of competition."""

import math

import pytest
import torch
from sklearn.metrics import pairwise_distances, pairwise_distances_argmin
from torch import Tensor

from tutelage import streams
from tutelage.objectives import competition

pytestmark = pytest.mark.usefixtures("doubles")


def examples(n: int = 40, m: int = 5) -> Tensor:
    return torch.randn(n, m, generator=streams.generator(1, "examples"))


def test_a_number_that_shrinks_goes_from_start_to_end_and_at_a_third_as_minisom_has_it() -> None:
    assert competition.shrunk(3.0, 0.5, 0) == 3
    assert competition.shrunk(3.0, 0.5, 1) == pytest.approx(0.5)
    assert competition.shrunk(3.0, 1.0, 0.25) == pytest.approx(3 / (1 + 2 * 0.25))


def test_winners_are_those_of_sklearn() -> None:
    x, w = examples(), examples(7)
    assert competition.winners(x, w).tolist() == pairwise_distances_argmin(x, w).tolist()


def test_winners_are_found_far_from_the_origin_in_single_precision() -> None:
    x = examples(500).float() + 100
    for k in (2, 60):
        w = competition.samples(x, k, streams.generator(0, "w"))
        apart = (x.double()[:, None] - w.double()).square().sum(-1)
        assert torch.equal(competition.winners(x, w), apart.argmin(1))


def test_in_bfloat16_a_winner_is_hardly_farther_than_the_nearest_however_far_the_origin() -> None:
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")  # where a processor has none it is the product in float32
    try:
        x = examples(500).float()
        for offset in (0, 100):
            moved = x + offset
            apart = torch.cdist(moved.double(), moved[:60].double())
            found = apart.gather(1, competition.winners(moved, moved[:60])[:, None])
            assert float((found[:, 0] - apart.amin(1)).mean()) < 1e-3 * float(apart.amin(1).mean())
    finally:
        torch.set_float32_matmul_precision(before)


@pytest.mark.parametrize("nearer", [0, 1])
def test_a_centre_that_is_nearer_by_a_billionth_wins(nearer: int) -> None:
    w = torch.tensor([[0.6, 0.8], [-1.0, 0], [0.3, 5.1], [0.7, 7.7]])
    w[1 - nearer] *= 1 + 1e-9
    assert int(competition.winners(torch.zeros(1, 2), w)) == nearer


def test_a_gaussian_is_itself_down_to_its_least_and_0_beyond() -> None:
    told = competition.gaussian(torch.tensor([0.0, 12.0, 13.0]), 1.0)
    assert told.tolist() == pytest.approx([1, math.exp(-72), 0], rel=1e-12, abs=0)


def test_of_centres_at_one_place_the_first_wins() -> None:
    w = examples(3)
    assert set(competition.winners(examples(), torch.cat([w, w])).tolist()) <= {0, 1, 2}


def test_what_is_gathered_is_what_winners_say() -> None:
    x, w = examples(), examples(7)
    winners = competition.winners(x, w)
    sums, counts, cost = competition.gather(x, w, 16)
    for y in range(7):
        torch.testing.assert_close(sums[y], x[winners == y].sum(0))
    assert counts.tolist() == torch.bincount(winners, minlength=7).tolist()
    torch.testing.assert_close(cost, torch.from_numpy(pairwise_distances(x, w)).amin(1).square().mean())


def test_an_online_step_moves_along_the_line_to_the_example() -> None:
    w, x, pull = examples(6), examples(1), torch.tensor([0.0, 0.1, 0.5, 1.0, 0.0, 0.2])
    moved = competition.online(w.clone(), x - w, pull)
    torch.testing.assert_close((x - moved).norm(dim=1), (1 - pull) * (x - w).norm(dim=1))
    assert torch.equal(moved[0], w[0])
    torch.testing.assert_close(moved[3], x[0])


def test_blocks_change_nothing_of_what_is_gathered() -> None:
    x, w = examples(), examples(7)
    for one, other in zip(competition.gather(x, w, 7), competition.gather(x, w, 40), strict=True):
        torch.testing.assert_close(one, other)


def test_random_centres_lie_within_their_bound() -> None:
    w = competition.random(20, 5, streams.generator(0, "w"))
    assert 0.9 / 200 < float(w.abs().max()) <= 1 / 200


def test_samples_are_examples_each_once() -> None:
    x = examples()
    assert torch.equal(competition.samples(x, 40, streams.generator(0, "test")).sort(0).values, x.sort(0).values)
