"""Autoencoders under noise: what comes back, what a probe still tells apart, how far codes move."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from tutelage.report import comparisons, figures, parts, verdicts
from tutelage.report.comparisons import Comparison
from tutelage.report.figures import Axis
from tutelage.report.parts import Figures, Part, Section, Words
from tutelage.report.records import Records

PLAIN, PCA = "deep", "pca"
KINDS = {
    "gaussian": "standard deviation of the noise, a pixel is in [0, 1]",
    "masking": "share of pixels set to 0",
}
# Of each metric its axis, the decimals and scale of a difference; a negative scale where less is better.
METRICS = {
    "accuracy": ("accuracy of a probe, %", 1, 100),
    "sse": ("squared error against the clean image", 2, -1),
    "code_shift": ("codes moved, share of their spread", 3, -1),
}


def section(records: Records) -> Section:
    """Needs the exams of deep, pca and of the autoencoders that were taught with noise."""
    entries = {name: entry["noise"] for name, entry in records.blocks["autoencoders"].items()}
    noisy = [name for name, noise in entries.items() if noise["kind"] != "none"]
    ways = [name for name in entries if name in (PLAIN, PCA, *noisy)]
    scores = pd.concat([records.of(f"exam_autoencoder@{way}").query("protocol == 'noise'") for way in ways])
    share = parts.share(records.level)
    families = {metric: _compared(scores[scores["metric"] == metric], noisy, records.level) for metric in METRICS}
    taught = parts.series([f"{name} with {_noise(entries[name])}" for name in noisy])
    most = max(records.blocks["exam"]["labels"])
    made: list[Part] = [
        Words(
            [
                f"Taught with noise: {taught}; {PLAIN} is the same without. The probe is logistic regression, taught "
                f"on clean codes of {most} labelled images, and asked about noisy ones. Squared error: "
                "Σ (x̂ − x)² of an image against the one before the noise. Codes moved: E|z̃ − z|² as a share of "
                "E|z − E z|².",
                *(
                    verdicts.said(families[metric], f"{axis.split(',')[0].capitalize()}, against {PLAIN}", _where)
                    for metric, (axis, _, _) in METRICS.items()
                ),
            ]
        )
    ]
    for metric, (axis, _, _) in METRICS.items():
        drawings = [
            (f"{kind} noise", _drawing(scores[scores["metric"] == metric], metric, axis, kind, along, records.level))
            for kind, along in KINDS.items()
        ]
        made.append(Figures(drawings, f"Line: mean over seeds; band: {share} interval."))
    made += [
        verdicts.table(
            f"{axis.capitalize()}: less that of {PLAIN}: mean paired difference [{share} interval]",
            ["autoencoder", "noise", "strength"],
            families[metric],
            digits=digits,
            scale=scale,
        )
        for metric, (axis, digits, scale) in METRICS.items()
    ]
    return Section("Under noise", made)


def _noise(entry: Mapping[str, Any]) -> str:
    """Gaussian noise of 0.3; views have no one strength."""
    return str(entry["kind"]) if entry["kind"] == "views" else f"{entry['kind']} {entry['strength']:g}"


def _compared(rows: pd.DataFrame, noisy: list[str], level: float) -> list[Comparison]:
    """Of one metric; without noise once, though each kind begins there."""
    less = METRICS[str(rows["metric"].iloc[0])][2] < 0
    clean = rows["level"].astype(float) == 0
    rows = rows[~clean | (rows["at"] == next(iter(KINDS)))].copy()
    rows.loc[rows["level"].astype(float) == 0, "at"] = "none"
    if less:
        rows["value"] = -rows["value"]
    told = comparisons.compare(rows, [(way, PLAIN) for way in noisy], ["at", "level"], level)
    return sorted(told, key=lambda c: (c.arm, ["none", *KINDS].index(c.cell[0])))


def _where(cells: Sequence[tuple[str, ...]]) -> str:
    """Without noise, and under gaussian noise of 0.2 and 0.4."""
    told = [
        f"under {kind} noise of {parts.series(levels)}"
        for kind in KINDS
        if (levels := [level for at, level in cells if at == kind])
    ]
    return parts.series([*(["without noise"] if any(at == "none" for at, _ in cells) else []), *told])


def _drawing(rows: pd.DataFrame, metric: str, axis: str, kind: str, along: str, level: float) -> Markup:
    here = rows[rows["at"] == kind]
    drawn = [figures.line(str(way), told, "level", "value", level) for way, told in here.groupby("arm", sort=False)]
    percent = axis.endswith("%")
    ends = ", ".join(f"{line.name} {parts.number(line.mean[-1], 2, scale=100 if percent else 1)}" for line in drawn)
    return figures.lines(
        f"noise-{metric}-{kind}".replace("_", "-"),
        drawn,
        Axis(along, ticks=drawn[0].x),
        Axis(axis, percent=percent),
        title=f"{axis} under {kind} noise",
        told=f"At the strongest: {ends}.",
        size=(470, 300),
        seeds=False,
    )
