"""Halves of the classes."""

import itertools

import numpy as np
import pytest
from jaxtyping import Float
from numpy import ndarray

from tutelage.data import halves
from tutelage.errors import Mistake


def mistaken(classes: int, seed: int) -> Float[ndarray, "class class"]:
    """Some confusion, most of it small."""
    return np.random.default_rng(seed).random((classes, classes)) ** 3


def blocks(sides: Float[ndarray, "class"]) -> Float[ndarray, "class class"]:
    """Classes of a side are confused, and hardly any with the other side's; one way more than the other."""
    same = sides[:, None] == sides
    return np.where(same, 0.1, 0.01) * np.where(np.tri(len(sides), dtype=bool), 1.0, 0.5)


@pytest.mark.parametrize("classes", [4, 5, 10, 31])
def test_halves_are_disjoint_and_hold_every_class(classes: int) -> None:
    for seed in range(5):
        drawn = halves.at_random(classes, seed=seed, draw=1), halves.dissimilar(mistaken(classes, seed), seed=seed)
        for a, b in drawn:
            assert sorted([*a, *b]) == list(range(classes))
            assert len(a) == classes // 2


def test_a_seed_has_its_own_halves_and_a_draw_too() -> None:
    drawn = [halves.at_random(10, seed=seed, draw=draw) for seed in range(4) for draw in (1, 2)]
    assert len({str(one) for one in drawn}) == len(drawn)
    assert halves.at_random(10, seed=3, draw=2) == drawn[-1]


@pytest.mark.parametrize("sides", ["aabb", "ababababab", "bbabaaabba", "abbab"])
def test_classes_that_are_confused_stay_on_one_side(sides: str) -> None:
    of = np.array(list(sides))
    assert sorted(halves.least_cut(blocks(of))) == sorted(np.flatnonzero(of == side).tolist() for side in "ab")


def test_so_they_do_where_sides_are_never_confused() -> None:
    of = np.array(list("abbababaab"))
    a, b = halves.least_cut(blocks(of) * (of[:, None] == of))
    assert sorted([a, b]) == sorted(np.flatnonzero(of == side).tolist() for side in "ab")


@pytest.mark.parametrize("classes", [5, 8])
def test_of_few_classes_no_halves_are_cut_less(classes: int) -> None:
    for seed in range(20):
        confusion = mistaken(classes, seed)
        every = [
            halves.across(confusion, (list(a), [k for k in range(classes) if k not in a]))
            for a in itertools.combinations(range(classes), classes // 2)
        ]
        assert halves.across(confusion, halves.least_cut(confusion)) == pytest.approx(min(every))


def test_how_often_a_class_is_told_right_does_not_matter() -> None:
    confusion = mistaken(10, 0)
    assert halves.least_cut(confusion + 9 * np.eye(10)) == halves.least_cut(confusion)
    whole = ([0, 1, 2, 3, 4], [5, 6, 7, 8, 9])
    assert halves.across(confusion + 9 * np.eye(10), whole) == pytest.approx(halves.across(confusion, whole))


def test_of_even_confusion_halves_of_ten_have_five_ninths_between_them() -> None:
    for seed in range(3):
        told = halves.across(np.ones((10, 10)), halves.at_random(10, seed=seed, draw=1))
        assert told == pytest.approx(25 / 45)


def test_which_dissimilar_half_is_a_is_drawn_where_they_are_equally_large() -> None:
    of = np.array(list("ababababab"))
    firsts = {tuple(halves.dissimilar(blocks(of), seed=seed)[0]) for seed in range(20)}
    assert firsts == {(0, 2, 4, 6, 8), (1, 3, 5, 7, 9)}


def test_fewer_than_four_classes_are_refused_in_one_line() -> None:
    halves.enough(4, "four")
    with pytest.raises(Mistake, match=r"^params.yaml: layers cuts .* and three has 3 classes; give images.name .*$"):
        halves.enough(3, "three")
