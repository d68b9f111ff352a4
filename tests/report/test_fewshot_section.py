"""What the page says of few shots."""

from pathlib import Path

import pytest

from tutelage.report import records
from tutelage.report.parts import Section, Table, Words
from tutelage.report.sections import fewshot

from .by_hand import ByHand


def section(root: Path, seeds: int = 5, ours: float = 0.7) -> Section:
    by_hand = ByHand(root).whole(seeds)
    by_hand.few_shots(seeds, ours=ours)
    return fewshot.section(records.read(0.95, root))


def said(section: Section) -> list[str]:
    return [told for part in section.parts if isinstance(part, Words) for told in part.paragraphs]


@pytest.mark.parametrize(
    ("ours", "line"),
    [
        (0.7, "Prototypes by the nearest mean are better than base by fine-tuning, base by linear head, base by"),
        (0.4, "Prototypes by the nearest mean are worse than base by fine-tuning, base by linear head, base by"),
    ],
)
def test_prototypes_are_held_against_every_way_that_saw_no_label(tmp_path: Path, ours: float, line: str) -> None:
    told = said(section(tmp_path, ours=ours))
    assert line in told[1]
    assert "pixels" in told[1]
    assert "all" not in told[1].split()
    assert "at 1 and 5 shots" in told[1]


@pytest.mark.parametrize(
    ("ours", "line"),
    [
        (0.66, "Of 4 of 20 comparisons nothing is claimed."),  # base by a linear head, deep by the nearest mean
        (0.7, "Prototypes by the nearest mean are worse than no other way."),
        (
            0.4,
            "are better than no other way. Prototypes by the nearest mean are worse than",
        ),
    ],
)
def test_what_is_open_is_counted_and_what_is_nowhere_is_said(tmp_path: Path, ours: float, line: str) -> None:
    assert line in said(section(tmp_path, ours=ours))[1]


def test_below_five_seeds_nothing_is_claimed(tmp_path: Path) -> None:
    assert said(section(tmp_path, seeds=2))[1] == "Nothing is claimed below 5 seeds."


def test_a_row_says_what_an_encoder_saw_and_a_net_a_number_of_shots_is_one_way(tmp_path: Path) -> None:
    (table, _) = [part for part in section(tmp_path).parts if isinstance(part, Table)]
    saw = {row[0].text: row[1].text for row in table.rows}
    assert saw == {
        "prototypes": "nothing",
        "pixels": "nothing",
        "base": "nothing",
        "random": "nothing",
        "deep": "images",
        "all": "labels",
    }
    assert table.columns[2:4] == ["nearest mean, 1", "nearest mean, 5"]


def test_base_saw_labels_where_its_classes_are_among_those_asked_about(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    path = tmp_path / "params.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("held_out: [5,", "held_out: [4, 5,"), encoding="utf-8")
    assert fewshot.seen(["base", "prototypes"], records.read(0.95, tmp_path)) == {
        "base": "labels",
        "prototypes": "nothing",
    }
