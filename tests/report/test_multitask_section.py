"""What the page says of many tasks at once."""

from pathlib import Path

from tutelage.report import records
from tutelage.report.parts import Figures, Part, Table, Words
from tutelage.report.sections import multitask

from .by_hand import ByHand


def parts(root: Path, seeds: int = 5, helps: float = 0.0, grows: float = 0.05) -> list[Part]:
    hand = ByHand(root)
    hand.multitask(seeds, helps, grows)
    # In params.yaml pairs are taught at 40 examples, which the records by hand have too.
    return list(multitask.section(records.read(0.95, hand.root)).parts)


def said(root: Path, seeds: int = 5, grows: float = 0.05) -> str:
    return " ".join(
        told for part in parts(root, seeds, grows=grows) if isinstance(part, Words) for told in part.paragraphs
    )


def test_one_net_for_all_is_held_against_one_each_and_balances_against_the_default(tmp_path: Path) -> None:
    told = said(tmp_path)
    assert told.startswith("3 tasks, classes and numbers mixed.")
    assert "is shown 4,000 images: the same budget each, and all nets of one task together 12,000." in told
    assert (
        "One net for all, against one each (alone): whole is better everywhere; mean, sum, uncertainty and projected "
        "are worse everywhere. Balancing, against mean: uncertainty is better everywhere; of sum and projected nothing "
        "is claimed." in told
    )


def test_slopes_are_those_of_the_records_a_doubling(tmp_path: Path) -> None:
    told = said(tmp_path)
    assert "With every doubling of a task's own examples, taught alone, quality rises for 2 or 3 (+5.2 points " in told
    assert (
        "With every doubling of the number of tasks taught, quality rises for accuracy, 40 examples of each (" in told
    )
    assert (
        "An encoder taught other tasks, less one as it is born: of 12 comparisons 12 are better, 0 worse, 0 open."
        in told
    )
    assert "More examples of each task, less 40: of 6 comparisons 0 are better, 0 worse, 6 open." in told


def test_of_curves_that_do_not_grow_nothing_is_claimed(tmp_path: Path) -> None:
    told = said(tmp_path, grows=-1e-5)
    assert "quality of accuracy, 40 examples of each, accuracy, 160 examples of each, R², 40" in told
    assert "rises" not in told.partition("the number of tasks taught")[2]


def test_who_is_helped_is_named_and_marked_in_the_matrix(tmp_path: Path) -> None:
    made = parts(tmp_path, helps=0.1)
    told = " ".join(told for part in made if isinstance(part, Words) for told in part.paragraphs)
    assert "at 40 examples of each: helped is ink by parity; 5 of 6 stay open." in told
    (matrix,) = [part for part in made if isinstance(part, Table) and part.columns[0] == "task" and not part.folded
                 and "parity" in part.columns]  # fmt: skip
    assert list(matrix.columns) == ["task", "2 or 3", "parity", "ink"]
    rows = {row[0].text: row[1:] for row in matrix.rows}
    assert [cell.text for cell in rows["ink"]][2] == ""
    assert rows["ink"][1].text.startswith("▲ +")
    assert rows["ink"][1].tone == "better"


def test_below_five_seeds_nothing_is_claimed_anywhere(tmp_path: Path) -> None:
    told = said(tmp_path, seeds=2)
    assert told.count("othing is claimed below 5 seeds") == 8
    assert not any(word in told for word in ("rises", "helped", "is better"))


def test_growth_is_drawn_for_classes_and_for_numbers(tmp_path: Path) -> None:
    drawn = [heading for part in parts(tmp_path) if isinstance(part, Figures) for heading, _ in part.drawings]
    assert drawn == ["accuracy, %", "R², variance explained, %"] * 2
