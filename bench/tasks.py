"""Many tasks of other data sets, as dated tables: `python bench/tasks.py` once their stages have run, `… rows` before.

`make repro PROFILE=whole` runs them. `rows` asks how much of sarcos' torques is known from neighbours in time: three
nearest neighbours and ridge regression of all seven, parts cut in rows and in blocks. The output is bench/tasks.md.
"""

import datetime
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

import numpy as np
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsRegressor

from tutelage import streams
from tutelage.data import fetching
from tutelage.data import task_sets as sets
from tutelage.measure import regression
from tutelage.report import records
from tutelage.report.parts import Table, Words
from tutelage.report.sections import task_sets

TODAY = datetime.date.today()


def rows() -> None:
    """R² of a quarter of the blocks, a mean over 20 draws of them; `gap` rows on either side are not learned from."""
    with tempfile.TemporaryDirectory() as folder:
        fetching.fetch("sarcos", Path(folder, "sarcos"))
        whole = sets.read("sarcos", Path(folder, "sarcos"))
    x, y = ((values - values.mean(0)) / values.std(0) for values in (whole.x, whole.table))
    print(f"| rows a block | left out | three nearest | ridge |\n|{'---|' * 4}")
    for block, gap in [(1, 0), (10, 0), (60, 0), (60, 5), (178, 0), (178, 5), (178, 20), (445, 5)]:
        of = np.arange(len(x)) // block
        told = []
        for draw in range(20):
            order = streams.numpy(draw, "bench/tasks").permutation(of[-1] + 1)
            asked = np.isin(of, order[: len(order) // 4])
            near = asked.copy()
            for k in range(1, gap + 1):
                near[k:] |= asked[:-k]
                near[:-k] |= asked[k:]
            fits = (way.fit(x[~near], y[~near]).predict(x[asked]) for way in (KNeighborsRegressor(3), Ridge(1.0)))
            told.append([regression.scores(fit, y[asked])["r2"] for fit in fits])
        print(f"| {block} | {gap} | {' | '.join(f'{100 * mean:.1f}' for mean in np.mean(told, 0))} |")


def found() -> None:
    """What the page says of the records that are there."""
    for part in task_sets.parts(records.read(0.95)):
        if isinstance(part, Words):
            print(f"## {part.heading}: {TODAY}\n", *part.paragraphs, "", sep="\n")
        if isinstance(part, Table) and ("verdict" not in part.columns or "points a doubling" in part.columns):
            print(f"{part.caption}.\n\n| {' | '.join(part.columns)} |\n|{'---|' * len(part.columns)}")
            for row in part.rows:
                print(f"| {' | '.join(f'{cell.text} {cell.beside}'.strip() for cell in row)} |")
            print()


rows() if sys.argv[1:] == ["rows"] else found()
