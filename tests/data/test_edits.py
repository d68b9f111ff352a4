"""Keys of params.yaml get other values, and not a byte else changes."""

from pathlib import Path

import pytest
import yaml

from tutelage import params
from tutelage.data import edits
from tutelage.errors import Mistake

TEXT = """\
# What it is.
# How long it takes.
images:
  name: digits               # of the catalogue
  more:
    deep: [1,  2]            # odd spaces
  # a line between
  last: 1

other: {name:   digits}
"""


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params.yaml").write_text(TEXT, encoding="utf-8")
    return tmp_path / "params.yaml"


def test_a_key_keeps_its_comment_and_another_block_its_spaces(file: Path) -> None:
    edits.keys("images", {"name": "yours", "new": None})
    assert file.read_text(encoding="utf-8") == TEXT.replace(
        "name: digits               #", "name: yours                #"
    ).replace("images:\n", "images:\n  new: null\n")


def test_a_value_of_several_lines_becomes_one_line(file: Path) -> None:
    edits.keys("images", {"more": {"deep": [3]}})
    assert "  more: {deep: [3]}\n  # a line between\n" in file.read_text(encoding="utf-8")


def test_an_entry_comes_last_in_its_family_and_takes_the_place_of_its_former(file: Path) -> None:
    for value in (1, 2):
        edits.entry("images", "more", {"deep": value})
        assert file.read_text(encoding="utf-8").endswith(
            f"  last: 1\n  more:\n    deep: {value}\n\nother: {{name:   digits}}\n"
        )


@pytest.mark.parametrize(
    "value",
    ["plain", "on", "No", "</script>", 'a "quoted", one', "#", "a: b", "класс", "", "12", "null", "1e-4", " x ", "a\\b",
     1, 0.5, 1e-4, 1e20, True, None, [1, ["a b", None]], {"a": {"b": "x, y"}}],
)  # fmt: skip
def test_a_value_is_read_as_it_was_written_by_both_yamls(file: Path, value: object) -> None:
    edits.keys("images", {"name": value})
    assert params.load()["images"]["name"] == value
    assert yaml.safe_load(file.read_text(encoding="utf-8"))["images"]["name"] == value


def test_a_block_on_one_line_is_refused_and_left_as_it_is(file: Path) -> None:
    with pytest.raises(Mistake, match="other has not a line a key"):
        edits.keys("other", {"name": "yours"})
    assert file.read_text(encoding="utf-8") == TEXT
