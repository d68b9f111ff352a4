"""What the page says of privileged information: who uses it, and who only seems to."""

from pathlib import Path
from typing import get_args

import pytest
from ruamel.yaml import YAML

from tutelage.data import kinds
from tutelage.data.problems import CONTROLS
from tutelage.report import records
from tutelage.report.parts import Figures, Part, Table, Words
from tutelage.report.records import Missing
from tutelage.report.sections import lupi

from .by_hand import ByHand


def parts(root: Path, seeds: int = 10, **changed: float) -> list[Part]:
    root.mkdir(exist_ok=True)
    hand = ByHand(root)
    hand.privileged(seeds, **changed)  # type: ignore[arg-type]
    return list(lupi.section(records.read(0.95, hand.root)).parts)


def said(made: list[Part]) -> str:
    return " ".join(told for part in made if isinstance(part, Words) for told in part.paragraphs)


def test_who_is_better_than_the_student_and_than_its_best_control_uses_x_star(tmp_path: Path) -> None:
    told = said(parts(tmp_path, gain=0.05))
    assert "Against who learns alone: separate, together, distilled and svm_plus are better everywhere." in told
    assert "Against its best control: separate, together, distilled and svm_plus are better everywhere." in told
    assert "So x* is used by separate at 50 and 200 labels; together at 50 and 200 labels; distilled" in told


def test_a_gain_that_a_control_brings_as_well_is_no_use_of_x_star(tmp_path: Path) -> None:
    told = said(parts(tmp_path, gain=0.05, control=0.05))
    assert "Against who learns alone: separate, together, distilled and svm_plus are better everywhere." in told
    assert "So of no method it is shown that it uses x*." in told


def test_who_is_above_all_controls_but_not_above_the_student_does_not_use_it_either(tmp_path: Path) -> None:
    told = said(parts(tmp_path, floor=0.05))
    assert "Against its best control: separate, together, distilled and svm_plus are better everywhere." in told
    assert "So of no method it is shown that it uses x*." in told


def test_first_it_is_said_what_the_information_is_worth(tmp_path: Path) -> None:
    made = parts(tmp_path)
    assert "a teacher that is asked x*, against the student: teacher is better everywhere." in said(made)
    (table,) = [part for part in made if isinstance(part, Table) and "in x*'s place" in part.columns]
    first, second = table.rows[:2]
    assert [cell.text for cell in first] == ["teacher", "asked x*", "90.2", "90.2"]
    assert [cell.text for cell in second][:2] == ["student", "none"]
    assert len(table.rows) == 3 + 3 * 6 + 5  # of smoothing there is no SVM+
    (words,) = [part for part in made if isinstance(part, Words) and part.heading]
    assert words.paragraphs[0].startswith("What the information is worth")
    assert "Between them are +20.0 and +20.0 points at 50 and 200 labels." in words.paragraphs[0]
    (table,) = [part for part in made if isinstance(part, Table) and "less that of the student alone" in part.caption]
    assert table.rows[0][0].text == "teacher"
    gains = {row[0].text: float(row[2].text.replace("−", "-")) for row in table.rows}
    assert gains["svm_plus"] < -0.5 < gains["separate"]  # which is held against svm


def test_more_classes_than_two_have_no_machine_and_that_is_said(tmp_path: Path) -> None:
    made = parts(tmp_path, two=False)
    assert "SVM and SVM+ tell two classes apart and no more: left out here." in said(made)
    assert not any("svm" in cell.text for part in made if isinstance(part, Table) for row in part.rows for cell in row)
    assert "left out here" not in said(parts(tmp_path / "two"))


def test_the_column_that_tells_most_is_named_and_one_that_holds_the_label_is_a_warning(tmp_path: Path) -> None:
    assert "Of x*'s columns 3 tells most: its mutual information with y is 0.50 of y's entropy." in said(
        parts(tmp_path)
    )
    told = said(parts(tmp_path / "held", held=0.99))
    assert "Warning: is the label in x*? By mutual information column 3 (0.990) of x* has more than 0.98 of y's" in told


def test_how_exact_machines_are_is_told(tmp_path: Path) -> None:
    assert "The 120 machines are within 2e-09 of their best, by duality." in said(parts(tmp_path))


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
    assert [title for title, _ in figure.drawings] == ["Accuracy", "Separate", "Together", "Distilled", "SVM+"]
    assert all(f">{name}</" in drawing for _, drawing in figure.drawings[1:4] for name in ("x*", *CONTROLS))
    assert all(f">{name}</" in figure.drawings[0][1] for name in ("teacher", "student", "svm", "svm_plus"))
    assert ">smoothing</" not in figure.drawings[4][1]


def test_a_name_keeps_its_capitals(tmp_path: Path) -> None:
    hand = ByHand(tmp_path)
    hand.privileged(5, "series")
    made = list(lupi.section(records.read(0.95, hand.root)).parts)
    assert "Whether a Mackey-Glass series will be higher; x* are" in said(made)
    assert "Lopez-Paz" not in said(made)


PROBLEMS: list[tuple[dict[str, object], str]] = [
    (
        {"kind": "images", "name": "mnist-5k", "classes": None, "side": 4},
        "The class of an image of mnist-5k (all), of which x are 4×4 averages",
    ),
    ({"kind": "poems", "description": "poetic"}, r"x* is a poetic description by hand"),
    ({"kind": "protein"}, "The architecture of a protein, told from its sequence"),
    ({"kind": "ett", "history": 24, "horizon": 12, "around": 4}, "oil will be hotter in 12 hours"),
    (
        {"kind": "table", "file": "a.csv", "x": ["age", "sex"], "privileged": ["biopsy"], "y": "ill", "group": None},
        "The column ill of a.csv, told from age and sex; x* is biopsy. 10 splits",
    ),
]


@pytest.mark.parametrize(("problem", "line"), PROBLEMS, ids=["images", "poems", "protein", "ett", "table"])
def test_each_problem_is_said_in_words(tmp_path: Path, problem: dict[str, object], line: str) -> None:
    hand, yaml = ByHand(tmp_path), YAML()
    params = yaml.load(tmp_path / "params.yaml")
    params["lupi"]["series"]["problem"] = problem
    yaml.dump(params, tmp_path / "params.yaml")
    hand.privileged(5, "series")
    assert line in said(list(lupi.section(records.read(0.95, tmp_path)).parts))


def test_where_classes_are_of_classes_both_losses_are_told(tmp_path: Path) -> None:
    hand = ByHand(tmp_path)
    hand.privileged(5, above=True, gain=0.05)
    told = said(list(lupi.section(records.read(0.95, tmp_path)).parts))
    assert (
        "the one above is told by teacher 90.2 % (0.90 + 0.90), student 70.2 % (0.70 + 0.70), separate 75.2 %" in told
    )
    assert "the one above" not in said(parts(tmp_path))


def test_every_problem_that_params_can_name_has_words() -> None:
    told: list[str] = []
    for kind in get_args(get_args(kinds.Problem)[0]):
        fields = [kind.model_fields[key] for key in ("world", "name", "kind") if key in kind.model_fields]
        told += next(names for field in fields if (names := get_args(field.annotation)))
    assert sorted(told) == sorted(lupi.PROBLEMS)


def test_how_a_loss_went_is_told_by_evaluations(tmp_path: Path) -> None:
    (table,) = [part for part in parts(tmp_path) if isinstance(part, Table) and part.columns[0] == "evaluations"]
    assert [cell.text for cell in table.rows[1]][:3] == ["1", "0.500", "0.500"]
    assert table.folded


def test_without_a_record_the_section_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="lupi@"):
        lupi.section(records.read(0.95, ByHand(tmp_path).root))
