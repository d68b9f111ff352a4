"""What transfer has to say, at the top of the page: drawings, and words made from its comparisons."""

from collections.abc import Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from tutelage.report import comparisons, figures, parts
from tutelage.report.comparisons import Comparison
from tutelage.report.figures import Axis
from tutelage.report.parts import Cell, Figures, Part, Table, Words


def answer(
    targets: Mapping[str, tuple[str, int]],
    arms: Sequence[str],
    accuracy: pd.DataFrame,
    asked: Sequence[Comparison],
    level: float,
) -> list[Part]:
    """A headline, a drawing a target, a grid of differences to labels alone, a sentence a target and arm."""
    drawings = [
        (f"{to.capitalize()}: {told}", _drawing(to, told, classes, arms, accuracy, level))
        for to, (told, classes) in targets.items()
        if to in set(accuracy["with_level"])
    ]
    caption = (
        f"Line: mean over seeds; band: {parts.share(level)} interval; dots: each seed; dashed: guessing. scratch "
        "learns from these labels alone; frozen and finetuned start from an encoder pre-trained on other labels, which "
        "the axis does not count; random is the floor. There is no ceiling: how far all labels of a target "
        "lead was not measured."
    )
    told = [
        _sentence(to, arm, [c for c in asked if (c.cell[0], c.arm) == (to, arm)])
        for to in targets
        for arm in dict.fromkeys(c.arm for c in asked)
    ]
    grid = _grid(list(targets), asked, level)
    return [
        Words([_headline(asked)], heading="Transfer to few labels"),
        Figures(drawings, caption),
        grid,
        Words([said for said in told if said]),
    ]


def _drawing(to: str, told: str, classes: int, arms: Sequence[str], accuracy: pd.DataFrame, level: float) -> Markup:
    here = accuracy[accuracy["with_level"] == to].astype({"level": float})
    lines = [figures.line(arm, here[here["arm"] == arm], "level", "value", level) for arm in arms]
    lines = [line for line in lines if line.x]
    ticks = sorted({m for line in lines for m in line.x})
    ends = [f"{line.name} from {100 * line.mean[0]:.1f} to {100 * line.mean[-1]:.1f}" for line in lines]
    return figures.lines(
        f"transfer-{to}",
        lines,
        Axis("labels a class", ticks, log=True),
        Axis("accuracy on test, %", [0, 0.2, 0.4, 0.6, 0.8, 1], percent=True, limits=(0, 1.02)),
        title=f"Accuracy against labels a class, {to}: {told}",
        told=f"Mean accuracy in percent from {ticks[0]:g} to {ticks[-1]:g} labels a class: {', '.join(ends)}.",
        size=(420, 320),
        dashed=("guessing", 1 / classes),
    )


def _headline(asked: Sequence[Comparison]) -> str:
    if any(c.verdict == "few" for c in asked):
        seeds = min(c.difference.n for c in asked)
        return (
            f"Nothing is claimed: {seeds} {'seed' if seeds == 1 else 'seeds'} ran, and below {comparisons.FEWEST} no "
            "arm is called better or worse than another."
        )
    better, worse, still = ([c for c in asked if c.verdict == v] for v in ("better", "worse", "open"))
    told = (
        f"A pre-trained encoder is better than labels alone in {len(better)} of {len(asked)} comparisons, worse in "
        f"{len(worse)}; {len(still)} stay open."
    )
    ahead, behind = sum(c.difference.low > 0 for c in still), sum(c.difference.high < 0 for c in still)
    if ahead or behind:
        told += (
            f" Of the open ones {ahead} point up and {behind} down by their own intervals, but not far enough to stand "
            "among so many comparisons: they need more seeds."
        )
    return told


def _grid(targets: Sequence[str], asked: Sequence[Comparison], level: float) -> Table:
    found = {(c.cell[0], c.arm, c.cell[1]): c for c in asked}
    levels = sorted({c.cell[1] for c in asked}, key=float)
    pairs = [(to, arm) for to in targets for arm in dict.fromkeys(c.arm for c in asked if c.cell[0] == to)]
    return Table(
        "Points of accuracy above labels alone, by labels a class",
        ["target", "arm", *levels],
        [[Cell(to), Cell(arm), *(comparisons.mark(found.get((to, arm, m))) for m in levels)] for to, arm in pairs],
        words=2,
        note=comparisons.marks(level),
    )


def _sentence(to: str, arm: str, asked: Sequence[Comparison]) -> str:
    """Nothing where there are too few seeds: the headline says so once."""
    if not asked or any(c.verdict == "few" for c in asked):
        return ""
    clauses = []
    for verdict in ("better", "worse"):
        claims = [_claim(c) for c in asked if c.verdict == verdict]
        if claims:
            clauses.append(f"is {verdict} than labels alone at {parts.series(claims)}")
    still = [c.cell[1] for c in asked if c.verdict == "open"]
    if still:
        clauses.append(f"nothing is claimed at {parts.series(still)}")
    return f"{to.capitalize()}, {arm}{': ' if len(still) == len(asked) else ' '}{'; '.join(clauses)} labels a class."


def _claim(c: Comparison) -> str:
    points = parts.number(c.difference.mean, scale=100, sign=True)
    return f"{c.cell[1]} ({points} points {parts.apart(c.difference, scale=100)})"
