"""Problems of documents, by the name of their texts."""

from pathlib import Path

from tutelage.data import docstrings
from tutelage.data.kinds import Documents
from tutelage.data.problems import Made


def make(block: Documents, raw: Path) -> Made:
    """x and x* share no column's meaning but by a word that is in both."""
    return docstrings.make(block.columns)
