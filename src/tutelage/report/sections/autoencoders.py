"""Autoencoders: what comes back of an image, against principal components of the same width."""

import pandas as pd

from tutelage.report import comparisons, figures, parts, tables
from tutelage.report.figures import Axis
from tutelage.report.parts import Cell, Figures, Section, Table
from tutelage.report.records import Records

PCA = "pca"
DRAWN = ("deep", "deep_tied", "linear", "linear_tied", "denoising_gaussian", "sparse_entropy")


def section(records: Records) -> Section:
    """Needs the exams and histories of the autoencoders, and what `principal` found."""
    entries = list(records.blocks["autoencoders"])
    exams = [records.of(f"exam_autoencoder@{name}") for name in entries]
    scores = records.scores[records.scores["stage"].isin({stage for exam in exams for stage in exam["stage"]})]
    errors = scores[(scores["metric"] == "sse") & (scores["at"] == "")]
    return Section("Autoencoders", [_errors(records, errors), _curves(records), _principal(records)])


def _errors(records: Records, errors: pd.DataFrame) -> Table:
    cells = tables.cells(errors, ("arm",), records.level)
    less = errors.assign(value=-errors["value"], at="sse")  # comparisons take more for better
    told = {
        c.arm: c for c in comparisons.compare(less, [(a, PCA) for (a,) in cells if a != PCA], ["at"], records.level)
    }
    rows = []
    for (arm,), value in sorted(cells.items(), key=lambda cell: cell[1].mean):
        c = told.get(arm)
        apart = Cell(parts.number(-c.difference.mean, 2, sign=True)) if c else Cell("")
        verdict = Cell({"few": "too few seeds"}.get(c.verdict, c.verdict), tone=c.verdict) if c else Cell("")
        rows.append([Cell(arm), parts.interval(value, 2), apart, verdict, Cell(str(value.n))])
    width = records.blocks["encoder"]["width"]
    return Table(
        f"Σ (x̂ − x)² of a test image, pixels in [0, 1], codes of {width} numbers: mean over n seeds "
        f"[{parts.share(records.level)} interval]; less is better",
        ["autoencoder", "squared error", "less that of pca", "verdict", "n"],
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
        "The linear autoencoder at its minimum is PCA: full-batch L-BFGS in double precision, on the training part",
        ["matrices", "width", "squared error", "above pca's, %", "angle to its components, degrees", "iterations"],
        rows,
        words=2,
        note="The angle is the largest principal angle between the two subspaces. Where the eigenvalues on both sides "
        f"of the cut are closer than {separated:g} to 1, many subspaces are nearly as good and it says nothing.",
    )
