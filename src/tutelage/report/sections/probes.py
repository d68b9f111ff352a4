"""Every encoder on one axis: what few labels and all make of its codes, and of the encoder itself."""

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from tutelage.report import comparisons, figures, parts, tables, verdicts
from tutelage.report.comparisons import Comparison
from tutelage.report.figures import Axis
from tutelage.report.parts import Cell, Figures, Part, Section, Table, Words
from tutelage.report.records import Records

FLOOR, TAUGHT, PCA, ALONE = "random", "all", "pca", "labels alone"
SHOWN = (
    *("barlow_twins", "deep", "denoising_masking", "denoising_gaussian", "bernoulli", "non_saturating"),
    *("kmeans", PCA, FLOOR),
)
PROTOCOLS = {"linear": "logistic regression", "knn": "nearest neighbours", "finetune": "fine-tuning"}
AGAINST = {
    ALONE: "an encoder and a head, taught by these labels",
    FLOOR: "an encoder as it is born",
    PCA: "principal components",
}


def section(records: Records) -> Section:
    """Needs the exams of pretrain and of the autoencoders, and labels alone of `supervised_autoencoder`."""
    records.of("exam_pretrain")
    exams = [name for name in records.entries if name.startswith("exam_")]
    every = records.scores[records.scores["stage"].isin(exams) & (records.scores["metric"] == "accuracy")]
    scores = every[every["protocol"].isin(PROTOCOLS) & (every["at"] == "labels") & (every["arm"] != "base")]
    scores = pd.concat([scores, *(_alone(records, protocol) for protocol in PROTOCOLS)])
    ceiling = every[(every["arm"] == TAUGHT) & (every["protocol"] == "direct") & (every["at"] == "")]["value"].mean()
    share, level = parts.share(records.level), records.level
    shown = records.blocks["supervised_autoencoder"]["presentations"]
    seeds = scores.groupby("arm", sort=False)["seed"].nunique()
    taught = _taught(records)  # no comparison at fewer labels than an encoder has seen
    ways = [arm for arm in seeds.index if arm not in (FLOOR, PCA, ALONE, *taught) and seeds[arm] == seeds.max()]
    few = [f"{arm} has {n} of the {seeds.max()} seeds" for arm, n in seeds.items() if n < seeds.max()]
    families = {
        (protocol, arm): _compared(scores[scores["protocol"] == protocol], [*ways, PCA, FLOOR], arm, level)
        for protocol, arm in [("linear", ALONE), ("linear", FLOOR), ("linear", PCA), ("finetune", ALONE)]
    }
    made: list[Part] = [
        Words(
            [
                *(_said(family, protocol, arm) for (protocol, arm), family in families.items()),
                *([f"{parts.series(few)}: nothing is claimed of it."] if few else []),
            ]
        ),
        Figures(
            [(told, _drawing(protocol, scores, ceiling, level)) for protocol, told in PROTOCOLS.items()],
            f"Accuracy on the test part against the labels that were seen, all of them last. Line: mean over seeds; "
            f"band: {share} interval; dashed: the classifier that was pre-trained by all labels. {ALONE}: an encoder "
            f"and a head that only these labels taught, in {parts.number(shown, 0)} presentations of images moved at "
            f"random; probes and fine-tuning see images as they are. {FLOOR}: an encoder as it is born. "
            "Encoders of adversarial pairs are their discriminators; "
            f"{parts.series(list(records.blocks['patches']))}, in the tables, were taught by relative patches.",
        ),
        *(_table(records, protocol, told, scores) for protocol, told in PROTOCOLS.items()),
        *(
            verdicts.table(
                f"Accuracy, {PROTOCOLS[protocol]}, less that of {arm} ({AGAINST[arm]}), points: mean paired "
                f"difference [{share} interval]",
                ["way", "labels"],
                family,
                scale=100,
            )
            for (protocol, arm), family in families.items()
        ),
    ]
    return Section("Every encoder on one axis", made)


def _taught(records: Records) -> dict[str, float]:
    """Encoders that have themselves seen labels, and how many."""
    costs = records.scores[(records.scores["metric"] == "labels_seen") & (records.scores["at"] == "")]
    return {row["arm"]: row["value"] for _, row in costs.iterrows() if row["value"] > 0}


def _alone(records: Records, protocol: str) -> pd.DataFrame:
    """Labels alone, as a way that is examined by every protocol: it has a head of its own."""
    scores = records.of("supervised_autoencoder")
    chosen = (scores["arm"] == "alone") & (scores["metric"] == "accuracy") & (scores["at"] == "labels")
    return scores[chosen].assign(arm=ALONE, protocol=protocol)


def _compared(scores: pd.DataFrame, ways: Sequence[str], against: str, level: float) -> list[Comparison]:
    pairs = [(way, against) for way in ways if way != against]
    return sorted(comparisons.compare(scores, pairs, ["level"], level), key=lambda c: c.arm)


def _said(family: Sequence[Comparison], protocol: str, arm: str) -> str:
    subject = f"{PROTOCOLS[protocol].capitalize()}, against {arm} ({AGAINST[arm]})"
    return f"{verdicts.counted(family)} {verdicts.said(family, subject, verdicts.at('labels'))}".strip()


def _drawing(protocol: str, scores: pd.DataFrame, ceiling: float, level: float) -> Markup:
    of = scores[scores["protocol"] == protocol]
    arms = [arm for arm in (ALONE, *SHOWN) if arm in set(of["arm"])]
    drawn = [figures.line(arm, of[of["arm"] == arm], "level", "value", level) for arm in arms]
    ticks = sorted({at for line in drawn for at in line.x})
    ends = ", ".join(f"{line.name} {parts.number(line.mean[-1], scale=100)} % at {line.x[-1]:g}" for line in drawn)
    return figures.lines(
        f"probe-{protocol}",
        drawn,
        Axis("labels", ticks=ticks, log=True),
        Axis("accuracy, %", percent=True),
        title=f"Accuracy against labels, {PROTOCOLS[protocol]}",
        told=f"With most labels: {ends}.",
        size=(470, 360),
        seeds=False,
        dashed=("all labels, taught", ceiling),
    )


def _table(records: Records, protocol: str, told: str, scores: pd.DataFrame) -> Table:
    """A row a way, what it costs beside it."""
    cells = tables.cells(scores[scores["protocol"] == protocol], ("arm", "level"), records.level)
    levels = sorted({at for _, at in cells}, key=float)
    costs = records.scores[records.scores["metric"].isin(["operations", "weights"]) & (records.scores["at"] == "")]
    taught = _taught(records)
    cost = {(row["arm"], row["metric"]): row["value"] for _, row in costs.iterrows()}
    rows = [
        [
            Cell(arm, f"saw {parts.number(taught[arm], 0)} labels" if arm in taught else ""),
            *(parts.interval(cells[arm, at], scale=100) if (arm, at) in cells else Cell("") for at in levels),
            *(
                Cell(parts.number(cost[arm, metric], 0) if (arm, metric) in cost else "")
                for metric in ("operations", "weights")
            ),
        ]
        for arm in dict.fromkeys(arm for arm, _ in cells)
    ]
    return Table(
        f"Accuracy, %, {told}, by the labels that were seen: mean over seeds [{parts.share(records.level)} interval]",
        ["way", *(f"{float(at):g}" for at in levels), "operations", "weights"],
        rows,
        folded=True,
        note="Operations: of encoding one image. Who saw labels itself has them behind its name, whatever a probe is "
        "given, and is in no comparison; whole is the net of many tasks.",
    )
