"""Pre-training and transfer on other data, as a dated table: `python bench/thread.py` after `make repro`.

The tables under bench/thread/ are of the profile `whole`; for fashion-mnist with `images.name: fashion-mnist` besides.
"""

import datetime
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from tutelage import params
from tutelage.measure.significance import Interval
from tutelage.report import parts, records, tables

LEVEL = 0.95
left = records.read(LEVEL)
images, target = left.about("images"), left.about("target")
budget = params.read(params.Budget, "budget")


def told(value: Interval) -> str:
    cell = parts.interval(value, 2, scale=100)
    return f"{cell.text} {cell.beside}"


exam = tables.cells(left.of("exam_pretrain").query("metric == 'accuracy'"), ("arm",), LEVEL)
scores = left.of("transfer").query("metric == 'accuracy'")
cells = tables.cells(scores, ("with_level", "level", "arm"), LEVEL)
arms = list(dict.fromkeys(arm for *_, arm in cells))
print(f"# {images['name']}, and transfer to {target['name']}: {datetime.date.today()}\n")
print(f"""Accuracy on the test parts in percent, mean over {len(budget.seeds)} seeds [95 % interval];
{budget.presentations:,} presentations a seed. Near: another data set. Far: classes that the base encoder never saw.
""")
print("| pre-trained on | accuracy |\n|---|---|")
for (arm,), value in exam.items():
    print(f"| {arm} classes | {told(value)} |")
print(f"\n| target | labels a class | {' | '.join(arms)} |\n|---|---|{'---|' * len(arms)}")
for to, level in dict.fromkeys((to, level) for to, level, _ in cells):
    print(f"| {to} | {level} | {' | '.join(told(cells[to, level, arm]) for arm in arms)} |")
