"""The catalogue as it stands, and mistakes made in it."""

from pathlib import Path

import pytest
import yaml

from tutelage.data import catalogue
from tutelage.errors import Mistake

FILE = Path(__file__).parents[2] / "data" / "catalogue.yaml"
SETS = yaml.safe_load(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(SETS))
def test_every_entry_is_whole(name: str) -> None:
    found = catalogue.find(name, FILE)
    assert len({file.name for file in found.files}) == len(found.files)


def test_an_unknown_data_set_brings_the_nearest_and_all() -> None:
    with pytest.raises(
        Mistake, match=r"no data set fashon-mnist; did you mean fashion-mnist\?; .* has airfoil-noise, "
    ) as said:
        catalogue.find("fashon-mnist", FILE)
    assert all(name in str(said.value) for name in SETS)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("source", "packages", r"digits.source is packages; write package, download or git"),
        ("licence", "", r"digits.licence = \"\": String should have at least 1 character"),
        ("citatoin", "x", r"digits.citatoin is no parameter; delete it"),
        ("files", [], r"digits.files: names no file"),
        ("files", [{**SETS["digits"]["files"][0], "sha256": "abc"}], r"digits.files.0.sha256 = \"abc\""),
        ("files", [{**SETS["digits"]["files"][0], "name": "../x"}], r"digits.files.0.name: ../x leads out of"),
    ],
)
def test_a_mistake_in_the_catalogue_is_one_line(tmp_path: Path, key: str, value: object, said: str) -> None:
    wrong = tmp_path / "catalogue.yaml"
    wrong.write_text(yaml.safe_dump({"digits": {**SETS["digits"], key: value}}))
    with pytest.raises(Mistake, match=said) as raised:
        catalogue.find("digits", wrong)
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith(str(wrong))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: [", "line 2, column 5: not YAML"),
        ("- a", "holds no data sets"),
        ("a: \xe9", "is not UTF-8 at byte 3"),
    ],
)
def test_a_catalogue_that_cannot_be_read_says_where(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "catalogue.yaml").write_bytes(text.encode("latin-1"))
    with pytest.raises(Mistake, match=said):
        catalogue.find("a", tmp_path / "catalogue.yaml")


def test_a_missing_catalogue_is_said(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="is missing"):
        catalogue.find("digits", tmp_path / "catalogue.yaml")
