"""Links of data/yours to a user's files."""

import os
from pathlib import Path


def lead(link: Path, path: Path) -> None:
    """Lets the link lead to the path, at once or not at all."""
    if link.resolve() != path.resolve():
        aside = link.with_name(f".{link.name}")
        aside.unlink(missing_ok=True)
        aside.symlink_to(path.resolve())
        os.replace(aside, link)
