"""What the page says of few labels and many images."""

from pathlib import Path

from tutelage.report import records
from tutelage.report.parts import Figures, Part, Table, Words
from tutelage.report.sections import consistency

from .by_hand import ByHand


def parts(root: Path, seeds: int = 5, gain: float = 0.0, sure: float = 0.5) -> list[Part]:
    hand = ByHand(root)
    hand.consistency(seeds, gain=gain, sure=sure)
    return list(consistency.section(records.read(0.95, hand.root)).parts)


def said(made: list[Part]) -> str:
    return " ".join(told for part in made if isinstance(part, Words) for told in part.paragraphs)


def test_each_way_is_held_against_all_that_use_less(tmp_path: Path) -> None:
    told = said(parts(tmp_path, gain=0.05))
    assert "Of 8 comparisons 8 are better, 0 worse, 0 open. Against plain: weak, strong, pseudo and fixmatch" in told
    assert "Against strong: fixmatch is better everywhere; pseudo is worse everywhere." in told
    assert "Of 2 comparisons 2 are better, 0 worse, 0 open. Against pseudo: fixmatch is better everywhere." in told


def test_what_is_the_same_is_not_called_better(tmp_path: Path) -> None:
    assert "Against strong: pseudo is worse everywhere; of fixmatch nothing is claimed." in said(parts(tmp_path))


def test_what_a_fit_may_show_is_said_with_its_views(tmp_path: Path) -> None:
    told = said(parts(tmp_path))
    assert told.startswith("A fit shows the encoder 9,984 to 9,984 images, the same for all ways")
    assert "else 16 labelled (all where there are fewer) and 16 others, which fixmatch sees twice." in told


def test_what_is_taken_for_the_truth_is_counted_and_how_much_of_it_is_wrong(tmp_path: Path) -> None:
    made = parts(tmp_path)
    assert "wrong is 20 % of pseudo's and 20 % of fixmatch's." in said(made)
    (table,) = [part for part in made if isinstance(part, Table) and "of these right" in part.columns]
    rows = {(row[0].text, row[1].text): [cell.text for cell in row[2:]] for row in table.rows}
    assert rows["fixmatch", "10"] == ["0", "50", "80"]
    assert rows["pseudo", "100"] == ["10", "90", "100"]


def test_of_who_was_never_sure_it_is_not_said_how_much_is_right(tmp_path: Path) -> None:
    made = parts(tmp_path, sure=0.0)
    assert "wrong is" not in said(made)
    (table,) = [part for part in made if isinstance(part, Table) and "of these right" in part.columns]
    assert [row[-1].text for row in table.rows if row[1].text == "10"] == ["", ""]


def test_below_five_seeds_nothing_is_claimed(tmp_path: Path) -> None:
    told = said(parts(tmp_path, seeds=2, gain=0.05))
    assert told.count("nothing is claimed below 5 seeds") == 4
    assert "is better" not in told


def test_a_line_is_drawn_for_each_way(tmp_path: Path) -> None:
    (figure,) = [part for part in parts(tmp_path) if isinstance(part, Figures)]
    ((_, drawing),) = figure.drawings
    assert all(f">{way}</" in drawing for way in consistency.WAYS)
