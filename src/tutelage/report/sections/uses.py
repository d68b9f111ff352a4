"""What codes are good for: compression beside image formats, retrieval, images like one that is there."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from tutelage import runs
from tutelage.measure import compression, significance
from tutelage.measure.compression import Point
from tutelage.report import comparisons, figures, parts, verdicts
from tutelage.report.comparisons import Comparison
from tutelage.report.figures import Axis, Line
from tutelage.report.parts import Figures, Part, Section, Words
from tutelage.report.pictures import png
from tutelage.report.records import Records
from tutelage.report.sections import embedded, retrieval

DEEP, PCA = "deep", "pca"
ELSEWHERE = (
    "Five uses. Features for a classifier are what the exam's probes make of codes, dimension reduction is the width "
    "of a code, both above; here are lossy compression, a vectoriser inside a deeper classifier with retrieval, and "
    "synthesis."
)


def section(records: Records) -> Section:
    """Needs the records of uses and embedded, and the pictures of uses."""
    scores = records.of("uses")
    made: list[Part] = [
        Words([ELSEWHERE]),
        *_compression(scores, records.level),
        *embedded.found(records),
        *retrieval.found(records),
        _pictures(records, "retrieval", "The first of each row is asked about; the others are its nearest training "
                  "images by their codes, nearest first."),
        *_synthesis(scores, records.level),
        _pictures(records, "synthesis", "The first of each row is a test image; the others are what comes of its code "
                  "with noise, of none at first and then of the strengths above."),
    ]  # fmt: skip
    return Section("What codes are good for", made)


def _compression(scores: pd.DataFrame, level: float) -> list[Part]:
    rows = scores[scores["protocol"] == "compression"]
    wide = rows.pivot_table(index=["arm", "seed", "level"], columns="metric", values="value")
    points = {
        (str(arm), str(seed)): sorted(Point(*told) for told in spent[["bits", "psnr"]].itertuples(index=False))
        for (arm, seed), spent in wide.groupby(level=["arm", "seed"])
    }
    drawn = [
        _curve(arm, [curve for (of, _), curve in points.items() if of == arm], level)
        for arm in dict.fromkeys(rows["arm"])
    ]
    drawing = figures.lines(
        "uses-compression",
        drawn,
        Axis("bits a pixel", log=True, ticks=[0.05, 0.1, 0.2, 0.5, 1, 2]),
        Axis("PSNR, dB"),
        title="Compression: what comes back against what is spent",
        told=f"The dearest of each: {parts.series([_point(line, -1) for line in drawn])}.",
        size=(560, 360),
        seeds=False,
    )
    family = _at_equal_bits({key: curve for key, curve in points.items() if key[0] in (DEEP, PCA)}, level)
    cheapest = parts.series([_point(line, 0) for line in drawn if line.name not in (DEEP, PCA)])
    dearest = parts.series([_point(line, -1) for line in drawn if line.name in (DEEP, PCA)])
    share = parts.share(level)
    return [
        Words(
            [
                verdicts.said(family, f"PSNR at equal bits, against {PCA}", verdicts.at("bits a pixel"))
                + f" The finest codes that were tried: {dearest}; the coarsest files of image formats: {cheapest}."
            ],
            heading="Lossy compression",
        ),
        Figures(
            [("What comes back against what is spent", drawing)],
            "All test images. Codes: quantised, then coded as short as an arithmetic coder can with each number's own "
            "counts on the training part; the decoder's weights are not counted. JPEG and WebP: one mosaic of the same "
            f"images, since a file's header alone outweighs a code. Mean over seeds; band: {share} interval.",
        ),
        verdicts.table(
            f"PSNR of {DEEP} less that of {PCA}, dB: mean paired difference [{share} interval]",
            ["codes", "bits a pixel"],
            family,
            digits=2,
            note="Between the steps that were tried: straight lines over the logarithm of bits.",
        ),
    ]


def _at_equal_bits(curves: Mapping[tuple[str, str], Sequence[Point]], level: float) -> list[Comparison]:
    """At the ends and in the middle of the bits that all of them spend; nothing where there are none such."""
    least, most = max(curve[0].bits for curve in curves.values()), min(curve[-1].bits for curve in curves.values())
    if least >= most:
        return []
    rates = [float(rate) for rate in np.geomspace(least, most, 3)]
    between = [
        {"arm": arm, "seed": seed, "level": f"{rate:.3f}", "value": got}
        for (arm, seed), curve in curves.items()
        for rate, got in zip(rates, compression.at_rates(curve, rates), strict=True)
    ]
    return comparisons.compare(pd.DataFrame(between), [(DEEP, PCA)], ["level"], level)


def _point(line: Line, number: int) -> str:
    return f"{line.name} {line.mean[number]:.1f} dB at {line.x[number]:.2f} bits a pixel"


def _curve(arm: str, seeds: Sequence[Sequence[Point]], level: float) -> Line:
    """The means over seeds of what was spent and of what came back, step by step."""
    steps = list(zip(*seeds, strict=True))
    got = [significance.interval(np.array([point.psnr for point in step]), level) for step in steps]
    return Line(
        arm,
        [float(np.mean([point.bits for point in step])) for step in steps],
        [y.mean for y in got],
        [y.low if y.n > 1 else y.mean for y in got],
        [y.high if y.n > 1 else y.mean for y in got],
        [],
    )


def _synthesis(scores: pd.DataFrame, level: float) -> list[Part]:
    rows = scores[scores["protocol"] == "synthesis"]
    drawn = [figures.line(str(arm), told, "level", "value", level) for arm, told in rows.groupby("arm", sort=False)]
    ends = ", ".join(f"{line.name} {parts.number(line.mean[-1], scale=100)} %" for line in drawn)
    family = comparisons.compare(rows, [(DEEP, PCA)], ["level"], level)
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
    share = parts.share(level)
    return [
        Words(
            [
                verdicts.said(
                    family, f"Still taken for its class, against {PCA}", verdicts.at("standard deviations of noise")
                )
            ],
            heading="Synthesis: images like one that is there",
        ),
        Figures(
            [("How many are still taken for their class", drawing)],
            "What comes of a test image's code with noise on it, judged by the classifier that was pre-trained on all "
            f"classes. Line: mean over seeds; band: {share} interval.",
        ),
        verdicts.table(
            f"Still taken for its class, {DEEP} less {PCA}, points: mean paired difference [{share} interval]",
            ["codes", "noise"],
            family,
            scale=100,
        ),
    ]


def _pictures(records: Records, what: str, told: str) -> Figures:
    drawings = []
    for arm in (DEEP, PCA):
        image = png(records, runs.PICTURES / "uses" / f"{what}-{arm}.png", f"{what}, {arm}. {told}")
        drawings.append((f"{what}, {arm}", image))
    return Figures(drawings, told)
