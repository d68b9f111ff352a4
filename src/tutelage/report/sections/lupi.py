"""Privileged information: whether a method gains by x*, which is not there when asked, or by what stands for it too."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from tutelage.data.problems import CONTROLS, STAR
from tutelage.measure import hints
from tutelage.report import comparisons, parts, verdicts
from tutelage.report.comparisons import Comparison
from tutelage.report.parts import Figures, Part, Section, Words
from tutelage.report.records import Missing, Records
from tutelage.report.sections import lupi_shown
from tutelage.report.sections.lupi_shown import ALONE

STAGE = "lupi@"
DRAWN = ("worlds", "series")  # kinds of which each split has examples of its own
METHODS = {
    "separate": "learns labels and what a teacher says that has learned before",
    "together": "learns beside the teacher, which learns to be imitated too",
    "distilled": "learns a share of labels and a share of a teacher's answers at a temperature",
    "svm_plus": "is an SVM whose slacks are a function of x*",
}
PROBLEMS = {
    "clean_labels": "a world in which x* tells how far an example was on its side before noise pushed it",
    "clean_features": "a world in which x* is x before noise was added",
    "largest_features": "a world in which x* is the three largest numbers of x",
    "series": "whether a Mackey-Glass series will be higher; x* are the points around the one asked about",
    "scipy": "which sub-package of SciPy a docstring is of; x is the line that sums it up, x* is the text below",
    "tweet-sentiment": "a tweet's mood; x is the tweet, x* is the phrase by which a reader told it",
    "xquad": "whether a sentence answers a question; x is both, x* is what a reader marked there as an answer to some",
    "eraser-fever": "whether an article bears out a claim; x is both, x* are the sentences that decide it",
    "pubmedqa": "what a paper answers to a question; x is the question and what was found, x* is the conclusion",
    "images": "the class of an image of {name} ({classes}), of which x are {side}×{side} averages; x* is the whole "
    "image",
    "poems": "a five or an eight of 10×10 pixels; x* is a {description} description by hand. Only 100 are described: "
    "those teach, the teacher is asked about what is left of them, others about the authors' test part too",
    "protein": "the architecture of a protein, told from its sequence; x* is the structure of its residues",
    "ett": "whether a transformer's oil will be hotter in {horizon} hours; x* is its heat around that hour",
    "table": "the column {y} of {file}, told from {x}; x* is {privileged}",
}

PRINTED = {"clean_labels": (96, 88, 95), "clean_features": (90, 68, 70), "largest_features": (96, 55, 56)}
"""Lopez-Paz et al., 2016, figure 1: teacher, student and distilled student in %, of 200 labels and 50 numbers in x."""


class Family(NamedTuple):
    """The comparisons of one problem."""

    teacher: list[Comparison]  # with the student alone, as are the methods with x*
    alone: list[Comparison]
    controls: list[Comparison]  # of each method with x*, with its best control at each count of labels


def section(records: Records) -> Section:
    """Needs the record of one problem at least; shows all that left one."""
    left = set(records.scores["stage"])
    names = [stage.removeprefix(STAGE) for stage in records.entries if stage.startswith(STAGE) and stage in left]
    if not names:
        raise Missing(f"reports/stages/{STAGE}*/scores.json is missing; `make repro` makes it")
    made: list[Part] = [Words([_methods()])]
    for name in names:
        made += _of(name, records)
    return Section("Privileged information", made)


def _methods() -> str:
    return (
        "A student is asked about x; while it learns, a teacher sees x*, which is not there afterwards. "
        + " ".join(f"{_titled(method)}: {told}." for method, told in METHODS.items())
        + " Each is also taught with a control in x*'s place: "
        + "; ".join(f"{control}: {told}" for control, told in CONTROLS.items())
        + ". With none there it is the student alone, and svm. All nets choose from one grid and both machines from "
        "another, by cross-validation inside the labels they learn from: nets by log-likelihood, machines, which have "
        "none, by errors. A method uses x* where it is better than who learns alone and than its best control. Three "
        "published gains that are none are told again in bench/misleading.md."
    )


def _titled(method: str) -> str:
    return {"svm_plus": "SVM+"}.get(method, method.capitalize())


def _of(name: str, records: Records) -> list[Part]:
    scores, level, block = records.of(STAGE + name), records.level, records.blocks["lupi"][name]
    share = parts.share(level)
    accuracy = scores[scores["metric"] == "accuracy"]
    arms = set(accuracy["arm"])
    family = _compared(accuracy, level)
    return [
        Words(
            [
                _worth(family, accuracy),
                _setting(block, scores),
                _uses(family),
                *_printed(accuracy, block),
                *_above(scores),
                _converged(scores, block),
            ],
            heading=f"Problem: {name}",
        ),
        Figures(
            [
                ("Accuracy", lupi_shown.accuracies(name, accuracy, level)),
                *((_titled(m), lupi_shown.gains(name, m, accuracy, level)) for m in METHODS if m in arms),
            ],
            "Accuracy, with x*; and less that of who learns alone on the same split, points. Line: mean over splits; "
            f"band: {share} interval.",
        ),
        lupi_shown.table(name, accuracy, level),
        *(
            verdicts.table(
                f"{name}: accuracy less that of {rival}, points: mean paired difference [{share} interval]",
                ["arm", *heads, "labels"],
                told,
                scale=100,
                words=len(heads) + 1,
            )
            for rival, heads, told in (
                ("the student alone, of svm_plus svm", [], [*family.teacher, *family.alone]),
                ("the best control", ["control"], family.controls),
            )
        ),
        *lupi_shown.curves(name, records, level),
    ]


def _setting(block: Mapping[str, Any], scores: pd.DataFrame) -> str:
    problem = block["problem"]
    said = {
        key: parts.series(value) if isinstance(value, list) else "all" if value is None else value
        for key, value in problem.items()
    }
    named = next(problem[key] for key in ("world", "name", "kind") if problem.get(key) in PROBLEMS)
    told = PROBLEMS[named].format(**said)
    nets = f"one hidden layer of {block['hidden']} units" if block["hidden"] else "linear"
    return (
        f"{told[0].upper()}{told[1:]}. {block['splits']} splits, each with "
        f"{block['asked']} examples to be told afterwards that teach nothing; student and teacher are {nets}."
        f"{_overlap(problem)}{_left_out(block, scores)}{_telling(scores[scores['metric'] == 'information'])}"
    )


def _overlap(problem: Mapping[str, Any]) -> str:
    if problem["kind"] in DRAWN:
        return ""
    return " Splits share examples, for which intervals are too narrow and claims too sure."


def _left_out(block: Mapping[str, Any], scores: pd.DataFrame) -> str:
    most = block["svm"]["most"]
    if "svm" not in set(scores["arm"]) and min(block["labels"]) <= most:
        return " SVM and SVM+ tell two classes apart and no more: left out here."
    return f" SVM and SVM+ are solved of up to {most} labels." if max(block["labels"]) > most else ""


def _telling(columns: pd.DataFrame) -> str:
    """The column of x* that tells most of y, and a warning of those that may hold it."""
    shares = [(float(share), str(column)) for column, share in zip(columns["level"], columns["value"], strict=True)]
    if held := [
        f"column {column} ({share:.3f})" for share, column in sorted(shares, reverse=True) if share > hints.HELD
    ]:
        return (
            f" Warning: is the label in x*? By mutual information {parts.series(held)} of x* "
            f"{'has' if len(held) == 1 else 'have'} more than {hints.HELD:g} of y's entropy."
        )
    return "".join(
        f" Of x*'s columns {column} tells most: its mutual information with y is {share:.2f} of y's entropy."
        for share, column in sorted(shares, reverse=True)[:1]
    )


def _keyed(accuracy: pd.DataFrame) -> pd.DataFrame:
    """Arms named with what stands in x*'s place: `separate`, `separate, noise`."""
    instead = accuracy["with_level"].where(~accuracy["with_level"].isin(["", STAR]), "")
    arms = accuracy["arm"].where(instead == "", accuracy["arm"] + ", " + instead)
    return accuracy.assign(arm=arms)


def _compared(accuracy: pd.DataFrame, level: float) -> Family:
    keyed = _keyed(accuracy)
    alone = comparisons.compare(keyed, [("teacher", "student"), *ALONE.items()], ["level"], level)
    made: list[Comparison] = []
    means = keyed.groupby(["level", "arm"])["value"].mean()
    pairs = {
        (at, method): f"{method}, {max(CONTROLS, key=lambda c: means.get((at, f'{method}, {c}'), 0.0))}"
        for at in dict.fromkeys(keyed["level"])
        for method in METHODS
        if (at, method) in means
    }
    # One family: of each count only its own pairs.
    best = pd.concat(
        [
            keyed[(keyed["level"] == at) & keyed["arm"].isin([method, control])]
            .replace({"arm": {control: "control"}})
            .assign(cell=f"{at}/{method}")
            for (at, method), control in pairs.items()
        ]
    )
    for c in comparisons.compare(best, [(method, "control") for method in METHODS], ["cell"], level):
        at, method = c.cell[0].split("/")
        made.append(c._replace(cell=(pairs[at, method].partition(", ")[2], at)))
    return Family([c for c in alone if c.arm == "teacher"], [c for c in alone if c.arm != "teacher"], made)


def _worth(family: Family, accuracy: pd.DataFrame) -> str:
    means = accuracy.groupby(["arm", accuracy["level"].astype(float)])["value"].mean()
    gaps = {at: means[("teacher", at)] - means[("student", at)] for arm, at in means.index if arm == "teacher"}
    told = parts.series([parts.number(gap, scale=100, sign=True) for _, gap in sorted(gaps.items())])
    return (
        verdicts.said(
            family.teacher, "What the information is worth: a teacher that is asked x*, against the student", _at
        )
        + f" Between them are {told} points at {parts.series([f'{at:g}' for at in sorted(gaps)])} labels."
    )


def _uses(family: Family) -> str:
    """Who is better than both."""
    told = [
        verdicts.said(family.alone, "Against who learns alone", _at),
        verdicts.said(family.controls, "Against its best control", _at),
    ]
    if any(c.verdict == "few" for c in family.alone):
        return told[0]
    both = {(c.arm, c.cell[-1:]) for c in family.alone if c.verdict == "better"} & {
        (c.arm, c.cell[-1:]) for c in family.controls if c.verdict == "better"
    }
    uses = [
        f"{method} {_at([c for m, c in sorted(both, key=_order) if m == method])}"
        for method in METHODS
        if any(m == method for m, _ in both)
    ]
    return " ".join(
        [*told, f"So x* is used by {'; '.join(uses)}." if uses else "So of no method it is shown that it uses x*."]
    )


def _order(one: tuple[str, tuple[str, ...]]) -> float:
    return float(one[1][-1])


_at = verdicts.at("labels")


def _printed(accuracy: pd.DataFrame, block: Mapping[str, Any]) -> list[str]:
    """Beside what was published, where the world is as it was there."""
    world = block["problem"].get("world")
    if world is None or block["problem"]["dim"] != 50 or 200 not in block["labels"] or block["hidden"]:
        return []
    own = accuracy[(accuracy["level"].astype(float) == 200) & accuracy["with_level"].isin(["", STAR])]
    means = own.groupby("arm")["value"].mean()
    ours = [parts.number(means[arm], scale=100) for arm in ("teacher", "student", "distilled")]
    theirs = [str(value) for value in PRINTED[world]]
    return [
        f"With 200 labels teacher, student and distilled student tell {parts.series(ours)} %; Lopez-Paz et al. print "
        f"{parts.series(theirs)} %."
    ]


def _above(scores: pd.DataFrame) -> list[str]:
    """Where classes are of classes."""
    most = scores["level"].astype(float) == scores["level"].astype(float).max()
    own = scores[most & scores["with_level"].isin(["", STAR])].set_index("arm")
    means = {metric: rows["value"].groupby(level=0).mean() for metric, rows in own.groupby("metric")}
    if "above_accuracy" not in means:
        return []
    right, *lost = (means[metric] for metric in ("above_accuracy", "above_nll", "within_nll"))
    told = [
        f"{arm} {parts.number(right[arm], scale=100)} % ({' + '.join(parts.number(of[arm], 2) for of in lost)})"
        for arm in ("teacher", "student", *METHODS)
        if arm in right
    ]
    return [
        "A class belongs to one above it, and the log-loss that is descended is that of the one above and that of the "
        f"class within it. With most labels the one above is told by {parts.series(told)}; in brackets, both losses in "
        "nats."
    ]


def _converged(scores: pd.DataFrame, block: Mapping[str, Any]) -> str:
    slopes, gaps = (scores[scores["metric"] == metric]["value"] for metric in ("slope", "gap"))
    late = int((slopes > block["tolerance"]).sum())
    solved = f" The {len(gaps)} machines are within {gaps.max():.1g} of their best, by duality." if len(gaps) else ""
    told = f"Of the {len(slopes)} descents told of here, of all examples at once by L-BFGS, "
    if not late:
        return told + f"all came to where no number of the gradient is above {block['tolerance']:g}.{solved}"
    return told + (
        f"{late} did not come to where no number of the gradient is above {block['tolerance']:g} in "
        f"{block['evaluations']} evaluations; the largest is {slopes.max():.1g}.{solved}"
    )
