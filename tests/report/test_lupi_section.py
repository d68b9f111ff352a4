"""What the page says of privileged information: who uses it, and who only seems to."""

from pathlib import Path
from typing import get_args

import pytest

from tutelage import params
from tutelage.data import kinds
from tutelage.data.problems import CONTROLS
from tutelage.report import records
from tutelage.report.parts import Figures, Part, Table, Words
from tutelage.report.records import Missing
from tutelage.report.sections import lupi

from .by_hand import ByHand


def parts(root: Path, seeds: int = 10, **changed: float) -> list[Part]:
    hand = ByHand(root)
    hand.privileged(seeds, **changed)  # type: ignore[arg-type]
    return list(lupi.section(records.read(0.95, hand.root)).parts)


def said(made: list[Part]) -> str:
    return " ".join(told for part in made if isinstance(part, Words) for told in part.paragraphs)


def test_who_is_better_than_the_student_and_than_its_best_control_uses_x_star(tmp_path: Path) -> None:
    told = said(parts(tmp_path, gain=0.05))
    assert "Against the student alone: separate, together and distilled are better everywhere." in told
    assert "Against its best control: separate, together and distilled are better everywhere." in told
    assert "So x* is used by separate at 50 and 200 labels; together at 50 and 200 labels; distilled" in told


def test_a_gain_that_a_control_brings_as_well_is_no_use_of_x_star(tmp_path: Path) -> None:
    told = said(parts(tmp_path, gain=0.05, control=0.05))
    assert "Against the student alone: separate, together and distilled are better everywhere." in told
    assert "So of no method it is shown that it uses x*." in told


def test_who_is_above_all_controls_but_not_above_the_student_does_not_use_it_either(tmp_path: Path) -> None:
    told = said(parts(tmp_path, floor=0.05))
    assert "Against its best control: separate, together and distilled are better everywhere." in told
    assert "So of no method it is shown that it uses x*." in told


def test_first_it_is_said_what_the_information_is_worth(tmp_path: Path) -> None:
    made = parts(tmp_path)
    assert "a teacher that is asked x*, against the student: teacher is better everywhere." in said(made)
    (table,) = [part for part in made if isinstance(part, Table) and "in x*'s place" in part.columns]
    first, second = table.rows[:2]
    assert [cell.text for cell in first] == ["teacher", "asked x*", "90.2", "90.2"]
    assert [cell.text for cell in second][:2] == ["student", "none"]
    assert len(table.rows) == 2 + 3 * 6


def test_it_stands_beside_what_was_published(tmp_path: Path) -> None:
    assert "tell 90.2, 70.2 and 75.2 %; Lopez-Paz et al. print 96, 88 and 95 %." in said(parts(tmp_path, gain=0.05))


def test_the_best_control_is_the_one_with_the_highest_mean(tmp_path: Path) -> None:
    made = parts(tmp_path, gain=0.05, control=0.03)
    (table,) = [part for part in made if isinstance(part, Table) and "best control" in part.caption]
    assert {row[1].text for row in table.rows} == {"shuffled"}
    assert {row[3].text for row in table.rows} == {"+2.0"}


def test_a_descent_that_did_not_end_is_counted(tmp_path: Path) -> None:
    assert "all came to where no number of the gradient is above 0.0001" in said(parts(tmp_path))
    assert "400 did not come to where" in said(parts(tmp_path, slope=1e-3))


def test_below_five_splits_nothing_is_claimed(tmp_path: Path) -> None:
    told = said(parts(tmp_path, seeds=2, gain=0.05))
    assert "nothing is claimed below 5 seeds" in told
    assert "is used by" not in told


def test_a_line_is_drawn_for_x_star_and_for_each_control(tmp_path: Path) -> None:
    (figure,) = [part for part in parts(tmp_path) if isinstance(part, Figures)]
    assert [title for title, _ in figure.drawings] == ["Separate", "Together", "Distilled"]
    assert all(f">{name}</" in drawing for _, drawing in figure.drawings for name in ("x*", *CONTROLS))


def test_a_name_keeps_its_capitals(tmp_path: Path) -> None:
    hand = ByHand(tmp_path)
    hand.privileged(5, "series")
    made = list(lupi.section(records.read(0.95, hand.root)).parts)
    assert "Whether a Mackey-Glass series will be higher; x* are" in said(made)
    assert "Lopez-Paz" not in said(made)


def test_every_problem_that_params_can_name_has_words(tmp_path: Path) -> None:
    named: list[type[params.Block]] = [kinds.World, kinds.Series, kinds.Documents, kinds.Requests]
    keys = {"world", "name"} & {key for kind in named for key in kind.model_fields}
    told = [get_args(kind.model_fields[key].annotation) for kind in named for key in keys & kind.model_fields.keys()]
    assert {"series", *(name for names in told for name in names)} == set(lupi.PROBLEMS)


def test_how_a_loss_went_is_told_by_evaluations(tmp_path: Path) -> None:
    (table,) = [part for part in parts(tmp_path) if isinstance(part, Table) and part.columns[0] == "evaluations"]
    assert [cell.text for cell in table.rows[1]][:3] == ["1", "0.500", "0.500"]
    assert table.folded


def test_without_a_record_the_section_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="lupi@"):
        lupi.section(records.read(0.95, ByHand(tmp_path).root))
