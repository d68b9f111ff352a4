"""What codes are good for: compression beside image formats, retrieval, images like one that is there."""

import base64
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from tutelage import runs
from tutelage.measure import significance
from tutelage.report import figures, parts, tables
from tutelage.report.figures import Axis, Line
from tutelage.report.parts import Cell, Figures, Section, Table
from tutelage.report.records import Records


def section(records: Records) -> Section:
    """Needs the record and the pictures of uses."""
    scores = records.of("uses")
    return Section(
        "What codes are good for",
        [
            _compression(scores, records.level),
            _retrieval(scores, records),
            _pictures(records, "retrieval", "The first of each row is asked about; the others are its nearest training "
                      "images by their codes, nearest first."),
            _synthesis(scores, records.level),
            _pictures(records, "synthesis", "The first of each row is a test image; the others are what comes of its "
                      "code with noise, of none at first and then of the strengths above."),
        ],
    )  # fmt: skip


def _compression(scores: pd.DataFrame, level: float) -> Figures:
    rows = scores[scores["protocol"] == "compression"]
    drawn = []
    for arm, told in rows.groupby("arm", sort=False):
        found = {metric: part.groupby(part["level"].astype(float))["value"] for metric, part in told.groupby("metric")}
        spent = [significance.interval(values.to_numpy(dtype=float), level) for _, values in found["bits"]]
        got = [significance.interval(values.to_numpy(dtype=float), level) for _, values in found["psnr"]]
        points = sorted(zip(spent, got, strict=True))
        drawn.append(
            Line(
                str(arm),
                [x.mean for x, _ in points],
                [y.mean for _, y in points],
                [y.low if y.n > 1 else y.mean for _, y in points],
                [y.high if y.n > 1 else y.mean for _, y in points],
                [],
            )
        )
    ends = ", ".join(f"{line.name} {line.mean[-1]:.1f} dB at {line.x[-1]:.2f} bits" for line in drawn)
    drawing = figures.lines(
        "uses-compression",
        drawn,
        Axis("bits a pixel", log=True, ticks=[0.05, 0.1, 0.2, 0.5, 1, 2]),
        Axis("PSNR, dB"),
        title="Compression: what comes back against what is spent",
        told=f"The dearest of each: {ends}.",
        size=(560, 360),
        seeds=False,
    )
    return Figures(
        [("Lossy compression", drawing)],
        "All test images. Codes: quantised, then coded as short as an arithmetic coder can with each number's own "
        "counts on the training part; the decoder's weights are not counted. JPEG and WebP: one mosaic of the same "
        f"images, since a file's header alone outweighs a code. Mean over seeds; band: {parts.share(level)} interval.",
    )


def _retrieval(scores: pd.DataFrame, records: Records) -> Table:
    cells = tables.cells(scores[scores["protocol"] == "retrieval"], ("arm", "level"), records.level)
    rows = [[Cell(arm), parts.interval(value, 1, scale=100), Cell(str(value.n))] for (arm, _), value in cells.items()]
    first = records.blocks["uses"]["first"]
    return Table(
        f"Retrieval: the share of the {first} nearest training images that are of the test image's class, %: mean over "
        f"n seeds [{parts.share(records.level)} interval]",
        ["codes", f"precision at {first}", "n"],
        rows,
    )


def _synthesis(scores: pd.DataFrame, level: float) -> Figures:
    rows = scores[scores["protocol"] == "synthesis"]
    drawn = [figures.line(str(arm), told, "level", "value", level) for arm, told in rows.groupby("arm", sort=False)]
    ends = ", ".join(f"{line.name} {parts.number(line.mean[-1], scale=100)} %" for line in drawn)
    drawing = figures.lines(
        "uses-synthesis",
        drawn,
        Axis("noise on the code, standard deviations", ticks=drawn[0].x),
        Axis("still taken for its class, %", percent=True),
        title="Like images: how many a classifier still takes for the class they began from",
        told=f"At the strongest noise: {ends}.",
        size=(470, 300),
        seeds=False,
    )
    return Figures(
        [("Images like one that is there", drawing)],
        "What comes of a test image's code with noise on it, judged by the classifier that was pre-trained on all "
        f"classes. Line: mean over seeds; band: {parts.share(level)} interval.",
    )


def _pictures(records: Records, what: str, told: str) -> Figures:
    drawings = []
    for arm in ("deep", "pca"):
        image = png(records, runs.PICTURES / "uses" / f"{what}-{arm}.png", f"{what}, {arm}. {told}")
        drawings.append((f"{what}, {arm}", image))
    return Figures(drawings, told)


def png(records: Records, path: Path, told: str) -> Markup:
    """A picture that a stage left, inside the page; `told` says it to who cannot see it."""
    data = base64.b64encode(records.picture(path)).decode()
    return Markup('<img class="pixels" alt="{}" src="data:image/png;base64,{}">').format(told, data)
