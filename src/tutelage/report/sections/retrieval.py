"""Retrieval by the codes of each way, and by those of an encoder that was tuned inside a classifier."""

from collections.abc import Sequence

import pandas as pd

from tutelage.report import comparisons, parts, tables, verdicts
from tutelage.report.comparisons import Comparison
from tutelage.report.parts import Cell, Part, Table, Words
from tutelage.report.records import Records

DEEP, TUNED, ALONE = "deep", "finetuned", "scratch"
WITHOUT_LABELS = {"pixels": "pixels, no code", "pca": "principal components", DEEP: "deep's encoder"}
WITH_LABELS = {TUNED: "deep's encoder, tuned inside the classifier", ALONE: "an encoder just born, tuned the same way"}


def found(records: Records) -> list[Part]:
    """Who retrieves better without labels, what tuning by labels does to it, and a row a way and number of labels."""
    unseen = records.of("uses").query("metric == 'precision'").assign(level="0")
    tuned = records.of("embedded").query("metric == 'precision'")
    levels = list(dict.fromkeys(tuned["level"]))
    beside = pd.concat([tuned, *(unseen.assign(level=level) for level in levels)])
    others = [arm for arm in WITHOUT_LABELS if arm != DEEP]
    without = comparisons.compare(unseen, [(arm, DEEP) for arm in others], ["level"], records.level)
    pairs = [(TUNED, arm) for arm in (*WITHOUT_LABELS, ALONE)]
    with_labels = comparisons.compare(beside, pairs, ["level"], records.level)
    first = records.blocks["uses"]["first"]
    told: dict[str, list[str]] = {}  # who is beaten at the same numbers of labels is named once
    for _, against in pairs:
        asked = [c for c in with_labels if c.against == against]
        told.setdefault(verdicts.said(asked, "", verdicts.at("labels a class")), []).append(against)
    said = [
        verdicts.said(without, f"Precision at {first} without labels, against {DEEP}", lambda cells: ""),
        *(f"Of what was tuned, against {parts.series(against)}{words}" for words, against in told.items()),
    ]
    return [
        Words([" ".join(said)], heading="Retrieval"),
        _table(records, pd.concat([unseen, tuned]), [without, with_labels]),
    ]


def _table(records: Records, rows: pd.DataFrame, families: Sequence[Sequence[Comparison]]) -> Table:
    cells = tables.cells(rows, ("arm", "level"), records.level)
    judged = {(c.arm, *c.cell, c.against): c for family in families for c in family}
    against = list(dict.fromkeys(c.against for family in families for c in family))
    first, known = records.blocks["uses"]["first"], WITHOUT_LABELS | WITH_LABELS
    shown = [
        [
            Cell(arm),
            Cell(known[arm]),
            Cell(level),
            parts.interval(value, 1, scale=100),
            *(comparisons.mark(judged.get((arm, level, other))) for other in against),
            Cell(str(value.n)),
        ]
        for arm in known
        for (of, level), value in cells.items()
        if of == arm
    ]
    sizes = parts.series([str(len(family)) for family in families])
    return Table(
        f"Retrieval: the share of the {first} nearest training images that are of the test image's class, %: mean over "
        f"n seeds [{parts.share(records.level)} interval], and mean paired differences in points",
        ["codes", "of what", "labels a class", f"precision at {first}", *(f"less {arm}" for arm in against), "n"],
        shown,
        words=2,
        note="▲ better, ▼ worse: paired t-tests, corrected by Holm in two families, without labels and with, of "
        f"{sizes} comparisons. Grey: open. Nearest by Euclidean distance; pixels and pca are the same for all seeds.",
    )
