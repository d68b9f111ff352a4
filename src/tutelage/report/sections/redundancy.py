"""Two views of one image: what Barlow twins come to agree on, and what that is worth."""

from collections.abc import Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from tutelage.report import comparisons, figures, parts, tables, verdicts
from tutelage.report.comparisons import Comparison
from tutelage.report.figures import Axis
from tutelage.report.parts import Cell, Figures, Section, Table, Words
from tutelage.report.records import Records
from tutelage.report.sections.probes import PROTOCOLS

ARM, BORN = "barlow_twins", "as it is born"
PLAIN, SEES = "deep", "denoising_views"
RIVALS = {
    "random": "an encoder as it is born, the floor",
    PLAIN: "the encoder of an autoencoder",
    SEES: "the encoder of an autoencoder that sees a view and is asked for the image",
    "all": "an encoder that all labels have taught",
}
NAMED = {"same": "1 − C_ii", "others": "C_ij", "valid/alike": "r_ij"}
DRAWN = {
    "one number": ("1 − C_ii: one number of two views", "root mean square", {ARM: "same"}),
    "two numbers": ("Two numbers: C_ij, r_ij", "root mean square", {"two views": "others", "one view": "valid/alike"}),
    "rank": ("Effective rank of the codes", "dimensions in use", {ARM: "valid/effective_rank"}),
}


def section(records: Records) -> Section:
    """Needs the history and exam of `redundancy`, and the exams of pretrain and of the autoencoders beside it."""
    block, level = records.blocks["redundancy"], records.level
    share, images = parts.share(level), block["batch_size"]
    autoencoders = [PLAIN, *({SEES} & {*records.blocks["autoencoders"]})]
    exams = ["exam_redundancy", "exam_pretrain", *(f"exam_autoencoder@{name}" for name in autoencoders)]
    every = pd.concat([records.of(exam) for exam in exams])
    every = every[every["arm"].isin([ARM, *RIVALS])]
    quality = every[every["protocol"].isin(PROTOCOLS) & (every["at"] == "labels") & (every["metric"] == "accuracy")]
    quality = quality.sort_values("level", key=lambda levels: levels.astype(float), kind="stable")
    history = _terms(records.history("redundancy"), block["projected"])
    learned = _learned(history, level)
    by = ["protocol", "level"]
    families = {
        rival: comparisons.compare(quality, [(ARM, rival)], by, level) for rival in RIVALS if rival in {*quality["arm"]}
    }
    views = comparisons.compare(quality, [(SEES, PLAIN)], by, level)
    tabled = {f"Accuracy less that of {rival} ({RIVALS[rival]})": family for rival, family in families.items()}
    tabled |= {f"Accuracy of {SEES} less that of {PLAIN}": views} if views else {}
    return Section(
        "Two views of one image",
        [
            Words(
                [
                    f"Barlow twins see each image twice, moved, turned, scaled and sheared at random, and no label: "
                    f"{images} images a batch, {2 * images} presentations. C_ij is the correlation over images of the "
                    "projector's number i of one view and its number j of the other, r_ij that of numbers i and j of "
                    "one view: where views agree in little, C_ij is small for that alone, and r_ij need not be. "
                    f"{_said(learned, history, level)}",
                    " ".join(
                        verdicts.said(family, f"Against {rival} ({RIVALS[rival]})", _where)
                        for rival, family in families.items()
                    ),
                    _due(records, families, views),
                ]
            ),
            Figures(
                [
                    (title, _drawing(what, title, unit, terms, history, level))
                    for what, (title, unit, terms) in DRAWN.items()
                ],
                "On all images of the validation part, by step; the first is the encoder as it is born. Line: mean "
                f"over seeds; band: {share} interval. The loss is the sum of (1 − C_ii)² and, with a weight of "
                f"{block['weight']:g}, of C_ij²; r_ij is not in it. A code has {records.blocks['encoder']['width']} "
                "numbers.",
            ),
            _health(every, level),
            verdicts.table(
                f"Taught less as it is born: mean paired difference [{share} interval]",
                ["way", "term"],
                learned,
                digits=3,
                scale=-1,
                note="Less is better.",
            ),
            *(
                verdicts.table(
                    f"{caption}, points: mean paired difference [{share} interval]",
                    ["way", "protocol", "labels"],
                    family,
                    scale=100,
                    words=2,
                )
                for caption, family in tabled.items()
            ),
        ],
    )


def _terms(history: pd.DataFrame, projected: int) -> pd.DataFrame:
    """The loss's sums as root mean squares, in units of a correlation."""
    return history.assign(
        same=(history["valid/invariance"] / projected) ** 0.5,
        others=(history["valid/redundancy"] / max(1, projected * (projected - 1))) ** 0.5,
    )


def _ends(history: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    return history[history["step"] == 0], history[history["step"] == history["step"].max()]


def _learned(history: pd.DataFrame, level: float) -> list[Comparison]:
    """All terms at the end against those at birth; turned, so that more is better."""
    rows = [
        {"arm": arm, "term": name, "seed": row["seed"], "value": -row[term]}
        for arm, end in zip((BORN, ARM), _ends(history), strict=True)
        for _, row in end.iterrows()
        for term, name in NAMED.items()
    ]
    return comparisons.compare(pd.DataFrame(rows), [(ARM, BORN)], ["term"], level)


def _said(learned: Sequence[Comparison], history: pd.DataFrame, level: float) -> str:
    born, last = _ends(history)
    told = [
        f"{name} goes from {parts.number(born[term].mean(), 2)} to {parts.number(last[term].mean(), 2)}"
        for term, name in NAMED.items()
    ]
    claim = verdicts.said(
        learned, f"Less is better; against {BORN}", lambda cells: f"by {parts.series([name for (name,) in cells])}"
    )
    return f"As it learns, {parts.series(told)}, in root mean square. {claim}"


def _due(records: Records, families: Mapping[str, Sequence[Comparison]], views: Sequence[Comparison]) -> str:
    """Whether the lead over an autoencoder is more than its views bring: told of one that was shown the same."""
    shown = records.blocks["autoencoders"].get(SEES, {}).get("noise", {}).get("views")
    if shown != records.blocks["redundancy"]["views"]:
        return (
            f"{PLAIN} was shown images as they are, and no autoencoder the same views: how much is due to the views "
            "and how much to the loss, this does not tell."
        )
    told = verdicts.said(
        views, f"{PLAIN} was shown images as they are, {SEES} the views of Barlow twins; against {PLAIN}", _where
    )
    same = families[SEES]
    if any(c.verdict == "few" for c in same):
        return told
    if ahead := [c.cell for c in same if c.verdict == "better"]:
        return f"{told} So views alone do not make all of the lead: {_where(ahead)} the loss brings more."
    return (
        f"{told} That the loss brings more than the views do is not shown: where they are the same, no lead is claimed."
    )


def _where(cells: Sequence[tuple[str, ...]]) -> str:
    """By logistic regression at 10 and 50 labels and by fine-tuning at 10 labels."""
    at = {name: [level for of, level in cells if of == protocol] for protocol, name in PROTOCOLS.items()}
    return parts.series([f"by {name} at {parts.series(levels)} labels" for name, levels in at.items() if levels])


def _drawing(what: str, title: str, unit: str, terms: Mapping[str, str], history: pd.DataFrame, level: float) -> Markup:
    drawn = [figures.line(name, history, "step", term, level) for name, term in terms.items()]
    ends = [f"{line.name} from {line.mean[0]:.3g} as it is born to {line.mean[-1]:.3g} at the end" for line in drawn]
    return figures.lines(
        f"redundancy-{what.replace(' ', '-')}",
        drawn,
        Axis("step"),
        Axis(unit),
        title=title,
        told=f"Mean over seeds: {'; '.join(ends)}.",
        size=(340, 250),
        seeds=False,
    )


def _health(every: pd.DataFrame, level: float) -> Table:
    cells = tables.cells(every[every["protocol"] == "health"], ("arm", "metric"), level)
    metrics = {"effective_rank": ("effective rank", 1, 1), "accuracy": ("nearest neighbours, %", 1, 100)}
    rows = [
        [
            Cell(arm),
            Cell(what),
            *(parts.interval(cells[arm, m], digits, scale=s) for m, (_, digits, s) in metrics.items()),
        ]
        for arm, what in {ARM: "two views of one image", **RIVALS}.items()
        if (arm, "effective_rank") in cells
    ]
    return Table(
        f"Codes of the validation part: mean over seeds [{parts.share(level)} interval]",
        ["encoder", "what it is", *(name for name, _, _ in metrics.values())],
        rows,
        words=2,
        note="Nearest neighbours among the codes of all images of the training part, with their labels.",
    )
