"""What the page says of letters of fonts: from the records, whatever they hold."""

from pathlib import Path

import pytest

from tutelage.report import records
from tutelage.report.parts import Explorer, Figures, Table, Words
from tutelage.report.sections import letters, probes

from .by_hand import ByHand


def said(root: Path) -> list[str]:
    parts = letters.section(records.read(0.95, root)).parts
    return [told for part in parts if isinstance(part, Words) for told in part.paragraphs]


def again(project: ByHand, **figures: float) -> list[str]:
    packed = (project.root / "reports/pictures/letters/plane-decoder.safetensors").read_bytes()
    project.letters(5, packed, **figures)
    return said(project.root)


def test_it_says_how_small_it_is_and_who_was_held_out(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    assert said(tmp_path)[0].startswith(
        "3 letters in 6 faces of 2 families of fonts are 1,245 images. 3 faces are learned from (1234 images), 1 are "
        "for validation (5), 2 are held out (6): A Three and B <b>&."
    )


def test_held_out_faces_are_beside_those_learned_from_and_their_letters_means(tmp_path: Path) -> None:
    told = again(ByHand(tmp_path).whole())[1]
    assert "held out with 24.1: 4.0 [4.0, 4.0] more" in told
    assert "Against the mean of the same letter over the faces learned from, 22.0, that is 2.1 [2.0, 2.3] more" in told


@pytest.mark.parametrize(
    ("held_out", "words"), [(21.0, "that is 0.9 [0.7, 1.0] less."), (21.9, "[−0.1, 0.2] more, which is no claim.")]
)
def test_less_error_than_the_letters_mean_is_said_and_a_tie_claims_nothing(
    held_out: float, words: str, tmp_path: Path
) -> None:
    assert words in again(ByHand(tmp_path).whole(), held_out=held_out)[1]


def test_below_five_seeds_nothing_is_claimed_of_letters(tmp_path: Path) -> None:
    ByHand(tmp_path).whole(seeds=2)
    assert "more; nothing is claimed below 5 seeds" in said(tmp_path)[1]


def test_letters_told_apart_stand_beside_chance(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    assert said(tmp_path)[2] == (
        "Of held-out letters 40 % [40, 40] are told by the 5 nearest codes of plane; by chance 33 %, by the nearest "
        "images 90 %."
    )


def test_every_face_held_out_has_a_row_and_a_picture_and_the_plane_can_be_walked(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    parts = letters.section(records.read(0.95, tmp_path)).parts
    by_face = [part for part in parts if isinstance(part, Table)][1]
    faces = ["A Three", "B <b>&"]
    assert [row[0].text for row in by_face.rows] == faces
    assert [heading for heading, _ in [part for part in parts if isinstance(part, Figures)][-1].drawings] == faces
    assert len([part for part in parts if isinstance(part, Explorer)]) == 1


def test_letters_sit_no_exam_of_the_encoders(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    told = probes.section(records.read(0.95, tmp_path)).parts
    tables = [part for part in told if isinstance(part, Table) and part.columns[0] == "way"]
    assert tables
    assert not any(
        "test a class" in table.columns or "pixels" in {row[0].text for row in table.rows} for table in tables
    )
