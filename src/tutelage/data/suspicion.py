"""Columns of a table that may be no measure of its rows: names of rows, and what gives the answer away."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import pairwise

SURE = 0.99  # share told right by a column alone, above which it is suspected
ENOUGH = 20  # rows below which nothing is
"""No result hangs on either: they only decide what is said."""


def suspects(columns: Mapping[str, Sequence[str]], labels: Sequence[str]) -> list[str]:
    """A line for each column that is suspected, with the measure that raised it; rows without a label are not asked."""
    asked = [row for row, label in enumerate(labels) if label]
    commonest = max(Counter(labels[row] for row in asked).values(), default=0) / max(len(asked), 1)
    told = []
    for name, values in columns.items():
        if len(values) >= ENOUGH and len(set(values)) == len(values) and not _measures(values):
            told.append(f"{name} has another value in each of {len(values):,} rows: an identifier?")
        if len(asked) < ENOUGH:
            continue
        share = alone([values[row] for row in asked], [labels[row] for row in asked])
        if share >= SURE > commonest:
            told.append(
                f"{name} alone tells {share:.1%} of labels right, each by the rows nearest to it in {name}, where the "
                f"commonest is right in {commonest:.1%}: does it give the label away?"
            )
    return told


def alone(values: Sequence[str], labels: Sequence[str]) -> float:
    """Share of rows whose label is told by one column, the row itself left out.

    Of words: the commonest label among rows of the same word. Of numbers: that of the next row in their order.
    """
    measured = _numbers(values)
    if measured and len(set(values)) > len(values) // 2:
        order = sorted(range(len(values)), key=lambda row: measured[row])
        return sum(labels[row] == labels[after] for row, after in pairwise(order)) / (len(values) - 1)
    counts: dict[str, Counter[str]] = {}
    for value, label in zip(values, labels, strict=True):
        counts.setdefault(value, Counter())[label] += 1
    right = 0
    for value, label in zip(values, labels, strict=True):
        others = counts[value] - Counter([label])
        right += bool(others) and others.most_common(1)[0][0] == label
    return right / len(values)


def _numbers(values: Sequence[str]) -> list[float]:
    """Those values as numbers; none where one is no number."""
    with suppress(ValueError):
        return [float(value) for value in values]
    return []


def _measures(values: Sequence[str]) -> bool:
    """Whether these are numbers with a fraction, which differ without naming anything."""
    return any(value % 1 for value in _numbers(values))
