"""Drawings."""

import re

import pandas as pd
from markupsafe import Markup

from tutelage.report import figures
from tutelage.report.figures import Axis

from .by_hand import NASTY

ROWS = pd.DataFrame({"level": [10.0, 1.0, 10.0, 1.0], "value": [0.6, 0.2, 0.8, 0.4]})


def drawn(name: str = "drawing", arm: str = "frozen") -> Markup:
    line = figures.line(arm, ROWS, "level", "value", 0.95)
    x, y = Axis("labels", [1, 10], log=True), Axis("accuracy, %", percent=True)
    return figures.lines(name, [line], x, y, title=arm, told=arm, size=(400, 300), dashed=(arm, 0.5))


def test_a_line_is_the_mean_by_x_and_keeps_each_seeds_value() -> None:
    line = figures.line("frozen", ROWS, "level", "value", 0.95)
    assert line.x == [1, 10]
    assert [round(m, 12) for m in line.mean] == [0.3, 0.7]
    assert sorted(line.dots) == [(1, 0.2), (1, 0.4), (10, 0.6), (10, 0.8)]


def test_what_is_along_an_axis_is_a_number_however_it_is_written() -> None:
    rows = pd.DataFrame({"level": ["1", "10", "5"], "value": [0.1, 0.9, 0.5]})
    line = figures.line("frozen", rows, "level", "value", 0.95)
    assert (line.x, line.mean) == ([1, 5, 10], [0.1, 0.5, 0.9])


def test_a_drawing_is_the_same_bytes_twice() -> None:
    assert drawn() == drawn()


def test_text_stays_text_and_what_a_name_holds_is_escaped() -> None:
    drawing = drawn(arm=NASTY + "$x^2$")
    assert "&lt;/script&gt;&lt;b&gt;" in drawing
    assert "$x^2$</text>" in drawing
    assert "<b>" not in drawing


def test_colours_and_fonts_are_the_pages() -> None:
    drawing = drawn()
    assert "var(--series-0)" in drawing
    assert not re.search(r"#[0-9a-f]{6}\b|font-family|DejaVu", re.sub(r'(id|href|clip-path)="[^"]*"', "", drawing))


def test_no_id_is_in_two_drawings() -> None:
    one, two = (set(re.findall(r'id="([^"]+)"', drawn(name))) for name in ("one", "two"))
    assert one
    assert not one & two


def test_ticks_are_where_they_are_said_to_be() -> None:
    labels = re.findall(r">([\d.]+)</text>", drawn())
    assert labels[:2] == ["1", "10"]
