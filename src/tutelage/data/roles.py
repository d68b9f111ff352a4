"""A role's images: whatever data set plays it, three parts of arrays and a page about them."""

import io
import json
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from tutelage import runs
from tutelage.data import catalogue, datasets, shapes, splits
from tutelage.data.shapes import Resize
from tutelage.errors import Mistake
from tutelage.params import Block


class Params(Block):
    """Which data set plays a role, and how it is cut."""

    name: str  # of data/catalogue.yaml
    resize: Resize | None  # null: images keep their size
    valid: Annotated[float, Field(gt=0, lt=0.5)]  # share of the training part kept aside for validation
    test: Annotated[float, Field(gt=0, lt=1)]  # share kept for the exam; an official test part goes before it


def prepare(role: Params, raw: Path, prepared: Path, *, grouped: bool = False) -> None:
    """Leaves prepared/{train,valid,test}/{images,labels,indices}.npy and prepared/about.json, the same bytes each time.

    Indices are positions in the data set as read. Where examples belong to groups there are groups.npy, positions
    in the names that about.json has of the part. Raises Mistake where files, shapes or classes do not fit, and where
    whole groups are to be kept aside (`grouped`) and there are none.
    """
    about = catalogue.find(role.name)
    whole = datasets.read(role.name, raw)
    if grouped and whole.groups is None:
        raise Mistake(
            f"params.yaml: {prepared.name}.name = {role.name}: its examples belong to no groups, and whole groups are "
            "kept aside; write letters"
        )
    images = shapes.uniform(whole.images, role.resize)
    classes = about.classes or whole.classes
    shares = {"valid": role.valid, "test": role.test}
    parts = splits.split(role.name, whole.labels, classes, **shares, official=whole.test, groups=whole.groups)
    groups: dict[str, splits.Groups] = {}
    for part, indices in parts.items():
        save(prepared / part / "images.npy", images[indices])
        save(prepared / part / "labels.npy", whole.labels[indices])
        save(prepared / part / "indices.npy", indices)
        if whole.groups is not None:
            groups[part], numbers = np.unique(whole.groups[indices], return_inverse=True)
            save(prepared / part / "groups.npy", numbers)
    facts = {
        "name": role.name,
        "classes": classes,
        "shape": images.shape[1:],
        "resize": role.resize and role.resize.model_dump(),
        "counts": {part: len(indices) for part, indices in parts.items()},
        "licence": about.licence,
        "citation": about.citation,
    }
    if groups:
        facts["groups"] = {part: names.tolist() for part, names in groups.items()}
    runs.write(prepared / "about.json", json.dumps(facts, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def save(path: Path, array: NDArray[Any]) -> None:
    """Writes an array; the same array is the same bytes."""
    content = io.BytesIO()
    np.save(content, array, allow_pickle=False)
    runs.write(path, content.getvalue())
