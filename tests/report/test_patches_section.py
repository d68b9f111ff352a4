"""What the page says of relative patches: from the records, whatever they hold."""

from pathlib import Path

import pytest

from tutelage.report import records
from tutelage.report.parts import Figures, Table, Words
from tutelage.report.sections import patches

from .by_hand import ByHand


def said(root: Path) -> list[str]:
    made = patches.section(records.read(0.95, root)).parts
    return [told for part in made if isinstance(part, Words) for told in part.paragraphs]


def test_neighbours_told_stand_beside_chance_and_beside_what_the_second_patch_tells_alone(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    assert said(tmp_path)[0].startswith(
        "Of pairs of unseen images, 12.5 % by chance, neighbours are told by apart 40.2 %"
    )
    assert "where the first patch is another image's 30.2 %" in said(tmp_path)[0]
    assert "a difference of +10.0" in said(tmp_path)[0]
    assert "by a net that only second patches taught 38.2 %" in said(tmp_path)[0]
    assert "a difference of +2.0" in said(tmp_path)[0]
    # 25.7 of 27.7 points above chance
    assert "where subjects are centred: above chance it tells 93 % of what apart does and 93 %" in said(tmp_path)[1]
    assert said(tmp_path)[1].endswith("of as many one that only second patches taught tells more.")


def test_a_first_patch_that_brings_nothing_is_no_claim(tmp_path: Path) -> None:
    ByHand(tmp_path).whole().patches(5, relation=0.0)
    assert said(tmp_path)[0].count("points, which is no claim") == 4
    assert "misleads" not in said(tmp_path)[1]


def test_what_tells_no_more_than_chance_has_no_share_of_it(tmp_path: Path) -> None:
    ByHand(tmp_path).whole().patches(5, own=0.123)
    assert "where subjects are centred. Only what the first patch brings" in said(tmp_path)[1]


@pytest.mark.parametrize(
    ("apart", "words"),
    [
        (
            0.6,
            "fails: of 6 comparisons 0 hold, 6 fail. It fails by logistic regression at 10 and 3600 labels, by nearest",
        ),
        (0.8, "fails"),
        (0.89, "holds: of 6 comparisons 6 hold, 0 fail. It holds by"),  # less, and by less than the margin of 2 points
        (0.95, "holds"),
        (0.88, "stays open: of 6 comparisons 0 hold, 0 fail."),
    ],
)
def test_not_less_than_by_labels_is_judged_by_the_margin(apart: float, words: str, tmp_path: Path) -> None:
    ByHand(tmp_path).whole().patches(5, apart=apart)
    assert f"is not less than by labels, with a margin of 2 points, {words}" in said(tmp_path)[2]


def test_how_much_less_is_told_without_the_margin(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    assert said(tmp_path)[2].endswith("by 30.0 to 30.0 points less.")


def test_below_five_seeds_nothing_is_claimed_of_patches(tmp_path: Path) -> None:
    ByHand(tmp_path).whole(seeds=2)
    told = said(tmp_path)
    assert "is not judged: nothing is claimed below 5 seeds" in told[2]
    assert all("nothing is claimed below 5 seeds" in one for one in (told[0], *told[3:]))


def test_the_floor_and_the_control_are_questions_of_their_own(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    _, _, _, floor, control, layers = said(tmp_path)
    assert floor == "Against random (an encoder as it is born): apart and shortcuts are better everywhere."
    assert control == "Against shortcuts (no gap, no jitter): apart is worse everywhere."
    assert layers == "A probe of each layer, against random: apart and shortcuts are better everywhere."


def test_every_count_of_labels_has_fine_tuning_whichever_stage_did_it(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    made = patches.section(records.read(0.95, tmp_path)).parts
    (table,) = [part for part in made if isinstance(part, Table) and part.caption.startswith("Accuracy, %, by labels")]
    assert table.columns == ["protocol", "encoder", "10", "100", "3600"]
    assert {row[0].text: [bool(cell.text) for cell in row[2:]] for row in table.rows} == {
        "logistic regression": [True, False, True],
        "nearest neighbours": [True, False, True],
        "fine-tuning": [True, True, False],
    }
    assert len([drawing for part in made if isinstance(part, Figures) for drawing in part.drawings]) == 4 + 2
