"""What the page says of distillation."""

from pathlib import Path

from tutelage.report import records
from tutelage.report.parts import Figures, Part, Table, Words
from tutelage.report.sections import distillation

from .by_hand import ByHand


def parts(root: Path, seeds: int = 5, gain: float = 0.0) -> list[Part]:
    hand = ByHand(root)
    hand.distill(seeds, gain=gain)
    return list(distillation.section(records.read(0.95, hand.root)).parts)


def said(made: list[Part]) -> str:
    return " ".join(told for part in made if isinstance(part, Words) for told in part.paragraphs)


def captioned(made: list[Part], start: str) -> Table:
    (table,) = [part for part in made if isinstance(part, Table) and part.caption.startswith(start)]
    return table


def test_a_gain_over_labels_of_the_same_views_is_claimed_of_every_metric(tmp_path: Path) -> None:
    told = said(parts(tmp_path, gain=0.02))
    assert told.count("Against hard: soft is better everywhere; both is better at 5,000 weights. Against") == 3
    assert told.count("Against smoothing: soft is better at 5,000 weights.") == 3
    assert "Nll. Of 7 comparisons 7 are better, 0 worse, 0 open." in told


def test_what_is_the_same_is_not_called_better(tmp_path: Path) -> None:
    told = said(parts(tmp_path))
    assert "Against hard: of soft and both nothing is claimed." in told
    assert "Against smoothing: soft is better at 5,000 weights." in told


def test_a_student_that_loses_is_called_worse(tmp_path: Path) -> None:
    assert "Accuracy. Of 7 comparisons 0 are better, 6 worse, 1 open." in said(parts(tmp_path, gain=-0.02))


def test_what_the_largest_small_student_keeps_is_a_share_of_its_own_teachers_accuracy(tmp_path: Path) -> None:
    made = parts(tmp_path, gain=0.02)
    assert "With 5.0 % of its teacher's weights a student keeps of its accuracy 98.5 % [98.1, 98.8] (soft)" in said(
        made
    )
    rows = {(row[0].text, row[1].text): row for row in captioned(made, "On the test part").rows}
    assert rows["soft", "5,000"][3].text == "98.5"
    assert rows["teacher", "100,000"][3].text == ""


def test_of_nll_less_is_better_and_the_difference_keeps_its_sign(tmp_path: Path) -> None:
    table = captioned(parts(tmp_path, gain=0.02), "Nll")
    rows = {(row[0].text, row[1].text): row for row in table.rows}
    difference, _, _, verdict = rows["soft less hard", "1000"][2:]
    assert difference.text == "−0.020"
    assert verdict.text == "better"


def test_a_class_never_seen_is_told_before_and_after(tmp_path: Path) -> None:
    made = parts(tmp_path)
    assert "soft's from 0.8 to 90.8 % (points: +90.0 [+90.0, +90.0]) and hard's from 0.8 to 20.8 %" in said(made)
    rows = [[cell.text for cell in row] for row in captioned(made, "Without class 3").rows]
    assert rows[0] == ["soft", "as learned", "0.8", "87.8"]
    assert rows[3] == ["hard", "raised", "20.8", "87.8"]


def test_other_data_are_held_against_few_labels(tmp_path: Path) -> None:
    assert "Against few: soft and target are better; noise is worse." in said(parts(tmp_path))


def test_below_five_seeds_nothing_is_claimed(tmp_path: Path) -> None:
    told = said(parts(tmp_path, seeds=2, gain=0.05))
    assert "is better" not in told
    assert "points:" not in told


def test_there_is_a_line_for_each_arm_and_one_for_the_teacher(tmp_path: Path) -> None:
    (figure,) = [part for part in parts(tmp_path) if isinstance(part, Figures)]
    (_, accuracy), (_, agreement) = figure.drawings
    assert all(f">{way}</" in drawing for way in distillation.WAYS for drawing in (accuracy, agreement))
    assert ">teacher</" in accuracy
