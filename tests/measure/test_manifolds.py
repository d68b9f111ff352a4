"""Precision, recall, density and coverage: by hand, by their laws, and in the mean as Naeem et al. derive it."""

import numpy as np
import pytest
import torch
from torch import Tensor

from tutelage import streams
from tutelage.errors import Mistake
from tutelage.measure import distances, manifolds

DRAWS = streams.generator(0, "test")


def normal(n: int) -> Tensor:
    return torch.randn(n, 3, generator=DRAWS, dtype=torch.float64)


def line(*places: float) -> Tensor:
    return torch.tensor(places)[:, None]


def test_on_a_line_by_hand() -> None:
    reference, samples = line(0, 1, 3, 10), line(0.5, 1.5, 6, 30)
    assert manifolds.radii(reference, 1).tolist() == [1, 1, 2, 7]
    assert manifolds.radii(samples, 1).tolist() == [1, 1, 4.5, 24]
    # Balls of the reference: [−1, 1], [0, 2], [1, 5], [3, 17]
    # and of the samples: [−0.5, 1.5], [0.5, 2.5], [1.5, 10.5], [6, 54].
    # 0.5 is in two, 1.5 in two, 6 in one, 30 in none; nearest to 0, 1, 3, 10 they are at 0.5, 0.5, 1.5, 4.
    assert manifolds.scores(samples, reference, neighbours=1) == {
        "precision": 3 / 4,
        "recall": 1,
        "density": 5 / 4,
        "coverage": 1,
    }


def test_on_its_rim_a_ball_holds_for_precision_and_not_for_density() -> None:
    told = manifolds.scores(line(2, 2.5), line(0, 1), neighbours=1)
    assert told == {"precision": 1 / 2, "recall": 0, "density": 0, "coverage": 0}


@pytest.mark.parametrize("neighbours", [1, 3, 5])
def test_a_set_is_all_of_itself(neighbours: int) -> None:
    x = normal(80)
    assert set(manifolds.scores(x, x, neighbours=neighbours).values()) == {1}


def test_sets_that_lie_far_apart_share_nothing() -> None:
    assert set(manifolds.scores(normal(80), normal(60) + 1000, neighbours=5).values()) == {0}


def test_recall_is_precision_with_the_roles_exchanged() -> None:
    x, y = normal(70), normal(50) + 1
    there, back = manifolds.scores(x, y, neighbours=3), manifolds.scores(y, x, neighbours=3)
    assert (there["precision"], there["recall"]) == (back["recall"], back["precision"])


def test_samples_of_one_mode_in_two_are_precise_dense_and_miss_half() -> None:
    here, there = normal(100), normal(100) + 50
    told = manifolds.scores(0.1 * normal(100), torch.cat([here, there]), neighbours=5)
    assert told["precision"] == 1
    assert told["recall"] < 0.05
    assert told["density"] > 0.8
    assert told["coverage"] < 0.5


def test_around_an_outlier_everything_is_precise_and_hardly_anything_dense() -> None:
    reference = torch.cat([normal(100), torch.full((1, 3), 100.0)])  # whose ball reaches back to the others
    samples = 100 + 10 * normal(50)
    told = manifolds.scores(samples, reference, neighbours=5)
    assert told["precision"] == 1
    assert told["density"] == pytest.approx(1 / 5)  # one ball, of five in the mean
    assert told["coverage"] == pytest.approx(1 / 101)


def test_two_samples_of_one_distribution_have_the_density_and_coverage_that_are_expected() -> None:
    n, m, k = 60, 80, 4
    told = [manifolds.scores(normal(m), normal(n), neighbours=k) for _ in range(200)]
    # No sample is among the k nearest of all others of either kind: Naeem et al., 2020, lemma 2
    missed = np.prod([(n - i) / (m + n - i) for i in range(1, k + 1)])
    for name, expected in (("density", 1), ("coverage", 1 - missed)):
        values = np.array([t[name] for t in told])
        assert values.mean() == pytest.approx(expected, abs=4 * values.std() / 200**0.5), name


def test_a_generator_that_makes_one_image_is_seen() -> None:
    x = normal(80)
    told = manifolds.scores(x[:1].repeat(40, 1), x, neighbours=5)
    assert told["precision"] == 1
    assert told["recall"] == 1 / 80
    assert told["coverage"] < 0.25


def test_blocks_move_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = normal(70), normal(50) + 0.5
    whole = manifolds.scores(x, y, neighbours=3)
    monkeypatch.setattr(distances, "CELLS", 200)
    assert manifolds.scores(x, y, neighbours=3) == whole


def test_more_neighbours_than_there_are_others_are_one_clear_line() -> None:
    with pytest.raises(Mistake, match="of 5 examples none has a neighbour number 5"):
        manifolds.scores(normal(5), normal(50), neighbours=5)
    manifolds.scores(normal(6), normal(50), neighbours=5)
