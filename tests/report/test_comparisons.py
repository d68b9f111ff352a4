"""Verdicts, and when there is none."""

import pandas as pd
import pytest

from tutelage.measure import significance
from tutelage.measure.significance import Difference
from tutelage.report import comparisons


def scores(seeds: int, **gain: float) -> pd.DataFrame:
    """Each arm's score a seed: the seed's own, and the arm's gain."""
    noise = [0.001, -0.001, 0.0005, -0.0005, 0.0]
    rows = [
        ("far", arm, str(seed), seed + more + noise[(seed + len(arm)) % 5])
        for arm, more in gain.items()
        for seed in reversed(range(seeds))
    ]
    return pd.DataFrame(rows, columns=["with_level", "arm", "seed", "value"])


@pytest.mark.parametrize("seeds", [1, 2, 3, 4])
def test_nothing_is_called_better_or_worse_below_five_seeds(seeds: int) -> None:
    (told,) = comparisons.compare(scores(seeds, frozen=9, scratch=0), [("frozen", "scratch")], ["with_level"], 0.95)
    assert (told.verdict, told.difference.n) == ("few", seeds)


def test_a_sure_difference_is_better_one_way_and_worse_the_other() -> None:
    pairs = [("frozen", "scratch"), ("scratch", "frozen")]
    there, back = comparisons.compare(scores(5, frozen=9, scratch=0), pairs, ["with_level"], 0.95)
    assert (there.verdict, back.verdict) == ("better", "worse")
    assert there.difference.mean == pytest.approx(9, abs=0.01)
    assert there.cell == ("far",)


def test_no_difference_stays_open() -> None:
    (told,) = comparisons.compare(scores(5, frozen=0, scratch=0), [("frozen", "scratch")], ["with_level"], 0.95)
    assert told.verdict == "open"


def test_a_p_at_the_bound_is_open_and_one_below_it_is_not() -> None:
    apart = Difference(0.1, 0, 0.2, 5, 0.05)
    assert comparisons.verdict(apart, 0.05, 0.95) == "open"
    assert comparisons.verdict(apart, 0.0499, 0.95) == "better"


def test_all_comparisons_are_one_family() -> None:
    pairs = [("frozen", "scratch"), ("tuned", "scratch"), ("frozen", "tuned")]
    told = comparisons.compare(scores(5, frozen=0.002, tuned=0.001, scratch=0), pairs, ["with_level"], 0.95)
    assert [c.p for c in told] == significance.holm([c.difference.p for c in told])
    least = min(c.difference.p for c in told)
    assert min(c.p for c in told) == pytest.approx(3 * least)


def test_pairs_are_of_one_seed() -> None:
    some = scores(6, frozen=9, scratch=0)
    some = some[~((some["arm"] == "scratch") & (some["seed"] == "3"))]
    (told,) = comparisons.compare(some, [("frozen", "scratch")], ["with_level"], 0.95)
    assert told.difference.n == 5
    assert told.difference.mean == pytest.approx(9, abs=0.01)
