"""`python -m tutelage.data.own PATH` looks at files of yours, says what it found, and gives them a role in params."""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tutelage import params
from tutelage.data import edits, own_images, own_table, pictures, suspicion
from tutelage.data.own_images import FOLDER, NAME, Whole
from tutelage.data.pictures import PARTS, Reading, Table
from tutelage.data.shapes import Resize
from tutelage.errors import Mistake

ROLES = ("images", "target", "letters", "table")
SPLITS = ("split", "part", "fold", "subset", "set")
UNLABELLED = ("unlabelled", "unlabeled")
SIDE, LARGE = 32, 64  # images that differ, or have more than LARGE pixels a side, come to SIDE at most
ONE = Resize(scale=1, pad=0)  # pixels are not what is asked
# Shares of valid and test, tried in turn where those of params leave a part without a class.
SHARES = ((0.1, 0.2), (0.2, 0.25), (0.3, 0.3))
BY_CLASS = ("fewshot.held_out", "multitask.pairs", "multitask.learnability.tasks",
            "multitask.learning_to_learn.classes", "distill.omitted")  # fmt: skip
BY_LABELS = {
    "images": ("exam.labels", "embedded.labels_per_class", "supervised_autoencoder.labels", "distill.few"),
    "target": ("transfer.labels_per_class",),
}
"""What params say of classes by their number, and how many labels they ask for, where other images play the role."""


class Found:
    """What was seen of all files, none of their pixels kept."""

    def __init__(self, place: Path, how: Reading) -> None:
        self.place, self.how = place, how
        self.sizes: Counter[tuple[int, int]] = Counter()
        self.channels = 1
        if place.is_file():
            self.whole = own_images.read(place, how, None)
            self.sizes[self.whole.images.shape[2:]] = len(self.whole.images)
            self.channels = self.whole.images.shape[1]
            digests = [image.tobytes() for image in self.whole.images]
        else:
            listed = pictures.listed(place, how)
            kept, digests = [], []
            for number, picture in enumerate(pictures.read(place, listed.files, ONE, skip=how.skip)):
                if picture is not None:
                    kept.append(number)
                    digests.append(picture.digest)
                    self.sizes[picture.size] += 1
                    self.channels = max(self.channels, len(picture.pixels))
            self.whole = own_images.described(place, listed, kept, np.empty((len(kept), 0, 0, 0), np.uint8))
        self.copies = _copies(digests, self.whole.labels)

    def rule(self) -> Resize | None:
        """None where all sizes are one, and small; else a square of the median shorter side, at most SIDE."""
        if len(self.sizes) == 1 and max(next(iter(self.sizes))) <= LARGE:
            return None
        shorter = np.repeat([min(size) for size in self.sizes], list(self.sizes.values()))
        return Resize(scale=min(SIDE, int(np.median(shorter))), pad=0)

    def shape(self, rule: Resize | None) -> tuple[int, int, int]:
        height, width = next(iter(self.sizes)) if rule is None else (rule.scale, rule.scale)
        return self.channels, height, width


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
    said = [*_seen(found, rule, parts), *_warned(found, place), *_unfit(blocks, role, found.whole, parts["train"])]
    said += _beside(role, found.shape(rule))
    return block, [*said, _takes(blocks, found.shape(rule), len(found.whole.labels))]


def guessed(place: Path, asked: Mapping[str, str]) -> Reading:
    """How to read that folder: what was asked for, else what its names say. Raises Mistake where that is not enough."""
    skip = bool(asked.get("skip"))
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
    if link.resolve() != path.resolve():
        aside = link.with_name(f".{role}")
        aside.unlink(missing_ok=True)
        aside.symlink_to(path.resolve())
        os.replace(aside, link)
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


def _seen(found: Found, rule: Resize | None, parts: Mapping[str, Any]) -> Iterator[str]:
    whole, sizes = found.whole, found.sizes
    heights, widths = zip(*sizes, strict=True)
    size = f"{heights[0]} × {widths[0]} pixels"
    if len(sizes) > 1:
        size = f"{min(heights)} to {max(heights)} × {min(widths)} to {max(widths)} pixels"
    colours = {1: "one channel", 3: "three channels"}.get(found.channels, f"{found.channels} channels")
    yield f"{len(whole.labels):,} images, {colours}, {size}"
    counts = np.bincount(whole.labels[whole.labels >= 0])
    names = [f"{name} {n:,}" for name, n in zip(whole.classes, counts, strict=True)]
    yield f"{len(names)} classes: {', '.join(names[:20])}{f' and {len(names) - 20} more' if len(names) > 20 else ''}"
    if unlabelled := int((whole.labels < 0).sum()):
        learned = int((whole.labels[parts["train"]] < 0).sum())
        yield f"{unlabelled:,} images without a label; {learned:,} of them are learned from, none is examined"
    if whole.skipped:
        yield f"{len(whole.skipped):,} files are no images and are left out, {whole.skipped[0]} first"
    if rule:
        yield f"each is squeezed to {rule.scale} × {rule.scale} pixels: the median shorter side, at most {SIDE}"
    stated = "as they are stated" if (whole.parts != "").any() else "drawn by a fixed rule"
    by = ", whole groups to a part" if whole.groups is not None else ""
    yield f"parts {stated}{by}: " + ", ".join(f"{part} {len(parts[part]):,}" for part in PARTS)


def _warned(found: Found, place: Path) -> Iterator[str]:
    same, differing = found.copies
    if same:
        yield f"{same:,} images are copies of others, byte for byte, and may stand in two parts: take them out"
    if differing:
        yield f"{differing:,} of these have another class than what they are a copy of"
    if found.how.table:
        table = found.how.table
        columns, rows = pictures.rows(place / table.file)
        empty = {name: sum(not row[name] for row in rows) for name in columns}
        if missing := [f"{name} {n:,}" for name, n in empty.items() if n]:
            yield f"{table.file}: empty cells: {', '.join(missing)}"
        if table.label:
            others = [name for name in columns if name not in (table.label, table.image)]
            labels = [row[table.label] for row in rows]
            for line in suspicion.suspects({name: [row[name] for row in rows] for name in others}, labels):
                yield f"{table.file}: {line}"


def _unfit(blocks: Mapping[str, Any], role: str, whole: Whole, train: Any) -> Iterator[str]:
    """What else in params.yaml speaks of classes or of counts of labels that these images do not have."""
    k = len(whole.classes)
    if role == "images":
        base = set(_integers(_value(blocks, "pretrain.base_classes")))
        if k < 3:
            yield "pretrain and what stands on it take three classes, one at least to teach and two for far transfer"
        elif max(base, default=0) >= k or k - len(base) < 2:
            yield f"pretrain.base_classes: write {list(range((k - 1) // 2))}, since classes are 0 to {k - 1}"
        for key in BY_CLASS:
            if (named := max(_integers(_value(blocks, key)), default=0)) >= k:
                yield f"{key} names class {named}, and these are 0 to {k - 1}: edit it, or its stage ends with this"
    fewest = int(np.bincount(whole.labels[train][whole.labels[train] >= 0], minlength=k).min())
    for key in BY_LABELS.get(role, ()):
        most = max(_integers(_value(blocks, key)), default=0)
        each = most if key.endswith("per_class") else most // k
        if each > fewest:
            yield f"{key} asks for {each:,} labels of a class, and one has {fewest:,} to learn from: edit it, too"


def _beside(role: str, shape: tuple[int, int, int]) -> Iterator[str]:
    """Whether what plays the other of both roles, as it was prepared last, has the same shape."""
    other = {"images": "target", "target": "images"}.get(role, "")
    about = Path("data/prepared", other, "about.json")
    if other and about.is_file():
        there = json.loads(about.read_text(encoding="utf-8"))["shape"]
        if there != list(shape):
            yield (
                f"transfer and distill take one shape: these are {list(shape)} (channel, height, width) and {other} "
                f"{there}; give {other} images of yours, too, or edit {other}.resize"
            )


def _takes(blocks: Mapping[str, Any], shape: tuple[int, int, int], n: int) -> str:
    """A rule and no measurement: 5 minutes of all that sees no images, and 20 of what does, in proportion to the

    operations of the encoder's convolutions for what is shown, as the pipeline took 25 on two cores (README) with
    5 seeds, 20,000 presentations and 5,000 images of 1 × 28 × 28; a quarter of a minute for each 5,000 more examined.
    """
    budget, encoder = blocks["budget"], blocks["encoder"]

    def operations(channels: int, height: int, width: int, first: int, second: int, kernel: int) -> float:
        return height * width * kernel**2 * (channels * first / 4 + first * second / 16)

    now = operations(*shape, *encoder["channels"], encoder["kernel"]) * budget["presentations"] * len(budget["seeds"])
    then = operations(1, 28, 28, 16, 32, 5) * 20_000 * 5
    return (
        f"a reproduction will take about {5 + 20 * now / then + n / 20_000:,.0f} minutes on two cores, by a rough rule"
    )


def _copies(digests: Sequence[bytes], labels: Any) -> tuple[int, int]:
    """How many are as another before them, and how many of these are of another class than it."""
    first: dict[bytes, int] = {}
    again = [(first[d], row) for row, d in enumerate(digests) if first.setdefault(d, row) != row]
    return len(again), sum(-1 < labels[one] != labels[other] > -1 for one, other in again)


def _value(blocks: Mapping[str, Any], key: str) -> Any:
    value: Any = blocks
    for name in key.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _integers(value: Any) -> Iterator[int]:
    if isinstance(value, int):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _integers(one)


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
        sys.exit(f"own: {error.filename}: {error.strerror}; give it room and rights, then run this again")
