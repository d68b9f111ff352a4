"""Intervals cover as often as they say; differences and corrections against SciPy and published numbers."""

import numpy as np
import pytest
from scipy import stats

from tutelage.measure import significance


@pytest.mark.parametrize("n", [3, 5, 10])
def test_an_interval_covers_the_truth_as_often_as_it_says(n: int) -> None:
    draws = np.random.default_rng(n).normal(0.7, 0.1, (4000, n))
    covered = np.mean([low <= 0.7 <= high for _, low, high, _ in map(significance.interval, draws)])
    assert abs(covered - 0.95) < 3.5 * np.sqrt(0.95 * 0.05 / 4000)  # as far as 4,000 repetitions can tell


def test_an_interval_is_that_of_scipy() -> None:
    values = np.array([0.91, 0.93, 0.90, 0.95, 0.92])
    low, high = stats.t.interval(0.95, 4, values.mean(), stats.sem(values))
    assert significance.interval(values)[:3] == pytest.approx((values.mean(), low, high), rel=1e-12)


def test_of_one_value_nothing_is_known() -> None:
    assert significance.interval(np.array([0.9]))[1:] == (-np.inf, np.inf, 1)
    assert significance.difference(np.array([0.9]), np.array([0.1])).p == 1


def test_a_paired_difference_is_the_paired_t_test() -> None:
    a, b = np.random.default_rng(0).normal(size=(2, 7))
    told = significance.difference(a, b)
    assert told.p == pytest.approx(stats.ttest_rel(a, b).pvalue, rel=1e-9)
    assert (told.low, told.high) == pytest.approx(tuple(stats.ttest_rel(a, b).confidence_interval()), rel=1e-9)


def test_what_is_equal_everywhere_is_no_evidence_and_what_differs_always_alike_is() -> None:
    same = np.array([0.5, 0.75, 1.0])
    assert significance.difference(same, same).p == 1
    assert significance.difference(same + 0.25, same).p == 0


def test_unequal_numbers_of_replicates_are_not_paired() -> None:
    with pytest.raises(ValueError, match="3 replicates cannot be paired with 2"):
        significance.difference(np.zeros(3), np.zeros(2))


def test_holm_steps_down_and_never_below_an_earlier_one() -> None:
    # Worked by hand: sorted .005 .01 .03 .04 times 4 3 2 1 = .02 .03 .06 .04, the last held up to .06.
    assert significance.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert significance.holm([0.6, 0.9]) == [1, 1]


def test_three_replicates_cannot_reject_under_correction() -> None:
    # The least p of a paired t-test is not bounded, but twenty comparisons at n = 3 need t > 19.
    a = np.array([0.90, 0.92, 0.91])
    told = significance.difference(a, a - [0.03, 0.05, 0.04])
    assert told.low > 0
    assert significance.holm([told.p] * 20)[0] > 0.05
