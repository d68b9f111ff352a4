"""What the page says of the codes behind the axis: ranks, other draws of labels, how codes lie."""

from pathlib import Path

import pandas as pd
import pytest

from tutelage.report import records
from tutelage.report.parts import Table, Words
from tutelage.report.sections import codes

from .by_hand import ByHand


def test_a_rank_is_a_mean_over_counts_of_labels_within_a_seed_and_ties_share() -> None:
    values = {"a": (0.9, 0.2), "b": (0.5, 0.4), "c": (0.5, 0.3)}
    rows = [
        {"protocol": "linear", "level": level, "seed": seed, "arm": arm, "value": value}
        for arm, each in values.items()
        for level, value in zip(("10", "50"), each, strict=True)
        for seed in (0, 1)
    ]
    told = codes.ranks(pd.DataFrame(rows)).set_index(["arm", "seed"])["value"]
    assert told.loc[[("a", 0), ("b", 0), ("c", 1)]].tolist() == [2.0, 1.75, 2.25]


def test_every_table_has_a_row_an_encoder_and_an_encoder_of_fewer_seeds_has_no_rank(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    tables = [p for p in codes.section(records.read(0.95, tmp_path)).parts if isinstance(p, Table)]
    ranks, natural, health, recalls = ([row[0].text for row in table.rows] for table in tables)
    assert "style" not in ranks
    assert "deep" in ranks
    for rows in (ranks, natural, health, recalls):
        assert {"all", "random", "deep", "pca"} <= set(rows)
        assert len(set(rows)) == len(rows)
    assert tables[1].columns == ["encoder", "10", "10, balanced", "50", "50, balanced"]


@pytest.mark.parametrize(
    ("seeds", "claim"), [(5, "Corrected by Holm: as they come is worse at 10"), (2, "below 5 seeds")]
)
def test_labels_as_they_come_are_compared_in_the_mean_over_encoders(tmp_path: Path, seeds: int, claim: str) -> None:
    ByHand(tmp_path).whole(seeds)
    (words,) = [p for p in codes.section(records.read(0.95, tmp_path)).parts if isinstance(p, Words)]
    assert claim in words.paragraphs[0]
