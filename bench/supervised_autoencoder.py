"""The grid from which the supervised autoencoder's rates, and the λs worth a sweep, were chosen, by validation.

`python bench/supervised_autoencoder.py` after `make repro`. Other label draws than the pipeline's, judged on the
validation part, never on a test part. Prints a Markdown table; three minutes.
"""

import datetime
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from tutelage import params
from tutelage.data import batches, labels
from tutelage.measure import classification, exam, probes
from tutelage.paradigms import supervised_autoencoder
from tutelage.training import device

RATES = (0.001, 0.003, 0.01)
WEIGHTS = (1.0, 10.0, 100.0)
DRAWS = (101, 102, 103)  # no seed of the pipeline
LABELS = (10, 100, 500)
IMAGES = Path("data/prepared/images")

compute = params.read(params.Compute, "compute")
asked = params.read(params.Exam, "exam")
block = params.read(supervised_autoencoder.Params, "supervised_autoencoder")
encoder, decoder = params.read(params.Encoder, "encoder"), params.read(params.Decoder, "decoder")
on = device.ready(compute)
about = batches.about(IMAGES)
pool, valid = (batches.load(IMAGES / part, on) for part in ("train", "valid"))
names = about["classes"]
rows: dict[tuple[int, str, float], list[float]] = {}


def taught(
    arm: str, weight: float, rate: float, few: batches.Batch, draw: int
) -> supervised_autoencoder.SupervisedAutoencoder:
    rates = block.learning_rate.model_copy(update={arm: rate})
    tried = block.model_copy(update={"learning_rate": rates})
    learner = supervised_autoencoder.build(
        tried, arm, weight, encoder, decoder, about["shape"], len(names), target="classes", seed=draw
    )
    supervised_autoencoder.fit(tried, learner, pool, few, draw, compute)
    return learner


def judged(learner: supervised_autoencoder.SupervisedAutoencoder, few: batches.Batch) -> float:
    if learner.weight:
        return exam.direct(learner, valid["x"], valid["y"])["accuracy"]
    z, questions = exam.encoded(learner, few["x"]).numpy(), exam.encoded(learner, valid["x"]).numpy()
    log_p = probes.linear(z, few["y"].numpy(), questions, strengths=asked.strengths, folds=asked.folds)
    return classification.accuracy(log_p, valid["y"].numpy())


for rate in RATES:
    for draw in DRAWS:
        drawn = {
            m: labels.few(pool, m // len(names), names, seed=draw, name="rates", key="supervised_autoencoder.labels")
            for m in LABELS
        }
        unlabelled = taught("probe", 0.0, rate, drawn[LABELS[0]], draw)
        for m, few in drawn.items():
            told = {"alone": judged(taught("alone", 1.0, rate, few, draw), few), "probe": judged(unlabelled, few)}
            told |= {f"together, λ = {w:g}": judged(taught("together", w, rate, few, draw), few) for w in WEIGHTS}
            for arm, accuracy in told.items():
                rows.setdefault((m, arm, rate), []).append(accuracy)
print(f"# The supervised autoencoder's learning rates and weights: {datetime.date.today()}\n")
print("`python bench/supervised_autoencoder.py`: accuracy on the validation part, a mean over three label draws that")
print("the pipeline does not use. In bold the best of a row.\n")
print("| labels | arm |", *(f"{rate} |" for rate in RATES))
print("|---|---|", *("---|" for _ in RATES))
cells = {key: statistics.fmean(told) for key, told in rows.items()}
for arm in dict.fromkeys(arm for _, arm, _ in cells):
    table = {str(m): [cells[m, arm, rate] for rate in RATES] for m in LABELS}
    table["mean"] = [statistics.fmean(column) for column in zip(*table.values(), strict=True)]
    for count, row in table.items():
        print(f"| {count} | {arm} |", *(f"**{v:.3f}** |" if v == max(row) else f"{v:.3f} |" for v in row))
