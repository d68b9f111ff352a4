"""What is found of generators, in words: who is nearest, whether the bar is passed, Parzen windows, memorising."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from tutelage.measure.significance import Interval
from tutelage.report import comparisons, parts, verdicts
from tutelage.report.comparisons import Comparison
from tutelage.report.records import Records

UNSEEN, TRAIN, CENTROIDS, GAUSSIAN, NOISE = (
    "unseen images",
    "training images",
    "k-means centroids",
    "Gaussian in PCA space",
    "noise",
)
Cells = Mapping[tuple[str, ...], Interval]
"""By what was judged and by metric."""


def nearest(cells: Cells, taught: Sequence[str], few: Sequence[str], frechet: Sequence[Comparison]) -> str:
    """Who is nearest to unseen images in the mean, of whom that is shown, and what lies between ceiling and floor."""
    best, *others = taught
    told = {name: _spoken(cells[name, "frechet"], 1) for name in (best, UNSEEN, GAUSSIAN, NOISE)}
    asked = {c.against if c.arm == best else c.arm: c for c in frechet if best in (c.arm, c.against)}
    beaten = [name for name in others if asked[name].verdict == ("better" if asked[name].arm == best else "worse")]
    clauses = [f"nearer than {parts.series(beaten)}"] if beaten else []
    if any(asked[name].verdict == "few" for name in others):
        clauses.append(f"nothing is claimed below {comparisons.FEWEST} seeds")
    elif silent := [name for name in others if name not in beaten]:
        clauses.append(f"against {parts.series(silent)} nothing is claimed")
    whom = f"Of what was taught with all {cells[UNSEEN, 'frechet'].n} seeds" if few else "Of what was taught"
    return (
        f"{whom}, {best} makes the images nearest to unseen ones in the mean, at a Fréchet distance of "
        f"{': '.join([told[best], *(['; '.join(clauses)] if clauses else [])])}. "
        f"Other unseen images are at {told[UNSEEN]}, a {GAUSSIAN}, which knows only how pixels vary "
        f"together, at {told[GAUSSIAN]}, and noise at {told[NOISE]}."
    )


def bar(scores: pd.DataFrame, cells: Cells, frechet: Sequence[Comparison], records: Records) -> list[str]:
    """Whether the best adversarial pair is more than blur, and reaches all classes."""
    pairs = [c for c in frechet if c.arm.startswith("gan ") and c.against == GAUSSIAN]
    if not pairs:
        return []
    best = max(pairs, key=lambda c: -cells[c.arm, "frechet"].mean)
    classes = len(records.about("images")["classes"])
    least = records.blocks["generation"]["even"] * math.log(classes)
    hit = scores[(scores["arm"] == best.arm) & (scores["metric"] == "classes_hit")]["value"]
    entropy = cells[best.arm, "class_entropy"].mean
    wrong = []
    if best.verdict != "better":
        wrong.append(f"it is not shown to be nearer than the {GAUSSIAN}")
    if hit.min() < classes:
        wrong.append(f"in {(hit < classes).sum()} of {len(hit)} seeds it misses classes")
    if entropy < least:
        wrong.append(f"the entropy is {parts.number(entropy, 2)} nats")
    ends = f" does not pass: {parts.series(wrong)}." if wrong else f" passes, with {parts.number(entropy, 2)} nats."
    if best.verdict == "few":
        ends = f" is not judged: nothing is claimed below {comparisons.FEWEST} seeds."
    return [
        f"The bar for adversarial pairs: nearer to unseen images than the {GAUSSIAN}, all {classes} classes among the "
        f"samples of every seed, and an entropy of the classes' shares of {parts.number(least, 2)} nats or more. The "
        f"best in the mean, {best.arm},{ends}"
    ]


def rivals(frechet: Sequence[Comparison], rivals: Sequence[str]) -> str:
    """Of all comparisons of Fréchet distances; who is beaten by the same is named once."""
    told: dict[str, list[str]] = {}
    for rival in rivals:
        asked = [c for c in frechet if c.against == rival and (rival == GAUSSIAN or c.arm.startswith("gan "))]
        if asked:
            told.setdefault(verdicts.said(asked, "", lambda cells: ""), []).append(rival)
    return " ".join(f"Fréchet distance, against {parts.series(named)}{words}" for words, named in told.items())


def silent(cells: Cells, few: Sequence[str]) -> list[str]:
    """Of whom nothing is claimed, since others have more seeds."""
    told = [f"{name} has {cells[name, 'frechet'].n} of the {cells[UNSEEN, 'frechet'].n} seeds" for name in few]
    return [f"{parts.series(told)}: nothing is claimed of it."] if told else []


def likely(cells: Cells, taught: Sequence[str], likely: Sequence[Comparison]) -> str:
    best = max(taught, key=lambda name: cells[name, "parzen"].mean)
    told = [f"{name} {_spoken(cells[name, 'parzen'], 0)}" for name in (UNSEEN, TRAIN, CENTROIDS, best)]
    said = verdicts.said(likely, f"More nats taken for better, against {UNSEEN}", lambda cells: "")
    beaten = any(c.arm == CENTROIDS and c.verdict == "better" for c in likely)
    moral = " Means of training images come out likelier than real images: nats alone say little." if beaten else ""
    return f"In nats: {parts.series(told)}, in the mean the most of what was taught. {said}{moral}"


def memorised(
    cells: Cells, taught: Sequence[str], away: Sequence[Comparison], frechet: Sequence[Comparison]
) -> list[str]:
    """Whose samples lie nearer to training images than unseen images do, and which numbers would not tell."""
    far = {name: _spoken(cells[name, "nearest_distance"], 2) for name in (UNSEEN, TRAIN, CENTROIDS)}
    said = [
        f"Unseen images lie {far[UNSEEN]} from the training image nearest to them, in the mean; training images "
        f"{far[TRAIN]}, and {CENTROIDS}, which are means of training images, {far[CENTROIDS]}."
    ]
    before = [c for c in frechet if c.arm in (TRAIN, CENTROIDS) and c.difference.mean > 0]
    shown = [c.arm for c in before if c.verdict == "better"]
    if shown:
        said[0] += (
            f" By Fréchet distance {parts.series(shown)} come before {taught[0]}, in the mean the nearest of what was "
            "taught: it does not see that they repeat what was given, and this distance does."
        )
    if unsure := [c.arm for c in before if c.verdict != "better"]:
        below = f" below {comparisons.FEWEST} seeds" if any(c.verdict == "few" for c in before) else ""
        said[0] += (
            f" By Fréchet distance {parts.series(unsure)} come before {taught[0]} in the mean; nothing is claimed"
            f"{below}."
        )
    near = [c.arm for c in away if c.verdict == "worse"]
    if any(c.verdict == "few" for c in away):
        said.append(f"Of what was taught nothing is claimed below {comparisons.FEWEST} seeds.")
    elif near:
        said.append(
            f"Nearer than unseen images lie the samples of {parts.series(near)}; blur does that as well, and the "
            "pictures tell which it is."
        )
    else:
        said.append("Of nothing that was taught it is shown that its samples lie nearer than unseen images do.")
    return said


def _spoken(value: Interval, digits: int) -> str:
    cell = parts.interval(value, digits)
    return f"{cell.text} {cell.beside}".strip()
