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
from tutelage.training import device, parallel

RATES = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
DRAWS = (101, 102, 103, 104, 105)  # no seed of the pipeline
PREPARED, TAUGHT, DEEP = Path("data/prepared"), Path("models/pretrain"), Path("models/autoencoder/deep")


class Task(NamedTuple):
    """What is transferred to, and from which encoders, in turn one a draw."""

    name: str
    pool: Batch
    valid: Batch
    classes: list[str]
    sources: list[Encoder]


name = sys.argv[1]
compute = params.read(params.Compute, "compute")
embedded = name == "embedded"
block: transfer.Params | transfer.Embedded = (
    params.read(transfer.Embedded, name) if embedded else params.read(transfer.Params, name)
)
on = device.ready(compute)
about = supervised.about(TAUGHT)
seeds = [about["seeds"][i % len(about["seeds"])] for i in range(len(DRAWS))]


def tasks() -> dict[str, Task]:
    def parts(role: str, classes: list[int]) -> tuple[Batch, Batch]:
        pool, valid = (batches.of(batches.load(PREPARED / role / part, on), classes) for part in ("train", "valid"))
        return pool, valid

    images = batches.about(PREPARED / "images")
    if embedded:
        encoders = [autoencoder.vectoriser(DEEP, "deep", seed) for seed in seeds]
        everything = parts("images", list(range(len(images["classes"]))))
        return {images["name"]: Task(images["name"], *everything, images["classes"], encoders)}
    return {
        to: Task(
            to,
            *parts(given.role, given.classes),
            given.names,
            [supervised.load(TAUGHT, given.source, seed).encoder for seed in seeds],
        )
        for to, given in transfer.targets(images, batches.about(PREPARED / "target"), about["classes"]).items()
    }


known = tasks()


def accuracy(fit: tuple[str, int, str, float], watch: parallel.Watch) -> float:
    """On the validation part, mean over draws."""
    to, m, arm, rate = fit
    task = known[to]
    rates = block.learning_rate.model_copy(update={arm: (rate,) * len(block.labels_per_class) if embedded else rate})
    tried = block.model_copy(update={"learning_rate": rates})
    labelled = [
        labels.few(task.pool, m, task.classes, seed=draw, name="rates", key=f"{name}.labels_per_class")
        for draw in DRAWS
    ]
    learners = [
        transfer.build(tried, arm, f, len(task.classes), draw, labels=m).to(on)
        for f, draw in zip(task.sources, DRAWS, strict=True)
    ]
    transfer.fit(tried, arm, learners, labelled, DRAWS, compute)
    return statistics.fmean(exam.direct(f, task.valid["x"], task.valid["y"])["accuracy"] for f in learners)


def told(to: str, m: object, arm: str, row: list[float]) -> None:
    cells = [f"**{v:.3f}** |" if v == max(row) else f"{v:.3f} |" for v in row]
    print(f"| {to} | {m} | {arm} |", *cells, flush=True)


cells = [(to, m, arm) for to in known for m in block.labels_per_class for arm in transfer.ARMS]
fits = [(*cell, rate) for cell in cells for rate in RATES]
found = dict(zip(fits, parallel.each(accuracy, fits, lambda fit, said: None, compute), strict=True))
print(f"# Learning rates of {name}: {datetime.date.today()}\n")
print(f"`python bench/rates.py {name}`: accuracy on validation parts, {len(DRAWS)} label draws that the pipeline does")
print(
    "not use. In bold the best of a row; params.yaml takes for each arm the best of its mean, of embedded the best at"
)
print("each number of labels.\n")
print("| target | labels a class | arm |", *(f"{rate} |" for rate in RATES))
print("|---|---|---|", *("---|" for _ in RATES))
for cell in cells:
    told(*cell, [found[*cell, rate] for rate in RATES])
for arm in transfer.ARMS:
    told("mean", "", arm, [statistics.fmean(found[*cell, rate] for cell in cells if cell[2] == arm) for rate in RATES])
