"""The tidy table."""

from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from tutelage import runs
from tutelage.errors import Mistake
from tutelage.report import records, tables

from .by_hand import ByHand


def test_the_table_has_a_row_a_value_under_the_columns_of_a_score(tmp_path: Path) -> None:
    hand = ByHand(tmp_path)
    hand.scores("pretrain", [{"arm": "all", "metric": "weights", "value": 3.0}])
    hand.scores("transfer", [{"arm": "frozen", "metric": "nll", "seed": "0", "value": 0.25}])
    scores = tables.gather(tmp_path / "reports/stages", ["transfer", "pretrain"])
    assert tuple(scores.columns) == runs.SCORE
    assert scores[["stage", "arm", "metric", "seed", "value"]].to_numpy().tolist() == [
        ["pretrain", "all", "weights", "", 3.0],
        ["transfer", "frozen", "nll", "0", 0.25],
    ]


def test_two_labels_come_before_ten_and_words_after_numbers(tmp_path: Path) -> None:
    levels, seeds = ["10", "all", "2", "", "0.5"], ["10", "9"]
    told = [{"arm": "a", "level": level, "seed": seed, "value": 1.0} for level in levels for seed in seeds]
    ByHand(tmp_path).scores("transfer", told)
    scores = tables.gather(tmp_path / "reports/stages", ["transfer"])
    assert list(dict.fromkeys(scores["level"])) == ["", "0.5", "2", "10", "all"]
    assert list(scores["seed"][:2]) == ["9", "10"]


def test_a_table_reads_back_exactly_and_is_the_same_bytes_twice(tmp_path: Path) -> None:
    values = [0.1 + 0.2, 1e-300, 123456789.123456789, float("nan"), 1 / 3]
    arms = ["NA", 'a,"b"', "", "line\nline", "é"]
    told = [{"arm": arm, "level": "010", "value": value} for arm, value in zip(arms, values, strict=True)]
    ByHand(tmp_path).scores("transfer", told)
    scores = tables.gather(tmp_path / "reports/stages", ["transfer"])
    for name in ("once.csv", "twice.csv"):
        tables.write(scores, tmp_path / name)
    read = pd.read_csv(tmp_path / "once.csv", dtype=str, keep_default_na=False)
    assert_frame_equal(read.assign(value=[float(v) for v in read["value"]]), scores, check_exact=True)
    assert (tmp_path / "once.csv").read_bytes() == (tmp_path / "twice.csv").read_bytes()
    assert b"\r" not in (tmp_path / "once.csv").read_bytes()


def test_two_values_for_one_cell_are_told(tmp_path: Path) -> None:
    ByHand(tmp_path).scores("transfer", [{"arm": "frozen", "seed": "0", "value": v} for v in (0.1, 0.2)])
    with pytest.raises(Mistake, match="transfer, frozen, 0"):
        tables.gather(tmp_path / "reports/stages", ["transfer"])


def test_what_a_stage_of_the_past_left_is_not_read(tmp_path: Path) -> None:
    hand = ByHand(tmp_path).whole()
    hand.scores("yesterday", [{"arm": "a", "metric": "accuracy", "value": 1.0}])
    read = set(records.read(0.95, tmp_path).scores["stage"])
    assert {"exam_pretrain", "pretrain", "transfer"} < read
    assert "yesterday" not in read


def test_a_cell_is_the_interval_over_its_seeds() -> None:
    scores = pd.DataFrame({"arm": ["a", "a", "b"], "value": [1.0, 3.0, 5.0]})
    cells = tables.cells(scores, ("arm",), 0.5)
    assert cells["a",] == pytest.approx((2.0, 1.0, 3.0, 2))  # t of one degree is 1 at its upper quartile
    assert (cells["b",].mean, cells["b",].n) == (5.0, 1)
