"""Surrogates of simulators: how many runs a net needs for one's place, who needs fewer, how far it is trusted."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from tutelage.data import simulated
from tutelage.measure.significance import Interval
from tutelage.report import comparisons, figures, parts, tables, verdicts
from tutelage.report.comparisons import Comparison
from tutelage.report.figures import Axis, Line
from tutelage.report.parts import Cell, Figures, Section, Table, Words
from tutelage.report.records import Records
from tutelage.report.sections import surrogate_shown, surrogate_tables

OURS, ASKS = "ensemble", "asking_ensemble"
WAYS = {
    OURS: "nets; their mean",
    ASKS: "the same, which chose its runs",
    "one_net": "one of them",
    "gaussian_process": "Matérn 5/2",
    "boosting": "trees for each component",
    "linear": "ridge regression",
    "mean": "of what it saw: the floor",
}
DRAWN = (OURS, "gaussian_process", "boosting", "linear")
RIVALS = ("gaussian_process", "boosting", "linear", "mean", "one_net")
WHERE = {"inside": "inside", "outside": "outside", "outside, stayed": "outside, less runs that jump"}
BAR = 0.02  # of an answer's deviation among all runs
DOUBT, TOO_SURE = 0.95, 0.02  # the share of truths that should lie within 1.96 spreads; how much less is said


def section(records: Records) -> Section:
    """Needs the records of `surrogate` for every simulator that params name, and what each leaves to be drawn."""
    block, level = records.blocks["surrogate"], records.level
    names = list(records.blocks["simulators"])
    every = {name: records.of(f"surrogate@{name}") for name in names}
    inside = {name: _of(scores, "error", "inside") for name, scores in every.items()}
    families = {name: _compared(errors, level) for name, errors in inside.items()}
    share = parts.share(level)
    return Section(
        "Surrogates of simulators",
        [
            Words(
                [
                    f"A light net in the place of a simulator: {parts.series([_asked(name) for name in names])}. It "
                    "learns from runs on a design that fills the region evenly; asked are other runs, drawn in it. An "
                    "error is the root mean square of an answer's errors as a share of its standard deviation among "
                    "runs that are alike, in the mean over answers: of the climate those with one start, since two "
                    f"climates 50 K apart would make any error small. {_ensemble(block)}",
                    *(_found(name, every[name], families[name]) for name in names),
                    _doubts(every),
                    " ".join(_outside(name, every[name]) for name in names),
                    " ".join(_chosen(name, families[name]) for name in names if block["asking"]),
                ]
            ),
            Figures(
                [(f"{name}: error, %", _drawing(name, inside[name], level)) for name in names],
                f"On other runs inside the region, by runs learned from; both axes are logarithmic. Line: mean over "
                f"designs; band: {share} interval.",
            ),
            *surrogate_shown.pictures(records, names),
            _errors(inside, level),
            _places(every, level),
            *(
                verdicts.table(
                    f"{name}: error less the ensemble's, points: mean paired difference [{share} interval]",
                    ["way", "runs"],
                    families[name],
                    scale=-100,
                    digits=2,
                    note="Less is better.",
                )
                for name in names
            ),
            *surrogate_tables.parts(records),
        ],
    )


def _of(scores: pd.DataFrame, metric: str, part: str) -> pd.DataFrame:
    rows = scores[(scores["metric"] == metric) & (scores["with_level"] == part) & scores["arm"].isin(WAYS)]
    return rows.sort_values("level", key=lambda levels: levels.astype(float), kind="stable")


def _most(scores: pd.DataFrame) -> pd.DataFrame:
    """Of each way with the most runs that it learned from."""
    return scores[scores["level"] == scores["level"].iloc[-1]]


def _compared(errors: pd.DataFrame, level: float) -> list[Comparison]:
    """Every way against the ensemble; turned, so that more is better."""
    others = [(way, OURS) for way in WAYS if way != OURS]
    return comparisons.compare(errors.assign(value=-errors["value"]), others, ["level"], level)


def _means(scores: pd.DataFrame) -> dict[str, float]:
    return {str(arm): float(value) for arm, value in scores.groupby("arm")["value"].mean().items()}


def _percent(value: float) -> str:
    return f"{100 * value:.3g}\N{NO-BREAK SPACE}%"


def _asked(name: str) -> str:
    simulator = simulated.known(name)
    return f"{name} ({len(simulator.REGION)} parameters, {len(simulator.ANSWERS)} answers)"


def _ensemble(block: Mapping[str, Any]) -> str:
    return (
        f"An ensemble is {block['members']} nets of {block['depth']} layers of {block['hidden']} units, taught on the "
        "same runs and born apart: their mean is the answer, their spread how sure it is."
    )


def _found(name: str, scores: pd.DataFrame, family: Sequence[Comparison]) -> str:
    """How large the errors are, and of whom something is claimed."""
    last = _most(_of(scores, "error", "inside"))
    errors, most = _means(last), last["level"].iloc[-1]
    worst = _means(_most(_of(scores, "worst_error", "inside")))[OURS]
    beside = parts.series([f"{arm} by {_percent(errors[arm])}" for arm in RIVALS if arm in errors])
    of_all = _of(scores, "error_of_all", "inside")
    of_all = of_all[of_all["arm"] == OURS]
    whole = {size: _means(of_all[of_all["level"] == size])[OURS] for size in of_all["level"].unique()}
    reached = [size for size, error in whole.items() if error <= BAR]
    bar = f"is reached with {reached[0]} runs" if reached else f"is not reached with {most} runs either"
    failed = int(scores.loc[scores["metric"] == "failed_runs", "value"].sum())
    left_out = f" {failed} of the simulator's runs failed and are left out." if failed else ""
    claims = verdicts.said([c for c in family if c.arm != ASKS], "Against the ensemble", verdicts.at("runs"))
    return (
        f"{name.capitalize()}: with {most} runs the ensemble errs by {_percent(errors[OURS])}, in its worst answer by "
        f"{_percent(worst)}; {beside}. Of the deviation among all runs that is {_percent(whole[most])}; the bar of "
        f"{_percent(BAR)} {bar}. {claims}{left_out}"
    )


def _doubts(every: Mapping[str, pd.DataFrame]) -> str:
    said = [f"Within 1.96 spreads of what is answered should lie {_percent(DOUBT)} of the truths."]
    for name, scores in every.items():
        inside, outside = (_means(_most(_of(scores, "coverage", part))) for part in ("inside", "outside"))
        told = [
            f"{arm} {_percent(inside[arm])} inside and {_percent(outside[arm])} outside"
            for arm in (OURS, "gaussian_process")
        ]
        sure = (
            "The ensemble is surer than it may be: what its members have in common, their spread does not show."
            if inside[OURS] < DOUBT - TOO_SURE
            else "Inside, the ensemble is not surer than it may be."
        )
        said.append(f"For {name} they are of {', of '.join(told)}. {sure}")
    return " ".join(said)


def _outside(name: str, scores: pd.DataFrame) -> str:
    errors = {part: _means(_most(_of(scores, "error", part))) for part in WHERE}
    jumped = int(scores.loc[scores["metric"] == "jumped_runs", "value"].sum())
    told = (
        f"Outside the region of {name} the ensemble errs by {_percent(errors['outside'][OURS])}, "
        f"{errors['outside'][OURS] / errors['inside'][OURS]:.0f} times as much as inside; gaussian_process by "
        f"{_percent(errors['outside']['gaussian_process'])}."
    )
    if jumped:
        told += (
            f" There {jumped} runs jump: they end in the other climate than their start has inside, which no way can "
            f"know from runs where none does. Less these the ensemble errs by "
            f"{_percent(errors['outside, stayed'][OURS])}, gaussian_process by "
            f"{_percent(errors['outside, stayed']['gaussian_process'])}."
        )
    return told


def _chosen(name: str, family: Sequence[Comparison]) -> str:
    return verdicts.said(
        [c for c in family if c.arm == ASKS],
        f"{name.capitalize()}, runs where the ensemble disagrees most, against as many of the even design",
        verdicts.at("runs"),
    )


def _drawing(name: str, errors: pd.DataFrame, level: float) -> Markup:
    drawn = [
        figures.line(arm, errors[errors["arm"] == arm], "level", "value", level)
        for arm in DRAWN
        if arm in set(errors["arm"])
    ]
    # A band that reaches 0 has no place on a logarithmic axis.
    drawn = [
        Line(line.name, line.x, line.mean, [max(low, m / 3) for low, m in zip(line.low, line.mean, strict=True)],
             line.high, line.dots)
        for line in drawn
    ]  # fmt: skip
    ends = [f"{line.name} from {_percent(line.mean[0])} to {_percent(line.mean[-1])}" for line in drawn]
    low = min(min(line.low) for line in drawn)
    ticks = [tick for tick in (1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0) if tick > low / 2]
    return figures.lines(
        f"surrogate-{name}",
        drawn,
        Axis("runs", sorted({at for line in drawn for at in line.x}), log=True),
        Axis("error, % of a deviation", ticks, log=True, percent=True),
        title=f"{name}: error by runs learned from",
        told=f"Mean over designs, fewest runs to most: {'; '.join(ends)}.",
        size=(460, 320),
        seeds=False,
    )


def _errors(inside: Mapping[str, pd.DataFrame], level: float) -> Table:
    sizes = sorted({float(at) for errors in inside.values() for at in errors[errors["arm"] == OURS]["level"]})
    rows = []
    for name, errors in inside.items():
        cells = tables.cells(errors, ("arm", "level"), level)
        for arm, what in WAYS.items():
            if arm in set(errors["arm"]):
                values = [cells.get((arm, f"{size:g}")) for size in sizes]
                rows.append([Cell(name), Cell(arm, what), *(_cell(v) for v in values)])
    return Table(
        f"Error inside the region, % of an answer's deviation: mean over designs [{parts.share(level)} interval]",
        ["simulator", "way", *(f"{size:g} runs" for size in sizes)],
        rows,
        words=2,
        note="Root mean squared error over the test's runs, mean over answers. The chance of that test is not in the "
        "intervals.",
    )


def _cell(value: Interval | None) -> Cell:
    """Two decimals of a few percent, none of many."""
    return parts.interval(value, 2 if value and value.mean < 0.1 else 0, scale=100)


def _places(every: Mapping[str, pd.DataFrame], level: float) -> Table:
    rows = []
    for name, scores in every.items():
        cells = {part: tables.cells(_most(_of(scores, "error", part)), ("arm",), level) for part in WHERE}
        doubts = tables.cells(_most(_of(scores, "coverage", "inside")), ("arm",), level)
        rows += [
            [
                Cell(name),
                Cell(arm),
                *(_cell(cells[part][(arm,)]) for part in WHERE),
                parts.interval(doubts.get((arm,)), 1, scale=100),
            ]
            for arm in WAYS
            if (arm,) in cells["inside"]
        ]
    return Table(
        f"With the most runs, inside and outside, %: mean over designs [{parts.share(level)} interval]",
        ["simulator", "way", *WHERE.values(), "within 1.96 spreads"],
        rows,
        words=2,
        note="Outside: no parameter further than a share of its range beyond it, and one at least beyond; runs that "
        "jump answer as those of another start do inside.",
        folded=True,
    )
