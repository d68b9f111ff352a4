"""What stands behind the axis of all encoders: ranks by protocol, labels as they come, classes, and how codes lie."""

from collections.abc import Mapping

import pandas as pd

from tutelage.report import comparisons, parts, tables, verdicts
from tutelage.report.parts import Cell, Section, Table, Words
from tutelage.report.records import Records
from tutelage.report.sections.probes import labels_seen

PROTOCOLS = {
    "linear": "logistic regression",
    "natural": "the same, labels as they come",
    "knn": "nearest neighbours",
    "finetune": "fine-tuning",
}
METRICS = {"accuracy": "", "balanced_accuracy": ", balanced"}
SHARED, NATURAL = "shared out", "as they come"


def section(records: Records) -> Section:
    """Needs the exam of pretrain; takes every other exam that there is."""
    records.of("exam_pretrain")
    exams = [name for name in records.entries if name.startswith("exam_")]
    every = records.scores[records.scores["stage"].isin(exams) & (records.scores["arm"] != "base")]
    labelled = every[every["protocol"].isin(PROTOCOLS) & (every["at"] == "labels")]
    accuracy, level = labelled[labelled["metric"] == "accuracy"], records.level
    whole = accuracy.groupby("arm")["seed"].transform("nunique") == accuracy["seed"].nunique()
    drawn = labelled[labelled["protocol"].isin(["linear", "natural"])]
    return Section(
        "The codes behind it",
        [
            Words([_drawn(drawn[drawn["metric"] == "accuracy"], level)]),
            _ranks(accuracy[whole], labels_seen(records), level),
            _natural(drawn, level),
            _health(every, level),
            _recalls(every, max(records.blocks["exam"]["labels"]), level),
        ],
    )


def ranks(accuracy: pd.DataFrame) -> pd.DataFrame:
    """A row a protocol, an encoder and a seed: its mean rank over the counts of labels; 1 is the best, ties share."""
    of = accuracy.groupby(["protocol", "level", "seed"])["value"].rank(ascending=False)
    return accuracy.assign(value=of).groupby(["protocol", "arm", "seed"])["value"].mean().reset_index()


def _ranks(accuracy: pd.DataFrame, saw: Mapping[str, float], level: float) -> Table:
    cells = tables.cells(ranks(accuracy), ("arm", "protocol"), level)
    asked = [protocol for protocol in PROTOCOLS if protocol in set(accuracy["protocol"])]
    arms = sorted(dict.fromkeys(arm for arm, _ in cells), key=lambda arm: cells[arm, asked[0]].mean)
    rows = [
        [
            Cell(arm, f"saw {parts.number(saw[arm], 0)} labels" if arm in saw else ""),
            *(parts.interval(cells.get((arm, protocol))) for protocol in asked),
        ]
        for arm in arms
    ]
    counts = accuracy.groupby("protocol")["arm"].nunique()
    return Table(
        f"Mean rank among the encoders, 1 for the best: mean over seeds [{parts.share(level)} interval]",
        ["encoder", *(PROTOCOLS[protocol] for protocol in asked)],
        rows,
        note=f"Of {parts.series([f'{counts[p]} by {PROTOCOLS[p]}' for p in asked])}; in each seed over all counts of "
        "labels. Ranks are of these encoders among each other: another one moves them. Who saw labels itself has them "
        "behind its name.",
        folded=True,
    )


def _drawn(accuracy: pd.DataFrame, level: float) -> str:
    """Whether it matters that labels are shared out among the classes, in the mean over encoders."""
    paired = accuracy[accuracy.duplicated(["arm", "level", "seed"], keep=False)]
    mean = paired.groupby(["protocol", "level", "seed"], as_index=False)["value"].mean()
    names = mean["protocol"].map({"linear": SHARED, "natural": NATURAL})
    family = comparisons.compare(mean.assign(arm=names), [(NATURAL, SHARED)], ["level"], level)
    family.sort(key=lambda c: float(c.cell[0]))
    told = [
        f"{parts.number(c.difference.mean, scale=100, sign=True)} {parts.apart(c.difference, scale=100)} at {c.cell[0]}"
        for c in family
    ]
    said = verdicts.said(family, "Corrected by Holm", verdicts.at("labels"))
    return (
        "Probes are given labels that are shared out equally among the classes; who draws examples and asks for their "
        "labels has them as they come, and of some class perhaps none. What that changes of logistic regression's "
        f"accuracy, in the mean over encoders, in points: {'; '.join(told)} labels. {said}"
    )


def _natural(drawn: pd.DataFrame, level: float) -> Table:
    cells = tables.cells(drawn[drawn["protocol"] == "natural"], ("arm", "metric", "level"), level)
    counts = sorted({at for *_, at in cells}, key=float)
    columns = {(metric, at): f"{at}{beside}" for at in counts for metric, beside in METRICS.items()}
    rows = [
        [Cell(arm), *(parts.interval(cells[arm, *of], scale=100) for of in columns)]
        for arm in dict.fromkeys(arm for arm, *_ in cells)
    ]
    return Table(
        f"Labels as they come, logistic regression: accuracy and balanced accuracy, %: mean over seeds "
        f"[{parts.share(level)} interval]",
        ["encoder", *columns.values()],
        rows,
        note="Columns: labels in all. Balanced: the mean of the classes' recalls.",
        folded=True,
    )


def _health(every: pd.DataFrame, level: float) -> Table:
    cells = tables.cells(every[every["protocol"] == "health"], ("arm", "metric"), level)
    rows = [
        [
            Cell(arm),
            parts.interval(cells[arm, "spread"], 2),
            parts.interval(cells[arm, "effective_rank"]),
            parts.interval(cells[arm, "accuracy"], scale=100),
        ]
        for arm in dict.fromkeys(arm for arm, _ in cells)
    ]
    return Table(
        f"Codes of the validation part: mean over seeds [{parts.share(level)} interval]",
        ["encoder", "spread", "effective rank", "nearest neighbours, %"],
        rows,
        note="Spread: the mean standard deviation of a code's numbers; 0 is a collapse. Effective rank: in how many "
        "directions they spread, from 1 to a code's width. Nearest neighbours: accuracy by all labels of the training "
        "part.",
        folded=True,
    )


def _recalls(every: pd.DataFrame, most: int, level: float) -> Table:
    cells = tables.cells(
        every[(every["protocol"] == "linear") & (every["metric"] == "recall")], ("arm", "level"), level
    )
    classes = list(dict.fromkeys(name for _, name in cells))
    rows = [
        [Cell(arm), *(parts.interval(cells.get((arm, name)), scale=100) for name in classes)]
        for arm in dict.fromkeys(arm for arm, _ in cells)
    ]
    return Table(
        f"Recall of each class, %, logistic regression with {most} labels: mean over seeds [{parts.share(level)} "
        "interval]",
        ["encoder", *classes],
        rows,
        folded=True,
    )
