"""What the page says of many tasks of other data sets."""

from pathlib import Path

import pytest

from tutelage.report import records
from tutelage.report.parts import Figures, Part, Table, Words
from tutelage.report.sections import multitask, task_sets

from .by_hand import ByHand


def parts(root: Path, seeds: int = 5, name: str = "omniglot", grows: float = 0.05) -> list[Part]:
    hand = ByHand(root)
    hand.task_set(seeds, name, grows)
    return task_sets.parts(records.read(0.95, hand.root))


def said(made: list[Part]) -> str:
    return " ".join(told for part in made if isinstance(part, Words) for told in part.paragraphs)


def test_without_a_record_the_page_is_as_it_was(tmp_path: Path) -> None:
    hand = ByHand(tmp_path)
    hand.multitask(5)
    before = list(multitask.section(records.read(0.95, hand.root)).parts)
    assert task_sets.parts(records.read(0.95, hand.root)) == []
    hand.task_set(5)
    left = records.read(0.95, hand.root)
    assert list(multitask.section(left).parts) == [*before, *task_sets.parts(left)]


def test_a_set_whose_stage_left_nothing_is_not_shown(tmp_path: Path) -> None:
    hand = ByHand(tmp_path)
    hand.task_set(5)
    (tmp_path / "reports/stages/task_sets@omniglot/scores.json").unlink()
    hand.task_set(5, "sarcos")
    hand.multitask(5)
    assert "task_sets@omniglot" in records.read(0.95, hand.root).entries
    assert task_sets.parts(records.read(0.95, hand.root)) == []


def test_slopes_are_those_of_the_records_a_doubling(tmp_path: Path) -> None:
    told = said(parts(tmp_path))
    assert (
        "With every doubling of a task's drawings of each character, taught alone, quality rises for Greek (+5.0 points"
        in told
    )
    assert (
        "With every doubling of the number of alphabets taught, quality rises for accuracy, 10 drawings of each "
        "character (+5.0 points" in told
    )


def test_what_is_taught_is_held_against_both_floors(tmp_path: Path) -> None:
    told = said(parts(tmp_path))
    assert "less one as it is born: of 3 comparisons 3 are better, 0 worse, 0 open." in told
    assert "less the examples as they are: of 3 comparisons 0 are better, 3 worse, 0 open." in told
    assert "One net for these tasks, against alone: together is worse everywhere." in told


def test_below_five_seeds_nothing_is_claimed(tmp_path: Path) -> None:
    told = said(parts(tmp_path, seeds=3))
    assert told.count("othing is claimed below 5 seeds") == 5
    assert "rises" not in told


@pytest.mark.parametrize(("name", "heading"), [("omniglot", "accuracy, %"), ("sarcos", "R², variance explained, %")])
def test_every_value_is_in_a_table_and_both_questions_are_drawn(name: str, heading: str, tmp_path: Path) -> None:
    made = parts(tmp_path, name=name)
    assert [title for part in made if isinstance(part, Figures) for title, _ in part.drawings] == [heading] * 2
    drawn = [str(svg) for part in made if isinstance(part, Figures) for _, svg in part.drawings]
    assert len({svg.partition("id=")[2].split()[0] for svg in drawn}) == 2
    values = [part for part in made if isinstance(part, Table) and "verdict" not in part.columns]
    assert [list(table.columns[2:]) for table in values] == [["1", "2", "4"], ["0", "1", "2", "4"]]
    floors = {row[1].text: [cell.text for cell in row[2:]] for row in values[1].rows}
    assert floors == {
        "random": ["50.2", "", "", ""],
        "raw": ["80.2", "", "", ""],
        "taught": ["", *floors["taught"][1:]],
    }
