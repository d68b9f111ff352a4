"""What the page says of two views of one image: from the records, whatever they hold."""

from pathlib import Path

import pytest

from tutelage.report import records
from tutelage.report.parts import Figures, Table, Words
from tutelage.report.sections import redundancy

from .by_hand import ByHand


def said(root: Path) -> list[str]:
    made = redundancy.section(records.read(0.95, root)).parts
    return [told for part in made if isinstance(part, Words) for told in part.paragraphs]


def test_what_was_learned_is_told_in_units_of_a_correlation(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    told, *_ = said(tmp_path)
    assert "32 images a batch, 64 presentations." in told
    assert (
        "As it learns, 1 − C_ii goes from 0.50 to 0.20, C_ij goes from 0.40 to 0.10 and r_ij goes from 0.31 to 0.31, "
        "in root mean square." in told
    )
    assert told.endswith("barlow_twins is better by 1 − C_ii and C_ij; elsewhere nothing is claimed.")


def test_views_that_agree_no_more_than_at_birth_are_no_claim(tmp_path: Path) -> None:
    ByHand(tmp_path).whole().views(5, agree=0.5)
    assert "barlow_twins is better by C_ij; elsewhere nothing is claimed." in said(tmp_path)[0]


def test_it_is_held_against_the_floor_an_autoencoder_and_the_ceiling_each_for_itself(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()  # .7 beside .5 of the floor, less than .4 of deep and .9 by all labels
    assert said(tmp_path)[1].startswith(
        "Against random (an encoder as it is born, the floor): barlow_twins is better everywhere. "
        "Against deep (the encoder of an autoencoder): barlow_twins is better everywhere. "
        "Against denoising_views (the encoder of an autoencoder that sees a view and is asked for the image): "
        "barlow_twins is better everywhere. "
        "Against all (an encoder that all labels have taught): barlow_twins is worse everywhere."
    )


def test_of_an_autoencoder_under_the_same_views_the_record_says_whether_the_loss_brings_more(tmp_path: Path) -> None:
    by_hand = ByHand(tmp_path).whole()
    assert said(tmp_path)[2] == (
        "deep was shown images as they are, denoising_views the views of Barlow twins; against deep: denoising_views "
        "is better everywhere. So views alone do not make all of the lead: by logistic regression at 10 and 3600 "
        "labels, by nearest neighbours at 10 and 3600 labels and by fine-tuning at 10 labels the loss brings more."
    )
    by_hand.examined("exam_autoencoder@denoising_views", "denoising_views", 5, 0.7)
    assert said(tmp_path)[2].endswith(
        "That the loss brings more than the views do is not shown: where they are the same, no lead is claimed."
    )


@pytest.mark.parametrize(("was", "now"), [("&views {shift: 2", "&views {shift: 3"), ("denoising_views:", "renamed:")])
def test_without_an_autoencoder_under_the_same_views_loss_and_views_are_not_told_apart(
    was: str, now: str, tmp_path: Path
) -> None:
    ByHand(tmp_path).whole()
    path = tmp_path / "params.yaml"
    told, alias = path.read_text(encoding="utf-8"), "views: *views"
    assert was in told
    extent = told.partition("&views ")[2].partition("}")[0] + "}"
    path.write_text(told.replace(alias, f"views: {extent}"), encoding="utf-8")
    assert "no autoencoder" not in said(tmp_path)[2]
    path.write_text(told.replace(alias, f"views: {extent}").replace(was, now), encoding="utf-8")
    assert "no autoencoder the same views: how much is due to the views and how much" in said(tmp_path)[2]


def test_where_it_is_no_better_nothing_is_claimed(tmp_path: Path) -> None:
    ByHand(tmp_path).whole().views(5, worth=0.5)
    assert "the floor): of barlow_twins nothing is claimed." in said(tmp_path)[1]


def test_below_five_seeds_nothing_is_claimed_of_two_views(tmp_path: Path) -> None:
    ByHand(tmp_path).whole(seeds=2)
    learned, worth, due = said(tmp_path)
    assert learned.endswith("nothing is claimed below 5 seeds.")
    assert worth.count("nothing is claimed below 5 seeds") == 4
    assert due.endswith("against deep: nothing is claimed below 5 seeds.")


def test_the_table_of_what_was_learned_shows_less_as_less_and_says_which_family_it_is(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    made = redundancy.section(records.read(0.95, tmp_path)).parts
    (learned,) = [p for p in made if isinstance(p, Table) and p.caption.startswith("Taught less")]
    assert [row[1].text for row in learned.rows] == ["1 − C_ii", "C_ij", "r_ij"]
    assert learned.rows[0][2].text == "−0.300"
    assert learned.rows[0][-1].text == "better"
    assert "for the 3 comparisons" in learned.note
    (health,) = [p for p in made if isinstance(p, Table) and p.caption.startswith("Codes of")]
    assert (health.rows[0][0].text, health.rows[0][2].text) == ("barlow_twins", "12.0")
    assert len([drawing for part in made if isinstance(part, Figures) for drawing in part.drawings]) == 3
