"""Autoencoders: what comes back of an image, against principal components of the same width."""

from collections.abc import Sequence

import pandas as pd

from tutelage.report import comparisons, figures, parts, tables, verdicts
from tutelage.report.comparisons import Comparison
from tutelage.report.figures import Axis
from tutelage.report.parts import Cell, Figures, Section, Table, Words
from tutelage.report.records import Records

PCA = "pca"
DRAWN = ("deep", "deep_tied", "linear", "linear_tied", "denoising_gaussian", "denoising_views", "sparse_entropy")


def section(records: Records) -> Section:
    """Needs the exams and histories of the autoencoders, and what `principal` found."""
    entries = list(records.blocks["autoencoders"])
    exams = [records.of(f"exam_autoencoder@{name}") for name in entries]
    scores = records.scores[records.scores["stage"].isin({stage for exam in exams for stage in exam["stage"]})]
    errors = scores[(scores["metric"] == "sse") & (scores["at"] == "")]
    less = errors.assign(value=-errors["value"], at="sse")  # comparisons take more for better
    family = comparisons.compare(less, [(name, PCA) for name in entries if name != PCA], ["at"], records.level)
    found = [
        verdicts.said(family, f"Squared error of a test image, against {PCA}", lambda cells: ""),
        _minimum(records),
    ]
    return Section(
        "Autoencoders", [Words(found), _errors(records, errors, family), _curves(records), _principal(records)]
    )


def _minimum(records: Records) -> str:
    gaps = records.of("principal").query("metric == 'pca_gap'")
    widths = parts.series(list(dict.fromkeys(gaps["level"])))
    return (
        f"Taken to its minimum, with {widths} numbers in a code, a linear autoencoder's error on the training part is "
        f"in no fit more than {100 * gaps['value'].max():.2g} % above that of principal components."
    )


def _errors(records: Records, errors: pd.DataFrame, family: Sequence[Comparison]) -> Table:
    cells = tables.cells(errors, ("arm",), records.level)
    told = {c.arm: comparisons.told(c, scale=-1, digits=2) for c in family}
    rows = [
        [Cell(arm), parts.interval(value, 2), *told.get(arm, [Cell(""), Cell(""), Cell(str(value.n)), Cell("")])]
        for (arm,), value in sorted(cells.items(), key=lambda cell: cell[1].mean)
    ]
    width = records.blocks["encoder"]["width"]
    return Table(
        f"Σ (x̂ − x)² of a test image, pixels in [0, 1], codes of {width} numbers: mean over n seeds "
        f"[{parts.share(records.level)} interval]; less is better",
        ["autoencoder", "squared error", "less that of pca", "p, corrected", "n", "verdict"],
        rows,
        note=f"Verdicts: paired t-tests, corrected by Holm for the {len(told)} comparisons of this table. pca is in "
        "closed form and the same for all seeds. Autoencoders with noise, a penalty or another loss do not try for "
        "this error alone.",
    )


def _curves(records: Records) -> Figures:
    drawn = []
    for name in DRAWN:
        if name in records.blocks["autoencoders"]:
            history = records.history(f"autoencoder@{name}")
            drawn.append(figures.line(name, history, "step", "valid/sse", records.level))
    best = min(line.mean[-1] for line in drawn)
    ends = ", ".join(f"{line.name} {parts.number(line.mean[-1])}" for line in drawn)
    drawing = figures.lines(
        "autoencoders-learning",
        drawn,
        Axis("step"),
        Axis("squared error, validation part", limits=(0.8 * best, 3 * best)),
        title="How autoencoders learn",
        told=f"Mean over seeds at the end: {ends}.",
        size=(560, 340),
        seeds=False,
    )
    return Figures(
        [("How they learn", drawing)],
        f"A step is a batch of {records.blocks['budget']['batch_size']} images. Line: mean over seeds; band: "
        f"{parts.share(records.level)} interval.",
    )


def _principal(records: Records) -> Table:
    cells = tables.cells(records.of("principal"), ("arm", "level", "metric"), records.level)
    separated = records.blocks["principal"]["separated"]
    rows = []
    for arm, width in dict.fromkeys((arm, width) for arm, width, _ in cells):
        gap, angle = cells[arm, width, "pca_gap"], cells.get((arm, width, "pca_angle"))
        rows.append(
            [
                Cell(arm),
                Cell(width),
                parts.interval(cells[arm, width, "sse"], 3),
                Cell(f"{100 * gap.mean:.4f}", f"at most {100 * gap.high:.4f}" if gap.n > 1 else ""),
                parts.interval(angle, 2) if angle else Cell("says nothing"),
                parts.interval(cells[arm, width, "iterations"], 0),
            ]
        )
    return Table(
        "The linear autoencoder at its minimum beside PCA: full-batch L-BFGS in double precision, on the training part",
        ["matrices", "width", "squared error", "above pca's, %", "angle to its components, degrees", "iterations"],
        rows,
        words=2,
        note="The angle is the largest principal angle between the two subspaces. Where the eigenvalues on both sides "
        f"of the cut are closer than {separated:g} to 1, many subspaces are nearly as good and it says nothing.",
    )
