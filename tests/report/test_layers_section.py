"""What the page says of how transferable layers are."""

from pathlib import Path

from tutelage.report import records
from tutelage.report.parts import Figures, Part, Table, Words
from tutelage.report.sections import layers

from .by_hand import ByHand


def parts(root: Path, seeds: int = 5, apart: float = 0.02, specific: float = 0.1) -> list[Part]:
    hand = ByHand(root)
    hand.layers(seeds, apart=apart, specific=specific)
    return list(layers.section(records.read(0.95, hand.root)).parts)


def said(made: list[Part]) -> str:
    return " ".join(told for part in made if isinstance(part, Words) for told in part.paragraphs)


def table(made: list[Part], caption: str) -> list[list[str]]:
    (found,) = [part for part in made if isinstance(part, Table) and caption in part.caption]
    return [[cell.text for cell in row] for row in found.rows]


def test_each_drop_is_told_in_its_two_parts(tmp_path: Path) -> None:
    made = parts(tmp_path)
    rows = {(cut, depth): [float(part) for part in rest] for cut, depth, *rest in table(made, "its two parts")}
    assert list(rows) == [(cut, depth) for cut in layers.CUTS for depth in "1234"]
    for (cut, depth), (co_adaptation, specificity, together) in rows.items():
        assert abs(co_adaptation - 2) < 0.5
        assert abs(specificity - 10 * (1 + (cut == "dissimilar")) * (int(depth) - 1)) < 0.5
        assert abs(together - co_adaptation - specificity) < 0.11


def test_what_drops_is_worse_where_it_does(tmp_path: Path) -> None:
    told = said(parts(tmp_path))
    assert "Co-adaptation: BnB is worse everywhere." in told
    assert (
        "Specificity: AnB is worse at 2, 3 and 4 layers (random and dissimilar halves); elsewhere nothing is claimed."
        in told
    )
    assert "Tuned, against base: of BnB+ and AnB+ nothing is claimed." in told
    assert "beside random halves: dissimilar is worse at 2, 3 and 4 layers" in told


def test_what_does_not_drop_is_no_claim(tmp_path: Path) -> None:
    told = said(parts(tmp_path, apart=0, specific=0))
    assert "Co-adaptation: of BnB nothing is claimed." in told
    assert "Against random layers: AnB is better everywhere." in told


def test_below_five_seeds_nothing_is_claimed(tmp_path: Path) -> None:
    told = said(parts(tmp_path, seeds=3))
    assert told.count("nothing is claimed below 5 seeds") == 6
    assert "is worse" not in told


def test_it_is_told_how_dissimilar_the_halves_are_and_which_classes_they_have(tmp_path: Path) -> None:
    made = parts(tmp_path)
    assert "of its confusion 27 % lies between them, of random ones 56 %." in said(made)
    assert ["dissimilar", "4", "0, 1, 2, 3", "4, 5, 6, 7", "27"] in table(made, "Which classes are whose")


def test_accuracy_is_drawn_with_the_base_beside_it_and_each_drop_by_its_parts(tmp_path: Path) -> None:
    accuracy, drops = [part.drawings for part in parts(tmp_path) if isinstance(part, Figures)]
    assert [title for title, _ in accuracy] == ["Accuracy, random halves", "Accuracy, dissimilar halves"]
    assert all(f">{arm}</" in drawing for _, drawing in accuracy for arm in layers.ARMS)
    assert all(f">{part}</" in drawing for _, drawing in drops for part in layers.DROPS)
