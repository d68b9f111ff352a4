"""What the numbers of the blocks `consistency` and `augmentation` in params.yaml were chosen by.

Accuracy on the validation part. `python bench/consistency.py rates` (or `threshold`, `batches`, `strong`,
`presentations`) after `make repro`: each arm with one number varied, all else as in params.yaml. Other label draws than
the pipeline's, never a test part. Prints a Markdown table; two minutes each.
"""

import datetime
import statistics
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from tutelage import params
from tutelage.data import batches, labels, two_views
from tutelage.measure import exam
from tutelage.paradigms import consistency
from tutelage.paradigms.consistency import ALONE, ARMS, Fit, Rates, Sizes, Thresholds
from tutelage.training import device, parallel

DRAWS = (101, 102, 103)  # no seed of the pipeline
LABELS = (10, 100, 500)
IMAGES = Path("data/prepared/images")

compute = params.read(params.Compute, "compute")
block = params.read(consistency.Params, "consistency")
augmentation = params.read(two_views.Strength, "augmentation")
encoder = params.read(params.Encoder, "encoder")
on = device.ready(compute)
about = batches.about(IMAGES)
pool, valid = (batches.load(IMAGES / part, on) for part in ("train", "valid"))
names = about["classes"]


def strengths(turn: float, share: float, hole: int) -> dict[str, Any]:
    changed = {"turn": turn, "scale": share, "shear": share, "hole": hole}
    return {"strength": augmentation.model_copy(update=changed)}


def sizes(alone: int, labelled: int, unlabelled: int) -> dict[str, Any]:
    return {"batch_size": Sizes(alone=alone, labelled=labelled, unlabelled=unlabelled)}


VARIED: dict[str, dict[str, dict[str, Any]]] = {
    "rates": {f"{r:g}": {"learning_rate": Rates(**dict.fromkeys(ARMS, r))} for r in (0.0075, 0.015, 0.03)},
    "threshold": {f"{tau:g}": {"threshold": Thresholds(pseudo=tau, fixmatch=tau)} for tau in (0.6, 0.8, 0.95)},
    "batches": {
        f"{a} or {m} + {u}": sizes(a, m, u) for a, m, u in ((16, 8, 8), (32, 16, 16), (16, 8, 16), (32, 16, 32))
    },
    "strong": {
        f"{turn}°, {share:g}, {hole} px": strengths(float(turn), share, hole)
        for turn, share, hole in ((15, 0.15, 6), (25, 0.25, 8), (35, 0.35, 10))
    },
    "presentations": {f"{n:,}": {"presentations": n} for n in (5_000, 10_000, 20_000, 40_000)},
}
ASKED = {"threshold": ARMS[len(ALONE) :], "strong": ("strong", "fixmatch"), "presentations": ("strong", "fixmatch")}


def accuracy(job: tuple[str, Fit], watch: parallel.Watch) -> float:
    value, (arm, m, seed) = job
    changed = dict(varied[value])
    strength = changed.pop("strength", augmentation)
    tried = block.model_copy(update=changed)
    few = labels.few(pool, m // len(names), names, seed=seed, name="rates", key="exam.labels")
    learner = consistency.build(tried, arm, encoder, about["shape"], len(names), seed).to(on)
    consistency.fit(tried, strength, arm, learner, pool, few, seed, compute)
    return exam.direct(learner, valid["x"], valid["y"])["accuracy"]


(what,) = sys.argv[1:]
varied = VARIED[what]
arms = ASKED.get(what, ARMS)
jobs = [(value, fit) for value in varied for fit in consistency.fits(LABELS, DRAWS) if fit.arm in arms]
rows: dict[tuple[str, int], dict[str, list[float]]] = {}
for (value, fit), found in zip(jobs, parallel.each(accuracy, jobs, lambda job, said: None, compute), strict=True):
    rows.setdefault((fit.arm, fit.labels), {}).setdefault(value, []).append(found)
print(f"## {what.capitalize()}: {datetime.date.today()}\n")
print("| arm | labels |", *(f"{value} |" for value in varied))
print("|---|---|", *("---|" for _ in varied))
for arm in arms:
    table = {str(m): [statistics.fmean(rows[arm, m][value]) for value in varied] for m in LABELS}
    table["mean"] = [statistics.fmean(column) for column in zip(*table.values(), strict=True)]
    for count, row in table.items():
        print(f"| {arm} | {count} |", *(f"**{v:.3f}** |" if v == max(row) else f"{v:.3f} |" for v in row))
print()
