"""Images of yours in a role: a folder or an .npz that data/yours/ROLE leads to, cut as a catalogued data set is."""

import json
import os
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Int, UInt8
from numpy.typing import NDArray
from pydantic import model_validator

from tutelage import runs
from tutelage.data import catalogue, pictures, roles, shapes, splits
from tutelage.data.pictures import PARTS, Reading, part_of
from tutelage.data.shapes import Resize
from tutelage.errors import Mistake

NAME = "yours"
FOLDER = Path("data/yours")


class Params(roles.Params):
    """Which data set plays a role, and how it is cut; of files of yours also what of them is read."""

    yours: Reading | None  # asked only where name is yours, so that another data set remains one edit of name

    @model_validator(mode="after")
    def _whose(self) -> "Params":
        if self.name == NAME and self.yours is None:
            raise ValueError("name is yours, and yours null; `make own DATA=path` writes both")
        return self

    def there(self, role: str) -> None:
        """Raises Mistake where the data set is not in the catalogue, or no file of yours can be read."""
        if self.name != NAME:
            catalogue.find(self.name)
            return
        place = FOLDER / role
        if not place.is_dir() and not (place.is_file() and place.resolve().suffix == ".npz"):
            raise Mistake(f"{place} leads to no folder and no .npz; run `make own DATA=path ROLE={role}`")
        if not os.access(place, os.R_OK | (os.X_OK if place.is_dir() else 0)):
            raise Mistake(f"{place}: you may not read {place.resolve()}; change its rights")


class Whole(NamedTuple):
    """All that is yours, in the order read."""

    images: UInt8[np.ndarray, "n channel height width"]
    labels: Int[np.ndarray, " n"]  # −1: none
    classes: list[str]
    parts: NDArray[np.str_]  # of each train, valid, test; or empty
    groups: NDArray[np.str_] | None  # of who has none one of its own
    skipped: list[str]  # files that are no images


def prepare(role: Params, prepared: Path, *, grouped: bool = False) -> None:
    """Leaves what roles.prepare leaves, of a catalogued data set or of yours; labels of yours may be −1.

    Examples without a label are only in the training part. Raises Mistake as roles.prepare does.
    """
    if role.name != NAME or role.yours is None:
        roles.prepare(role, Path("data/raw") / prepared.name, prepared, grouped=grouped)
        return
    place = FOLDER / prepared.name
    role.there(prepared.name)
    whole = read(place, role.yours, role.resize)
    if grouped and whole.groups is None:
        raise Mistake(
            f"{place}: its examples belong to no groups, and whole groups are kept aside; name a group column"
        )
    parts = cut(whole, role)
    groups: dict[str, list[str]] = {}
    for part, indices in parts.items():
        roles.save(prepared / part / "images.npy", whole.images[indices])
        roles.save(prepared / part / "labels.npy", whole.labels[indices])
        roles.save(prepared / part / "indices.npy", indices)
        if whole.groups is not None:
            names, numbers = np.unique(whole.groups[indices], return_inverse=True)
            groups[part] = names.tolist()
            roles.save(prepared / part / "groups.npy", numbers)
    facts: dict[str, Any] = {
        "name": f"{NAME}-{prepared.name}",  # two roles of yours are two data sets
        "classes": whole.classes,
        "shape": whole.images.shape[1:],
        "resize": role.resize and role.resize.model_dump(),
        "counts": {part: len(indices) for part, indices in parts.items()},
        "unlabelled": int((whole.labels[parts["train"]] < 0).sum()),
        "skipped": whole.skipped,
        "licence": "yours",
        "citation": "your own files",
    }
    if groups:
        facts["groups"] = groups
    runs.write(prepared / "about.json", json.dumps(facts, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def read(place: Path, how: Reading, rule: Resize | None) -> Whole:
    """All examples, in one shape. Raises Mistake where files, labels or sizes do not fit, or memory is too small."""
    return _arrays(place, rule) if place.is_file() else _folder(place, how, rule)


def cut(whole: Whole, role: roles.Params) -> dict[str, splits.Positions]:
    """Positions of the parts: as yours are stated, else by the fixed rule among those with a label.

    Where parts are stated, who has none is left out, and `valid` is drawn where it has nobody. Examples without a label
    join the training part, but not those of another part or of a group that is kept aside: they are left out.
    """
    labelled = np.flatnonzero(whole.labels >= 0)
    shares = {"valid": role.valid, "test": role.test}

    def drawn(some: splits.Positions, official: int | None) -> dict[str, splits.Positions]:
        groups = None if whole.groups is None else whole.groups[some]
        told = splits.split(NAME, whole.labels[some], whole.classes, **shares, official=official, groups=groups)
        return {part: some[positions] for part, positions in told.items()}

    stated = {part: labelled[whole.parts[labelled] == part] for part in PARTS}
    if not (whole.parts != "").any():
        parts = drawn(labelled, None)
    elif not len(stated["valid"]):
        parts = drawn(np.concatenate([stated["train"], stated["test"]]), len(stated["test"]))
    else:
        parts = stated
    _whole_classes(whole, parts)
    free = (whole.labels < 0) & np.isin(whole.parts, ["", "train"])
    if whole.groups is not None:
        train, valid, test = ({*whole.groups[parts[part]].tolist()} for part in PARTS)
        if both := sorted(train & valid | train & test | valid & test):
            raise Mistake(f"group {both[0]} is in two parts; state one part for all of it")
        free &= ~np.isin(whole.groups, [*valid, *test])
    return parts | {"train": np.concatenate([parts["train"], np.flatnonzero(free)])}


def numbered(labels: NDArray[np.str_], place: Path) -> tuple[list[str], Int[np.ndarray, " n"]]:
    """Classes by name, or by number where all are whole numbers, and of each example its class; empty is −1.

    Raises Mistake for fewer than two classes.
    """
    there = set(labels.tolist()) - {""}
    if len(there) < 2:
        found = f"the one class {min(there)}" if there else "no labels at all"
        raise Mistake(f"{place} has {found}; at least two classes must have labelled examples")
    whole = all(name.isascii() and name.isdigit() for name in there)
    classes = sorted(there, key=lambda name: (int(name) if whole else 0, name))
    number = {name: k for k, name in enumerate(classes)} | {"": -1}
    return classes, np.array([number[label] for label in labels.tolist()], np.int64)


def fits(n: int, shape: tuple[int, ...], place: Path) -> None:
    """Raises Mistake where n images of that shape are more than this machine's memory holds as bytes and as numbers."""
    _within(n * int(np.prod(shape)) * 5, f"{n:,} images of {' × '.join(map(str, shape))} numbers", place)


def _within(need: int, what: str, place: Path) -> None:
    have = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if need > have:
        raise Mistake(
            f"{place}: {what} take {need / 1e9:,.1f} GB here, which has {have / 1e9:,.1f}; write a smaller "
            "resize.scale, or take fewer images"
        )


def _folder(place: Path, how: Reading, rule: Resize | None) -> Whole:
    listed = pictures.listed(place, how)
    found: list[pictures.Picture] = []
    kept: list[int] = []
    for number, picture in enumerate(pictures.read(place, listed.files, rule, skip=how.skip)):
        if picture is not None:
            if not found or len(picture.pixels) > len(found[0].pixels):
                fits(len(listed.files), picture.pixels.shape, place)
            found.append(picture)
            kept.append(number)
    images = pictures.alike(found) if found else np.empty((0, 1, 1, 1), np.uint8)
    return described(place, listed, kept, images)


def described(place: Path, listed: pictures.Listed, kept: list[int], images: UInt8[np.ndarray, "n c h w"]) -> Whole:
    """Those images, which were kept of all that are listed, with what is known of each. Raises Mistake."""
    if not kept:
        raise Mistake(f"{place} holds no images; name a folder that does")
    labels, parts, groups = (np.array(column)[kept] for column in listed[1:])
    classes, numbers = numbered(labels, place)
    skipped = sorted({*listed.files} - {listed.files[number] for number in kept})
    return Whole(images, numbers, classes, _parts(parts, place), _groups(groups), skipped)


def _arrays(place: Path, rule: Resize | None) -> Whole:
    """An .npz: `images` of bytes, n × height × width or with channels last; `labels`; perhaps `split` and `groups`."""
    try:
        with zipfile.ZipFile(place) as archive:
            _within(sum(array.file_size for array in archive.infolist()), "its arrays", place)
        with np.load(place, allow_pickle=False) as file:
            held = {name: file[name] for name in ("images", "labels", "split", "groups") if name in file}
    except (ValueError, OSError, zipfile.BadZipFile) as error:
        raise Mistake(f"{place} cannot be read ({str(error).splitlines()[0]}); save plain arrays by np.savez") from None
    for name in ("images", "labels"):
        if name not in held:
            raise Mistake(f"{place} has no array {name}; it needs images and labels, −1 or empty for none")
    images, n = held["images"], len(held["images"])
    if images.dtype != np.uint8 or images.ndim not in (3, 4) or not n:
        raise Mistake(f"{place}: images are {images.dtype}, {images.shape}; save bytes, n × height × width × channels")
    for name, array in held.items():
        if len(array) != n:
            raise Mistake(f"{place} has {n:,} images and {len(array):,} of {name}; save as many of each")
    images = images[:, None] if images.ndim == 3 else images.transpose(0, 3, 1, 2)
    labels = held["labels"].astype(str)
    classes, numbers = numbered(np.where(labels == "-1", "", labels), place)
    parts, groups = held.get("split", np.full(n, "")).astype(str), held.get("groups")
    shape = images.shape[1:] if rule is None else (images.shape[1], *2 * (rule.scale + 2 * rule.pad,))
    fits(n, shape, place)
    whole = shapes.uniform(images, rule)
    return Whole(whole, numbers, classes, _parts(parts, place), None if groups is None else _groups(groups), [])


def _parts(stated: NDArray[np.str_], place: Path) -> NDArray[np.str_]:
    parts = np.array([part_of(part) for part in stated.tolist()])
    for part in set(parts.tolist()) - {*PARTS, ""}:
        raise Mistake(f"{place}: a part is called {part}; write train, valid or test")
    return parts


def _groups(stated: NDArray[Any]) -> NDArray[np.str_] | None:
    names = stated.astype(str)
    return np.array([name or f"alone {n}" for n, name in enumerate(names.tolist())]) if (names != "").any() else None


def _whole_classes(whole: Whole, parts: dict[str, splits.Positions]) -> None:
    """Raises Mistake where a stated part lacks a class."""
    for part, positions in parts.items():
        for lacking in sorted(set(range(len(whole.classes))) - set(whole.labels[positions].tolist())):
            raise Mistake(
                f"class {whole.classes[lacking]} has no labelled example in the {part} part; add one, or leave it out"
            )
