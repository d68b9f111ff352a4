"""Generators on other data and with a larger budget, as a dated table: `python bench/generators.py` after `dvc repro`.

The tables under bench/generators/ are of the profiles they name, on top of each other, with the edits they name.
"""

import datetime
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from tutelage import params
from tutelage.measure.significance import Interval
from tutelage.report import parts, records, tables

LEVEL = 0.95
METRICS = {"frechet": 1, "precision": 2, "recall": 2, "classes_hit": 0, "class_entropy": 2, "nearest_distance": 2}
left = records.read(LEVEL)
name = left.about("images")["name"]
compute, budget = params.read(params.Compute, "compute"), params.read(params.Budget, "budget")
judged = left.of("generation").query("`with` == ''")
(n,) = set(judged["level"])


def told(value: Interval, places: int) -> str:
    cell = parts.interval(value, places)
    return f"{cell.text} {cell.beside}".strip()


print(f"# Generators of {name}: {datetime.date.today()}\n")
print(f"""Seeds {list(budget.seeds)}; {budget.presentations:,} presentations each; {compute.device} in
{compute.precision}, {compute.threads} thread a fit. {n} samples of each beside {n} test images, seen by the classifier
that `pretrain` taught all labels. Fréchet distances of other data, classifiers or numbers of samples do not compare.
""")
cells = tables.cells(judged, ("arm", "metric"), LEVEL)
arms = sorted({arm for arm, _ in cells}, key=lambda arm: cells[arm, "frechet"].mean)
print(f"| | {' | '.join(metric.replace('_', ' ') for metric in METRICS)} |\n|---|{'---|' * len(METRICS)}")
for arm in arms:
    print(f"| {arm} | {' | '.join(told(cells[arm, metric], places) for metric, places in METRICS.items())} |")
psi = left.of("generation").query("`with` == 'truncation' and metric in ['frechet', 'precision', 'recall']")
of = tables.cells(psi, ("with_level", "metric"), LEVEL)
print("\n| style at truncation | frechet | precision | recall |\n|---|---|---|---|")
for level in dict.fromkeys(level for level, _ in of):
    print(f"| {level} | {' | '.join(told(of[level, m], METRICS[m]) for m in ('frechet', 'precision', 'recall'))} |")
