"""Words as numbers: each is hashed to a column, so that nothing is fitted on what is asked. Weinberger et al., 2009."""

import re
from collections.abc import Sequence

from sklearn.feature_extraction.text import HashingVectorizer

from tutelage.data.problems import Numbers


def words(text: str) -> list[str]:
    """In small letters, in their order; numbers are words too."""
    return re.findall(r"[^\W_]+", text.lower())


def hashed(texts: Sequence[Sequence[str]], columns: int) -> Numbers:
    """Of each which words are there, not how often; a row has unit length, or is 0 where there is none."""
    of = HashingVectorizer(analyzer=list, n_features=columns, binary=True)
    rows: Numbers = of.transform(texts).toarray()
    return rows
