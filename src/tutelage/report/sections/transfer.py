"""Transfer with few labels, near and far: each arm's scores, and each against labels alone and against the floor."""

from collections.abc import Sequence

from tutelage.measure.significance import Interval
from tutelage.report import comparisons, parts, tables
from tutelage.report.comparisons import Comparison
from tutelage.report.parts import Cell, Section, Table
from tutelage.report.records import Records
from tutelage.report.sections import transfer_answer
from tutelage.report.sections.exam import METRICS, metric_cell

ALONE, FLOOR = "scratch", "random"
ARMS = {
    "finetuned": "the pre-trained encoder, which goes on learning",
    "frozen": "the pre-trained encoder as it is",
    ALONE: "an encoder just born, which learns: labels alone",
    FLOOR: "an encoder just born, as it is: the floor",
}
TAUGHT = {"near": "all", "far": "base"}  # by which arm of pretrain
# Two questions, two families of comparisons.
BEYOND_LABELS = [("finetuned", ALONE), ("frozen", ALONE)]
ABOVE_FLOOR = [("finetuned", FLOOR), ("frozen", FLOOR), (ALONE, FLOOR)]

Cells = dict[tuple[str, ...], Interval]  # by target, arm, level, metric


def section(records: Records) -> Section:
    """Needs the records of pretrain and transfer, and what both data sets are."""
    scores = records.of("transfer")
    targets = _targets(records)
    cells = tables.cells(scores, ("with_level", "arm", "level", "metric"), records.level)
    accuracy = scores[scores["metric"] == "accuracy"]
    beyond, above = (
        comparisons.compare(accuracy, pairs, ("with_level", "level"), records.level)
        for pairs in (BEYOND_LABELS, ABOVE_FLOOR)
    )
    share = parts.share(records.level)
    made = [
        _arms(records),
        *(_accuracy(to, told, cells, share) for to, (told, _) in targets.items()),
        _against(ALONE, "labels alone", beyond, share),
        _against(FLOOR, "the floor", above, share, folded=True),
        *(_others(to, cells, share) for to in targets),
    ]
    return Section(
        "Transfer to few labels", made, transfer_answer.answer(targets, list(ARMS), accuracy, beyond, records.level)
    )


def _targets(records: Records) -> dict[str, tuple[str, int]]:
    """Each target in words, and how many classes it has."""
    images, target = records.about("images"), records.about("target")
    base = set(records.blocks["pretrain"]["base_classes"])
    near, far = len(target["classes"]), len(set(range(len(images["classes"]))) - base)
    return {
        "near": (f"{target['name']}, {near} classes, after all classes of {images['name']}", near),
        "far": (f"{far} classes of {images['name']}, after its other {len(base)}", far),
    }


def _arms(records: Records) -> Table:
    rates = records.blocks["transfer"]["learning_rate"]
    seen = tables.cells(records.of("pretrain"), ("arm", "metric"), records.level)
    labels = [f"{parts.number(seen[taught, 'labels_seen'].mean, 0)} ({to})" for to, taught in TAUGHT.items()]
    rows = [
        [
            Cell(arm),
            Cell(told),
            Cell("0" if arm in (ALONE, FLOOR) else ", ".join(labels)),
            Cell(f"{rates[arm]:g}" if arm in rates else ""),
        ]
        for arm, told in ARMS.items()
    ]
    return Table(
        "The arms; in each a new linear head learns", ["arm", "encoder", "labels seen before", "learning rate"], rows, 2
    )


def _accuracy(to: str, told: str, cells: Cells, share: str) -> Table:
    arms = [arm for arm in ARMS if any((t, a) == (to, arm) for t, a, _, _ in cells)]
    rows = []
    for m in dict.fromkeys(level for t, _, level, _ in cells if t == to):
        found = [cells.get((to, arm, m, "accuracy")) for arm in arms]
        seeds = parts.series(sorted({str(cell.n) for cell in found if cell}))
        rows.append([Cell(m), *(metric_cell("accuracy", cell) for cell in found), Cell(seeds)])
    caption = f"Accuracy, %, {to} ({told}): mean over n seeds [{share} interval]"
    return Table(caption, ["labels a class", *arms, "n"], rows)


def _against(against: str, told: str, family: Sequence[Comparison], share: str, *, folded: bool = False) -> Table:
    shown = sorted(family, key=lambda c: (list(TAUGHT).index(c.cell[0]), list(ARMS).index(c.arm)))
    rows = [
        [
            Cell(c.cell[0]),
            Cell(c.arm),
            Cell(c.cell[1]),
            *comparisons.told(c, scale=100),
        ]
        for c in shown
    ]
    return Table(
        f"Accuracy less that of {against} ({told}), points: mean paired difference [{share} interval]",
        ["target", "arm", "labels a class", *comparisons.COLUMNS],
        rows,
        words=2,
        note=f"p: paired t-test, corrected by Holm for the {len(family)} comparisons of this table. Intervals are of "
        "one comparison at a time, not corrected.",
        folded=folded,
    )


def _others(to: str, cells: Cells, share: str) -> Table:
    metrics = [metric for metric in METRICS if metric != "accuracy"]
    rows = [
        [Cell(arm), Cell(m), *(metric_cell(metric, cells.get((to, arm, m, metric))) for metric in metrics)]
        for arm in ARMS
        for m in dict.fromkeys(level for t, a, level, _ in cells if (t, a) == (to, arm))
    ]
    caption = f"Other metrics, {to}: mean over seeds [{share} interval]"
    return Table(caption, ["arm", "labels a class", *(METRICS[m] for m in metrics)], rows, folded=True)
