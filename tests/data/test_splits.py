"""Parts that are drawn once, fairly, and do not touch."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tutelage.data import splits
from tutelage.errors import Mistake

LABELS = np.random.default_rng(0).permutation(np.repeat([0, 1, 2], [101, 57, 13])).astype(np.int64)


def split(
    labels: NDArray[np.int64] = LABELS,
    name: str = "a set",
    valid: float = 0.1,
    test: float = 0.2,
    last: int | None = None,
) -> dict[str, NDArray[np.int64]]:
    return splits.split(name, labels, ("cat", "dog", "owl"), valid=valid, test=test, official=last)


def test_parts_are_disjoint_and_cover_everything() -> None:
    assert sorted(np.concatenate(list(split().values()))) == list(range(len(LABELS)))


def test_parts_have_their_shares_in_all_and_in_each_class() -> None:
    parts = split()
    assert {part: len(positions) for part, positions in parts.items()} == {"train": 123, "valid": 14, "test": 34}
    for part, share in (("train", 0.72), ("valid", 0.08), ("test", 0.2)):
        assert np.abs(np.bincount(LABELS[parts[part]]) - share * np.bincount(LABELS)).max() < 1


def test_a_split_is_the_same_twice_and_another_for_another_data_set() -> None:
    one, again, other = split(), split(), split(name="another")
    assert all((one[part] == again[part]).all() for part in one)
    assert not (one["test"] == other["test"]).all()


def test_the_split_of_a_name_stays_as_it_was_drawn_first() -> None:
    assert [split()[part][:3].tolist() for part in ("train", "valid", "test")] == [
        [152, 5, 45],
        [105, 89, 30],
        [108, 52, 63],
    ]


def test_another_share_of_validation_leaves_the_test_part() -> None:
    assert (split(valid=0.1)["test"] == split(valid=0.3)["test"]).all()


def test_an_official_test_part_stays_one_whatever_the_share() -> None:
    parts = split(test=0.9, last=40)
    assert parts["test"].tolist() == list(range(len(LABELS) - 40, len(LABELS)))
    assert sorted(np.concatenate(list(parts.values()))) == list(range(len(LABELS)))


FACES = np.array([f"{family}/{face}" for family, faces in (("A", 12), ("B", 4), ("C", 5)) for face in range(faces)])
GROUPS, OF_FACES = np.repeat(FACES, 3), np.tile([0, 1, 2], len(FACES)).astype(np.int64)


def grouped(valid: float = 0.2, last: int | None = None) -> dict[str, NDArray[np.int64]]:
    names = ("cat", "dog", "owl")
    return splits.split("a set", OF_FACES, names, valid=valid, test=0.2, official=last, groups=GROUPS)


def test_no_group_is_in_two_parts_and_none_is_lost() -> None:
    parts = grouped()
    assert sorted(np.concatenate(list(parts.values()))) == list(range(len(GROUPS)))
    groups = [set(GROUPS[positions]) for positions in parts.values()]
    assert sum(map(len, groups)) == len(set.union(*groups)) == len(FACES)


def test_shares_are_of_groups_and_every_family_gives_its_own() -> None:
    parts = grouped()
    assert {part: len(positions) // 3 for part, positions in parts.items()} == {"train": 14, "valid": 3, "test": 4}
    assert sorted(face[0] for face in set(GROUPS[parts["test"]])) == list("AABC")
    assert {face[0] for face in GROUPS[parts["train"]]} == set("ABC")


def test_another_share_of_validation_leaves_the_groups_that_are_tested() -> None:
    assert (grouped(valid=0.1)["test"] == grouped(valid=0.4)["test"]).all()


def test_groups_before_an_official_test_part_stay_whole_too() -> None:
    parts = grouped(last=15)
    assert parts["test"].tolist() == list(range(len(GROUPS) - 15, len(GROUPS)))
    assert not set(GROUPS[parts["train"]]) & set(GROUPS[parts["valid"]])


def test_a_group_on_both_sides_of_an_official_test_part_is_said() -> None:
    with pytest.raises(Mistake, match=r"a set: C/0 is in the official test part and before it; leave that group out"):
        grouped(last=14)


def test_examples_are_not_in_the_order_of_their_classes() -> None:
    labels = np.sort(LABELS)
    assert all(len(np.unique(labels[part[:6]])) > 1 for part in split(labels).values())


@pytest.mark.parametrize(
    ("labels", "last", "said"),
    [
        (np.repeat([0, 1, 2], [50, 50, 2]), None, "class owl has 2 examples in all and none in the"),
        (np.repeat([0, 2], [50, 50]), None, "class dog has 0 examples in all and none in the train part"),
        (np.repeat([0, 1, 2], [50, 50, 50]), 20, "class cat has 50 examples in all and none in the test part"),
    ],
)
def test_a_part_without_a_class_is_said(labels: NDArray[np.int64], last: int | None, said: str) -> None:
    with pytest.raises(Mistake, match=said):
        split(labels.astype(np.int64), last=last)


def test_a_share_that_leaves_nothing_to_learn_from_is_said() -> None:
    with pytest.raises(Mistake, match=r"none in the (train|valid) part"):
        split(test=0.99)
