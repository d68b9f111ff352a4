"""The code a script stands on: what it imports by any way, and nothing else."""

from pathlib import Path

import pytest

from tutelage import closure
from tutelage.errors import Mistake


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {
        "stages/one.py": "import json\nfrom tutelage import a\n",
        "src/tutelage/__init__.py": '"""A package."""\n',
        "src/tutelage/a.py": "def f():\n    from tutelage.room.b import g\n    return g\n",
        "src/tutelage/room/__init__.py": '"""A room."""\n',
        "src/tutelage/room/b.py": "g = 1\n",
        "src/tutelage/room/c.py": "h = 2\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_script_stands_on_what_its_modules_import_too(project: Path) -> None:
    found = closure.closure(Path("stages/one.py"), project)
    assert found == ["src/tutelage/a.py", "src/tutelage/room/b.py", "stages/one.py"]


def test_a_listing_changes_with_any_of_its_code_and_with_nothing_else(project: Path) -> None:
    before = closure.listing(Path("stages/one.py"), project)
    (project / "src/tutelage/room/c.py").write_text("h = 3\n", encoding="utf-8")
    assert closure.listing(Path("stages/one.py"), project) == before
    (project / "src/tutelage/room/b.py").write_text("g = 2\n", encoding="utf-8")
    assert closure.listing(Path("stages/one.py"), project) != before


def test_code_that_is_no_python_is_named_with_its_line(project: Path) -> None:
    (project / "src/tutelage/a.py").write_text("x = 1\ndef f(:\n", encoding="utf-8")
    with pytest.raises(Mistake, match=r"a\.py, line 2"):
        closure.closure(Path("stages/one.py"), project)
