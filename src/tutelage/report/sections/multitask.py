"""Many tasks at once: one net for all beside one each, what examples and tasks bring, which task helps which."""

from collections.abc import Sequence

import pandas as pd

from tutelage.measure.significance import Interval
from tutelage.report import comparisons, parts, tables, verdicts
from tutelage.report.comparisons import Comparison
from tutelage.report.parts import Cell, Part, Section, Table, Words
from tutelage.report.records import Records
from tutelage.report.sections import multitask_growth as growth
from tutelage.report.sections import task_sets

ALONE, WHOLE = "alone", "whole"
BALANCES = {
    "mean": "each task weighs the same",
    "sum": "a task weighs as many examples as it has",
    "uncertainty": "by learned variances (Kendall 2018)",
    "projected": "the mean, each task's gradient less what opposes another's (Yu 2020)",
}
KINDS = {"accuracy": "accuracy of classes", "r2": "R² of numbers"}


def section(records: Records) -> Section:
    """Needs the record of multitask."""
    scores = records.of("multitask")
    block = records.blocks["multitask"]
    of = {at: scores[scores["at"] == at] for at in ("task", "examples", "tasks")}
    helped = of["task"][of["task"]["with"] == "helper"]
    alone = of["examples"].query("arm == @ALONE and level == @size", local_dict=_size(block))
    made: list[Part] = [
        *_balancing(of["task"][of["task"]["with"] == "presentations"], records),
        *growth.learnability(of["examples"], records.level),
        *growth.learning_to_learn(of["tasks"], block["learning_to_learn"]["labels"], records.level),
        *_transference(helped, alone, records),
        *task_sets.parts(records),
    ]
    return Section("Many tasks at once", made)


def _size(block: dict[str, dict[str, int]]) -> dict[str, str]:
    return {"ALONE": ALONE, "size": str(block["learnability"]["size"])}


def _balancing(scores: pd.DataFrame, records: Records) -> list[Part]:
    """Means over tasks of a kind, of each seed; each task for itself in a folded table."""
    block, level = records.blocks["multitask"], records.level
    share, default = parts.share(level), block["balance"]
    means = scores.groupby(["arm", "metric", "seed"], sort=False)["value"].mean().reset_index()
    joint = [arm for arm in BALANCES if arm in set(means["arm"])]
    beside = comparisons.compare(means, [(arm, ALONE) for arm in (*joint, WHOLE)], ["metric"], level)
    others = [(arm, default) for arm in joint if arm != default]
    balances = comparisons.compare(means, others, ["metric"], level)
    each = comparisons.compare(scores, [(default, ALONE), (WHOLE, ALONE)], ["level"], level)
    tasks = scores["level"].nunique()
    shown, budget = block["presentations"], records.blocks["budget"]["presentations"]
    told = (
        f"{tasks} tasks, classes and numbers mixed. A net of one task each, and of all tasks by each balance, is shown "
        f"{parts.number(shown, 0)} images: the same budget each, and all nets of one task together "
        f"{parts.number(tasks * shown, 0)}. {WHOLE}: one for all, balanced by {default}, with the budget's "
        f"{parts.number(budget, 0)}."
    )
    said = [
        verdicts.said(beside, "One net for all, against one each (alone)", _kinds),
        verdicts.said(balances, f"Balancing, against {default}", _kinds),
    ]
    return [
        Words([told, " ".join(said)]),
        _table(means, share, level, [ALONE, *joint, WHOLE]),
        _differences("One net for all less one each (alone)", beside, share),
        _differences(f"Balancing: less {default}", balances, share),
        verdicts.table(
            f"Each task: one net for all less one of its own, points: mean paired difference [{share} interval]",
            ["arm", "task"],
            each,
            scale=100,
            words=2,
        ),
    ]


def _kinds(cells: Sequence[tuple[str, ...]]) -> str:
    return f"in {parts.series([KINDS[metric] for (metric,) in cells])}"


def _table(means: pd.DataFrame, share: str, level: float, arms: Sequence[str]) -> Table:
    cells: dict[tuple[str, ...], Interval] = tables.cells(means, ("arm", "metric"), level)
    words = {ALONE: "a net for each task", WHOLE: "one net for all tasks, the whole budget", **BALANCES}
    metrics = [metric for metric in KINDS if any(m == metric for _, m in cells)]
    rows = [
        [Cell(arm), Cell(words[arm]), *(parts.interval(cells[arm, metric], scale=100) for metric in metrics)]
        for arm in arms
    ]
    return Table(
        f"Mean over tasks of a kind, %, on the test part: mean over seeds [{share} interval]",
        ["arm", "what it is", *(KINDS[metric] for metric in metrics)],
        rows,
        words=2,
    )


def _differences(caption: str, family: Sequence[Comparison], share: str) -> Table:
    return verdicts.table(
        f"{caption}, points: mean paired difference [{share} interval]", ["arm", "metric"], family, scale=100, words=2
    )


def _transference(pairs: pd.DataFrame, alone: pd.DataFrame, records: Records) -> list[Part]:
    """A task beside each helper less the same task alone: one family, as a matrix and as a table."""
    block, share = records.blocks["multitask"]["learnability"], parts.share(records.level)
    known = alone.assign(level=alone["with_level"]).set_index(["level", "seed"])["value"]
    own = pairs.assign(arm=ALONE, value=[known[at] for at in zip(pairs["level"], pairs["seed"], strict=True)])
    both = pd.concat([pairs, own])
    found = comparisons.compare(both, [("pair", ALONE)], ("level", "with_level"), records.level)
    at = {c.cell: c for c in found}
    names = list(dict.fromkeys(task for task, _ in at))
    if any(c.verdict == "few" for c in found):
        said = f"Which task helps which: nothing is claimed below {comparisons.FEWEST} seeds."
    else:
        told = [
            f"{verb} {parts.series([f'{task} by {helper}' for task, helper in claimed])}"
            for verdict, verb in (("better", "helped is"), ("worse", "harmed is"))
            if (claimed := [c.cell for c in found if c.verdict == verdict])
        ]
        still = sum(c.verdict == "open" for c in found)
        told += [f"{still} of {len(found)} stay open"] if still else []
        said = f"Which task helps which, at {block['size']} examples of each: {'; '.join(told)}."
    matrix = Table(
        f"Points that a task (row) gains when one net is taught it and another (column), {block['size']} examples of "
        "each",
        ["task", *names],
        [[Cell(task), *(comparisons.mark(at.get((task, helper))) for helper in names)] for task in names],
        note=f"{comparisons.marks(records.level)} Points of accuracy or of R²; a pair's net has the budget of one "
        "task's net.",
    )
    detail = verdicts.table(
        f"A task and a helper less the task alone, points: mean paired difference [{share} interval]",
        ["arm", "task", "helper"],
        found,
        scale=100,
        words=3,
    )
    return [Words([said], heading="Transference"), matrix, detail]
