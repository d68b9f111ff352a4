"""Words as numbers: each is hashed to a column, so that nothing is fitted on what is asked. Weinberger et al., 2009."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer

from tutelage.data.problems import Examples, Made, Numbers


class Text(NamedTuple):
    """One example of a problem of texts."""

    x: Sequence[str]  # words; or what stands for some, such as `both:word`
    star: Sequence[str]
    y: str
    group: str


def words(text: str) -> list[str]:
    """In small letters, in their order; numbers are words too."""
    return re.findall(r"[^\W_]+", text.lower())


def marked(name: str, some: Sequence[str]) -> list[str]:
    """Words that have columns of their own, whatever the same words do elsewhere."""
    return [f"{name}:{word}" for word in some]


def hashed(texts: Sequence[Sequence[str]], columns: int) -> Numbers:
    """Of each which words are there, not how often; a row has unit length, or is 0 where there is none."""
    of = HashingVectorizer(analyzer=list, n_features=columns, binary=True)
    rows: Numbers = of.transform(texts).toarray()
    return rows


def made(texts: Sequence[Text], columns: int, *, data: str = "", licence: str = "", citation: str = "") -> Made:
    """Texts as examples; classes in the order of the alphabet."""
    classes, y = np.unique([text.y for text in texts], return_inverse=True)
    examples = Examples(
        hashed([text.x for text in texts], columns),
        hashed([text.star for text in texts], columns),
        y,
        np.unique([text.group for text in texts], return_inverse=True)[1],
    )
    return Made(examples, tuple(classes.tolist()), False, data=data, licence=licence, citation=citation)
