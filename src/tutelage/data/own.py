"""`python -m tutelage.data.own PATH` looks at files of yours, says what it found, and gives them a role in params."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tutelage import params
from tutelage.data import advice, edits, links, own_images, own_table, pictures
from tutelage.data.found import Found
from tutelage.data.own_images import FOLDER, NAME, Whole
from tutelage.data.pictures import Reading, Table
from tutelage.data.shapes import Resize
from tutelage.errors import Mistake

ROLES = ("images", "target", "letters", "table")
SPLITS = ("split", "part", "fold", "subset", "set")
UNLABELLED = ("unlabelled", "unlabeled")
# Shares of valid and test, tried in turn where those of params leave a part without a class.
SHARES = ((0.1, 0.2), (0.2, 0.25), (0.3, 0.3))


def look(place: Path, role: str, asked: Mapping[str, str]) -> tuple[own_images.Params, list[str]]:
    """The role's block, and what is to be said. Raises Mistake where the files cannot play the role; writes nothing."""
    if not place.exists():
        raise Mistake(f"{place} is not there; name a folder of images or an .npz: make own DATA=path")
    if place.is_file() and place.suffix != ".npz":
        raise Mistake(f"{place} is no folder of images and no .npz")
    if place.is_dir() and not os.access(place, os.R_OK | os.X_OK):
        raise Mistake(f"{place}: you may not read it; change its rights")
    how = guessed(place, asked)
    found = Found(place, how)
    rule = found.rule()
    own_images.fits(len(found.whole.labels), found.shape(rule), place)
    blocks = params.load()
    now = blocks.get(role, {})
    block, parts = _cut(found.whole, how, rule, (now.get("valid"), now.get("test")))
    shape, n = found.shape(rule), len(found.whole.labels)
    said = [*found.seen(rule, parts), *found.warned(), *advice.unfit(blocks, role, found.whole, parts["train"])]
    return block, [*said, *advice.beside(role, shape), advice.takes(blocks, shape, n)]


def guessed(place: Path, asked: Mapping[str, str]) -> Reading:
    """How to read that folder: what was asked for, else what its names say. Raises Mistake where that is not enough."""
    skip = asked.get("skip", "").lower() not in ("", "0", "false", "no")
    if place.is_file():
        return Reading(unlabelled=None, table=None, skip=skip)
    folders = sorted(path.name for path in place.iterdir() if path.is_dir() and not path.name.startswith("."))
    tables = sorted(path.name for path in place.glob("*.csv"))
    unlabelled = asked.get("unlabelled") or next((name for name in folders if name.lower() in UNLABELLED), None)
    if not tables:
        for key in ("label", "split", "group"):
            if asked.get(key):
                raise Mistake(f"{place} has no .csv, so none with a column {asked[key]}")
        return Reading(unlabelled=unlabelled, table=None, skip=skip)
    if len(tables) > 1:
        raise Mistake(f"{place} has the tables {', '.join(tables)}; leave one")
    columns, rows = pictures.rows(place / tables[0])
    files = pictures.listed(place, Reading(unlabelled=None, table=None, skip=skip)).files
    known = pictures.known([file for file in files if file != tables[0]])
    hits = {name: sum(row[name] in known for row in rows) for name in columns}
    image = max(columns, key=lambda name: hits[name])
    if not hits[image]:
        raise Mistake(f"{place / tables[0]} has no column that names files of {place}")
    left = [name for name in columns if name != image]

    def named(key: str, usual: Sequence[str]) -> str | None:
        if asked.get(key):
            return pictures.column(asked[key], columns, place / tables[0])
        return next((name for name in left if name.lower() in usual), None)

    label, split = named("label", pictures.LABELS), named("split", SPLITS)
    if label is None and not folders:
        raise Mistake(f"{place / tables[0]}: which column is the label? Write LABEL=…, one of {', '.join(left)}")
    table = Table(file=tables[0], image=image, label=label, split=split, group=named("group", ()))
    return Reading(unlabelled=unlabelled, table=table, skip=skip)


def give(path: Path, role: str, block: own_images.Params) -> None:
    """Lets data/yours/ROLE lead there and writes the role's block into params.yaml; nothing else is edited."""
    link = FOLDER / role
    if link.is_dir() and not link.is_symlink() and link.resolve() != path.resolve():
        raise Mistake(f"{link} is a folder of yours; take it away, and a link to {path} goes there")
    links.lead(link, path)
    edits.keys(role, block.model_dump(mode="json"))


def _cut(
    whole: Whole, how: Reading, rule: Resize | None, now: tuple[Any, Any]
) -> tuple[own_images.Params, dict[str, Any]]:
    """The block with the first shares that leave every class in every part, and those parts."""
    problem = Mistake("")
    for valid, test in (now, *SHARES):
        block = own_images.Params(name=NAME, yours=how, resize=rule, valid=valid, test=test)
        try:
            return block, own_images.cut(whole, block)
        except Mistake as mistake:
            problem = mistake
    raise problem


def own(path: str, asked: Mapping[str, str]) -> Iterator[str]:
    """Looks, writes, and says a line at a time."""
    role = asked.get("role") or "images"
    if not path:
        raise Mistake("name your files: make own DATA=path [ROLE=images|target|letters|table]")
    if role not in ROLES:
        raise Mistake(f"there is no role {role}{params.nearest(role, list(ROLES))}; write {', '.join(ROLES)}")
    if role == "table":
        entry, lines = own_table.look(Path(path), asked)
        yield from lines
        own_table.give(Path(path), entry)
        yield "params.yaml: lupi.yours asks whether your privileged columns help, in about a minute. Run `make repro`"
        return
    block, said = look(Path(path), role, asked)
    yield from said
    give(Path(path), role, block)
    yield f"params.yaml: {role} is yours now. Run `make repro`; the way back: git checkout params.yaml {FOLDER / role}"


if __name__ == "__main__":
    told = dict(word.split("=", 1) for word in sys.argv[2:])
    try:
        for line in own(sys.argv[1] if sys.argv[1:] else "", told):
            print(f"own: {line}")
    except Mistake as mistake:
        sys.exit(f"own: {mistake}")
    except OSError as error:
        sys.exit(f"own: {error.filename or 'a file'}: {error.strerror}; give it room and rights, then run this again")
