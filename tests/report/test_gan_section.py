"""What the page says of adversarial pairs."""

from pathlib import Path

from tutelage.report import records
from tutelage.report.parts import Figures, Table, Words
from tutelage.report.sections import gan

from .by_hand import ByHand


def said(root: Path) -> list[str]:
    parts = gan.section(records.read(0.95, root)).parts
    return [told for part in parts if isinstance(part, Words) for told in part.paragraphs]


def test_pairs_that_hit_all_classes_do_not_collapse(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    assert said(tmp_path)[0] == (
        "No pair collapses: at the end the samples of every seed hit all 10 classes, at an entropy of their shares of "
        "2.20 nats or more."
    )


def test_a_pair_that_collapses_is_named_with_how_far(tmp_path: Path) -> None:
    project = ByHand(tmp_path).whole()
    project.pair("minimax", 0.2, 5, hit=3)
    assert said(tmp_path)[0] == "minimax collapses in 5 of 5 seeds: samples hit as few as 3 of 10 classes."


def test_a_pair_that_hits_all_classes_unevenly_collapses_in_part(tmp_path: Path) -> None:
    project = ByHand(tmp_path).whole()
    project.pair("minimax", 0.2, 5, hit=10, entropy=2.185)  # of its five seeds two are below the bar
    assert said(tmp_path)[0] == (
        "minimax collapses in part in 2 of 5 seeds: samples hit all 10 classes, at an entropy of their shares of 2.19 "
        "nats at the least, below 2.20."
    )


def test_what_is_left_of_the_gradient_is_compared_pair_by_pair(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    assert "minimax 0.012 and non_saturating 0.027 in the mean over steps 11 to 20." in said(tmp_path)[1]
    assert "non_saturating is better everywhere" in said(tmp_path)[1]


def test_below_five_seeds_nothing_is_claimed_of_it(tmp_path: Path) -> None:
    ByHand(tmp_path).whole(seeds=2)
    assert "nothing is claimed below 5 seeds" in said(tmp_path)[1]


def test_one_seed_has_no_mean_and_no_band(tmp_path: Path) -> None:
    ByHand(tmp_path).whole(seeds=1)
    made = gan.section(records.read(0.95, tmp_path)).parts
    captions = [part.caption for part in made if isinstance(part, Figures)]
    assert all(caption.endswith("Line: one seed, so that there is no interval.") for caption in captions)
    assert "At the end: one seed, so that there is no interval" in [p.caption for p in made if isinstance(p, Table)]
    drawings = [str(drawing) for part in made if isinstance(part, Figures) for _, drawing in part.drawings]
    assert all("One seed at the end: minimax" in drawing for drawing in drawings)
    assert said(tmp_path)[0].startswith("No pair collapses: at the end the samples of its one seed hit")


def test_the_table_says_what_most_entropy_there_can_be(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    (table, *_) = [part for part in gan.section(records.read(0.95, tmp_path)).parts if isinstance(part, Table)]
    assert "entropy of classes, nats (most: 2.30)" in table.columns
