"""A plane of two latent numbers to walk over: explorer.js decodes the point under the circle, by the decoder itself."""

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import Markup
from safetensors.numpy import load
from scipy.stats import norm

from tutelage.report import node_maps, planes
from tutelage.report.parts import Explorer
from tutelage.report.records import Records

STEPS = 401  # places along a side; odd, so that the middle one is z = 0
FIGURES = 3  # of a latent number, as the page says it and as it decodes it


def part(records: Records, folder: Path, arm: str, classes: Sequence[str], *, title: str, caption: str) -> Explorer:
    """Of what measure/browsers.py left as {arm}-decoder.safetensors, {arm}-codes.json and {arm}-density.json."""
    name = f"{folder.name}-{arm}"
    places = json.loads(records.picture(folder / f"{arm}-codes.json"))
    density = json.loads(records.picture(folder / f"{arm}-density.json"))
    said = (
        f"{len(places)} images on the plane of two latent numbers, a colour a class, its name where the medians lie, "
        "over the density of their codes."
    )
    drawing = planes.scatter(name, places, classes, density, title=title, told=said)
    return walk(records, folder, arm, drawing, title=title, caption=caption)


def walk(records: Records, folder: Path, arm: str, drawing: Markup, *, title: str, caption: str) -> Explorer:
    """Over any drawing of planes.py, by the {arm}-decoder.safetensors of that folder."""
    decoder = decoder_of(records.picture(folder / f"{arm}-decoder.safetensors"))
    return Explorer(title, drawing, decoder["shape"], caption, node_maps.as_json(decoder | {"z": along()}))


def along() -> list[float]:
    """The latent number in the middle of each of STEPS parts of equal share under the prior."""
    return [round(z, FIGURES) + 0 for z in norm.ppf((np.arange(STEPS) + 0.5) / STEPS).tolist()]


def decoder_of(packed: bytes) -> dict[str, Any]:
    """What explorer.js decodes by: `shape`, `sigmoid`, `widths`; little-endian in base64 each layer's scales and biases
    in float32, and then each layer's weights in 16 bits."""
    length = int.from_bytes(packed[:8], "little")
    known = json.loads(json.loads(packed[8 : 8 + length])["__metadata__"]["decoder"])
    read = load(packed)
    layers = range(len(read) // 3)
    parts = [read[f"{at}.{name}"].astype("<f4") for at in layers for name in ("scale", "bias")]
    parts += [read[f"{at}.weight"].astype("<i2") for at in layers]
    widths = [read["0.weight"].shape[1], *(len(read[f"{at}.bias"]) for at in layers)]
    return known | {"widths": widths, "weights": base64.b64encode(b"".join(part.tobytes() for part in parts)).decode()}
