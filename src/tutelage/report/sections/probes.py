"""What few labels make of the codes of each way of teaching: the exam that all encoders sit."""

import pandas as pd
from markupsafe import Markup

from tutelage.report import comparisons, figures, parts, tables, verdicts
from tutelage.report.figures import Axis
from tutelage.report.parts import Cell, Figures, Part, Section, Table, Words
from tutelage.report.records import Records

FLOOR, TAUGHT, PCA = "random", "all", "pca"
SHOWN = (TAUGHT, "deep", "denoising_masking", "denoising_gaussian", "sparse_codes_l1", PCA, FLOOR)
PROBES = {"linear": "logistic regression", "knn": "nearest neighbours"}


def section(records: Records) -> Section:
    """Needs the exams of pretrain and of the autoencoders."""
    records.of("exam_pretrain")
    exams = [name for name in records.entries if name.startswith("exam_")]
    scores = records.scores[records.scores["stage"].isin(exams) & (records.scores["metric"] == "accuracy")]
    scores = scores[scores["protocol"].isin(PROBES) & (scores["at"] == "labels_per_class") & (scores["arm"] != "base")]
    linear = scores[scores["protocol"] == "linear"]
    share = parts.share(records.level)
    ways = [arm for arm in dict.fromkeys(linear["arm"]) if arm not in (FLOOR, PCA, TAUGHT)]
    against = {FLOOR: "an encoder as it is born", PCA: "principal components"}
    families = {
        arm: sorted(
            comparisons.compare(linear, [(way, arm) for way in ways], ["level"], records.level), key=lambda c: c.arm
        )
        for arm in against
    }
    made: list[Part] = [
        Words(
            [
                f"{verdicts.counted(families[arm])} "
                + verdicts.said(
                    families[arm], f"Logistic regression, against {arm} ({told})", verdicts.at("labels a class")
                )
                for arm, told in against.items()
            ]
        ),
        Figures(
            [(told, _drawing(probe, told, scores, records.level)) for probe, told in PROBES.items()],
            f"Accuracy on the test part against labels a class. Line: mean over seeds; band: {share} interval. "
            f"{TAUGHT} has seen all labels of the training part, the others none; {FLOOR} is an encoder as it is born; "
            f"{parts.series(list(records.blocks['vae']))}, in the tables, are variational autoencoders.",
        ),
        *(_table(probe, told, scores, records.level) for probe, told in PROBES.items()),
        *(
            verdicts.table(
                f"Accuracy of logistic regression less that on {arm} ({told}), points: mean paired difference "
                f"[{share} interval]",
                ["way", "labels a class"],
                families[arm],
                scale=100,
            )
            for arm, told in against.items()
        ),
    ]
    return Section("What few labels make of the codes", made)


def _drawing(probe: str, told: str, scores: pd.DataFrame, level: float) -> Markup:
    of = scores[scores["protocol"] == probe]
    arms = [arm for arm in SHOWN if arm in set(of["arm"])]
    drawn = [figures.line(arm, of[of["arm"] == arm], "level", "value", level) for arm in arms]
    ticks = sorted({at for line in drawn for at in line.x})
    ends = ", ".join(f"{line.name} {parts.number(line.mean[-1], scale=100)} %" for line in drawn)
    return figures.lines(
        f"probe-{probe}",
        drawn,
        Axis("labels a class", ticks=ticks, log=True),
        Axis("accuracy, %", percent=True),
        title=f"Accuracy against labels, {told}",
        told=f"With {ticks[-1]:g} labels a class: {ends}.",
        size=(470, 330),
        seeds=False,
    )


def _table(probe: str, told: str, scores: pd.DataFrame, level: float) -> Table:
    cells = tables.cells(scores[scores["protocol"] == probe], ("arm", "level"), level)
    levels = list(dict.fromkeys(at for _, at in cells))
    rows = [
        [Cell(arm), *(parts.interval(cells[arm, at], scale=100) if (arm, at) in cells else Cell("") for at in levels)]
        for arm in dict.fromkeys(arm for arm, _ in cells)
    ]
    caption = f"Accuracy, %, {told} on the codes: mean over seeds [{parts.share(level)} interval]"
    return Table(caption, ["way", *(f"{at} a class" for at in levels)], rows, folded=True)
