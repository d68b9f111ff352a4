"""Which columns are suspected, and which are not."""

import numpy as np

from tutelage.data import suspicion

DRAWS = np.random.default_rng(7)
LABELS = [str(n) for n in DRAWS.integers(0, 2, 200)]


def test_a_column_that_is_drawn_apart_from_labels_is_not_suspected() -> None:
    columns = {
        "measured": [f"{v:.4f}" for v in DRAWS.standard_normal(200)],
        "kind": [str(v) for v in DRAWS.integers(0, 5, 200)],
        "constant": ["1"] * 200,
    }
    assert suspicion.suspects(columns, LABELS) == []


def test_the_label_by_another_name_gives_it_away_and_so_does_one_cut_of_a_number() -> None:
    columns = {
        "renamed": [{"0": "no", "1": "yes"}[label] for label in LABELS],
        "cut": [f"{int(label) + v:.4f}" for label, v in zip(LABELS, DRAWS.uniform(0, 0.5, 200), strict=True)],
    }
    told = suspicion.suspects(columns, LABELS)
    assert [line.split()[0] for line in told] == ["renamed", "cut"]
    assert all("give the label away" in line for line in told)


def test_where_nearly_all_rows_have_one_label_no_column_is_suspected_of_telling_it() -> None:
    assert suspicion.suspects({"kind": ["a", "b"] * 150}, ["x"] * 299 + ["y"]) == []


def test_names_of_rows_are_identifiers_and_measures_are_not() -> None:
    told = suspicion.suspects({"id": [f"p{n}" for n in range(50)], "m": [str(n / 3) for n in range(50)]}, [""] * 50)
    assert told == ["id has another value in each of 50 rows: an identifier?"]


def test_a_word_that_no_other_row_has_tells_nothing() -> None:
    assert suspicion.alone([f"w{n}" for n in range(30)], ["x"] * 30) == 0


def test_a_row_does_not_vote_for_itself() -> None:
    assert suspicion.alone(["a", "a"], ["x", "y"]) == 0
    assert suspicion.alone(["a", "a"], ["x", "x"]) == 1
