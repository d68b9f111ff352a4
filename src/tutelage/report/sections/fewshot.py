"""Few shots: classes nobody was shown, told by a few examples; prototypes beside every other encoder."""

from collections.abc import Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from tutelage.report import comparisons, figures, parts, tables, verdicts
from tutelage.report.figures import Axis
from tutelage.report.parts import Cell, Figures, Section, Table, Words
from tutelage.report.records import Records

OURS, PIXELS, BASE, CEILING = "prototypes", "pixels", "base", "all"
PROTOCOLS = {"nearest": "nearest mean", "linear": "linear head", "finetune": "fine-tuning"}
NOTHING, IMAGES, LABELS = "nothing", "images", "labels"
SHOWN = (f"{OURS}, nearest mean", "base, linear head", "deep, linear head", "random, linear head", PIXELS)


def section(records: Records) -> Section:
    """Needs the record of fewshot_exam."""
    scores = records.of("fewshot_exam")
    scores = scores.assign(
        arm=scores["arm"].str.replace(rf"^{OURS}_\d+$", OURS, regex=True), protocol=scores["protocol"].map(PROTOCOLS)
    )
    block, level = records.blocks["fewshot"], records.level
    saw = seen(list(dict.fromkeys(scores["arm"])), records)
    names = [
        PIXELS if arm == PIXELS else f"{arm}, {how}" for arm, how in zip(scores["arm"], scores["protocol"], strict=True)
    ]
    ways = scores.assign(arm=names)
    fair = [way for way in dict.fromkeys(names) if saw[way.split(",")[0]] != LABELS]
    ours = f"{OURS}, {PROTOCOLS['nearest']}"
    # By the nearest mean too: it is how prototypes are asked, and of few shots often a rival's best.
    rivals = [way for way in fair if not way.startswith(OURS)]
    family = comparisons.compare(ways, [(ours, way) for way in rivals], ["level"], level)
    share, n = parts.share(level), len(block["held_out"])
    classes = [records.about("images")["classes"][c] for c in block["held_out"]]
    told = (
        f"Episodes of {block['way']} of the {n} classes {parts.series(classes)}, of which {OURS} saw no image: "
        f"{parts.series([str(k) for k in block['shots']])} labelled images of each, {block['queries']} others of each "
        f"to be told. {block['episodes']} episodes of the test part a seed, the same for every way; of fine-tuning, "
        f"of images as they are, the first {block['finetuned']['episodes']}. "
        f"By chance {parts.number(1 / block['way'], scale=100)} %."
    )
    against = {c: [d for d in family if d.against == c] for c in rivals}
    said = [
        f"{_claim('better', against)} {_claim('worse', against)} {_open(family)}".strip()
        if not any(c.verdict == "few" for c in family)
        else f"Nothing is claimed below {comparisons.FEWEST} seeds."
    ]
    return Section(
        "Few shots",
        [
            Words([told, *said]),
            Figures(
                [("Accuracy against shots", _drawing(ways, level))],
                f"Of queries of classes never shown. Line: mean over seeds; band: {share} interval. {OURS} and "
                f"{PIXELS} by the nearest mean, the others by a linear head.",
            ),
            _table(scores, saw, level),
            verdicts.table(
                f"{ours} less other ways that saw no label of these classes, points: mean paired difference "
                f"[{share} interval]",
                ["way", "shots", "against"],
                [c._replace(cell=(*c.cell, c.against)) for c in family],
                scale=100,
                words=3,
            ),
        ],
    )


def seen(arms: Sequence[str], records: Records) -> dict[str, str]:
    """What an encoder saw of the classes held out, before it was asked: nothing, images without labels, or labels."""
    taught = {CEILING, "whole"}
    if set(records.blocks["pretrain"]["base_classes"]) & set(records.blocks["fewshot"]["held_out"]):
        taught.add(BASE)
    nothing = {OURS, PIXELS, BASE, "random"} - taught
    return {arm: LABELS if arm in taught else NOTHING if arm in nothing else IMAGES for arm in arms}


def _claim(verdict: str, against: Mapping[str, Sequence[comparisons.Comparison]]) -> str:
    """Prototypes are better than pixels at 1 and 5 shots."""
    at: dict[str, list[str]] = {}
    for way, compared in against.items():
        levels = [c.cell[0] for c in compared if c.verdict == verdict]
        if levels:
            at.setdefault(parts.series(levels), []).append(way)
    if not at:
        return f"{OURS.capitalize()} by the nearest mean are {verdict} than no other way."
    told = "; ".join(f"{_listed(ways)} at {levels}" for levels, ways in at.items())
    return f"{OURS.capitalize()} by the nearest mean are {verdict} than {told} shots."


def _open(family: Sequence[comparisons.Comparison]) -> str:
    """Of 3 of 18 comparisons nothing is claimed."""
    silent = sum(c.verdict == "open" for c in family)
    return f"Of {silent} of {len(family)} comparisons nothing is claimed." if silent else ""


def _listed(ways: Sequence[str]) -> str:
    return parts.series([way.replace(", ", " by ") for way in ways])


def _drawing(ways: pd.DataFrame, level: float) -> Markup:
    drawn = [
        figures.line(name.split(",")[0], ways[ways["arm"] == name], "level", "value", level)
        for name in SHOWN
        if name in set(ways["arm"])
    ]
    ticks = sorted({at for line in drawn for at in line.x})
    ends = ", ".join(f"{line.name} {parts.number(line.mean[-1], scale=100)} %" for line in drawn)
    return figures.lines(
        "fewshot",
        drawn,
        Axis("shots", ticks, log=True),
        Axis("accuracy, %", percent=True),
        title="Accuracy against shots",
        told=f"With {ticks[-1]:g} shots: {ends}.",
        size=(470, 340),
        seeds=False,
    )


def _table(scores: pd.DataFrame, saw: Mapping[str, str], level: float) -> Table:
    cells = tables.cells(scores, ("arm", "protocol", "level"), level)
    shots = sorted({at for *_, at in cells}, key=float)
    columns = [(how, at) for how in PROTOCOLS.values() for at in shots]

    order = list(dict.fromkeys(arm for arm, *_ in cells))
    order.sort(key=lambda arm: ((NOTHING, IMAGES, LABELS).index(saw[arm]), arm != OURS))
    return Table(
        f"Accuracy, %, by shots: mean over seeds [{parts.share(level)} interval]",
        ["encoder", "saw", *(f"{how}, {at}" for how, at in columns)],
        [
            [Cell(arm), Cell(saw[arm]), *(parts.interval(cells.get((arm, *of)), scale=100) for of in columns)]
            for arm in order
        ],
        words=2,
        note="Saw: of the classes asked about, before the shots. Those that saw labels are a ceiling and in no "
        f"comparison; {PIXELS} take no net. The number after a comma: shots of each class.",
    )
