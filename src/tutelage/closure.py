"""What code a script stands on: itself and the project's modules it imports, directly or not."""

import ast
import hashlib
from pathlib import Path

from tutelage.errors import Mistake


def closure(script: Path, root: Path = Path()) -> list[str]:
    """Paths from the root, sorted; a package's `__init__.py` holds a docstring only and is left out. Raises Mistake."""
    found: set[Path] = set()
    waiting = [root / script]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += imports(file, root)
    return sorted(f.relative_to(root).as_posix() for f in found if f.name != "__init__.py")


def imports(file: Path, root: Path = Path()) -> set[Path]:
    """The project's modules that a file names in its import lines. Raises Mistake for a file that is not Python."""
    named: set[str] = set()
    for node in ast.walk(_parsed(file)):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            named |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    ours = {name for name in named if name.split(".")[0] == "tutelage"}
    candidates = {root / "src" / name.replace(".", "/") for name in ours}
    return {c.with_suffix(".py") for c in candidates if c.with_suffix(".py").exists()}


def listing(script: Path, root: Path = Path()) -> str:
    """A line a file, its digest first: changes where any of the code does, and with nothing else."""
    return "".join(
        f"{hashlib.sha256((root / path).read_bytes()).hexdigest()}  {path}\n" for path in closure(script, root)
    )


def _parsed(file: Path) -> ast.Module:
    try:
        return ast.parse(file.read_text(encoding="utf-8"))
    except SyntaxError as error:
        raise Mistake(f"{file}, line {error.lineno}: {error.msg}; mend that line") from None
