"""The axis of all encoders on other data, as a dated table: `python bench/axis.py` after `make repro PROFILE=…`.

The tables under bench/axis/ are of the profiles and edits they name.
"""

import datetime
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from tutelage import params
from tutelage.report import records
from tutelage.report.parts import Section, Table, Words
from tutelage.report.sections import probes

LEVEL = 0.95
left = records.read(LEVEL)
about, budget = left.about("images"), params.read(params.Budget, "budget")
section: Section = probes.section(left)
print(f"# Every encoder on one axis, {about['name']}: {datetime.date.today()}\n")
print(f"""{about["counts"]["train"]:,} images to learn from, {about["counts"]["test"]:,} of the test part; seeds
{list(budget.seeds)}, {budget.presentations:,} presentations each.
""")
for part in section.parts:
    if isinstance(part, Words):
        print(*(f"- {told}" for told in part.paragraphs), sep="\n")
    if isinstance(part, Table) and "verdict" not in part.columns:
        print(f"\n## {part.caption}\n\n| {' | '.join(part.columns)} |\n|{'---|' * len(part.columns)}")
        for row in part.rows:
            print(f"| {' | '.join(f'{cell.text} {cell.beside}'.strip() for cell in row)} |")
