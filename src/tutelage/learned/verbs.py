"""What a user asks of what was learned: codes, classes with probabilities, the examples most like one."""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch
from jaxtyping import Float
from numpy import ndarray
from tqdm import tqdm

from tutelage import runs
from tutelage.errors import Mistake
from tutelage.learned import examples
from tutelage.learned.asking import Model
from tutelage.learned.examples import Examples
from tutelage.nn import descriptions

BLOCK = 500  # examples read and asked about at once; a stopped run goes on after the last whole block
PREPARED = Path("data/prepared")

Columns = Mapping[str, Any]


def encode(model: Model, given: Examples) -> Callable[[slice], Columns]:
    """Of a block its names and codes, a column a number."""
    model.must("encode")

    def block(rows: slice) -> Columns:
        return {given.key: given.names[rows], **_numbered("z", model.encode(given.block(rows)))}

    return block


def predict(model: Model, given: Examples) -> Callable[[slice], Columns]:
    """Of a block its names, the likeliest class of each and all probabilities; or numbers and how sure each is."""
    model.must("predict")

    def block(rows: slice) -> Columns:
        told = model.predict(given.block(rows))
        likeliest = {"class": [model.classes[number] for number in told.argmax(1)]} if model.classes else {}
        return {given.key: given.names[rows], **likeliest, **dict(zip(model.answers, told.T, strict=True))}

    return block


def nearest(model: Model, given: Examples, among: Path | None, k: int) -> Callable[[slice], Columns]:
    """Of a block the k examples of a folder, or of those it learned from, whose codes are nearest, itself left out."""
    model.must("encode")
    if among is None:
        others, labels = learned_from(model)
        names = [f"train {row}" for row in range(len(others))]
        codes = np.concatenate([model.encode(others[i : i + BLOCK]) for i in range(0, len(others), BLOCK)])
    else:
        there = examples.read(model, [among])
        names, labels = list(there.names), [""] * len(there.names)
        codes = np.concatenate([model.encode(there.block(rows)) for rows in blocks(len(names))])
        if isinstance(there, examples.Files) and isinstance(given, examples.Files):
            names = [path.resolve().as_posix() for path in there.paths]
    k = min(k, len(names))
    if isinstance(given, examples.Files):
        own = [path.resolve().as_posix() for path in given.paths]
    elif isinstance(given, examples.Array | examples.Rows) and among and among.resolve() == given.path.resolve():
        own = given.names
    else:  # rows of another file are other examples
        own = [""] * len(given.names)

    def block(rows: slice) -> Columns:
        found, apart = _nearest(model.encode(given.block(rows)), codes, k + (among is not None))
        told: list[tuple[str, int, str, str, float]] = []
        for name, itself, which, far in zip(given.names[rows], own[rows], found, apart, strict=True):
            kept = [(int(w), float(d)) for w, d in zip(which, far, strict=True) if among is None or names[w] != itself]
            told += [(name, rank, names[w], labels[w], d) for rank, (w, d) in enumerate(kept[:k], start=1)]
        columns = dict(zip((given.key, "rank", "nearest", "class", "distance"), zip(*told, strict=True), strict=True))
        return columns if among is None else {key: value for key, value in columns.items() if key != "class"}

    return block


def learned_from(model: Model) -> tuple[ndarray, list[str]]:
    """The images of the training part, and their classes. Raises Mistake where they are not here."""
    name = model.about.get("images", {}).get("name")
    for about in sorted(PREPARED.glob("*/about.json")):
        told = json.loads(about.read_text(encoding="utf-8"))
        if (told["name"], told["shape"]) == (name, model.about.get("shape")):
            images, labels = (np.load(about.parent / "train" / f"{what}.npy") for what in ("images", "labels"))
            return images, ["" if label < 0 else told["classes"][label] for label in labels]
    raise Mistake(f"what {model.kept.name} learned from is not in {PREPARED}/; say --among FOLDER, or `make repro`")


def blocks(count: int) -> Iterator[slice]:
    for first in range(0, count, BLOCK):
        yield slice(first, min(first + BLOCK, count))


def show(given: Examples, ask: Callable[[slice], Columns]) -> None:
    """Prints what is told as CSV, block by block."""
    for number, rows in enumerate(blocks(len(given.names))):
        pa.table(dict(ask(rows))).to_pandas().to_csv(sys.stdout, index=False, header=not number)


def save(given: Examples, ask: Callable[[slice], Columns], out: Path, model: Model, verb: str) -> int:
    """Leaves it as Parquet, whole or not at all; returns how many rows it has.

    Each block is a part beside it until all are there: who is stopped goes on, to the same bytes. A part whose
    examples, or whose model, have changed since is asked for again. Raises Mistake for an output that exists.
    """
    if out.exists():
        raise Mistake(f"{out} exists; delete it, or name another with -o")
    if out.suffix != ".parquet":
        raise Mistake(f"{out} is not named .parquet; it would be one")
    if not out.parent.is_dir() or not os.access(out.parent, os.W_OK):
        raise Mistake(f"{out.parent} is no folder that may be written to; make it, or name another with -o")
    asked = f"{verb} {model.kept.path.name}".encode() + model.kept.path.read_bytes()
    asked += (model.kept.folder / descriptions.FILE).read_bytes()
    parts, marks = out.with_name(f".{out.name}.parts"), given.marks
    every = list(blocks(len(given.names)))
    places = [
        parts / f"{number}-{_digest(asked, given.names[rows], marks[rows])}.parquet"
        for number, rows in enumerate(every)
    ]
    there = sum(rows.stop - rows.start for rows, place in zip(every, places, strict=True) if place.exists())
    if there:
        print(f"{out}: goes on after {there:,} of {len(given.names):,}", file=sys.stderr)
    with tqdm(total=len(given.names), initial=there, unit=f" {given.key}s", disable=None) as bar:
        for rows, place in zip(every, places, strict=True):
            if not place.exists():
                runs.write(place, _parquet([pa.table(dict(ask(rows)))]))
                bar.update(rows.stop - rows.start)
    runs.write(out, _parquet(pq.read_table(place) for place in places))
    shutil.rmtree(parts)
    return pq.read_metadata(out).num_rows


def _parquet(tables: Iterable[Any]) -> bytes:
    first, *rest = tables
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, first.schema) as writer:
        for table in (first, *rest):
            writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _digest(asked: bytes, names: Sequence[str], marks: Sequence[str]) -> str:
    told = json.dumps([list(names), list(marks)]).encode()
    return hashlib.blake2b(hashlib.blake2b(asked).digest() + told, digest_size=12).hexdigest()


def _numbered(letter: str, codes: Float[ndarray, "n width"]) -> Columns:
    return {f"{letter}{number}": column for number, column in enumerate(codes.T)}


def _nearest(
    z: Float[ndarray, "n width"], codes: Float[ndarray, "m width"], k: int
) -> tuple[ndarray, Float[ndarray, "n k"]]:
    """Of each code those nearest to it, and how far they are; of equally near ones the first."""
    exact = "donot_use_mm_for_euclid_dist"
    apart = torch.cdist(torch.from_numpy(z).double(), torch.from_numpy(codes).double(), compute_mode=exact)
    far, which = apart.sort(dim=1, stable=True)
    return which[:, :k].numpy(), far[:, :k].numpy()
