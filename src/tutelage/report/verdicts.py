"""Comparisons as a table, and as words: who is better where, who worse, of whom nothing is claimed."""

from collections.abc import Callable, Sequence

from tutelage.report import comparisons, parts
from tutelage.report.comparisons import Comparison
from tutelage.report.parts import Cell, Table

Where = Callable[[Sequence[tuple[str, ...]]], str]
"""What is said of some of the cells that were compared: `at 1 and 5 labels a class`."""


def table(
    caption: str,
    heads: Sequence[str],
    family: Sequence[Comparison],
    *,
    digits: int = 1,
    scale: float = 1,
    note: str = "",
    words: int = 1,
    folded: bool = True,
) -> Table:
    """A row a comparison: the arm, its cell, the difference, its p and the verdict; `heads` name arm and cell."""
    rows = [
        [Cell(c.arm), *(Cell(part) for part in c.cell), *comparisons.told(c, scale=scale, digits=digits)]
        for c in family
    ]
    told = (
        f"p: paired t-test, corrected by Holm for the {len(family)} comparisons of this table. Intervals are of one "
        "comparison at a time, not corrected."
    )
    columns = [*heads, *comparisons.COLUMNS]
    return Table(caption, columns, rows, words=words, note=f"{told} {note}".strip(), folded=folded)


def said(family: Sequence[Comparison], subject: str, where: Where, *, gains: bool = False) -> str:
    """`Accuracy, against pca: deep is better at 5 labels; linear is worse everywhere; of tied nothing is claimed.`

    With `gains` only who is better; `none is better` where nobody is.
    """
    if not family:
        return f"{subject}: there is nothing to compare."
    if any(c.verdict == "few" for c in family):
        return f"{subject}: nothing is claimed below {comparisons.FEWEST} seeds."
    arms, cells = list(dict.fromkeys(c.arm for c in family)), {c.cell for c in family}
    clauses = []
    for verdict in ("better",) if gains else ("better", "worse"):
        told: dict[str, list[str]] = {}
        for arm in arms:
            claimed = [c.cell for c in family if (c.arm, c.verdict) == (arm, verdict)]
            if claimed:
                told.setdefault("everywhere" if len(claimed) == len(cells) > 1 else where(claimed), []).append(arm)
        clauses += [
            f"{parts.series(named)} {'is' if len(named) == 1 else 'are'} {verdict} {at}".strip()
            for at, named in told.items()
        ]
    if gains:
        return f"{subject}: {'; '.join(clauses) or 'none is better'}."
    silent = [arm for arm in arms if all(c.verdict == "open" for c in family if c.arm == arm)]
    if silent:
        clauses.append(f"of {parts.series(silent)} nothing is claimed")
    elif any(c.verdict == "open" for c in family):
        clauses.append("elsewhere nothing is claimed")
    return f"{subject}: {'; '.join(clauses)}."


def counted(family: Sequence[Comparison]) -> str:
    """How many of the comparisons came out which way; nothing where none may be claimed."""
    if any(c.verdict == "few" for c in family):
        return ""
    better, worse = (sum(c.verdict == verdict for c in family) for verdict in ("better", "worse"))
    return f"Of {len(family)} comparisons {better} are better, {worse} worse, {len(family) - better - worse} open."


def at(unit: str) -> Where:
    """Cells of one level each: at 1 and 5 of that unit."""
    return lambda cells: f"at {parts.series([cell[-1] for cell in cells])} {unit}".strip()
