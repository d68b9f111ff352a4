"""Many tasks of other data sets, as dated tables: `python bench/tasks.py` once their stages have run.

    make repro PROFILE=whole, or dvc repro task_sets@omniglot task_sets@sarcos once params.yaml is that profile
    python bench/tasks.py

Its output is bench/tasks.md, beside what was measured of sarcos' rows.
"""

import datetime
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from tutelage.report import records
from tutelage.report.parts import Table, Words
from tutelage.report.sections import task_sets

for part in task_sets.parts(records.read(0.95)):
    if isinstance(part, Words):
        print(f"## {part.heading}: {datetime.date.today()}\n", *part.paragraphs, sep="\n")
    if isinstance(part, Table) and ("verdict" not in part.columns or "points a doubling" in part.columns):
        print(f"\n{part.caption}. {part.note}\n\n| {' | '.join(part.columns)} |\n|{'---|' * len(part.columns)}")
        for row in part.rows:
            print(f"| {' | '.join(f'{cell.text} {cell.beside}'.strip() for cell in row)} |")
        print()
