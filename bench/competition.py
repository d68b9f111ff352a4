"""The grids from which competition's rates and soft competition's width were chosen, equally many settings an arm.

`python bench/competition.py` after `make repro`. By Q on the samples themselves, as competition is judged; other seeds
than the pipeline's. Prints a Markdown table.
"""

import datetime
import itertools
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

import numpy as np
import torch

from tutelage import params
from tutelage.data import samples
from tutelage.measure import competition as faults
from tutelage.paradigms import competition
from tutelage.paradigms.competition import Course
from tutelage.training import device, parallel

TABLES = Path("data/prepared/tables")
SEEDS = (101, 102, 103, 104, 105)  # none of the pipeline's
HARD, SOFT = competition.ARMS
STARTS, ENDS = (0.25, 0.4, 0.55, 0.7, 0.85, 1.0), (0.01, 0.03, 0.06, 0.1, 0.15, 0.25)  # η of winner takes all
RATES = [Course(start=start, end=end) for start in (0.25, 0.5, 1.0) for end in (0.05, 0.1)]  # η of winner takes most
WIDTHS = [Course(start=start, end=end) for start in (0.2, 0.3, 0.5) for end in (0.005, 0.02)]
GRIDS: dict[str, list[tuple[Course, Course | None]]] = {
    HARD: [(Course(start=start, end=end), None) for start in STARTS for end in ENDS],
    SOFT: list(itertools.product(RATES, WIDTHS)),
}
Setting = tuple[str, Course, Course | None]


def apart(setting: Setting, watch: parallel.Watch) -> float:
    """The geometric mean of Q over k-means' best, over tables, initialisations and seeds."""
    arm, rate, width = setting
    tried = block.model_copy(  # to the end, also where it settles before
        update={"rate": block.rate.model_copy(update={arm: rate}), "width": width or block.width, "still": 1e-9}
    )
    logs = []
    for name, sample in tables.items():
        x = torch.from_numpy(sample.x)
        for start in competition.STARTS:
            learners = [competition.build(tried, arm, x, seed, name, start) for seed in SEEDS]
            competition.fit(learners, x, SEEDS, compute, size=budget.batch_size, looks=1)
            q = [faults.distortion(sample.x.astype(float), one.w.double().numpy()) for one in learners]
            logs += np.log(np.array(q) / best[name]).tolist()
    watch(None)
    return float(np.exp(np.mean(logs)))


def told(rows: list[str], columns: list[str], values: list[float]) -> None:
    print(f"| |{'|'.join(columns)}|\n|---|{'---|' * len(columns)}")
    for row, cells in zip(rows, np.reshape(values, (len(rows), -1)), strict=True):
        print(f"| {row} |", *(f"**{v:.3f}** |" if v == min(values) else f"{v:.3f} |" for v in cells))


def named(course: Course) -> str:
    return f"{course.start:g} → {course.end:g}"


compute = params.read(params.Compute, "compute")
budget = params.read(params.Budget, "budget")
block = params.read(competition.Params, "competition")
device.ready(compute)
tables = {name: samples.load(TABLES, name) for name in params.read(samples.Tables, "tables").name}
best = {name: faults.best(sample.x.astype(float), block.centres) for name, sample in tables.items()}
settings: list[Setting] = [(arm, *setting) for arm, grid in GRIDS.items() for setting in grid]
found = parallel.each(apart, settings, lambda setting, said: None, compute)
print(f"# Competition's rates and width: {datetime.date.today()}\n")
print(
    f"`python bench/competition.py`: Q after {block.presentations:,} presentations over k-means' best of ten starts, "
    f"the geometric mean over {', '.join(tables)}, both initialisations and {len(SEEDS)} seeds that the pipeline does "
    f"not use; {len(GRIDS[HARD])} settings an arm. In bold the best of an arm, which params.yaml takes. A rate of 1 "
    "lays the winner on the example; there is none above.\n"
)
print("**winner_takes_all: rate at the start, down, and at the end, across**\n")
told([f"{start:g}" for start in STARTS], [f"{end:g}" for end in ENDS], found[: len(GRIDS[HARD])])
print("\n**winner_takes_most: rate, down, and width, across**\n")
told([named(rate) for rate in RATES], [named(width) for width in WIDTHS], found[len(GRIDS[HARD]) :])
