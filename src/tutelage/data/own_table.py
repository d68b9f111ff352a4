"""A table of yours: what is found in it, and an entry of `lupi` that asks whether its privileged columns help."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutelage import params
from tutelage.data import edits, links, pictures, suspicion
from tutelage.errors import Mistake

if TYPE_CHECKING:
    import pandas as pd

FOLDER = Path("data/yours")
CLASSES = 20  # a column of more different numbers is measured, and no label
WORDS = 50  # a column of more different words is of names or sentences
LABELS = (50, 200)  # n, or fewer where there are few rows


def look(path: Path, asked: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """What the entry says of its own, and what is to be said. Raises Mistake where nothing can be learned."""
    table = _read(path)
    columns = [str(name) for name in table]
    label = pictures.column(asked.get("label") or _usual(columns, path), columns, path)
    group = pictures.column(asked["group"], columns, path) if asked.get("group") else None
    wanted = [name.strip() for name in asked.get("privileged", "").split(",") if name.strip()]
    if not wanted:
        raise Mistake(
            f"{path}: which columns are there while learning only? Write PRIVILEGED=…, some of {', '.join(columns)}"
        )
    privileged = [pictures.column(name, columns, path) for name in wanted]
    words = {name: ["" if cell != cell else str(cell) for cell in table[name]] for name in columns}
    _told_apart(words[label], table[label], path)
    others = [name for name in columns if name not in (label, group)]
    left = {name: why for name in others if (why := _useless(words[name], table[name]))}
    if lost := [name for name in privileged if name in left]:
        raise Mistake(f"{path}: {lost[0]} {left[lost[0]]}; name another privileged column")
    x = [name for name in others if name not in privileged and name not in left]
    if not x:
        raise Mistake(f"{path}: no column is left to be asked with; name fewer privileged ones")
    rows = sum(map(bool, words[label]))
    sizes = sorted({min(n, rows // share) for n, share in zip(LABELS, (4, 2), strict=True)})
    entry: dict[str, Any] = {
        "problem": {"kind": "table", "file": path.name, "x": x, "privileged": privileged, "y": label, "group": group},
        "labels": sizes,
        "asked": rows // 3,
    }
    return entry, [*_seen(table, words, label), *_warned(words, label, [*x, *privileged], left, path)]


def give(path: Path, entry: dict[str, Any]) -> None:
    """Lets data/yours/FILE lead to the table, and writes the entry; all else in it is as in `worlds`."""
    link = FOLDER / path.name
    if link.exists() and link.resolve() != path.resolve() and not link.is_symlink():
        raise Mistake(f"{link} is another table; rename one of them")
    links.lead(link, path)
    edits.entry("lupi", "yours", params.load()["lupi"]["worlds"] | entry)


def _read(path: Path) -> "pd.DataFrame":
    import pandas as pd  # here, because images need not wait for it

    try:
        table = pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
    except FileNotFoundError:
        raise Mistake(f"{path} is not there; name a .csv or .parquet: make own DATA=path ROLE=table") from None
    except ImportError:
        raise Mistake(f"{path}: Parquet is read by pyarrow, which is not installed; save the table as CSV") from None
    except (ValueError, OSError) as error:  # pandas' and pyarrow's own are kinds of these
        raise Mistake(f"{path} is no table that can be read ({str(error).splitlines()[0]})") from None
    if not len(table):
        raise Mistake(f"{path} has no rows; it needs a line of names and rows below it")
    return table.rename(columns=str)


def _usual(columns: Sequence[str], path: Path) -> str:
    for name in columns:
        if name.lower() in pictures.LABELS:
            return name
    raise Mistake(f"{path}: which column is to be told? Write LABEL=…, one of {', '.join(columns)}")


def _told_apart(labels: Sequence[str], column: "pd.Series[Any]", path: Path) -> None:
    there = sorted({label for label in labels if label})
    if len(there) < 2:
        found = f"the one class {there[0]}" if there else "no labels at all"
        raise Mistake(f"{path}: {column.name} has {found}; at least two classes are needed")
    if column.dtype.kind in "if" and len(there) > CLASSES:
        raise Mistake(
            f"{path}: {column.name} has {len(there)} different numbers, and classes are told here; add a column that "
            "says, say, whether it is above its median, and name that one"
        )


def _useless(words: Sequence[str], column: "pd.Series[Any]") -> str:
    """Why nothing can be learned from a column; empty where something can."""
    different = set(words) - {""}
    if not different:
        return "is empty"
    if column.dtype.kind not in "iufb" and len(different) > WORDS:
        return f"has {len(different)} different words"
    if column.dtype.kind in "iu" and len(different) == len(words) >= suspicion.ENOUGH:
        return "has another whole number in each row, as an identifier has"
    return "" if len(different) > 1 or "" in words else "is the same in all rows"


def _seen(table: "pd.DataFrame", words: Mapping[str, Sequence[str]], label: str) -> Iterator[str]:
    numbers = sum(table[name].dtype.kind in "iufb" for name in table)
    yield f"{len(table):,} rows, {numbers} columns of numbers and {len(words) - numbers} of words"
    counts = table[label].astype("string").value_counts()
    yield f"{label}, to be told: {', '.join(f'{name} {n:,}' for name, n in sorted(counts.items()))}"
    if missing := [f"{name} {n:,}" for name, cells in words.items() if (n := sum(not cell for cell in cells))]:
        yield f"empty cells: {', '.join(missing)}" + (
            f"; rows without {label} are left out" if "" in words[label] else ""
        )
    if copies := int(table.duplicated().sum()):
        yield f"{copies:,} rows are copies of others, and may be both learned from and asked: take them out"


def _warned(
    words: Mapping[str, Sequence[str]], label: str, used: Sequence[str], left: Mapping[str, str], path: Path
) -> Iterator[str]:
    for name, why in left.items():
        yield f"{name} is left out: it {why}"
    for line in suspicion.suspects({name: words[name] for name in used}, words[label]):
        yield f"{line} Then take it out of lupi.yours.problem"
