"""Competition: the two faults of hard competition, counted beside soft competition and k-means."""

from collections.abc import Sequence

import pandas as pd

from tutelage.report import comparisons, parts, tables
from tutelage.report.comparisons import Comparison
from tutelage.report.parts import Cell, Section, Table, Words
from tutelage.report.records import Records

ARMS = {"winner_takes_all": "hard", "winner_takes_most": "soft", "kmeans": "k-means"}
HARD, SOFT, _ = ARMS
NEVER, TIME, REACHED, ERROR = "centres_never_chosen", "presentations_to_q", "reached_q", "quantization_error"
CELL = ("data", "level", "arm", "seed")


def section(records: Records) -> Section:
    """Needs the record of competition."""
    scores = records.of("competition")
    block = records.blocks["competition"]
    counted = pd.concat(
        [scores[scores["metric"].isin([NEVER, REACHED, ERROR])], _times(scores, block["presentations"])]
    )
    faults = counted[counted["metric"].isin([NEVER, TIME])]
    fewer = faults.assign(value=-faults["value"])  # comparisons take more for better
    asked = sorted(comparisons.compare(fewer, [(SOFT, HARD)], ("metric", "data", "level"), records.level))
    told = (
        f"Hard competition moves the winner alone, soft competition the other {block['centres'] - 1} centres too, by "
        "less the farther they are behind it. The rates of both and soft competition's width are the best of equally "
        "many settings each, on other seeds."
    )
    return Section("Competition", [Words([_answer(asked), told]), _faults(records, counted), _apart(records, asked)])


def _times(scores: pd.DataFrame, most: int) -> pd.DataFrame:
    """Presentations to the target as far as they are counted: `most` of who takes more or never gets there."""
    reached = scores[scores["metric"] == REACHED]
    found = scores[scores["metric"] == TIME].set_index(list(CELL))["value"]
    values = [min(found.get(tuple(row), most), most) for row in reached[list(CELL)].itertuples(index=False)]
    return reached.assign(metric=TIME, value=pd.Series(values, index=reached.index, dtype=float))


def _answer(asked: Sequence[Comparison]) -> str:
    if any(c.verdict == "few" for c in asked):
        return f"Nothing is claimed: fewer than {comparisons.FEWEST} seeds ran."
    told = []
    for metric, less, more in (
        (NEVER, "leaves fewer centres idle than hard", "more"),
        (TIME, "reaches the target in fewer presentations", "in more"),
    ):
        family = [c for c in asked if c.cell[0] == metric]
        better, worse = ([_claim(c) for c in family if c.verdict == verdict] for verdict in ("better", "worse"))
        clauses = [f"{less} in {len(better)} of {len(family)} comparisons" + _listed(better)]
        clauses += [f"{more} in {len(worse)}" + _listed(worse)] if worse else []
        still = len(family) - len(better) - len(worse)
        told.append(", ".join(clauses) + (f"; {still} {'stays' if still == 1 else 'stay'} open" if still else ""))
    return f"Soft competition {told[0]}. It {told[1]}."


def _listed(claims: Sequence[str]) -> str:
    return f" ({parts.series(claims)})" if claims else ""


def _claim(c: Comparison) -> str:
    metric, data, start = c.cell
    return f"{data} from {start}, {parts.number(-c.difference.mean, 1 if metric == NEVER else 0, sign=True)}"


def _faults(records: Records, counted: pd.DataFrame) -> Table:
    cells = tables.cells(counted, ("data", "level", "arm", "metric"), records.level)
    block = records.blocks["competition"]
    rows = []
    shown = {(data, start, arm) for data, start, arm, _ in cells}
    for data, start, arm in sorted(shown, key=lambda row: (*row[:2], list(ARMS).index(row[2]))):
        never, time, reached, error = (cells[data, start, arm, metric] for metric in (NEVER, TIME, REACHED, ERROR))
        rows.append(
            [
                *map(Cell, (data, start, ARMS[arm])),
                parts.interval(never),
                Cell(f"{100 * reached.mean:.0f}"),
                parts.interval(time, 0),
                parts.interval(error, 3),
                Cell(str(never.n)),
            ]
        )
    most = parts.number(block["presentations"], 0)
    return Table(
        f"Both faults: mean over n seeds [{parts.share(records.level)} interval], {block['centres']} centres",
        [
            "data",
            "from",
            "competition",
            "never chosen",
            "reached Q, %",
            "presentations to Q",
            "quantization error",
            "n",
        ],
        rows,
        words=3,
        note=f"From: random lies near the origin, samples are examples, both the same for all three; k-means++ is "
        f"k-means' own. Q: the mean square to the winner, {block['target']:g} times the best of ten runs of k-means; "
        f"presentations are counted up to {most}, and who never reaches Q counts {most}. k-means is looked at after "
        "each pass over all examples, the others some fifty times a fit. Not counted is the seeding by k-means++; a "
        "centre that no example chooses k-means moves elsewhere.",
    )


def _apart(records: Records, asked: Sequence[Comparison]) -> Table:
    names = {NEVER: ("centres never chosen", 1), TIME: ("presentations to Q", 0)}
    rows = []
    for c in asked:
        metric, data, start = c.cell
        name, digits = names[metric]
        fewer = c.difference
        less = fewer._replace(mean=-fewer.mean, low=-fewer.high, high=-fewer.low)
        rows.append(
            [
                *map(Cell, (name, data, start)),
                Cell(parts.number(less.mean, digits, sign=True), parts.apart(less, digits)),
                Cell("< 0.001" if c.p < 0.001 else parts.number(c.p, 3)),
                Cell(str(less.n)),
                Cell({"few": "too few seeds"}.get(c.verdict, c.verdict), tone=c.verdict),
            ]
        )
    return Table(
        f"Soft less hard competition: mean paired difference [{parts.share(records.level)} interval]; fewer is better",
        ["fault", "data", "from", "difference", "p, corrected", "n", "verdict"],
        rows,
        words=3,
        note=f"p: paired t-test, corrected by Holm for the {len(asked)} comparisons of this table.",
        folded=True,
    )
