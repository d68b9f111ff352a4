"""Distillation: what small students keep of a large teacher, and what of it labels alone would have brought."""

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from tutelage.measure import significance
from tutelage.report import comparisons, figures, parts, tables, verdicts
from tutelage.report.comparisons import Comparison
from tutelage.report.figures import Axis
from tutelage.report.parts import Cell, Figures, Part, Section, Table, Words
from tutelage.report.records import Records

TEACHER = "teacher"
WAYS = {
    "soft": "the teacher's answers",
    "both": "the teacher's answers and labels",
    "hard": "labels of the same views",
    "alone": "labels of the images as they are",
    "smoothing": "the same labels, smoothed",
    "self": "the answers of the student that hard has left",
}
ELSEWHERE = {
    "few": "labels alone, and few of them",
    "target": "the teacher's answers on another data set",
    "noise": "the teacher's answers on noise",
}
PAIRS = (("soft", "hard"), ("soft", "alone"), ("soft", "smoothing"), ("soft", "self"), ("both", "hard"))
SCALES = {"accuracy": 100.0, "agreement": 100.0, "nll": -1.0}
"""What is compared, and by what it is told; of nll less is better."""
NAMES = {"accuracy": "accuracy, %", "agreement": "agreement, %", "nll": "nll, nats"}
SMALL = 0.05
"""Share of the teacher's weights below which a student has to keep what it keeps."""


def section(records: Records) -> Section:
    """Needs the record of distill."""
    scores, block, share = records.of("distill"), records.blocks["distill"], parts.share(records.level)
    asked = scores[(scores["at"] == "weights") & (scores["protocol"] == "direct")]
    sizes = sorted(set(asked.loc[asked["arm"] != TEACHER, "level"]), key=float, reverse=True)
    own = asked[asked["arm"].isin(WAYS)]
    families = {metric: _compared(own[own["metric"] == metric], PAIRS, records.level, metric) for metric in SCALES}
    kept = _kept(asked)
    made: list[Part] = [
        Words([_told(scores, block), _small(kept, sizes, scores, records.level), *_said(families)]),
        Figures(
            [
                (NAMES[metric].partition(",")[0].capitalize(), _drawing(asked, metric, records.level))
                for metric in ("accuracy", "agreement")
            ],
            f"On the test part, against a student's weights. Line: mean over seeds; band: {share} interval. "
            + " ".join(f"{way}: {told}." for way, told in WAYS.items())
            + " Agreement: the share of images of which student and teacher say the same class.",
        ),
        _sizes(scores, sizes),
        _table(asked, kept, sizes, records.level),
        *(
            verdicts.table(
                f"{NAMES[metric].capitalize()}: mean paired difference [{share} interval]",
                ["arms", "weights"],
                [c._replace(arm=f"{c.arm} less {c.against}") for c in family],
                scale=SCALES[metric],
                digits=3 if metric == "nll" else 1,
                words=2,
            )
            for metric, family in families.items()
        ),
        *_elsewhere(asked, block, records.level),
        *_omitted(scores[scores["at"] == "class"], records.level),
    ]
    return Section("Distillation", made)


def _compared(scores: pd.DataFrame, pairs: Sequence[tuple[str, str]], level: float, metric: str) -> list[Comparison]:
    turned = scores.assign(value=scores["value"] * (-1 if SCALES[metric] < 0 else 1))
    return comparisons.compare(turned, pairs, ["level"], level)


def _cost(scores: pd.DataFrame, metric: str) -> dict[tuple[str, str], float]:
    rows = scores[(scores["protocol"] == "") & (scores["metric"] == metric)]
    return {(arm, level): value for arm, level, value in zip(rows["arm"], rows["level"], rows["value"], strict=True)}


def _whole(scores: pd.DataFrame) -> float:
    """The teacher's weights."""
    return next(value for (arm, _), value in _cost(scores, "weights").items() if arm == TEACHER)


def _told(scores: pd.DataFrame, block: dict[str, int]) -> str:
    shown = _cost(scores, "presentations")
    lessons = next(value for (arm, _), value in shown.items() if arm == TEACHER)
    student = max(value for (arm, _), value in shown.items() if arm in WAYS)
    return (
        f"A teacher of {parts.number(_whole(scores), 0)} weights, one a seed, is taught by all labels "
        f"({parts.number(lessons, 0)} images shown) and answers once on {block['views']} views of each image, moved by "
        f"up to {block['shift']} px. Students learn from these views but where a table says otherwise, "
        f"{parts.number(student, 0)} images in all, from the same first weights in the same order; answers are matched "
        f"at T = {block['temperature']:g}."
    )


def _kept(asked: pd.DataFrame) -> pd.DataFrame:
    """Of each student and seed the accuracy as a share of its teacher's."""
    accuracy = asked[asked["metric"] == "accuracy"]
    most = accuracy[accuracy["arm"] == TEACHER].set_index("seed")["value"]
    students = accuracy[accuracy["arm"] != TEACHER]
    return students.assign(value=students["value"] / students["seed"].map(most))


def _small(kept: pd.DataFrame, sizes: Sequence[str], scores: pd.DataFrame, level: float) -> str:
    """What the largest student that is small enough keeps."""
    whole = _whole(scores)
    small = [size for size in sizes if float(size) <= SMALL * whole]
    if not small:
        return f"No student has at most {parts.number(SMALL, 0, scale=100)} % of the teacher's weights."
    cells = tables.cells(kept[kept["level"] == small[0]], ("arm",), level)
    told = [
        f"{parts.number(cell.mean, scale=100)} %"
        + (f" [{parts.number(cell.low, scale=100)}, {parts.number(cell.high, scale=100)}]" if cell.n > 1 else "")
        + f" ({way})"
        for way in WAYS
        if (cell := cells.get((way,)))
    ]
    return (
        f"With {parts.number(float(small[0]) / whole, scale=100)} % of its teacher's weights a student keeps of its "
        f"accuracy {parts.series(told)}."
    )


def _said(families: dict[str, list[Comparison]]) -> list[str]:
    told = []
    for metric, family in families.items():
        counted = verdicts.counted(family)
        rivals = dict.fromkeys(rival for _, rival in PAIRS)
        said = [verdicts.said([c for c in family if c.against == rival], f"Against {rival}", _at) for rival in rivals]
        told.append(" ".join(filter(None, [f"{NAMES[metric].partition(',')[0].capitalize()}.", counted, *said])))
    return told


def _at(cells: Sequence[tuple[str, ...]]) -> str:
    return f"at {parts.series([parts.number(float(size), 0) for (size,) in cells])} weights"


def _drawing(asked: pd.DataFrame, metric: str, level: float) -> Markup:
    rows = asked[asked["metric"] == metric]
    drawn = [figures.line(way, rows[rows["arm"] == way], "level", "value", level) for way in WAYS]
    ticks = sorted({at for line in drawn for at in line.x})
    name = NAMES[metric].partition(",")[0]
    ends = "; ".join(
        f"{line.name} from {parts.number(line.mean[0], scale=100)} to {parts.number(line.mean[-1], scale=100)}"
        for line in drawn
    )
    most = rows.loc[rows["arm"] == TEACHER, "value"].mean()
    return figures.lines(
        f"distillation-{metric}",
        drawn,
        Axis("weights", ticks, log=True),
        Axis(NAMES[metric], percent=True),
        title=f"{name.capitalize()} against a student's weights",
        told=f"Mean in percent from {ticks[0]:g} to {ticks[-1]:g} weights: {ends}.",
        size=(480, 360),
        seeds=False,
        dashed=(TEACHER, float(most)) if metric == "accuracy" else None,
    )


def _sizes(scores: pd.DataFrame, sizes: Sequence[str]) -> Table:
    whole, operations = _whole(scores), _cost(scores, "operations")
    teacher = next(at for at in operations if at[0] == TEACHER)
    rows = [
        [
            Cell(name),
            Cell(parts.number(float(at[1]), 0)),
            Cell(parts.number(float(at[1]) / whole, scale=100)),
            Cell(parts.number(operations[at], 0)),
            Cell(parts.number(operations[at] / operations[teacher], scale=100)),
        ]
        for name, at in ((TEACHER, teacher), *(("student", ("soft", size)) for size in sizes))
    ]
    return Table(
        "What each costs",
        ["net", "weights", "% of the teacher's", "operations an image", "% of the teacher's"],
        rows,
        note="Operations: multiplications and additions of one pass through the encoder. How long it takes is no part "
        "of the record; bench/distillation.md has it.",
    )


def _table(asked: pd.DataFrame, kept: pd.DataFrame, sizes: Sequence[str], level: float) -> Table:
    cells = tables.cells(asked, ("metric", "arm", "level"), level)
    shares = tables.cells(kept, ("arm", "level"), level)
    (whole,) = {size for _, arm, size in cells if arm == TEACHER}
    rows = [
        [
            Cell(arm),
            Cell(parts.number(float(size), 0)),
            parts.interval(cells.get(("accuracy", arm, size)), scale=100),
            parts.interval(shares.get((arm, size)), scale=100),
            parts.interval(cells.get(("nll", arm, size)), 3),
            parts.interval(cells.get(("agreement", arm, size)), scale=100) if arm != TEACHER else Cell(""),
        ]
        for arm, size in ((TEACHER, whole), *((way, size) for size in sizes for way in WAYS))
        if ("accuracy", arm, size) in cells
    ]
    return Table(
        f"On the test part: mean over seeds [{parts.share(level)} interval]",
        ["arm", "weights", "accuracy, %", "of the teacher's, %", "nll, nats", "agreement, %"],
        rows,
        words=2,
    )


def _elsewhere(asked: pd.DataFrame, block: dict[str, int], level: float) -> list[Part]:
    (size,) = {str(level) for level in asked.loc[asked["arm"] == "few", "level"]}
    rows = asked[asked["level"] == size]
    accuracy = rows[(rows["metric"] == "accuracy") & rows["arm"].isin([*ELSEWHERE, "soft"])]
    family = _compared(accuracy, [(arm, "few") for arm in ("soft", "target", "noise")], level, "accuracy")
    cells = tables.cells(rows, ("metric", "arm"), level)
    ways = {"soft": "the teacher's answers on all images, no label", **ELSEWHERE}
    table = Table(
        f"Where a student of {parts.number(float(size), 0)} weights learns, on the test part of images: mean over "
        f"seeds [{parts.share(level)} interval]",
        ["arm", "what it learns from", *NAMES.values()],
        [
            [
                Cell(arm),
                Cell(told),
                *(
                    parts.interval(cells[metric, arm], 3 if metric == "nll" else 1, scale=abs(SCALES[metric]))
                    for metric in NAMES
                ),
            ]
            for arm, told in ways.items()
        ],
        words=2,
    )
    said = (
        f"few knows {block['few']} labels. The others know none: soft has the images without them, target another data "
        f"set's images and noise {parts.number(block['noise'], 0)} images whose pixels are drawn evenly."
    )
    return [
        Words([f"{said} {verdicts.said(family, 'Against few', lambda cells: '')}"], heading="Other data"),
        table,
        verdicts.table(
            f"Less few, points: mean paired difference [{parts.share(level)} interval]",
            ["arm", "weights"],
            family,
            scale=100,
            words=2,
        ),
    ]


def _omitted(scores: pd.DataFrame, level: float) -> list[Part]:
    """A class of which no image was seen: before and after its bias was raised."""
    cells = tables.cells(scores, ("arm", "with_level", "metric"), level)
    (omitted,) = {str(name) for name in scores["level"]}
    states = {"learned": "as learned", "raised": "raised"}
    arms = [arm for arm in WAYS if (arm, "learned", "recall") in cells]
    recalls = scores[scores["metric"] == "recall"]
    told = parts.series(
        [
            f"{arm}'s from {parts.number(cells[arm, 'learned', 'recall'].mean, scale=100)} to "
            f"{parts.number(cells[arm, 'raised', 'recall'].mean, scale=100)} %"
            f"{_gain(recalls[recalls['arm'] == arm], level)}"
            for arm in arms
        ]
    )
    words = (
        f"A student sees no image of class {omitted}; the teacher saw them all. Then the class's bias is raised until "
        "its mean probability on the validation part's images, without their labels, is the class's share of the "
        f"training part. That takes the accuracy within the class, {told}."
    )
    rows = [
        [
            Cell(arm),
            Cell(state),
            *(parts.interval(cells[arm, key, metric], scale=100) for metric in ("recall", "accuracy")),
        ]
        for arm in arms
        for key, state in states.items()
    ]
    table = Table(
        f"Without class {omitted}, on the test part: mean over seeds [{parts.share(level)} interval]",
        ["arm", "bias", f"accuracy within {omitted}, %", "accuracy, %"],
        rows,
        words=2,
    )
    return [Words([words], heading="A class never seen"), table]


def _gain(recalls: pd.DataFrame, level: float) -> str:
    of = recalls.pivot(index="seed", columns="with_level", values="value")
    if len(of) < comparisons.FEWEST:
        return ""
    d = significance.difference(of["raised"].to_numpy(dtype=float), of["learned"].to_numpy(dtype=float), level)
    return f" (points: {parts.number(d.mean, scale=100, sign=True)} {parts.apart(d, scale=100)})"
