"""What the page says of the data sets."""

from pathlib import Path

from markupsafe import escape

from tutelage.report import page, records

from .by_hand import NASTY, ByHand


def test_images_of_yours_say_how_many_have_no_label_and_what_was_left_out(tmp_path: Path) -> None:
    project = ByHand(tmp_path).whole()
    project.about(
        "images", "yours", [NASTY, 'two "words"', *"23456789"], unlabelled=1200, skipped=[f"{NASTY}.txt", "b.txt"]
    )
    told = page.render(records.read(0.95, tmp_path))
    assert "1,200 images of the training part have no label" in told
    assert f"2 files are no images and were left out, {escape(NASTY)}.txt first" in told
    assert f"Classes: {escape(NASTY)}, two &#34;words&#34;, 2, 3" in told
    assert NASTY not in told


def test_catalogued_images_say_nothing_of_the_kind(tmp_path: Path) -> None:
    told = page.render(records.read(0.95, ByHand(tmp_path).whole().root))
    assert "have no label: none is examined" not in told
    assert "were left out" not in told
