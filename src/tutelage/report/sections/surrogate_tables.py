"""Surrogates of tables: what was measured, and outlines from files; of numbers, and of what seldom happens."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from tutelage import runs
from tutelage.report import comparisons, figures, tables, verdicts
from tutelage.report import parts as page
from tutelage.report.comparisons import Comparison
from tutelage.report.figures import Axis
from tutelage.report.parts import Cell, Figures, Part, Table, Words
from tutelage.report.records import Records

STAGE = "surrogate_table@"
OURS, FLOOR = "ensemble", "mean"
WAYS = {
    OURS: "nets; their mean",
    "one_net": "one of them",
    "gaussian_process": "Matérn 5/2",
    "boosting": "trees",
    "linear": "ridge, or logistic regression",
    FLOOR: "of what it saw: the floor, or the base rate",
}
DRAWN = (OURS, "gaussian_process", "boosting", "linear", FLOOR)
TOLD = {
    "nll": ("nll, nats", 3, 1.0),
    "area": ("area under hits by false alarms", 3, 1.0),
    "balanced_accuracy": ("balanced accuracy, %", 1, 100.0),
    "accuracy": ("accuracy, %", 1, 100.0),
}
"""Of what happens or not: heads, digits and scales."""


def parts(records: Records) -> list[Part]:
    """Of every table that dvc.yaml has and that left a record; nothing where there is none."""
    left = set(records.scores["stage"])
    made: list[Part] = []
    for stage in records.entries:
        if stage.startswith(STAGE) and stage in left:
            made += _of(stage.removeprefix(STAGE), records)
    return made


def _of(name: str, records: Records) -> list[Part]:
    about = json.loads(records.picture(runs.PICTURES / "surrogate_table" / name / "about.json"))
    scores = records.of(STAGE + name)
    happens, level = bool(about["outcome"]), records.level
    metric = "nll" if happens else "error"
    costs = _sorted(scores[scores["metric"] == metric])
    rivals = [FLOOR] if happens else [OURS]
    family = comparisons.compare(
        costs.assign(value=-costs["value"]), [(way, rival) for rival in rivals for way in WAYS], ["level"], level
    )
    family = [c for c in family if c.arm != c.against]
    share = page.share(level)
    unit = "nats" if happens else "points"
    return [
        Words([_told(name, about, records), _claimed(family, happens, scores)], heading=f"A table: {name}"),
        Figures(
            [(f"{name}: {'nll, nats' if happens else 'error, %'}", _drawing(name, costs, metric, level))],
            f"On rows of the test, by rows learned from. Line: mean over seeds, each with a test of its own; band: "
            f"{share} interval.",
        ),
        _apart(name, scores, level) if happens else _errors(name, costs, level),
        verdicts.table(
            f"{name}: {metric} less {'the base rate' if happens else 'the ensemble'}'s, {unit}: mean paired difference "
            f"[{share} interval]",
            ["way", "rows"],
            family,
            scale=-1 if happens else -100,
            digits=3 if happens else 1,
            note="Less is better. Tests of two seeds share rows, for which intervals are too narrow.",
        ),
    ]


def _sorted(scores: pd.DataFrame) -> pd.DataFrame:
    rows = scores[scores["arm"].isin(WAYS)]
    return rows.sort_values("level", key=lambda levels: levels.astype(float), kind="stable")


def _most(scores: pd.DataFrame) -> pd.DataFrame:
    return scores[scores["level"] == scores["level"].iloc[-1]]


def _told(name: str, about: dict[str, Any], records: Records) -> str:
    test = records.blocks["surrogate_tables"][name]["parts"]["test"]
    answers = len(about["answers"])
    kept = (
        f"Each seed keeps {page.number(test, 0, scale=100)} % of {about['groups']:,} {_many(about['group'])} for its "
        "test, whole ones"
    )
    frequent = ""
    if about["outcome"]:
        rare = about["shares"][0]
        frequent = (
            f" Of all {page.number(rare, scale=100)} % are {about['outcome'][1]}, so that whoever always says "
            f"{about['outcome'][0]} is right in {page.number(1 - rare, scale=100)} %: what counts is how likely the "
            "truth was (nll) and who is told apart (area; balanced accuracy at a threshold of how often it happens)."
        )
    failed = Counter(about["failed"].values())
    left_out = (
        f" Left out: {page.series([f'{count} with {why}' for why, count in sorted(failed.items())])}." if failed else ""
    )
    return (
        f"{about['title'][0].upper()}{about['title'][1:]}: {len(about['parameters'])} parameters, "
        f"{answers} answer{'s' if answers > 1 else ''}. {kept}.{frequent}{left_out} Each seed's weight decay is the "
        f"best on the last of its own rows. {about['citation']}; {about['licence']}."
    )


def _many(word: str) -> str:
    return {"spectrum": "spectra"}.get(word, f"{word}s")


def _claimed(family: Sequence[Comparison], happens: bool, scores: pd.DataFrame) -> str:
    against = "Log-likelihood, against the base rate" if happens else "Against the ensemble"
    said = verdicts.said(family, against, verdicts.at("rows"))
    doubts = scores[(scores["metric"] == "coverage") & (scores["arm"] == OURS)]
    if happens or doubts.empty:
        return said
    within = _most(_sorted(doubts))["value"].mean()
    return (
        f"{said} Within 1.96 of the ensemble's spreads lie {page.number(within, 0, scale=100)} % of the truths, where "
        "95 should: what is noise in a measured answer, members do not differ about."
    )


def _drawing(name: str, costs: pd.DataFrame, metric: str, level: float) -> Markup:
    drawn = [figures.line(arm, costs[costs["arm"] == arm], "level", "value", level) for arm in DRAWN]
    drawn = [line for line in drawn if line.x]
    scale, unit = (1, "nats") if metric == "nll" else (100, "%")
    ends = [
        f"{line.name} from {page.number(line.mean[0], 2, scale=scale)} to "
        f"{page.number(line.mean[-1], 2, scale=scale)} {unit}"
        for line in drawn
    ]
    return figures.lines(
        f"surrogate-table-{name}",
        drawn,
        Axis("rows", sorted({at for line in drawn for at in line.x}), log=True),
        Axis("nll, nats" if metric == "nll" else "error, % of a deviation", percent=metric != "nll"),
        title=f"{name}: {metric} by rows learned from",
        told=f"Mean over seeds, fewest rows to most: {'; '.join(ends)}.",
        size=(460, 320),
        seeds=False,
    )


def _errors(name: str, costs: pd.DataFrame, level: float) -> Table:
    cells = tables.cells(costs, ("arm", "level"), level)
    sizes = list(dict.fromkeys(size for _, size in cells))
    return Table(
        f"{name}: error, % of an answer's deviation: mean over seeds [{page.share(level)} interval]",
        ["way", "what it is", *(f"{float(size):,g} rows" for size in sizes)],
        [
            [Cell(arm), Cell(what), *(page.interval(cells.get((arm, size)), scale=100) for size in sizes)]
            for arm, what in WAYS.items()
            if (arm, sizes[0]) in cells
        ],
        words=2,
        note="Root mean squared error over the test's rows, mean over answers.",
    )


def _apart(name: str, scores: pd.DataFrame, level: float) -> Table:
    cells = {
        metric: tables.cells(_most(_sorted(scores[scores["metric"] == metric])), ("arm",), level) for metric in TOLD
    }
    return Table(
        f"{name}, with the most rows: mean over seeds [{page.share(level)} interval]",
        ["way", "what it is", *(head for head, _, _ in TOLD.values())],
        [
            [
                Cell(arm),
                Cell(what),
                *(
                    page.interval(cells[metric].get((arm,)), digits, scale=scale)
                    for metric, (_, digits, scale) in TOLD.items()
                ),
            ]
            for arm, what in WAYS.items()
            if (arm,) in cells["nll"]
        ],
        words=2,
    )
