"""What the supervised autoencoder's numbers in params.yaml were chosen by: accuracy on the validation part.

`python bench/supervised_autoencoder.py rates` (or `shift`, `presentations`, `batches`) after `make repro`: each arm
with one number varied, all else as in params.yaml. Other label draws than the pipeline's, never a test part. Prints a
Markdown table; two minutes each.
"""

import datetime
import statistics
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from tutelage import params
from tutelage.data import batches, labels, views
from tutelage.measure import few_labels
from tutelage.paradigms import supervised_autoencoder as paradigm
from tutelage.paradigms.supervised_autoencoder import Fit, Rates, Sizes
from tutelage.training import device, parallel

WEIGHTS = (10.0, 100.0)
DRAWS = (101, 102, 103)  # no seed of the pipeline
LABELS = (10, 100, 500)
IMAGES = Path("data/prepared/images")

compute = params.read(params.Compute, "compute")
asked = params.read(params.Exam, "exam")
block = params.read(paradigm.Params, "supervised_autoencoder")
encoder, decoder = params.read(params.Encoder, "encoder"), params.read(params.Decoder, "decoder")
on = device.ready(compute)
about = batches.about(IMAGES)
pool, valid = (batches.load(IMAGES / part, on) for part in ("train", "valid"))
names = about["classes"]
VARIED: dict[str, dict[str, dict[str, Any]]] = {
    "rates": {f"{r:g}": {"learning_rate": Rates(**dict.fromkeys(paradigm.ARMS, r))} for r in (0.003, 0.0075, 0.015)},
    "shift": {f"{by}": {"shift": by} for by in (0, 1, 2)},
    "presentations": {f"{n:,}": {"presentations": n} for n in (5_000, 10_000, 20_000)},
    "batches": {f"{u} + {t}": {"batch_size": Sizes(unlabelled=u, labelled=t)} for u, t in ((8, 24), (16, 16), (24, 8))},
}


def accuracies(job: tuple[str, Fit], watch: parallel.Watch) -> list[float]:
    """At each of its label counts."""
    value, fit = job
    tried = block.model_copy(update=varied[value])
    few = [
        labels.few(pool, m // len(names), names, seed=fit.seed, name="rates", key="supervised_autoencoder.labels")
        for m in fit.labels
    ]
    learner = paradigm.build(tried, fit, encoder, decoder, about["shape"], len(names))
    paradigm.fit(tried, learner, pool, few[0], fit.seed, compute)
    if fit.arm != "probe":
        return [few_labels.direct(learner, valid["x"], valid["y"])["accuracy"]]
    chosen: Any = {"strengths": asked.strengths, "folds": asked.folds}
    return [
        few_labels.probed(learner, views.shifts(m["x"], tried.shift), m["y"], valid["x"], valid["y"], **chosen)[
            "accuracy"
        ]
        for m in few
    ]


(what,) = sys.argv[1:]
varied = VARIED[what]
few_counts = block.model_copy(update={"labels": LABELS, "weights": (0.0, *WEIGHTS)})
fits = [fit for fit in paradigm.fits(few_counts, max(LABELS), DRAWS) if fit.target == "classes"]
jobs = [(value, fit) for value in varied for fit in fits]
rows: dict[tuple[str, int], dict[str, list[float]]] = {}
for (value, fit), found in zip(jobs, parallel.each(accuracies, jobs, lambda job, said: None, compute), strict=True):
    arm = f"together, λ = {fit.weight:g}" if fit.arm == "together" else fit.arm
    for m, accuracy in zip(fit.labels, found, strict=True):
        rows.setdefault((arm, m), {}).setdefault(value, []).append(accuracy)
print(f"## {what.capitalize()}: {datetime.date.today()}\n")
print("| arm | labels |", *(f"{value} |" for value in varied))
print("|---|---|", *("---|" for _ in varied))
for arm in dict.fromkeys(arm for arm, _ in rows):
    table = {str(m): [statistics.fmean(rows[arm, m][value]) for value in varied] for m in LABELS}
    table["mean"] = [statistics.fmean(column) for column in zip(*table.values(), strict=True)]
    for count, row in table.items():
        print(f"| {arm} | {count} |", *(f"**{v:.3f}** |" if v == max(row) else f"{v:.3f} |" for v in row))
print()
