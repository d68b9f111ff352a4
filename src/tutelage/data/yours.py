"""Your own table: some of its columns are there when asked, some only while learning, one is to be told."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from tutelage import params
from tutelage.data import kinds
from tutelage.data.problems import Examples, Made
from tutelage.errors import Mistake

if TYPE_CHECKING:
    import pandas as pd

KINDS = 50  # of a column of words: one that has more is of names or sentences
CLASSES = 20  # of numbers: a column to be told that has more is measured
FEW = 10  # examples of a class: with fewer, splits would often lack it


def make(problem: kinds.Table, raw: Path) -> Made:
    """The table in that file of the folder. Raises Mistake, with the way out, for whatever cannot be learned from.

    A column of numbers is one of x or of x*, NaN where a cell is empty, and then has a second, which is 1 there; one
    of words has a column for each word, all 0 where a cell is empty. Of a row whose privileged cells are all empty x*
    is NaN, and it teaches nothing, but can be asked. A row without a class is left out; one without a group, where
    rows have groups, is a group of its own.
    """
    path = kinds.YOURS / problem.file
    table = _table(path)
    there = [str(column) for column in table]
    for column in problem.named():
        if column not in there:
            raise Mistake(f"{path} has no column {column}{params.nearest(column, there)}; it has {', '.join(there)}")
    table = table[table[problem.y].notna()]
    y, classes = _classes(table[problem.y], path)
    x, columns = _numbers(table, problem.x, path)
    star, star_columns = _numbers(table, problem.privileged, path)
    star[table[list(problem.privileged)].isna().all(axis=1)] = np.nan
    group = np.arange(len(table)) if problem.group is None else _groups(table[problem.group])
    return Made(
        Examples(x, star, y, group),
        classes,
        standardised=True,
        columns=columns,
        star_columns=star_columns,
        data=problem.file,
        licence="yours",
        citation="yours",
    )


def _table(path: Path) -> "pd.DataFrame":
    import pandas as pd  # here, because it takes half a second that the other problems need not wait

    if not path.is_file():
        have = sorted(
            str(p.relative_to(path.parent)) for p in path.parent.glob("*") if p.suffix in (".csv", ".parquet")
        )
        raise Mistake(
            f"{path} is not there{params.nearest(path.name, have)}; "
            + (f"the folder has {', '.join(have)}" if have else "put the table into that folder")
        )
    try:
        table = pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
    except ImportError:
        raise Mistake(f"{path}: Parquet is read by pyarrow, which is not installed; save the table as CSV") from None
    except (ValueError, OSError) as error:  # pandas' and pyarrow's own are kinds of these
        raise Mistake(f"{path} is no table that can be read ({str(error).splitlines()[0]}); save it again") from None
    return table


def _classes(column: "pd.Series[float]", path: Path) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Classes in their order, or that of the alphabet."""
    from pandas.api import types

    names, numbers = np.unique(column if types.is_numeric_dtype(column) else column.astype(str), return_inverse=True)
    if len(names) < 2:
        raise Mistake(f"{path}: {column.name} has {_one_or_none(names)}, and it takes two to tell them apart")
    if types.is_numeric_dtype(column) and len(names) > CLASSES:
        raise Mistake(
            f"{path}: {column.name} has {len(names)} different numbers, and what is told here are classes; add a "
            "column that says, say, whether it is above its median, and name that one as y"
        )
    counts = np.bincount(numbers)
    if counts.min() < FEW:
        raise Mistake(
            f"{path}: class {names[counts.argmin()]} of {column.name} has {counts.min()} rows, and {FEW} are the least;"
            " leave these rows out, or join the class with another"
        )
    return numbers.astype(np.int64), tuple(map(str, names))


def _one_or_none(names: NDArray[np.generic]) -> str:
    return f"one class, {names[0]}" if len(names) else "no class"


def _numbers(
    table: "pd.DataFrame", columns: Sequence[str], path: Path
) -> tuple[Float[NDArray[np.float64], "n dim"], tuple[str, ...]]:
    """Those columns as numbers, and what each is called."""
    from pandas.api import types

    made: dict[str, NDArray[np.float64]] = {}
    for name in columns:
        column = table[name]
        if column.isna().all():
            raise Mistake(f"{path}: {name} is empty; leave it out")
        if types.is_numeric_dtype(column):
            values = column.to_numpy(np.float64, na_value=np.nan)
            if np.isinf(values).any():
                raise Mistake(f"{path}: {name} holds a number without end; leave that cell empty")
            made[name] = values
            if np.isnan(values).any():
                made[f"{name} is missing"] = np.isnan(values).astype(np.float64)
            continue
        kinds = sorted(column.dropna().astype(str).unique())
        if len(kinds) > KINDS:
            raise Mistake(
                f"{path}: {name} has {len(kinds)} different words, such as {kinds[0]!r}, and {KINDS} are the most; "
                "leave it out, or write numbers"
            )
        made |= {f"{name} is {kind}": (column.astype(str) == kind).to_numpy(np.float64) for kind in kinds}
    return np.stack(list(made.values()), 1), tuple(made)


def _groups(column: "pd.Series[float]") -> NDArray[np.int64]:
    numbers = column.factorize()[0].astype(np.int64)
    alone = numbers < 0
    numbers[alone] = numbers.max() + 1 + np.arange(alone.sum())
    return numbers
