"""What the page says of every encoder on one axis."""

from pathlib import Path
from typing import TypeGuard

from tutelage.report import records
from tutelage.report.parts import Table, Words
from tutelage.report.sections import probes

from .by_hand import ByHand


def said(root: Path, seeds: int = 5) -> list[str]:
    ByHand(root).whole(seeds)
    section = probes.section(records.read(0.95, root))
    return [told for part in (*section.answer, *section.parts) if isinstance(part, Words) for told in part.paragraphs]


def _compares(part: object, protocol: str) -> TypeGuard[Table]:
    start = f"Accuracy, {protocol} regression, less that of labels alone ("
    return isinstance(part, Table) and part.caption.startswith(start)


def test_ways_are_compared_with_labels_alone_and_one_of_fewer_seeds_silences_nobody(tmp_path: Path) -> None:
    told = said(tmp_path)
    assert not any("below 5 seeds" in line for line in told)
    assert told[0].startswith("10 of 22 ways of teaching get more out of some number of labels than these alone, seen")
    assert told[1].startswith("Against labels alone + augmentation (")
    assert told[2].startswith("Against labels alone + shift (")
    assert told[3].startswith(
        "Against labels alone (an encoder and a head, taught by these labels, images as they are)."
    )
    assert "Logistic regression: " in told[3]
    assert "worse at" not in " ".join(told)  # that stands in the tables
    assert told[-1] == "style has 1 of the 5 seeds: nothing is claimed of it."


def test_below_five_seeds_nothing_is_claimed_of_anybody(tmp_path: Path) -> None:
    told = said(tmp_path, seeds=2)
    assert told[0] == "Nothing is claimed: below 5 seeds no way is called better or worse than another."
    assert "nothing is claimed below 5 seeds" in told[1]


def test_what_an_encoder_costs_stands_beside_it_and_who_saw_labels_is_in_no_comparison(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    tables = [p for p in probes.section(records.read(0.95, tmp_path)).parts if isinstance(p, Table)]
    (counts, first, *_) = tables
    assert [row[0].text for row in counts.rows[:2]] == ["logistic regression"] * 2
    (family,) = [table for table in tables if _compares(table, "logistic")]
    assert sum(int(cell.text) for cell in counts.rows[0][2:]) == len(family.rows)
    assert first.columns == ["way", "10", "100", "3600", "operations", "weights"]
    (row,) = [row for row in first.rows if row[0].text == "all"]
    assert row[-2].text == "1,496,450"
    assert row[0].beside == "saw 3,600 labels"
    (row,) = [row for row in first.rows if row[0].text == "whole"]
    assert row[0].beside == "saw 3,600 labels"
    (row,) = [row for row in first.rows if row[0].text == "barlow_twins"]
    assert row[0].beside == ""
    compared = {row[0].text for table in tables for row in table.rows if "verdict" in table.columns}
    assert "barlow_twins" in compared
    assert not compared & {"all", "whole"}


def test_ways_that_labels_teach_stand_on_the_axis_and_in_a_comparison_of_their_own(tmp_path: Path) -> None:
    told = said(tmp_path)
    assert told[2].split("Ways that labels teach: ")[1].startswith("both losses λ = 10, both losses λ = 100")
    assert "labels alone + augmentation and pseudo-labels are better everywhere. Of 12 " in told[2]
    (family,) = [part for part in probes.section(records.read(0.95, tmp_path)).parts if _compares(part, "logistic")]
    assert not any(row[0].text == "fixmatch" for row in family.rows)
    tables = [p for p in probes.section(records.read(0.95, tmp_path)).parts if isinstance(p, Table)]
    ways = {row[0].text: row for row in tables[1].rows}
    assert {"labels alone", "labels alone + augmentation", "both losses λ = 10", "both losses λ = 100"} <= set(ways)
    assert ways["fixmatch"][-1].text == "30,074"
    assert ways["both losses λ = 100"][-1].text == "466,010"


def test_fine_tuned_encoders_are_compared_only_with_what_saw_the_same_views(tmp_path: Path) -> None:
    told = said(tmp_path)
    assert ["Fine-tuning: " in line for line in told[1:5]] == [True, False, False, True]
    assert told[4].startswith("Against random (an encoder as it is born). Logistic regression: ")
    tables = [p for p in probes.section(records.read(0.95, tmp_path)).parts if isinstance(p, Table)]
    rivals = [
        t.caption.split("less that of ")[1].split(" (")[0] for t in tables if "Accuracy, fine-tuning, less" in t.caption
    ]
    assert rivals == ["labels alone + augmentation", "random"]
