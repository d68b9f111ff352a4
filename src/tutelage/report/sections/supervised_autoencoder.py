"""Both losses at once: each λ against labels alone, and against a probe after the autoencoder."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
from markupsafe import Markup

from tutelage.measure.significance import Interval
from tutelage.report import comparisons, figures, parts, tables
from tutelage.report.comparisons import Comparison
from tutelage.report.figures import Axis
from tutelage.report.parts import Cell, Figures, Part, Section, Table, Words
from tutelage.report.records import Records
from tutelage.report.sections.exam import METRICS, metric_cell

ALONE, PROBE = "alone", "probe (λ = 0)"
AGAINST = {ALONE: "labels alone", PROBE: "the autoencoder with a probe after it"}


class Target(NamedTuple):
    """What is to be told of an image, and by what it is judged: a share, of which more is better."""

    name: str
    share: str


TARGETS = {"accuracy": Target("classes", "Accuracy"), "r2": Target("widths", "R², variance explained")}
OTHERS = {
    "accuracy": {metric: name for metric, name in METRICS.items() if metric != "accuracy"}
    | {"sse": "squared error of an image"},
    "r2": {"mse": "squared error, variances of the width", "sse": "squared error of an image"},
}


def section(records: Records) -> Section:
    """Needs the record of supervised_autoencoder."""
    scores = _by_way(records.of("supervised_autoencoder"))
    judged = scores[scores["metric"].isin(TARGETS)]
    joint = sorted(set(judged["arm"]) - set(AGAINST), key=_weight)
    asked = {ALONE: [(way, ALONE) for way in (PROBE, *joint)], PROBE: [(way, PROBE) for way in joint]}
    found = {
        rival: comparisons.compare(judged, pairs, ("metric", "level"), records.level) for rival, pairs in asked.items()
    }
    cells = {
        metric: tables.cells(scores[scores["data"].isin(rows["data"])], ("metric", "arm", "level"), records.level)
        for metric, rows in judged.groupby("metric")
    }
    made: list[Part] = [
        Words([*answer(found), _costs(records, scores)]),
        _drawings(judged, records),
        _grid(found, records.level),
        *(_against(rival, family, records.level) for rival, family in found.items()),
        *(_table(metric, cells[metric], records.level) for metric in TARGETS),
        *(_others(metric, cells[metric], records.level) for metric in TARGETS),
    ]
    return Section("Autoencoders that see labels", made)


def _by_way(scores: pd.DataFrame) -> pd.DataFrame:
    """Each λ a way of its own; the classifier alone first, then λ as it grows."""
    names = {"alone": ALONE, "probe": PROBE}
    ways = [names.get(arm, f"λ = {weight}") for arm, weight in zip(scores["arm"], scores["with_level"], strict=True)]
    return scores.assign(arm=ways)


def _weight(way: str) -> float:
    """λ of a way that has one."""
    return 0.0 if way == PROBE else float(way.removeprefix("λ = "))


def answer(found: dict[str, list[Comparison]]) -> list[str]:
    """What may be said of both losses at once, of each target; that nothing is gained among it."""
    seeds = min(c.difference.n for family in found.values() for c in family)
    if seeds < comparisons.FEWEST:
        return [
            f"Nothing is claimed: {seeds} {'seed' if seeds == 1 else 'seeds'} ran, and below {comparisons.FEWEST} no "
            "way is called better or worse than another."
        ]
    return [_sentence(target.name, metric, found) for metric, target in TARGETS.items()]


def _sentence(name: str, metric: str, found: dict[str, list[Comparison]]) -> str:
    here = {rival: [c for c in family if c.cell[0] == metric] for rival, family in found.items()}
    joint = {rival: [c for c in family if c.arm != PROBE] for rival, family in here.items()}
    probe = [c for c in here[ALONE] if c.arm == PROBE]
    told = [_counted(joint[rival], words) for rival, words in AGAINST.items()]
    better = [{(c.cell[1], c.arm) for c in family if c.verdict == "better"} for family in joint.values()]
    both = [f"{m} labels with {way}" for m, way in sorted(set.intersection(*better), key=lambda at: float(at[0]))]
    gain = (
        f"It beats both rivals at {parts.series(both)}."
        if both
        else "Nowhere does it beat both rivals: beyond the better of the two, nothing is shown to be gained."
    )
    return (
        f"Of {name}, an autoencoder that sees the labels is {', and '.join(told)}. {gain} That probe is itself "
        f"{_counted(probe, AGAINST[ALONE])}."
    )


def _counted(family: Sequence[Comparison], rival: str) -> str:
    better, worse = (sum(c.verdict == verdict for c in family) for verdict in ("better", "worse"))
    return f"better than {rival} in {better} of {len(family)} comparisons, worse in {worse}"


def _costs(records: Records, scores: pd.DataFrame) -> str:
    """Of the images' classes: what differs between ways, and what a fit may spend."""
    spent = scores[(scores["protocol"] == "") & (scores["data"] == records.about("images")["name"])]
    spent = spent.set_index("metric")["value"]
    shown, weights = spent["presentations"], sorted(set(spent["weights"]))
    budget, shift = records.blocks["budget"]["presentations"], records.blocks["supervised_autoencoder"]["shift"]
    moved = f" Each is moved at random by up to {shift} px, the probe's too." if shift else ""
    return (
        f"A fit is shown {parts.number(shown.min(), 0)} to {parts.number(shown.max(), 0)} images, labelled or not, of "
        f"the budget's {parts.number(budget, 0)}: the same for all ways.{moved} Labels alone teach "
        f"{parts.number(weights[0], 0)} weights; with a decoder there are {parts.number(weights[-1], 0)}. The labels "
        "on an axis are all that a way sees; each seed has its own draw, the same for all ways."
    )


def _drawings(judged: pd.DataFrame, records: Records) -> Figures:
    drawings = [
        (f"{target.share}, {target.name}", _drawing(metric, target, judged, records.level))
        for metric, target in TARGETS.items()
    ]
    return Figures(
        drawings,
        f"On the test part. Line: mean over seeds; band: {parts.share(records.level)} interval. alone: an encoder and "
        f"a head from the labels alone. {PROBE}: the autoencoder sees no label, a linear probe learns its codes. "
        "λ: how much the labelled loss weighs beside the squared error of an image; each λ is another fit, and none "
        "was picked. Classes: cross-entropy in nats. Widths: of blobs, each drawn with its own place, height and "
        "noise; squared error in units of their variance; R² is 0 for telling their mean.",
    )


def _drawing(metric: str, target: Target, judged: pd.DataFrame, level: float) -> Markup:
    rows = judged[judged["metric"] == metric]
    drawn = [figures.line(str(way), told, "level", "value", level) for way, told in rows.groupby("arm", sort=False)]
    ticks = sorted({at for line in drawn for at in line.x})
    ends = "; ".join(
        f"{line.name} from {parts.number(line.mean[0], scale=100)} to {parts.number(line.mean[-1], scale=100)}"
        for line in drawn
    )
    return figures.lines(
        f"supervised-autoencoder-{metric}",
        drawn,
        Axis("labels in all", ticks, log=True),
        Axis(f"{target.share}, %", percent=True),
        title=f"{target.share} against labels, {target.name}",
        told=f"Mean in percent from {ticks[0]:g} to {ticks[-1]:g} labels: {ends}.",
        size=(470, 330),
        seeds=False,
    )


def _grid(found: dict[str, list[Comparison]], level: float) -> Table:
    at = {(rival, *c.cell, c.arm): c for rival, family in found.items() for c in family}
    counts = sorted({count for _, _, count, _ in at}, key=float)
    rows = [
        [
            Cell(rival),
            Cell(TARGETS[metric].name),
            Cell(way),
            *(comparisons.mark(at.get((rival, metric, m, way))) for m in counts),
        ]
        for rival in found
        for metric in TARGETS
        for way in dict.fromkeys(w for r, m, _, w in at if (r, m) == (rival, metric))
    ]
    return Table(
        "Points of accuracy or of R² above a rival, by labels in all",
        ["above", "target", "way", *counts],
        rows,
        words=3,
        note=comparisons.marks(level),
    )


def _against(rival: str, family: Sequence[Comparison], level: float) -> Table:
    order = {metric: i for i, metric in enumerate(TARGETS)}
    rows = [
        [Cell(TARGETS[c.cell[0]].name), Cell(c.arm), Cell(c.cell[1]), *comparisons.told(c, scale=100)]
        for c in sorted(family, key=lambda c: (order[c.cell[0]], _weight(c.arm)))
    ]
    return Table(
        f"Less {AGAINST[rival]}, points of accuracy or of R²: mean paired difference [{parts.share(level)} interval]",
        ["target", "way", "labels", *comparisons.COLUMNS],
        rows,
        words=2,
        note=f"p: paired t-test, corrected by Holm for the {len(family)} comparisons of this table. Intervals are of "
        "one comparison at a time, not corrected.",
        folded=True,
    )


def _table(metric: str, cells: dict[tuple[str, ...], Interval], level: float) -> Table:
    ways = list(dict.fromkeys(way for m, way, _ in cells if m == metric))
    counts = sorted({count for m, _, count in cells if m == metric}, key=float)
    return Table(
        f"{TARGETS[metric].share}, %, {TARGETS[metric].name}: mean over seeds [{parts.share(level)} interval]",
        ["way", *(f"{count} labels" for count in counts)],
        [[Cell(way), *(parts.interval(cells.get((metric, way, m)), scale=100) for m in counts)] for way in ways],
        folded=True,
    )


def _others(metric: str, cells: dict[tuple[str, ...], Interval], level: float) -> Table:
    """What stands beside it, and what comes back of an image."""
    shown = OTHERS[metric]
    pairs = [(way, count) for m, way, count in cells if m == metric]
    rows = [[Cell(way), Cell(m), *(_cell(other, cells.get((other, way, m))) for other in shown)] for way, m in pairs]
    return Table(
        f"Other metrics, {TARGETS[metric].name}: mean over seeds [{parts.share(level)} interval]",
        ["way", "labels", *shown.values()],
        rows,
        folded=True,
    )


def _cell(metric: str, value: Interval | None) -> Cell:
    if metric in METRICS:
        return metric_cell(metric, value)
    return parts.interval(value, 2 if metric == "sse" else 3)
