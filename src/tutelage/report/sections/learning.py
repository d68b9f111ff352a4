"""How pre-training went, step by step: loss, validation accuracy, and whether the codes stay wide."""

from tutelage.report import figures, parts
from tutelage.report.figures import Axis
from tutelage.report.parts import Figures, Section
from tutelage.report.records import Records

SHOWN = {
    "train/loss": ("Loss in training", Axis("cross-entropy, nats")),
    "valid/accuracy": ("Accuracy on validation", Axis("accuracy, %", percent=True)),
    "valid/effective_rank": ("Effective rank of the codes", Axis("dimensions in use")),
}


def section(records: Records) -> Section:
    """A drawing a metric, a line an arm, a band over its seeds."""
    history = records.history("pretrain")
    drawings = []
    for metric, (title, axis) in SHOWN.items():
        lines = [figures.line(str(arm), rows, "step", metric, records.level) for arm, rows in history.groupby("arm")]
        ends = parts.series([f"{line.name} at {line.mean[-1]:.3g}" for line in lines])
        drawing = figures.lines(
            "learning-" + metric.replace("/", "-").replace("_", "-"),
            lines,
            Axis("step"),
            axis,
            title=title,
            told=f"Mean over seeds by step of pre-training; {ends} at the end.",
            size=(340, 250),
            seeds=False,
        )
        drawings.append((title, drawing))
    caption = (
        f"A step is a batch of {records.blocks['budget']['batch_size']} examples. Line: mean over seeds; band: "
        f"{parts.share(records.level)} interval. A code has {records.blocks['encoder']['width']} numbers; an effective "
        "rank that falls towards 1 is a collapse."
    )
    return Section("How pre-training went", [Figures(drawings, caption)])
