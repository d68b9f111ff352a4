"""Qualities of classes and numbers, a probe on both, and slopes of known lines."""

import numpy as np
import pytest
import torch
from scipy import stats
from torch import Tensor

from tutelage import streams
from tutelage.data.tasks import Task
from tutelage.measure import answers, slopes

NAN = np.nan
ASKED = [Task("side", ("left", "right")), Task("height")]


def test_only_what_is_of_the_task_counts() -> None:
    y = np.array([0, 1, NAN, 1])
    metric, value = answers.quality(np.array([0, 0, 1, 1]), y, number=False)
    assert (metric, value) == ("accuracy", 2 / 3)


def test_of_a_number_the_truth_explains_all_and_the_mean_nothing() -> None:
    y = np.array([1.0, 2.0, 6.0, NAN])
    assert answers.quality(np.nan_to_num(y), y, number=True) == ("r2", 1.0)
    assert answers.quality(np.full(4, 3.0), y, number=True)[1] == pytest.approx(0)


def test_a_probe_tells_what_is_linear_in_the_codes_from_those_that_have_answers() -> None:
    draws = streams.numpy(0, "codes")
    z, asked = draws.normal(size=(40, 3)), draws.normal(size=(200, 3))
    along = np.array([1.0, -2.0, 0.5])
    few = np.where(np.arange(40) < 30, z @ along, NAN)
    told = answers.probed(z, few, asked, classes=0, strengths=[1e-6, 1.0])
    np.testing.assert_allclose(told, asked @ along, atol=1e-4)
    for classes in (2, 3):
        y = np.where(np.arange(40) < 30, z[:, :classes].argmax(1), NAN)
        told = answers.probed(z, y, asked, classes=classes, strengths=[1e-3, 1.0])
        right = asked[:, :classes].argmax(1)
        assert np.mean(told == right) > 0.8
    spoiled = z.copy()
    spoiled[30:] = 1e6  # no answers there
    np.testing.assert_allclose(
        answers.probed(spoiled, few, asked, classes=0, strengths=[1e-6]), asked @ along, atol=1e-3
    )


class Sure:
    """Says that all are of the second class, and that a number is what is seen."""

    def answers(self, x: Tensor) -> Tensor:
        return torch.stack([torch.ones(len(x)), x[:, 0]], 1)


def test_each_task_is_asked_of_its_own_examples() -> None:
    x = torch.tensor([[1.0], [2.0], [3.0], [4.0], [99.0]])
    table = torch.tensor([[1.0, NAN], [0.0, 2.0], [1.0, 3.0], [NAN, 4.0], [NAN, NAN]])
    told = answers.direct(Sure(), x, table, ASKED)
    assert [(task, metric) for task, metric, _ in told] == [("side", "accuracy"), ("height", "r2")]
    assert [value for *_, value in told] == pytest.approx([2 / 3, 1])


def test_a_probe_of_codes_is_asked_of_others_than_it_learns_from() -> None:
    draws = streams.generator(0, "codes")
    x = torch.randn(60, 2, generator=draws).double()
    table = torch.stack([(x[:, 0] > 0).double(), 3 * x[:, 1]], 1)
    few, asked = table.clone(), table.clone()
    few[30:], asked[:30] = NAN, NAN

    def probed(encode: answers.Encode, learned: Tensor) -> dict[str, float]:
        told = answers.by_probe(encode, (x, learned), (x, asked), ASKED, strengths=[1e-6, 1.0])
        return {task: value for task, _, value in told}

    told = probed(lambda z: z, few)
    assert told["side"] > 0.8
    assert told["height"] == pytest.approx(1, abs=1e-6)
    assert probed(lambda z: z[:, :1], few)["height"] < 0.3  # what is not in the code cannot be told of it


def test_a_mean_is_over_tasks_of_a_kind() -> None:
    told = answers.means([("a", "accuracy", 0.5), ("b", "r2", 0.1), ("c", "accuracy", 1.0)])
    assert told == {"accuracy": 0.75, "r2": 0.1}


def test_what_gains_the_same_with_every_doubling_has_that_slope() -> None:
    assert slopes.a_doubling([1, 2, 4, 16], [0.1, 0.3, 0.5, 0.9]) == pytest.approx(0.2)


def test_a_slope_is_scipys_and_its_interval_students() -> None:
    draws = streams.numpy(0, "slopes")
    x, values = [10, 40, 160], draws.normal(size=(6, 3))
    made = np.array([slopes.a_doubling(x, row) for row in values])
    known = [stats.linregress(np.log2(x), row).slope for row in values]
    np.testing.assert_allclose(made, known)
    told = slopes.from_nothing(made, 0.9)
    tested = stats.ttest_1samp(made, 0)
    assert told.p == pytest.approx(tested.pvalue)
    assert (told.low, told.high) == pytest.approx(tuple(tested.confidence_interval(0.9)))
