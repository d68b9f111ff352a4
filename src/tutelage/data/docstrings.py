"""SciPy's docstrings as documents: x the line that sums up, x* the text below it, y the sub-package that has it.

They come with the SciPy that is installed. Wrappers of LAPACK and BLAS stand in no list of what is public, so not here.
"""

import importlib
import inspect
import re
from importlib import metadata
from typing import NamedTuple

import numpy as np

from tutelage.data.problems import Examples, Made
from tutelage.data.words import hashed, words

PACKAGES = ("interpolate", "linalg", "ndimage", "optimize", "signal", "sparse", "spatial", "special", "stats")
"""Those with more than 50; the others have 10 to 30."""
ALIKE = 4  # letters with which the names of a family begin


class Document(NamedTuple):
    """One function, class or distribution."""

    summary: str
    body: str
    package: str
    family: str  # names that begin alike, such as those of dct and dctn: their docstrings are near copies


def make(columns: int) -> Made:
    """All of them, those of a family one group."""
    found = read()
    families = np.array([document.family for document in found])
    examples = Examples(
        hashed([words(document.summary) for document in found], columns),
        hashed([words(document.body) for document in found], columns),
        np.array([PACKAGES.index(document.package) for document in found]),
        np.unique(families, return_inverse=True)[1],
    )
    version = metadata.version("scipy")
    return Made(
        examples,
        PACKAGES,
        standardised=False,
        data=f"docstrings of SciPy {version}",
        licence="BSD-3-Clause",
        citation='Virtanen et al., "SciPy 1.0: fundamental algorithms for scientific computing in Python", Nature '
        "Methods 17, 2020",
    )


def read() -> list[Document]:
    """All of the public lists, each docstring once, in the order of their names."""
    told: dict[str, Document] = {}
    for package in PACKAGES:
        top = importlib.import_module(f"scipy.{package}")
        for name in sorted(top.__all__):
            said = getattr(top, name)
            text = None if inspect.ismodule(said) else inspect.getdoc(said)
            if text and (document := cut(text, package, name)):
                told.setdefault(document.body, document)
    return list(told.values())


def cut(text: str, package: str, name: str) -> Document | None:
    """Without what says where it is: signatures, lines of code and SciPy's own names. None where there is no body."""
    parts = [part for part in re.split(r"\n\s*\n", text) if not re.match(r"\w+\(.*\)", part)]
    if len(parts) < 2:
        return None
    body = re.sub(r"(?m)^\s*(>>>|\.\.\. ).*$|\bscipy(\.\w+)*", " ", "\n".join(parts[1:]))
    return Document(" ".join(parts[0].split()), " ".join(body.split()), package, name[:ALIKE].lower())
