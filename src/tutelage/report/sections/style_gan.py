"""The style-based pair: how its game goes, what truncation buys and costs, and what each layer's style and noise do."""

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from tutelage import runs
from tutelage.measure.significance import Interval
from tutelage.report import parts, tables
from tutelage.report.parts import Cell, Figures, Section, Table, Words
from tutelage.report.pictures import moving, png
from tutelage.report.records import Records
from tutelage.report.sections import gan
from tutelage.report.sections.generation_found import NOISE, UNSEEN

FOLDER = runs.PICTURES / "styles"
JUDGED = {
    "frechet": ("Fréchet distance", 1, 1),
    "precision": ("precision, %", 0, 100),
    "recall": ("recall, %", 0, 100),
    "density": ("density", 2, 1),
    "coverage": ("coverage, %", 0, 100),
    "classes_hit": ("classes hit", 1, 1),
    "class_entropy": ("their entropy, nats", 2, 1),
}


def section(records: Records) -> Section:
    """Needs the record and history of `style_gan`, the record and pictures of `styles`, the record of `generation`."""
    block, shown = records.blocks["style_gan"], records.blocks["styles"]
    history, classes = records.history("style_gan"), len(records.about("images")["classes"])
    even = records.blocks["generation"]["even"]
    judged = records.of("generation")
    truncated, whole = judged[judged["with"] == "truncation"], judged[judged["with"] == ""]
    psi = f"ψ = {shown['truncation']:g}"
    return Section(
        "A style-based generator",
        [
            Words([gan.collapse(history, classes, even), _noise(records.of("styles"))]),
            gan.game("style-gan", history, block["batch_size"], records.level),
            gan.ends(history, classes, records.level),
            Words([_bought(truncated, records.level)], heading="Truncation"),
            Figures(
                [
                    (
                        "Truncated",
                        _picture(records, "truncated", "Rows of samples from the mean style to styles as drawn"),
                    )
                ],
                f"A row a truncation, from above ψ = {parts.series([f'{p:g}' for p in shown['truncations']])}; a "
                "column one z. w is drawn towards the mean style w̄: w̄ + ψ(w − w̄).",
            ),
            _truncations(truncated, whole, records.level),
            Figures(
                _mixed(records),
                "Style mixing. In the first row images of styles that give the coarse layers, in the first column "
                "those that give the layers from the size named on, and what the size before adds to the image, which "
                f"takes the style of the layer after it; where they meet, the image of both. {psi}.",
            ),
            Figures(
                [
                    ("A walk through w", moving(records, FOLDER / "walk.webp", FOLDER / "still.png", WALK)),
                    ("What noise does", _picture(records, "noise", SHADES)),
                ],
                f"A walk through w: {shown['walk']['shown']} of them, each from style to style straight through w and "
                "back to where it began; they stand still where a reader's system asks for less motion. What noise "
                f"does, {SHADES} {psi}.",
            ),
        ],
    )


WALK = "Images that turn slowly into one another."
SHADES = (
    "in each row: an image without noise, four that noise alone tells apart, and how far each pixel strays, white for "
    "the picture's largest deviation."
)


def _noise(scores: pd.DataFrame) -> str:
    strays = {row["level"]: parts.number(row["value"], 4) for _, row in scores[scores["at"] == "drawn"].iterrows()}
    return (
        "Of one seed: between images of one style, which noise alone tells apart, a pixel's standard deviation is "
        f"{strays['noise']} in the mean; between images of other styles under one noise it is {strays['style']}."
    )


def _bought(truncated: pd.DataFrame, level: float) -> str:
    """From whole styles to the truncation of the least Fréchet distance, and to the strongest."""
    cells = tables.cells(truncated, ("with_level", "metric"), level)
    steps = sorted({psi for psi, _ in cells}, key=float)

    def told(psi: str) -> str:
        precision, recall = (parts.number(cells[psi, m].mean, 0, scale=100) for m in ("precision", "recall"))
        distance = parts.number(cells[psi, "frechet"].mean)
        return (
            f"at ψ = {float(psi):g} precision is {precision} %, recall {recall} % and the Fréchet distance {distance}"
        )

    nearest = min(steps, key=lambda psi: cells[psi, "frechet"].mean)
    n = cells[steps[0], "frechet"].n
    few = "Of one seed, so that nothing is claimed" if n == 1 else f"In the mean over {n} seeds, and nothing is claimed"
    return (
        f"{few}: {'; '.join(told(psi) for psi in reversed(steps))}. The Fréchet distance is least at ψ = "
        f"{float(nearest):g}."
    )


def _truncations(truncated: pd.DataFrame, whole: pd.DataFrame, level: float) -> Table:
    """From the ceiling, the other half of the test part, over the truncations to the floor."""
    cells = tables.cells(truncated, ("with_level", "metric"), level)
    ends = tables.cells(whole, ("arm", "metric"), level)
    steps = sorted({psi for psi, _ in cells}, key=float, reverse=True)

    def row(name: Cell, told: Mapping[str, Interval]) -> list[Cell]:
        seen = [parts.interval(told[metric], digits, scale=scale) for metric, (_, digits, scale) in JUDGED.items()]
        return [name, *seen, Cell(str(told["frechet"].n))]

    rows = [
        row(Cell(UNSEEN, "ceiling"), {metric: ends["unseen", metric] for metric in JUDGED}),
        *(row(Cell(f"ψ = {float(psi):g}"), {metric: cells[psi, metric] for metric in JUDGED}) for psi in steps),
        row(Cell(NOISE, "floor"), {metric: ends["noise", metric] for metric in JUDGED}),
    ]
    return Table(
        f"Truncated samples between unseen images and noise; {next(iter(truncated['level']))} of each: mean over n "
        f"seeds [{parts.share(level)} interval]; of one seed there is no interval",
        ["samples", *(column for column, _, _ in JUDGED.values()), "n"],
        rows,
        note="Judged as all generators are, by the same images to compare with.",
    )


def _mixed(records: Records) -> list[tuple[str, Markup]]:
    _, height, width = records.about("images")["shape"]
    levels = len(records.blocks["style_gan"]["channels"])
    sizes = [(height >> k, width >> k) for k in reversed(range(levels - 1))]
    return [
        (
            f"From {h}×{w} on the row's style",
            _picture(
                records,
                f"mixed-{h}x{w}",
                f"Style mixing: the layers from {h}×{w} on, and what the size before adds to the image, take the row's "
                "style",
            ),
        )
        for h, w in sizes
    ]


def _picture(records: Records, name: str, told: str) -> Markup:
    return png(records, FOLDER / f"{name}.png", told)
