"""What the page says of the data sets."""

from pathlib import Path

from tutelage.report import records
from tutelage.report.parts import Facts
from tutelage.report.sections import data

from .by_hand import NASTY, ByHand


def origins(root: Path) -> dict[str, str]:
    """What is said of each data set, by name; the page escapes it."""
    (facts,) = [part for part in data.section(records.read(0.95, root)).parts if isinstance(part, Facts)]
    return dict(facts.facts)


def test_images_of_yours_say_how_many_have_no_label_and_what_was_left_out(tmp_path: Path) -> None:
    project = ByHand(tmp_path).whole()
    project.about("images", "yours-images", [NASTY, "two words"], unlabelled=1200, skipped=["a.txt", "b.txt"])
    told = origins(tmp_path)["yours-images"]
    assert "1,200 images of the training part have no label" in told
    assert "2 files are no images and were left out, a.txt first" in told
    assert f"Classes: {NASTY}, two words. " in told


def test_catalogued_images_say_nothing_of_the_kind(tmp_path: Path) -> None:
    ByHand(tmp_path).whole(name="digits")
    assert "label" not in origins(tmp_path)["digits"]
    assert "left out" not in origins(tmp_path)["digits"]
