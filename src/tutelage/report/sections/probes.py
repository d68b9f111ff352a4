"""Every encoder on one axis: what few labels and all make of its codes, and of the encoder itself."""

from collections.abc import Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from tutelage.report import comparisons, figures, parts, tables, verdicts
from tutelage.report.comparisons import Comparison
from tutelage.report.figures import Axis
from tutelage.report.parts import Cell, Figures, Part, Section, Table, Words
from tutelage.report.records import Records

FLOOR, TAUGHT, PCA = "random", "all", "pca"
ALONE, MOVED, AUGMENTED = "labels alone", "labels alone + shift", "labels alone + augmentation"
LABELLED = {"plain": ALONE, "weak": MOVED, "strong": AUGMENTED, "pseudo": "pseudo-labels", "fixmatch": "fixmatch"}
"""Arms of `consistency`, as ways of teaching."""
SHOWN = ("barlow_twins", "deep", "denoising_views", "bernoulli", PCA, FLOOR)  # with four beside, all colours
PROTOCOLS = {"linear": "logistic regression", "knn": "nearest neighbours", "finetune": "fine-tuning"}
DIRECT = "direct"
SUBJECTS = PROTOCOLS | {DIRECT: "ways that labels teach"}
AGAINST = {
    ALONE: "an encoder and a head, taught by these labels",
    AUGMENTED: "the same, each image turned, scaled and marred at random",
    FLOOR: "an encoder as it is born",
    PCA: "principal components",
}
FAMILIES = [
    ("linear", ALONE),
    ("linear", AUGMENTED),
    ("linear", FLOOR),
    ("linear", PCA),
    ("finetune", ALONE),
    ("finetune", AUGMENTED),
    (DIRECT, ALONE),
    (DIRECT, AUGMENTED),
]
"""What is compared with whom, each a question of its own."""


def section(records: Records) -> Section:
    """Needs the exams of pretrain and of the autoencoders, `consistency` and `supervised_autoencoder`."""
    records.of("exam_pretrain")
    exams = [name for name in records.entries if name.startswith("exam_")]
    every = records.scores[records.scores["stage"].isin(exams) & (records.scores["metric"] == "accuracy")]
    examined = every[every["protocol"].isin(PROTOCOLS) & (every["at"] == "labels") & (every["arm"] != "base")]
    taught = _taught_by_labels(records)
    own = taught[(taught["metric"] == "accuracy") & (taught["protocol"] == DIRECT)]
    scores = pd.concat([examined, own, *(own.assign(protocol=protocol) for protocol in PROTOCOLS)])
    ceiling = every[(every["arm"] == TAUGHT) & (every["protocol"] == DIRECT) & (every["at"] == "")]["value"].mean()
    share, level = parts.share(records.level), records.level
    seeds = scores.groupby("arm", sort=False)["seed"].nunique()
    saw = labels_seen(records)  # no comparison at fewer labels than an encoder has seen
    whole = [arm for arm in seeds.index if arm not in saw and seeds[arm] == seeds.max()]
    few = [f"{arm} has {n} of the {seeds.max()} seeds" for arm, n in seeds.items() if n < seeds.max()]
    labelled = set(own["arm"])
    families = {
        (protocol, arm): _compared(
            scores[scores["protocol"] == protocol],
            [way for way in whole if (way in labelled) == (protocol == DIRECT)],
            arm,
            level,
        )
        for protocol, arm in FAMILIES
    }
    answer: list[Part] = [
        Words([_against(families, AUGMENTED), _against(families, ALONE)], heading="Every encoder on one axis"),
        Figures(
            [(told, _drawing(protocol, scores, _shown(own), ceiling, level)) for protocol, told in PROTOCOLS.items()],
            f"Accuracy on the test part against the labels that were seen, all of them last. Line: mean over seeds; "
            f"band: {share} interval; dashed: the classifier that was pre-trained by all labels. {_legend(records)} "
            f"{FLOOR}: an encoder as it is born. Encoders of adversarial pairs are their discriminators. Probes see "
            f"images as they are, fine-tuning {parts.number(_views(records), 0)} of the views of {AUGMENTED}, "
            "whatever the encoder was shown before. The tables have every way; "
            f"{parts.series(list(records.blocks['patches']))} in them were taught by relative patches.",
        ),
    ]
    made: list[Part] = [
        Words([_against(families, FLOOR), _against(families, PCA)]),
        *([Words([f"{parts.series(few)}: nothing is claimed of it."])] if few else []),
        _counts(families),
        *(_table(records, protocol, told, scores, taught) for protocol, told in PROTOCOLS.items()),
        *(
            verdicts.table(
                f"Accuracy, {SUBJECTS[protocol]}, less that of {arm} ({AGAINST[arm]}), points: mean paired "
                f"difference [{share} interval]",
                ["way", "labels"],
                family,
                scale=100,
            )
            for (protocol, arm), family in families.items()
        ),
    ]
    return Section("Every encoder on one axis", made, answer)


def _taught_by_labels(records: Records) -> pd.DataFrame:
    """What was taught anew at each count, and answers with a head of its own: it stands beside every protocol."""
    alone, both = records.of("consistency"), records.of("supervised_autoencoder")
    joint = both[(both["arm"] == "together") & (both["data"] == records.about("images")["name"])]
    weights = [f"both losses λ = {weight}" for weight in joint["with_level"]]
    taught = pd.concat([alone.assign(arm=[LABELLED[arm] for arm in alone["arm"]]), joint.assign(arm=weights)])
    return taught[taught["at"] == "labels"]


def _legend(records: Records) -> str:
    shown = records.blocks["consistency"]["presentations"]
    return (
        f"{ALONE}: an encoder and a head that only these labels taught, in {parts.number(shown, 0)} presentations; "
        f"{MOVED}: each image by a pixel or so at random; {AUGMENTED}: turned, scaled and marred too. pseudo-labels, "
        "fixmatch: and unlabelled images, by what it is sure of. both losses: an autoencoder that sees the labels, "
        "which weigh λ."
    )


def _views(records: Records) -> int:
    """Presentations of fine-tuning."""
    told = records.blocks["exam"]["finetuned"]
    return int(told["steps"] * told["batch_size"])


def _shown(own: pd.DataFrame) -> list[str]:
    """Whose lines are drawn: of both losses the one whose labels weigh most."""
    joint = [way for way in dict.fromkeys(own["arm"]) if way not in LABELLED.values()]
    return [ALONE, AUGMENTED, LABELLED["fixmatch"], *joint[-1:], *SHOWN]


def labels_seen(records: Records) -> dict[str, float]:
    """Encoders that have themselves seen labels, and how many."""
    costs = records.scores[(records.scores["metric"] == "labels_seen") & (records.scores["at"] == "")]
    return {row["arm"]: row["value"] for _, row in costs.iterrows() if row["value"] > 0}


def _compared(scores: pd.DataFrame, ways: Sequence[str], against: str, level: float) -> list[Comparison]:
    pairs = [(way, against) for way in ways if way != against]
    return sorted(comparisons.compare(scores, pairs, ["level"], level), key=lambda c: c.arm)


def _against(families: Mapping[tuple[str, str], Sequence[Comparison]], arm: str) -> str:
    """Who is better than that, by each protocol."""
    told = []
    for (protocol, against), family in families.items():
        if against == arm:
            better = verdicts.said(family, SUBJECTS[protocol].capitalize(), verdicts.at("labels"), gains=True)
            told += [better, verdicts.counted(family)]
    return f"Against {arm} ({AGAINST[arm]}). {' '.join(filter(None, told))}"


def _counts(families: Mapping[tuple[str, str], Sequence[Comparison]]) -> Table:
    rows = [
        [
            Cell(SUBJECTS[protocol]),
            Cell(arm),
            *(Cell(str(sum(c.verdict == verdict for c in family))) for verdict in ("better", "worse", "open", "few")),
        ]
        for (protocol, arm), family in families.items()
    ]
    return Table(
        "What was compared, and how many comparisons came out which way",
        ["protocol", "against", "better", "worse", "open", "too few seeds"],
        rows,
        words=2,
        note="Each row is a family of its own, corrected by Holm; its comparisons stand in a table below.",
    )


def _drawing(protocol: str, scores: pd.DataFrame, shown: Sequence[str], ceiling: float, level: float) -> Markup:
    of = scores[scores["protocol"] == protocol]
    arms = [arm for arm in shown if arm in set(of["arm"])]
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
        size=(540, 360),
        seeds=False,
        dashed=("all labels, taught", ceiling),
    )


def _table(records: Records, protocol: str, told: str, scores: pd.DataFrame, taught: pd.DataFrame) -> Table:
    """A row a way, what it costs beside it."""
    cells = tables.cells(scores[scores["protocol"] == protocol], ("arm", "level"), records.level)
    levels = sorted({at for _, at in cells}, key=float)
    known = pd.concat([records.scores[records.scores["at"] == ""], taught])
    costs = known[known["metric"].isin(["operations", "weights"])]
    saw = labels_seen(records)
    cost = {(row["arm"], row["metric"]): row["value"] for _, row in costs.iterrows()}
    rows = [
        [
            Cell(arm, f"saw {parts.number(saw[arm], 0)} labels" if arm in saw else ""),
            *(parts.interval(cells.get((arm, at)), scale=100) for at in levels),
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
