"""How far two maps agree, against scikit-learn and by hand."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from tutelage import streams
from tutelage.measure import agreement

DRAWS = streams.numpy(0, "test")
LINE = np.abs(np.subtract.outer(range(3), range(3))) == 1  # three nodes in a row


def test_agreement_on_ones_own_node_alone_is_the_adjusted_rand_index() -> None:
    one, other = DRAWS.integers(0, 4, 80), DRAWS.integers(0, 5, 80)
    other[:40] = one[:40]
    told = agreement.agreement(one, other, near=np.zeros((4, 4), bool), near_other=np.zeros((5, 5), bool))
    assert told == pytest.approx(adjusted_rand_score(one, other))


def test_a_map_agrees_with_itself_turned_and_not_with_chance() -> None:
    node = DRAWS.integers(0, 3, 900)
    assert agreement.agreement(node, 2 - node, near=LINE, near_other=LINE) == pytest.approx(1)
    assert agreement.agreement(node, DRAWS.permutation(node), near=LINE, near_other=LINE) == pytest.approx(0, abs=0.02)


def test_every_two_ways_are_compared_replicate_by_replicate_and_draws_with_the_next() -> None:
    node = [DRAWS.integers(0, 3, 50) for _ in range(3)]
    told = agreement.ways({"a": node, "b": [node[0], 2 - node[1], node[0]], "c": node}, LINE)
    assert [(level, i) for level, i, _ in told] == [(two, i) for two in ("a, b", "a, c", "b, c") for i in range(3)]
    assert [value for _, _, value in told[:2]] == pytest.approx([1, 1])
    drawn = agreement.draws(node, LINE, "draws")
    assert [value for *_, value in drawn] == [
        agreement.agreement(node[i], node[(i + 1) % 3], near=LINE, near_other=LINE) for i in range(3)
    ]
