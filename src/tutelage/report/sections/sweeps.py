"""One number varied: the width of a code, beside principal components, and the strength of what asks for few."""

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from tutelage.report import figures, parts
from tutelage.report.figures import Axis
from tutelage.report.parts import Figures, Part, Section, Words
from tutelage.report.records import Records

BY_WIDTH = {
    "sse": "squared error",
    "accuracy": "accuracy of nearest neighbours, %",
    "trustworthiness": "trustworthiness",
}
BY_STRENGTH = {"zero": "exactly zero, %", "sse": "squared error"}


def section(records: Records) -> Section:
    """Needs the record of sweeps."""
    scores, told = records.of("sweeps"), records.blocks["sweeps"]
    train = parts.number(records.about("images")["counts"]["train"], 0)
    share = parts.share(records.level)
    made: list[Part] = [
        Words(
            [
                f"Each fit here has {parts.number(told['presentations'], 0)} presentations, a part of the budget. "
                "Squared error: Σ (x̂ − x)² of a test image. Nearest neighbours: of a test image's code among those of "
                f"all {train} training images, with their labels. Trustworthiness: 1 where the nearest codes are codes "
                "of near images."
            ]
        )
    ]
    widths = scores[scores["at"] == "width"]
    drawings = [
        (
            axis,
            _drawing(f"width-{metric}", widths[widths["metric"] == metric], "numbers in a code", axis, records.level),
        )
        for metric, axis in BY_WIDTH.items()
    ]
    made.append(Figures(drawings, f"The width of a code. Line: mean over seeds; band: {share} interval."))
    strengths = scores[scores["at"] == "strength"]
    if len(strengths):
        few = strengths[strengths["metric"].isin(("zero_weights", "zero_codes"))].assign(metric="zero")
        of = {"zero": _asked_for(few, strengths), "sse": strengths[strengths["metric"] == "sse"]}
        drawings = [
            (axis, _drawing(f"strength-{metric}", of[metric], "strength of the penalty", axis, records.level))
            for metric, axis in BY_STRENGTH.items()
        ]
        made.append(
            Figures(
                drawings,
                "The strength of a penalty: the share of numbers that are exactly zero, of weights where weights are "
                "penalised and of codes where codes are, and what that costs. A kink in the penalty selects: L1 gives "
                f"exact zeros, L2 and the activity's divergence do not. Line: mean over seeds; band: {share} interval.",
            )
        )
    return Section("One number varied", made)


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
