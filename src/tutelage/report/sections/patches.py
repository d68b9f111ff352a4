"""Relative patches: whether neighbours are told, and what that is worth between the floor and teaching by labels."""

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from tutelage import runs
from tutelage.data.patches import OFFSETS
from tutelage.measure.significance import Interval
from tutelage.report import comparisons, figures, parts, tables, verdicts
from tutelage.report.comparisons import Comparison
from tutelage.report.figures import Axis
from tutelage.report.parts import Cell, Figures, Section, Table, Words
from tutelage.report.pictures import png
from tutelage.report.records import Records

CONTROL, FLOOR, CEILING = "shortcuts", "random", "all"
PROTOCOLS = {"linear": "logistic regression", "knn": "nearest neighbours", "finetune": "fine-tuning"}
LAYERS = {"1": 1, "2": 2, "code": 3}
OWN, SECOND, STRANGERS, CHANCE = "own", "second", "strangers", "chance"


def section(records: Records) -> Section:
    """Needs the record and pictures of patches_exam, and the exams of patches and of pretrain."""
    further, level = records.of("patches_exam").query("metric == 'accuracy'"), records.level
    entries, margin = list(records.blocks["patches"]), records.blocks["patches_exam"]["margin"]
    honest, arms = [entry for entry in entries if entry != CONTROL], [*entries, FLOOR, CEILING]
    quality, layers, told = _quality(records, further, arms), further[further["at"] == "layer"], _told(further, entries)
    by = ["protocol", "level"]
    claim = comparisons.compare(lifted(quality, margin), [(arm, CEILING) for arm in honest], by, level)
    above = comparisons.compare(quality, [(arm, FLOOR) for arm in entries], by, level)
    leaks = comparisons.compare(quality, [(arm, CONTROL) for arm in honest], by, level)
    deep = comparisons.compare(layers, [(arm, FLOOR) for arm in entries], ["level"], level)
    asked = [(OWN, SECOND), (OWN, STRANGERS), (SECOND, STRANGERS), (OWN, CHANCE), (SECOND, CHANCE)]
    helps = comparisons.compare(told, asked, ["entry"], level)
    share = parts.share(level)
    points = f"points: mean paired difference [{share} interval]"
    shown = parts.number(records.blocks["budget"]["presentations"], 0)
    most = max(records.blocks["exam"]["labels"])
    return Section(
        "Relative patches",
        [
            Words([*_neighbours(told, helps, entries, level), verdict(claim, margin)]),
            Words(
                [
                    verdicts.said(above, f"Against {FLOOR} (an encoder as it is born)", _where),
                    verdicts.said(leaks, f"Against {CONTROL} (no gap, no jitter)", _where),
                    verdicts.said(deep, f"A probe of each layer, against {FLOOR}", _layers),
                ],
                heading="What it is worth",
            ),
            Figures(
                [(name, _drawing(protocol, name, quality, arms, level)) for protocol, name in PROTOCOLS.items()]
                + [("A probe of each layer", _by_layer(layers, arms, level))],
                f"Accuracy on the test part. Line: mean over seeds; band: {share} interval. {CEILING}: pretrain's "
                f"encoder, which saw all labels of the training part, the ceiling; {FLOOR}: an encoder as it is born, "
                f"the floor. The others saw no label, and {shown} patches where {CEILING} saw as many images. "
                "Fine-tuning has one learning rate for all. Layers: 1 and 2 are the convolutions, averaged in a grid "
                f"of cells, 3 the code; logistic regression with {most} labels.",
            ),
            _pictures(records, entries),
            _pairs(further, entries, level),
            _table(quality, arms, level),
            _compared(
                f"Accuracy less that of {CEILING}, and {margin * 100:g} points of margin more, {points}",
                claim,
                "Better: not less by more than the margin. Worse: less by more.",
            ),
            _compared(f"Accuracy less that of {FLOOR}, {points}", above),
            _compared(f"Accuracy less that of {CONTROL}, {points}", leaks),
            verdicts.table(
                f"Accuracy of a probe of each layer less that of {FLOOR}, {points}", ["way", "layer"], deep, scale=100
            ),
            verdicts.table(
                f"Neighbours told, less those told by the {SECOND} patch alone, of {STRANGERS}, by {CHANCE}, {points}",
                ["pairs", "taught on", "against"],
                [c._replace(cell=(*c.cell, c.against)) for c in helps],
                scale=100,
                words=3,
            ),
        ],
    )


def lifted(quality: pd.DataFrame, margin: float) -> pd.DataFrame:
    """All but the ceiling by the margin: better is then not less by more than it, and worse is less by more."""
    return quality.assign(value=quality["value"] + margin * (quality["arm"] != CEILING))


def verdict(claim: Sequence[Comparison], margin: float) -> str:
    """Whether quality is not less than by labels, of scores that were lifted: where it holds, where it fails."""
    asked = f"The claim that quality is not less than by labels, with a margin of {margin * 100:g} points,"
    if not claim or any(c.verdict == "few" for c in claim):
        return f"{asked} is not judged: nothing is claimed below {comparisons.FEWEST} seeds."
    holds, fails = ([c for c in claim if c.verdict == verdict] for verdict in ("better", "worse"))
    word = "holds" if len(holds) == len(claim) else "fails" if fails else "stays open"
    told = f"{asked} {word}: of {len(claim)} comparisons {len(holds)} hold, {len(fails)} fail."
    if holds:
        told += f" It holds {_where([c.cell for c in holds])}."
    if fails:
        less = [
            parts.number(margin - c.difference.mean, scale=100) for c in sorted(fails, key=lambda c: -c.difference.mean)
        ]
        told += f" It fails {_where([c.cell for c in fails])}, by {less[0]} to {less[-1]} points less."
    return told


def _where(cells: Sequence[tuple[str, ...]]) -> str:
    """By logistic regression at 10 and 50 labels and by fine-tuning at 10 labels."""
    at = {name: [level for of, level in cells if of == protocol] for protocol, name in PROTOCOLS.items()}
    return parts.series([f"by {name} at {parts.series(levels)} labels" for name, levels in at.items() if levels])


def _layers(cells: Sequence[tuple[str, ...]]) -> str:
    return f"at {parts.series(['the code' if layer == 'code' else f'layer {layer}' for (layer,) in cells])}"


def _quality(records: Records, further: pd.DataFrame, arms: Sequence[str]) -> pd.DataFrame:
    """Accuracy by protocol and labels, from the exam that all encoders sit and from the fine-tuning beside it."""
    every = pd.concat([records.of("exam_patches"), records.of("exam_pretrain"), further])
    chosen = every["protocol"].isin(PROTOCOLS) & every["arm"].isin(arms) & (every["at"] == "labels")
    every = every[chosen & (every["metric"] == "accuracy")]
    return every.sort_values("level", key=lambda levels: levels.astype(float), kind="stable")


def _told(further: pd.DataFrame, entries: Sequence[str]) -> pd.DataFrame:
    """Neighbours told by each entry of its own pairs and of pairs whose first patch is another image's, by its control
    of its second patches, and by chance."""
    pairs = further[further["at"] == "pairs"]
    kinds = []
    for entry in entries:
        taught = pairs[pairs["arm"] == entry].assign(entry=entry)
        own = taught[taught["level"] == entry].assign(arm=OWN)
        kinds += [own, own.assign(arm=CHANCE, value=1 / len(OFFSETS))]
        kinds += [taught[taught["level"] == kind].assign(arm=kind) for kind in (SECOND, STRANGERS)]
    return pd.concat(kinds)


def _neighbours(told: pd.DataFrame, helps: Sequence[Comparison], entries: Sequence[str], level: float) -> list[str]:
    cells = tables.cells(told, ("entry", "arm"), level)
    found = {(c.cell[0], c.arm, c.against): c for c in helps}
    said, shares, chance = [], [], 1 / len(OFFSETS)
    for entry in entries:
        told_of = [_share_told(cells[entry, kind]) for kind in (OWN, SECOND, STRANGERS)]
        by_first, to_strangers = (found[entry, OWN, kind] for kind in (SECOND, STRANGERS))
        said.append(
            f"by {entry} {told_of[0]}; by a net that only second patches taught {told_of[1]}, {_less(by_first)}; "
            f"where the first patch is another image's {told_of[2]}, {_less(to_strangers)}"
        )
        own, second = (cells[entry, kind].mean - chance for kind in (OWN, SECOND))
        if found[entry, OWN, CHANCE].verdict == "better":
            shares.append(f"{parts.number(second / own, 0, scale=100)} % of what {entry} does")
    misled = all(found[entry, SECOND, STRANGERS].verdict == "better" for entry in entries)
    return [
        f"Of pairs of unseen images, {parts.number(1 / len(OFFSETS), scale=100)} % by chance, neighbours are told "
        f"{'; '.join(said)}.",
        "Of the second patch alone it can be told where in its image it lay, where subjects are centred"
        + (f": above chance it tells {parts.series(shares)}. " if shares else ". ")
        + "Only what the first patch brings beside it is about how parts belong together; with shortcuts it is also "
        "how edges go on."
        + (
            " Another image's patch misleads a net that was taught true pairs: of as many one that only second patches "
            "taught tells more."
            if misled
            else ""
        ),
    ]


def _share_told(told: Interval) -> str:
    cell = parts.interval(told, scale=100)
    return f"{cell.text} % {cell.beside}".strip()


def _less(c: Comparison) -> str:
    more = f"{parts.number(c.difference.mean, scale=100, sign=True)} {parts.apart(c.difference, scale=100)}".strip()
    return f"a difference of {more} points{_claimed(c)}"


def _claimed(c: Comparison) -> str:
    return {"few": f" (nothing is claimed below {comparisons.FEWEST} seeds)", "open": ", which is no claim"}.get(
        c.verdict, ""
    )


def _compared(caption: str, family: Sequence[Comparison], note: str = "") -> Table:
    return verdicts.table(caption, ["way", "protocol", "labels"], family, scale=100, words=2, note=note)


def _pairs(further: pd.DataFrame, entries: Sequence[str], level: float) -> Table:
    cells = tables.cells(further[further["at"] == "pairs"], ("arm", "level"), level)
    kinds = [*entries, SECOND, STRANGERS]
    rows = [
        [Cell(e), *(parts.interval(cells[e, kind], scale=100) for kind in kinds), Cell(str(cells[e, e].n))]
        for e in entries
    ]
    return Table(
        f"Neighbours told, %, of test pairs cut in each way: mean over n seeds [{parts.share(level)} interval]",
        ["taught on", *(f"asked {kind}" for kind in kinds), "n"],
        rows,
        note=f"Guessing: {parts.number(1 / len(OFFSETS), scale=100)}. {SECOND}: its own way, by another net, from "
        f"which the first patch was hidden as it learned, of as many pairs, and is now. {STRANGERS}: its own way, each "
        "first patch another image's. Each test image is asked about once a neighbour.",
    )


def _pictures(records: Records, entries: Sequence[str]) -> Figures:
    told = "Of each test image a first patch, and around it the second ones where they lay, each of a pair of its own."
    drawings = []
    for entry in entries:
        block = records.blocks["patches"][entry]
        heading = f"{entry}: {block['side']} px, gap {block['gap']} px, jitter {block['jitter']} px"
        drawings.append((heading, png(records, runs.PICTURES / f"patches/{entry}.png", f"{entry}. {told}")))
    return Figures(drawings, told)


def _drawing(protocol: str, name: str, quality: pd.DataFrame, arms: Sequence[str], level: float) -> Markup:
    of = quality[quality["protocol"] == protocol]
    drawn = [figures.line(arm, of[of["arm"] == arm], "level", "value", level) for arm in arms]
    ticks = sorted({at for line in drawn for at in line.x})
    ends = ", ".join(f"{line.name} {parts.number(line.mean[-1], scale=100)} %" for line in drawn)
    return figures.lines(
        f"patches-{protocol}",
        drawn,
        Axis("labels", ticks, log=True),
        Axis("accuracy, %", percent=True),
        title=f"Accuracy against labels, {name}",
        told=f"With {ticks[-1]:g} labels: {ends}.",
        size=(420, 320),
        seeds=False,
    )


def _by_layer(layers: pd.DataFrame, arms: Sequence[str], level: float) -> Markup:
    numbered = layers.assign(layer=layers["level"].map(LAYERS))
    drawn = [figures.line(arm, numbered[numbered["arm"] == arm], "layer", "value", level) for arm in arms]
    told = "; ".join(f"{one.name} {parts.series([parts.number(m, scale=100) for m in one.mean])}" for one in drawn)
    return figures.lines(
        "patches-layers",
        drawn,
        Axis("layer", list(LAYERS.values())),
        Axis("accuracy, %", percent=True),
        title="Accuracy of a linear probe by layer",
        told=f"In percent at layers 1, 2 and the code: {told}.",
        size=(420, 320),
        seeds=False,
    )


def _table(quality: pd.DataFrame, arms: Sequence[str], level: float) -> Table:
    cells = tables.cells(quality, ("protocol", "arm", "level"), level)
    levels = sorted({at for _, _, at in cells}, key=float)

    rows = [
        [Cell(name), Cell(arm), *(parts.interval(cells.get((protocol, arm, at)), scale=100) for at in levels)]
        for protocol, name in PROTOCOLS.items()
        for arm in arms
    ]
    caption = f"Accuracy, %, by labels: mean over seeds [{parts.share(level)} interval]"
    return Table(caption, ["protocol", "encoder", *levels], rows, words=2, folded=True)
