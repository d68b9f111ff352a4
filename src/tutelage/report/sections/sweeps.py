"""One number varied: the width of a code, beside principal components, and the strength of what asks for few."""

from collections.abc import Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from tutelage.report import comparisons, figures, parts, tables, verdicts
from tutelage.report.comparisons import Comparison
from tutelage.report.figures import Axis
from tutelage.report.parts import Figures, Part, Section, Table, Words
from tutelage.report.records import Records

DEEP, PCA, SELECTS, SHRINKS = "deep", "pca", "sparse_weights_l1", "sparse_weights_l2"
BY_WIDTH = {
    "sse": "squared error",
    "accuracy": "accuracy of nearest neighbours, %",
    "trustworthiness": "trustworthiness",
}
BY_STRENGTH = {"zero": "exactly zero, %", "sse": "squared error"}
DIFFERENCE = {"sse": (2, -1), "accuracy": (1, 100), "trustworthiness": (4, 1)}  # decimals and scale; negative: less


def section(records: Records) -> Section:
    """Needs the record of sweeps."""
    scores, told = records.of("sweeps"), records.blocks["sweeps"]
    train = parts.number(records.about("images")["counts"]["train"], 0)
    share = parts.share(records.level)
    widths = scores[scores["at"] == "width"]
    families = {
        metric: comparisons.compare(
            rows.assign(value=-rows["value"]) if DIFFERENCE[metric][1] < 0 else rows,
            [(DEEP, PCA)],
            ["level"],
            records.level,
        )
        for metric, rows in ((metric, widths[widths["metric"] == metric]) for metric in BY_WIDTH)
    }
    made: list[Part] = [
        Words(
            [
                f"A fit of another width has the budget's {parts.number(records.blocks['budget']['presentations'], 0)} "
                f"presentations, one of another strength {parts.number(told['presentations'], 0)}. "
                "Squared error: Σ (x̂ − x)² of a test image. Nearest neighbours: of a test image's code among those of "
                f"all {train} training images, with their labels. Trustworthiness: 1 where the nearest codes are codes "
                "of near images.",
                " ".join(
                    verdicts.said(
                        families[metric], f"{_named(metric)}, against {PCA}", verdicts.at("numbers in a code")
                    )
                    for metric in BY_WIDTH
                ),
            ]
        )
    ]
    drawings = [
        (
            axis,
            _drawing(f"width-{metric}", widths[widths["metric"] == metric], "numbers in a code", axis, records.level),
        )
        for metric, axis in BY_WIDTH.items()
    ]
    made.append(Figures(drawings, f"The width of a code. Line: mean over seeds; band: {share} interval."))
    made += _differences(families, share)
    strengths = scores[scores["at"] == "strength"]
    if len(strengths):
        made += _strengths(strengths, records.level)
    return Section("One number varied", made)


def _differences(families: Mapping[str, Sequence[Comparison]], share: str) -> list[Table]:
    return [
        verdicts.table(
            f"{_named(metric)} of {DEEP} less that of {PCA}: mean paired difference [{share} interval]",
            ["autoencoder", "numbers in a code"],
            family,
            digits=DIFFERENCE[metric][0],
            scale=DIFFERENCE[metric][1],
        )
        for metric, family in families.items()
    ]


def _named(metric: str) -> str:
    return BY_WIDTH[metric].removesuffix(", %").capitalize()


def _strengths(strengths: pd.DataFrame, level: float) -> list[Part]:
    few = strengths[strengths["metric"].isin(("zero_weights", "zero_codes"))].assign(metric="zero")
    of = {"zero": _asked_for(few, strengths), "sse": strengths[strengths["metric"] == "sse"]}
    more = comparisons.compare(of["zero"], [(SELECTS, SHRINKS)], ["level"], level)
    strongest = {
        arm: (at, value.mean) for (arm, at), value in tables.cells(of["zero"], ("arm", "level"), level).items()
    }
    zeros = [f"{arm} {parts.number(mean, 1, scale=100)} (at {at})" for arm, (at, mean) in strongest.items()]
    asked = f"Share of weights exactly zero, more taken for better, against {SHRINKS}"
    drawings = [
        (axis, _drawing(f"strength-{metric}", of[metric], "strength of the penalty", axis, level))
        for metric, axis in BY_STRENGTH.items()
    ]
    return [
        Words(
            [
                "Numbers that are exactly zero at a penalty's strongest, % of the weights where weights are penalised "
                f"and of the codes where codes are: {parts.series(zeros)}.",
                *([verdicts.said(more, asked, verdicts.at("as the strength"))] if more else []),
            ]
        ),
        Figures(
            drawings,
            "The strength of a penalty: the share of numbers that are exactly zero, and what that costs. A kink in the "
            "penalty at zero can hold a number there, as L1 has and L2 and the activity's divergence have not. Line: "
            f"mean over seeds; band: {parts.share(level)} interval.",
        ),
    ]


def _asked_for(few: pd.DataFrame, strengths: pd.DataFrame) -> pd.DataFrame:
    """Of each entry the zeros that its penalty asks for: in its weights or in its codes."""
    metric = strengths.loc[few.index, "metric"]
    weights = few["arm"].str.contains("weights")
    return few[(metric == "zero_weights") == weights]


def _drawing(name: str, rows: pd.DataFrame, x: str, y: str, level: float) -> Markup:
    drawn = [figures.line(str(arm), told, "level", "value", level) for arm, told in rows.groupby("arm", sort=False)]
    ticks: Sequence[float] = sorted({at for line in drawn for at in line.x})
    percent = y.endswith("%")
    ends = ", ".join(f"{line.name} {parts.number(line.mean[-1], 2, scale=100 if percent else 1)}" for line in drawn)
    return figures.lines(
        f"sweep-{name}",
        drawn,
        Axis(x, ticks=ticks, log=True),
        Axis(y, percent=percent),
        title=f"{y} against the {x}",
        told=f"At {ticks[-1]:g}: {ends}.",
        size=(330, 270) if name.startswith("width") else (470, 300),  # three side by side, or two
        seeds=False,
    )
