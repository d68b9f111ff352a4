"""Problems of texts by the name of their data set."""

from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from tutelage.data import docstrings, fever, pubmedqa, tweets, words, xquad
from tutelage.data.kinds import Documents, Requests
from tutelage.data.problems import Made

READERS: dict[str, Callable[[Path], list[words.Text]]] = {
    "tweet-sentiment": tweets.read,
    "xquad": xquad.read,
    "eraser-fever": fever.read,
    "pubmedqa": pubmedqa.read,
}


def make(block: Documents | Requests, raw: Path) -> Made:
    """x and x* of hashed words; nothing of one is in the other but words that both have."""
    if block.name in READERS:
        return words.made(READERS[block.name](raw), block.columns)
    return words.made(
        docstrings.read(),
        block.columns,
        data=f"docstrings of SciPy {metadata.version('scipy')}",
        licence="BSD-3-Clause",
        citation='Virtanen et al., "SciPy 1.0: fundamental algorithms for scientific computing in Python", Nature '
        "Methods 17, 2020",
    )
