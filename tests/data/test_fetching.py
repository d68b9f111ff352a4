"""Data sets that ship inside packages."""

from pathlib import Path

import pytest
import yaml

from tutelage.data import fetching
from tutelage.errors import Mistake

CATALOGUE = Path(__file__).parents[2] / "data" / "catalogue.yaml"


def test_a_fetch_leaves_the_files_of_that_data_set_alone(tmp_path: Path) -> None:
    fetching.fetch("mnist-5k", tmp_path / "raw", CATALOGUE)
    fetching.fetch("digits", tmp_path / "raw", CATALOGUE)
    assert [file.name for file in (tmp_path / "raw").iterdir()] == ["digits.csv.gz"]
    assert [folder.name for folder in tmp_path.iterdir()] == ["raw"]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"package": "no_such_package"}, "digits.csv.gz ships in the package no_such_package, which is not installed"),
        ({"path": "nowhere.csv.gz"}, r"sklearn/nowhere\.csv\.gz is missing; install another version of sklearn"),
        ({"bytes": 7}, r"digits\.csv\.gz is 57,523 bytes, not 7; install another version of sklearn"),
        ({"sha256": "0" * 64}, r"digits\.csv\.gz has sha256 09f66e6debde…, not 000000000000…; install"),
    ],
)
def test_a_package_without_the_file_is_one_line(tmp_path: Path, keys: dict[str, object], said: str) -> None:
    entry = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))["digits"]
    for key, value in keys.items():
        (entry if key in entry else entry["files"][0])[key] = value
    wrong = tmp_path / "catalogue.yaml"
    wrong.write_text(yaml.safe_dump({"digits": entry}))
    with pytest.raises(Mistake, match=said):
        fetching.fetch("digits", tmp_path / "raw", wrong)
    assert [file.name for file in tmp_path.iterdir()] == ["catalogue.yaml"]
