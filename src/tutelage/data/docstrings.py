"""SciPy's docstrings: x the line that sums up, x* the text below it, y the sub-package that has it.

They come with the SciPy that is installed. Wrappers of LAPACK and BLAS stand in no list of what is public, so not here.
"""

import importlib
import inspect
import re

from tutelage.data.words import Text, words

PACKAGES = ("linalg", "ndimage", "signal", "special", "stats")
"""Those with most of them, 75 to 340."""
NUMBERS = r"\b0x[0-9a-f]+|\d[\d.]*(e[-+]?\d+)?"
ALIKE = 4  # letters with which the names of a family begin, as dct and dctn: their docstrings are near copies


def read() -> list[Text]:
    """All of the public lists, each text once, in the order of their names."""
    told: dict[str, Text] = {}
    for package in PACKAGES:
        top = importlib.import_module(f"scipy.{package}")
        for name in sorted(top.__all__):
            said = getattr(top, name)
            text = None if inspect.ismodule(said) else inspect.getdoc(said)
            if text and (found := cut(text)):
                summary, body = found
                told.setdefault(body, Text(words(summary), words(body), package, name[:ALIKE].lower()))
    return list(told.values())


def cut(text: str) -> tuple[str, str] | None:
    """The line that sums up and what is below it; None where nothing is.

    Without what says where it is: signatures, lines of code and SciPy's own names. And without numbers, which are
    drawn anew in some examples, and are places in memory in others, whenever SciPy is imported.
    """
    parts = [part for part in re.split(r"\n\s*\n", text) if not re.match(r"\w+\(.*\)", part)]
    if len(parts) < 2:
        return None
    body = re.sub(rf"(?mi)^\s*(>>>|\.\.\. ).*$|scipy(\.\w+)*|{NUMBERS}", " ", "\n".join(parts[1:]))
    return " ".join(parts[0].split()), " ".join(body.split())
