"""What the page says of the style-based pair."""

from pathlib import Path

from tutelage.report import page, records
from tutelage.report.parts import Figures, Section, Table, Words
from tutelage.report.sections import generation, style_gan

from .by_hand import ByHand


def section(root: Path) -> Section:
    return style_gan.section(records.read(0.95, root))


def said(root: Path) -> list[str]:
    return [told for part in section(root).parts if isinstance(part, Words) for told in part.paragraphs]


def test_what_noise_does_stands_beside_what_styles_do(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    assert said(tmp_path)[1].startswith("Of one seed: between images of one style")
    assert "is 0.0030 in the mean; between images of other styles under one noise it is 0.1600." in said(tmp_path)[1]


def test_a_style_based_pair_that_collapses_is_named(tmp_path: Path) -> None:
    ByHand(tmp_path).whole().styled(hit=2)
    assert said(tmp_path)[0] == "style collapses in its one seed: samples hit as few as 2 of 10 classes."
    ByHand(tmp_path).styled(entropy=1.5)
    assert said(tmp_path)[0].startswith("style collapses in part in its one seed: samples hit all 10 classes, at an")


def test_of_one_seed_the_game_has_no_mean_and_no_band(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    told = [part.caption for part in section(tmp_path).parts if isinstance(part, Figures | Table)]
    assert told[0].endswith("Line: one seed, so that there is no interval.")
    assert told[1] == "At the end: one seed, so that there is no interval"


def test_two_pictures_are_told_apart_by_their_names_and_not_by_where_they_stand(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    walk = next(p for p in section(tmp_path).parts if isinstance(p, Figures) and p.drawings[0][0].startswith("A walk"))
    for heading, _ in walk.drawings:
        assert heading in walk.caption
    assert "Left" not in walk.caption
    assert "Right" not in walk.caption


def test_of_one_seed_truncations_are_told_and_nothing_is_claimed(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    assert said(tmp_path)[2] == (
        "Of one seed, so that nothing is claimed: at ψ = 1 precision is 42 %, recall 37 % and the Fréchet "
        "distance 6.0; at ψ = 0.5 precision is 84 %, recall 74 % and the Fréchet distance 12.0. The Fréchet distance "
        "is least at ψ = 1."
    )


def test_truncations_stand_between_ceiling_and_floor(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    (table,) = [part for part in section(tmp_path).parts if isinstance(part, Table) and part.columns[0] == "samples"]
    rows = [(row[0].text, row[0].beside, row[1].text, row[-1].text) for row in table.rows]
    assert rows == [
        ("unseen images", "ceiling", "1.0", "5"),
        ("ψ = 1", "", "6.0", "1"),
        ("ψ = 0.5", "", "12.0", "1"),
        ("noise", "floor", "300.0", "5"),
    ]
    assert table.rows[0][1].beside
    assert not table.rows[1][1].beside


def test_the_walk_moves_and_stands_still_for_who_asks_for_less_motion(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    walk = next(
        drawing
        for part in section(tmp_path).parts
        if isinstance(part, Figures)
        for heading, drawing in part.drawings
        if heading == "A walk through w"
    )
    assert walk.startswith('<picture><source media="(prefers-reduced-motion: reduce)" srcset="data:image/png;base64,')
    assert 'src="data:image/webp;base64,bW92aW5n"' in walk
    assert 'alt="' in walk
    assert str(walk) in page.render(records.read(0.95, tmp_path))


def test_beside_the_others_nothing_is_claimed_of_one_seed_and_the_others_are_compared(tmp_path: Path) -> None:
    ByHand(tmp_path).whole()
    parts = generation.section(records.read(0.95, tmp_path)).parts
    told = " ".join(told for part in parts if isinstance(part, Words) for told in part.paragraphs)
    assert "style_gan has 1 of the 5 seeds: nothing is claimed of it." in told
    assert "gan non_saturating, passes" in told
    assert "below 5 seeds" not in told
