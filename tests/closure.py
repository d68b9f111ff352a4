"""The files of the project that a script imports, directly or not. `python tests/closure.py stages/x.py` lists them."""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "src"


def closure(script: Path) -> list[str]:
    """Paths from the repository's root, sorted; packages' own `__init__.py` hold a docstring only and are left out."""
    found: set[Path] = set()
    waiting = [script.resolve()]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += imports(file)
    return sorted(f.relative_to(ROOT).as_posix() for f in found if f.name != "__init__.py")


def imports(file: Path) -> set[Path]:
    """The project's modules that a file names in its import lines."""
    named: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            named |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    ours = {name for name in named if name.split(".")[0] == "tutelage"}
    candidates = {SOURCES / name.replace(".", "/") for name in ours}
    return {c.with_suffix(".py") for c in candidates if c.with_suffix(".py").exists()}


if __name__ == "__main__":
    for path in closure(Path(sys.argv[1])):
        print(f"      - {path}")
