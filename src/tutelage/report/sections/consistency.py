"""Few labels and many images: what a net is sure of as its teacher, beside labels alone in three kinds of views."""

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from tutelage.measure import significance
from tutelage.measure.significance import Interval
from tutelage.report import comparisons, figures, parts, tables, verdicts
from tutelage.report.comparisons import Comparison
from tutelage.report.figures import Axis
from tutelage.report.parts import Cell, Figures, Part, Section, Table, Words
from tutelage.report.records import Records
from tutelage.report.sections.exam import METRICS, metric_cell

WAYS = {
    "plain": "labels alone, images as they are",
    "weak": "labels alone, each image moved a little",
    "strong": "labels alone, each image changed a lot",
    "pseudo": "and images without labels: what it is sure of in a weak view, it learns to say of that view",
    "fixmatch": "and images without labels: what it is sure of in a weak view, it learns to say of a strong one",
}
RIVALS = ("plain", "weak", "strong", "pseudo")
"""Each is compared with all that come after it."""


def section(records: Records) -> Section:
    """Needs the record of consistency."""
    scores, history = records.of("consistency"), records.history("consistency")
    share, block = parts.share(records.level), records.blocks["consistency"]
    accuracy = scores[scores["metric"] == "accuracy"]
    ways = list(WAYS)
    families = {
        rival: comparisons.compare(
            accuracy, [(way, rival) for way in ways[ways.index(rival) + 1 :]], ["level"], records.level
        )
        for rival in RIVALS
    }
    taken = _taken(history)
    made: list[Part] = [
        Words([_costs(records, scores), *(_said(rival, family) for rival, family in families.items())]),
        Figures(
            [("Accuracy against labels", _drawing(accuracy, records.level))],
            f"On the test part. Line: mean over seeds; band: {share} interval. {_legend()} Each seed has its own draw "
            "of labels, the same for all ways and for the exams of the other encoders.",
        ),
        _table(accuracy, records.level),
        *_teachers(taken, block["threshold"], records.level),
        *(
            verdicts.table(
                f"Accuracy less that of {rival}, points: mean paired difference [{share} interval]",
                ["way", "labels"],
                family,
                scale=100,
            )
            for rival, family in families.items()
        ),
        _others(scores, records.level),
    ]
    return Section("Few labels and many images: consistency", made)


def _legend() -> str:
    return " ".join(f"{way}: {told}." for way, told in WAYS.items())


def _costs(records: Records, scores: pd.DataFrame) -> str:
    block, strong = records.blocks["consistency"], records.blocks["augmentation"]
    shown = scores.loc[scores["metric"] == "presentations", "value"]
    sizes = block["batch_size"]
    least, most = (parts.number(number, 0) for number in (shown.min(), shown.max()))
    return (
        f"A fit shows the encoder {least} to {most} images, the same for all ways: every view of an image is one, also "
        f"that of which it is only asked what it shows. A step is {sizes['alone']} of labels alone, else "
        f"{sizes['labelled']} labelled (all where there are fewer) and {sizes['unlabelled']} others, which fixmatch "
        f"sees twice. Weak: moved by up to {block['shift']} px. Strong: by up to {strong['shift']:g} px, turned by "
        f"{strong['turn']:g}°, scaled "
        f"by {parts.number(strong['scale'], 0, scale=100)} %, sheared, with a hole, noise and another contrast."
    )


def _said(rival: str, family: Sequence[Comparison]) -> str:
    return f"{verdicts.counted(family)} {verdicts.said(family, f'Against {rival}', verdicts.at('labels'))}".strip()


def _drawing(accuracy: pd.DataFrame, level: float) -> Markup:
    drawn = [figures.line(way, accuracy[accuracy["arm"] == way], "level", "value", level) for way in WAYS]
    ticks = sorted({at for line in drawn for at in line.x})
    ends = "; ".join(
        f"{line.name} from {parts.number(line.mean[0], scale=100)} to {parts.number(line.mean[-1], scale=100)}"
        for line in drawn
    )
    return figures.lines(
        "consistency-accuracy",
        drawn,
        Axis("labels in all", ticks, log=True),
        Axis("accuracy, %", percent=True),
        title="Accuracy against labels, with and without other images",
        told=f"Mean in percent from {ticks[0]:g} to {ticks[-1]:g} labels: {ends}.",
        size=(560, 380),
        seeds=False,
    )


def _table(accuracy: pd.DataFrame, level: float) -> Table:
    cells = tables.cells(accuracy, ("arm", "level"), level)
    counts = sorted({count for _, count in cells}, key=float)
    return Table(
        f"Accuracy, %, on the test part, by labels: mean over seeds [{parts.share(level)} interval]",
        ["way", *counts],
        [[Cell(way), *(parts.interval(cells[way, m], scale=100) for m in counts)] for way in WAYS],
    )


def _taken(history: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    """By arm and labels: of each seed the shares taken for the truth at first and at last, and of these the right."""
    told: dict[tuple[str, str], pd.DataFrame] = {}
    for column in (name for name in history.columns if name.startswith("train/sure/")):
        labels = column.removeprefix("train/sure/")
        names = {column: "sure", f"train/sure_and_right/{labels}": "rightly"}
        rows = history[history[column].notna()].rename(columns=names).sort_values("step")
        for arm, of in rows.groupby("arm"):
            seeds = of.groupby("seed")
            first, last = seeds.first(), seeds.last()
            told[str(arm), labels] = pd.DataFrame(
                {"first": first["sure"], "last": last["sure"], "right": last["rightly"] / last["sure"]}
            )
    return told


def _teachers(taken: dict[tuple[str, str], pd.DataFrame], threshold: dict[str, float], level: float) -> list[Part]:
    counts = sorted({labels for _, labels in taken}, key=float)
    arms = [way for way in WAYS if any(arm == way for arm, _ in taken)]
    few = counts[0]
    sure = [f"{threshold[arm]:g} ({arm})" for arm in arms]
    wrong = [
        f"{parts.number(1 - taken[arm, few]['right'].mean(), 0, scale=100)} % of {arm}'s"
        for arm in arms
        if taken[arm, few]["right"].notna().any()
    ]
    told = (
        f"An image without a label is learned from once a class has a probability of {parts.series(sure)}. "
        + (
            f"With {few} labels, of what was so taken for the truth in the end, wrong is {parts.series(wrong)}. "
            if wrong
            else ""
        )
        + "Its true label is only compared with what was taken for it; no way learns from it."
    )
    rows = [
        [Cell(arm), Cell(labels), *(_share(taken[arm, labels][what], level) for what in ("first", "last", "right"))]
        for arm in arms
        for labels in counts
        if (arm, labels) in taken
    ]
    table = Table(
        f"Of unlabelled images shown, %: mean over seeds [{parts.share(level)} interval]",
        ["way", "labels", "sure, first quarter", "sure, last quarter", "of these right"],
        rows,
        words=2,
        note="Quarters of a fit's steps. Nothing stands where it was never sure.",
    )
    return [Words([told], heading="What is taken for the truth"), table]


def _share(of: "pd.Series[float]", level: float) -> Cell:
    known = of.dropna().to_numpy(dtype=float)
    return parts.interval(significance.interval(known, level), 0, scale=100) if len(known) else Cell("")


def _others(scores: pd.DataFrame, level: float) -> Table:
    cells: dict[tuple[str, ...], Interval] = tables.cells(scores, ("metric", "arm", "level"), level)
    shown = {metric: name for metric, name in METRICS.items() if metric != "accuracy"}
    at = [(arm, m) for arm in WAYS for m in sorted({m for _, a, m in cells if a == arm}, key=float)]
    return Table(
        f"Other metrics: mean over seeds [{parts.share(level)} interval]",
        ["way", "labels", *shown.values()],
        [
            [Cell(arm), Cell(m), *(metric_cell(metric, cells.get((metric, arm, m))) for metric in shown)]
            for arm, m in at
        ],
        words=2,
        folded=True,
    )
