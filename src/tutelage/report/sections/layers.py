"""How transferable layers are: accuracy against their number, and what of each drop is whose."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
from markupsafe import Markup

from tutelage.report import comparisons, figures, parts, tables, verdicts
from tutelage.report.figures import Axis
from tutelage.report.parts import Cell, Facts, Figures, Section, Table, Words
from tutelage.report.records import Records

BASE = "base"
ARMS = {
    BASE: "a net of B, nothing copied",
    "BnB": "n layers of B's own net, kept as they are",
    "AnB": "n layers of A's net, kept",
    "BnB+": "B's own, which go on learning",
    "AnB+": "A's, which go on learning",
    "random": "n layers as they are born, kept: the floor",
}
CUTS = ("random", "dissimilar")
DROPS = {"co-adaptation": ("BnB", BASE), "specificity": ("AnB", "BnB")}
ASKED: dict[str, tuple[str, Sequence[tuple[str, str]]]] = {
    "BnB less base": ("Co-adaptation", [DROPS["co-adaptation"]]),
    "AnB less BnB": ("Specificity", [DROPS["specificity"]]),
    "AnB less random": ("Against random layers", [("AnB", "random")]),
    "BnB+ and AnB+ less base": ("Tuned, against base", [("BnB+", BASE), ("AnB+", BASE)]),
    "AnB+ less BnB+": ("Tuned, A's layers against B's", [("AnB+", "BnB+")]),
}


def section(records: Records) -> Section:
    """Needs the record of layers."""
    scores, block, level = records.of("layers"), records.blocks["layers"], records.level
    share = parts.share(level)
    accuracy = _at_every_depth(scores[scores["metric"] == "accuracy"])
    by = ["with_level", "level"]
    families = {what: comparisons.compare(accuracy, pairs, by, level) for what, (_, pairs) in ASKED.items()}
    drops = _drops(accuracy)
    between = comparisons.compare(
        drops[drops["arm"] == "together"].assign(
            arm=lambda rows: rows["with_level"], value=lambda rows: -rows["value"]
        ),
        [("dissimilar", "random")],
        ["level"],
        level,
    )
    return Section(
        "How transferable layers are",
        [
            Words(
                [
                    "Classes are cut into halves A and B, of each seed its own, and a net of four layers and a last "
                    "one is taught each. The first n layers of one of them are put under layers born anew, which are "
                    f"taught B, all by {parts.number(block['presentations'], 0)} images and one learning rate. What "
                    "BnB loses against base, layers lose that had learned to go together: co-adaptation. What AnB "
                    "loses beyond that, layers lose that are about A: specificity. What is copied had been taught as "
                    "long before, so BnB+ is the control of AnB+.",
                    " ".join(verdicts.said(families[what], asked, _where) for what, (asked, _) in ASKED.items()),
                    f"{_cut(scores)} "
                    + verdicts.said(between, "What AnB loses in all, beside random halves", verdicts.at("layers")),
                ]
            ),
            Facts(list(ARMS.items())),
            Figures(
                _side_by_side("accuracy", Axis("accuracy, %", percent=True), accuracy, list(ARMS), level),
                "On B's classes of the test part, by the number n of layers copied: 1 and 2, a convolution with its "
                f"norm each; 3, the code; 4, the hidden units. Line: mean over seeds; band: {share} interval.",
            ),
            Figures(
                _side_by_side("drop", Axis("drop, points", percent=True), drops, list(DROPS), level),
                "Drops in accuracy, paired by seed: co-adaptation, base less BnB; specificity, BnB less AnB.",
            ),
            _split(drops, level),
            _table(accuracy, level),
            *(
                verdicts.table(
                    f"Accuracy, {what}, points: mean paired difference [{share} interval]",
                    ["net", "halves", "layers"],
                    family,
                    scale=100,
                    words=2,
                )
                for what, family in families.items()
            ),
            verdicts.table(
                f"AnB less base, of dissimilar halves less of random ones, points: mean paired difference "
                f"[{share} interval]",
                ["halves", "layers"],
                between,
                scale=100,
            ),
            _sides(scores),
        ],
    )


def _at_every_depth(accuracy: pd.DataFrame) -> pd.DataFrame:
    """The base, of which nothing is copied, beside every number of layers; in the order of CUTS."""
    base = accuracy["arm"] == BASE
    depths = accuracy.loc[~base, "level"].unique()
    every = pd.concat([accuracy[~base], *(accuracy[base].assign(level=depth) for depth in depths)])
    return pd.concat([every[every["with_level"] == cut] for cut in CUTS])


def _drops(accuracy: pd.DataFrame) -> pd.DataFrame:
    """What is lost, in two parts (as `arm`) and together."""
    at = ["with_level", "level", "seed"]
    wide = accuracy.pivot_table(index=at, columns="arm", values="value", sort=False)
    lost = {drop: wide[against] - wide[arm] for drop, (arm, against) in {**DROPS, "together": ("AnB", BASE)}.items()}
    return pd.DataFrame(lost).reset_index().melt(at, var_name="arm", value_name="value")


def _where(cells: Sequence[tuple[str, ...]]) -> str:
    """At 2 layers (random halves) and at 3 and 4 layers (random and dissimilar halves)."""
    cuts: dict[str, list[str]] = {}
    for cut in CUTS:
        if depths := [depth for of, depth in cells if of == cut]:
            cuts.setdefault(parts.series(depths), []).append(cut)
    return parts.series([f"at {depths} layers ({parts.series(of)} halves)" for depths, of in cuts.items()])


def _cut(scores: pd.DataFrame) -> str:
    across = scores[scores["metric"] == "across"]
    kinds = across.groupby(across["with_level"].str.partition(" ")[0], sort=False)["value"].mean()
    shares = {cut: parts.number(kinds[cut], 0, scale=100) for cut in CUTS}
    return (
        "Dissimilar halves are cut where a net of all classes confuses them least, on the validation part: of its "
        f"confusion {shares['dissimilar']} % lies between them, of random ones {shares['random']} %."
    )


def _side_by_side(
    what: str, y: Axis, rows: pd.DataFrame, names: Sequence[str], level: float
) -> list[tuple[str, Markup]]:
    """A drawing a cut, both by one measure."""
    drawn = {
        cut: [
            figures.line(name, rows[(rows["with_level"] == cut) & (rows["arm"] == name)], "level", "value", level)
            for name in names
        ]
        for cut in CUTS
    }
    every = [line for lines in drawn.values() for line in lines]
    low, high = min(min(line.low) for line in every), max(max(line.high) for line in every)
    margin = 0.03 * (high - low)
    y = replace(y, limits=(low - margin, high + margin))
    made = []
    for cut, lines in drawn.items():
        title = f"{what.capitalize()}, {cut} halves"
        means = [f"{line.name} {parts.series([parts.number(m, scale=100) for m in line.mean])}" for line in lines]
        at = parts.series([f"{tick:g}" for tick in lines[0].x])
        drawing = figures.lines(
            f"layers-{what}-{cut}",
            lines,
            Axis("layers copied", lines[0].x),
            y,
            title=title,
            told=f"Means in percent at {at} layers copied: {'; '.join(means)}.",
            size=(460, 340),
            seeds=False,
        )
        made.append((title, drawing))
    return made


def _split(drops: pd.DataFrame, level: float) -> Table:
    cells = tables.cells(drops, ("with_level", "level", "arm"), level)
    kinds = [*DROPS, "together"]
    rows = [
        [Cell(cut), Cell(depth), *(parts.interval(cells[cut, depth, kind], scale=100) for kind in kinds)]
        for cut in CUTS
        for depth in dict.fromkeys(depth for of, depth, _ in cells if of == cut)
    ]
    return Table(
        f"Drop of accuracy from base to AnB, points, and its two parts: mean paired difference over seeds "
        f"[{parts.share(level)} interval]",
        ["halves", "layers", *kinds],
        rows,
    )


def _table(accuracy: pd.DataFrame, level: float) -> Table:
    cells = tables.cells(accuracy, ("with_level", "arm", "level"), level)
    depths = list(dict.fromkeys(depth for _, _, depth in cells))
    rows = [
        [Cell(cut), Cell(arm), *(parts.interval(cells[cut, arm, depth], scale=100) for depth in depths)]
        for cut in CUTS
        for arm in ARMS
    ]
    return Table(
        f"Accuracy, %, by layers copied: mean over seeds [{parts.share(level)} interval]",
        ["halves", "net", *depths],
        rows,
        words=2,
        folded=True,
    )


def _sides(scores: pd.DataFrame) -> Table:
    rows = []
    for (cut, seed), of in scores[scores["metric"] == "in_b"].groupby(["with_level", "seed"], sort=False):
        across = scores[(scores["metric"] == "across") & (scores["with_level"] == cut) & (scores["seed"] == seed)]
        a, b = (", ".join(of.loc[of["value"] == side, "level"]) for side in (0, 1))
        share = parts.number(float(across["value"].iloc[0]), 0, scale=100)
        rows.append([Cell(str(cut)), Cell(str(seed)), Cell(a), Cell(b), Cell(share)])
    return Table(
        "Which classes are whose",
        ["halves", "seed", "A", "B", "of the confusion between them, %"],
        rows,
        words=4,
        note="Confusion: the probability that the net of all classes gives to class j, in the mean over the validation "
        "part's images of class i. The least cut of all ways from several starts; which half is A is drawn.",
        folded=True,
    )
