"""Autoencoders under noise: what comes back, what a probe still tells apart, how far codes move."""

from tutelage.report import figures, parts
from tutelage.report.figures import Axis
from tutelage.report.parts import Figures, Part, Section
from tutelage.report.records import Records

PLAIN = ("deep", "pca")
KINDS = {
    "gaussian": "standard deviation of the noise, a pixel is in [0, 1]",
    "masking": "share of pixels set to 0",
}
METRICS = {
    "accuracy": "accuracy of a probe, %",
    "sse": "squared error against the clean image",
    "code_shift": "codes moved, share of their spread",
}


def section(records: Records) -> Section:
    """Needs the exams of deep, pca and of the autoencoders that were taught with noise."""
    taught = {name: entry["noise"]["kind"] for name, entry in records.blocks["autoencoders"].items()}
    ways = [name for name, kind in taught.items() if kind != "none" or name in PLAIN]
    scores = {way: records.of(f"exam_autoencoder@{way}").query("protocol == 'noise'") for way in ways}
    exam, share = records.blocks["exam"], parts.share(records.level)
    made: list[Part] = []
    for metric, axis in METRICS.items():
        drawings = []
        for kind, along in KINDS.items():
            rows = {way: told[(told["at"] == kind) & (told["metric"] == metric)] for way, told in scores.items()}
            drawn = [figures.line(way, told, "level", "value", records.level) for way, told in rows.items()]
            percent = metric == "accuracy"
            ends = ", ".join(f"{line.name} {parts.number(line.mean[-1], 2)}" for line in drawn)
            drawing = figures.lines(
                f"noise-{metric}-{kind}".replace("_", "-"),
                drawn,
                Axis(along, ticks=drawn[0].x),
                Axis(axis, percent=percent),
                title=f"{axis} under {kind} noise",
                told=f"At the strongest: {ends}.",
                size=(470, 300),
                seeds=False,
            )
            drawings.append((f"{kind} noise", drawing))
        made.append(Figures(drawings, f"Line: mean over seeds; band: {share} interval."))
    told = (
        f"The probe is logistic regression, taught on clean codes, {max(exam['labels_per_class'])} labelled images a "
        "class, and asked about noisy ones. Squared error: Σ (x̂ − x)² of an image against the one before the noise."
    )
    return Section("Under noise", [parts.Words([told]), *made])
