"""The grid from which transfer's learning rates in params.yaml were chosen: one for all arms, by validation.

`python bench/rates.py` after `make repro`. Other label draws than the pipeline's, judged on validation parts, never on
a test part. Prints a Markdown table.
"""

import datetime
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from tutelage import params
from tutelage.data import batches, labels
from tutelage.measure import exam
from tutelage.paradigms import supervised, transfer
from tutelage.training import device

RATES = (0.001, 0.003, 0.01, 0.03, 0.1)
DRAWS = (101, 102, 103)  # no seed of the pipeline
PREPARED, TAUGHT = Path("data/prepared"), Path("models/pretrain")

compute = params.read(params.Compute, "compute")
block = params.read(transfer.Params, "transfer")
on = device.ready(compute)
about = supervised.about(TAUGHT)
targets = transfer.targets(batches.about(PREPARED / "images"), batches.about(PREPARED / "target"), about["classes"])
few = block.labels_per_class
rows: dict[str, list[list[float]]] = {arm: [] for arm in transfer.ARMS}


def told(to: str, m: object, arm: str, row: list[float]) -> None:
    best = max(row)
    cells = [f"**{v:.3f}** |" if v == best else f"{v:.3f} |" for v in row]
    print(f"| {to} | {m} | {arm} |", *cells, flush=True)


print(f"# Transfer's learning rates: {datetime.date.today()}\n")
print("`python bench/rates.py`: accuracy on validation parts, three label draws that the pipeline does not use.")
print("In bold the best of a row; params.yaml has for each arm the best of its mean.\n")
print("| target | labels a class | arm |", *(f"{rate} |" for rate in RATES))
print("|---|---|---|", *("---|" for _ in RATES))
for to, given in targets.items():
    pool, valid = (
        batches.of(batches.load(PREPARED / given.role / part, on), given.classes) for part in ("train", "valid")
    )
    for m in (few[0], few[len(few) // 2], few[-1]):
        labelled = [
            labels.few(pool, m, given.names, seed=draw, name="rates", key="transfer.labels_per_class") for draw in DRAWS
        ]
        for arm in transfer.ARMS:
            row = []
            for rate in RATES:
                rates = block.learning_rate.model_copy(update={arm: rate})
                tried = block.model_copy(update={"learning_rate": rates})
                taught = [supervised.load(TAUGHT, given.source, seed).encoder for seed in about["seeds"]]
                learners = [
                    transfer.build(tried, arm, f, len(given.classes), draw).to(on)
                    for f, draw in zip(taught, DRAWS, strict=False)
                ]
                transfer.fit(tried, arm, learners, labelled, DRAWS, compute)
                row.append(statistics.fmean(exam.direct(f, valid["x"], valid["y"])["accuracy"] for f in learners))
            told(to, m, arm, row)
            rows[arm].append(row)
for arm in transfer.ARMS:
    told("mean", "", arm, [statistics.fmean(column) for column in zip(*rows[arm], strict=True)])
