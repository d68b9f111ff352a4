"""The grid from which learning rates of transfer's arms in params.yaml were chosen: one for all arms, by validation.

`python bench/rates.py transfer` or `… embedded` after `make repro`. Other label draws than the pipeline's, judged on
validation parts, never on a test part. Prints a Markdown table.
"""

import datetime
import statistics
import sys
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from tutelage import params
from tutelage.data import batches, labels
from tutelage.data.batches import Batch
from tutelage.measure import exam
from tutelage.nn.conv import Encoder
from tutelage.paradigms import autoencoder, supervised, transfer
from tutelage.training import device

RATES = {"transfer": (0.001, 0.003, 0.01, 0.03, 0.1), "embedded": (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)}
DRAWS = (101, 102, 103)  # no seed of the pipeline
PREPARED, TAUGHT, DEEP = Path("data/prepared"), Path("models/pretrain"), Path("models/autoencoder/deep")


class Task(NamedTuple):
    """What is transferred to, and from which encoders, one a draw."""

    name: str
    pool: Batch
    valid: Batch
    classes: list[str]
    sources: list[Encoder]


name = sys.argv[1]
compute = params.read(params.Compute, "compute")
block = params.read(transfer.Params, name)
on = device.ready(compute)
about = supervised.about(TAUGHT)
seeds = about["seeds"][: len(DRAWS)]


def tasks() -> list[Task]:
    def parts(role: str, classes: list[int]) -> tuple[Batch, Batch]:
        pool, valid = (batches.of(batches.load(PREPARED / role / part, on), classes) for part in ("train", "valid"))
        return pool, valid

    images = batches.about(PREPARED / "images")
    if name == "embedded":
        encoders = [autoencoder.vectoriser(DEEP, "deep", seed) for seed in seeds]
        everything = parts("images", list(range(len(images["classes"]))))
        return [Task(images["name"], *everything, images["classes"], encoders)]
    return [
        Task(
            to,
            *parts(given.role, given.classes),
            given.names,
            [supervised.load(TAUGHT, given.source, seed).encoder for seed in seeds],
        )
        for to, given in transfer.targets(images, batches.about(PREPARED / "target"), about["classes"]).items()
    ]


def told(to: str, m: object, arm: str, row: list[float]) -> None:
    best = max(row)
    cells = [f"**{v:.3f}** |" if v == best else f"{v:.3f} |" for v in row]
    print(f"| {to} | {m} | {arm} |", *cells, flush=True)


few = block.labels_per_class
rows: dict[str, list[list[float]]] = {arm: [] for arm in transfer.ARMS}
print(f"# Learning rates of {name}: {datetime.date.today()}\n")
print(f"`python bench/rates.py {name}`: accuracy on validation parts, three label draws that the pipeline does not")
print("use. In bold the best of a row; params.yaml takes for each arm the best of its mean.\n")
print("| target | labels a class | arm |", *(f"{rate} |" for rate in RATES[name]))
print("|---|---|---|", *("---|" for _ in RATES[name]))
for task in tasks():
    for m in (few[0], few[len(few) // 2], few[-1]):
        labelled = [
            labels.few(task.pool, m, task.classes, seed=draw, name="rates", key=f"{name}.labels_per_class")
            for draw in DRAWS
        ]
        for arm in transfer.ARMS:
            row = []
            for rate in RATES[name]:
                rates = block.learning_rate.model_copy(update={arm: rate})
                tried = block.model_copy(update={"learning_rate": rates})
                learners = [
                    transfer.build(tried, arm, f, len(task.classes), draw).to(on)
                    for f, draw in zip(task.sources, DRAWS, strict=True)
                ]
                transfer.fit(tried, arm, learners, labelled, DRAWS, compute)
                row.append(
                    statistics.fmean(exam.direct(f, task.valid["x"], task.valid["y"])["accuracy"] for f in learners)
                )
            told(task.name, m, arm, row)
            rows[arm].append(row)
for arm in transfer.ARMS:
    told("mean", "", arm, [statistics.fmean(column) for column in zip(*rows[arm], strict=True)])
