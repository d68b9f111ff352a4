"""Drawings of a map of nodes as inline SVG. One hue, light to dark in even steps of OKLab that the page mixes."""

import base64
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup
from PIL import Image

from tutelage.report import parts

Point = tuple[float, float]

BESIDE = 1.2  # nodes farther apart than this only touch at a corner, or lie at opposite edges
SIDES = [40, 4, 3, 6, 4, 3, 5, 8]  # of a class's mark, so that it can be told without its colour
WRITTEN = 2  # letters of a label that is its own mark
TURNS = [0, 45, -90, 0, 0, 90, -90, 22.5]  # degrees


@dataclass(frozen=True)
class Lattice:
    """Where nodes lie in the plane, at unit distance of their neighbours. `name` is unique on the page."""

    name: str
    nodes: Sequence[Point]
    hexagonal: bool


def coloured(
    lattice: Lattice, values: Sequence[float], unit: str, *, title: str, ends: tuple[str, str] = ("", "")
) -> Markup:
    """Each node in the colour of its value: the larger the stronger, or where `ends` are named the smaller."""
    depth = shade(values)
    falling = any(ends)
    cells = _cells(lattice, 1 - depth if falling else depth)
    low, high = int(np.argmin(values)), int(np.argmax(values))
    first, last = told(values)
    where = f"lowest at node {low + 1} ({_place(lattice, low)}), highest at node {high + 1} ({_place(lattice, high)})"
    said = f"{_nodes(lattice)}, coloured from {first} to {last} {unit}".rstrip() + f"; {where}."
    return _svg(lattice, "", cells, title, said) + _legend(values, unit, ends)


def walls(lattice: Lattice, distances: Sequence[tuple[int, int, float]], unit: str, *, title: str) -> Markup:
    """The U-matrix: a wall between nodes side by side, thicker and stronger the farther their prototypes are."""
    beside = [(i, j, d) for i, j, d in distances if math.dist(lattice.nodes[i], lattice.nodes[j]) < BESIDE]
    beside.sort(key=lambda wall: wall[2])
    values = [d for _, _, d in beside]
    half = (1 / math.sqrt(3) if lattice.hexagonal else 1) / 2
    drawn = Markup()
    for (i, j, _), depth in zip(beside, shade(values), strict=True):
        (ax, ay), (bx, by) = lattice.nodes[i], lattice.nodes[j]
        x, y, across, down = (ax + bx) / 2, (ay + by) / 2, half * (ay - by), half * (bx - ax)
        length = math.dist((ax, ay), (bx, by))
        across, down = across / length, down / length
        drawn += Markup('<path d="M{}L{}" stroke-width="{}" style="--t:{}%"/>').format(
            _at(x - across, y - down), _at(x + across, y + down), _n(0.05 + 0.2 * depth), round(100 * depth)
        )
    i, j, _ = beside[-1]
    first, last = told(values)
    said = (
        f"{_nodes(lattice)} with {len(beside)} walls between neighbours, from {first} to {last} {unit}; "
        f"the highest lies between nodes {i + 1} and {j + 1} ({_place(lattice, i)})."
    )
    cells = _cells(lattice, np.zeros(len(lattice.nodes)))
    return _svg(lattice, "-walls", cells + _group("walls", drawn), title, said) + _legend(values, unit)


def marks(lattice: Lattice, labels: Mapping[int, Sequence[str]], classes: Sequence[str], *, title: str) -> Markup:
    """A mark on each node where somebody sits, its area their number, its colour and form the commonest label.

    Of more classes than there are forms the label itself is the mark, where all are short.
    """
    kinds = classes if 2 <= len(classes) <= len(SIDES) else []
    most = max((len(here) for here in labels.values()), default=1)
    written = not kinds and 0 < max(map(len, classes), default=0) <= WRITTEN
    drawn = Markup()
    for node, here in sorted(labels.items()):
        label = max(sorted(set(here)), key=here.count)
        kind = kinds.index(label) if label in kinds else None
        x, y = lattice.nodes[node]
        size = math.sqrt(len(here) / most)
        drawn += _letter(label, x, y, size) if written and label else _mark(kind, x, y, 0.4 * size)
    empty = len(lattice.nodes) - len(labels)
    said = f"{_nodes(lattice)}; on {empty} sits nobody, on the fullest sit {most}."
    if kinds:
        led = [max(sorted(set(here)), key=here.count) for here in labels.values()]
        said += " Nodes by commonest label: " + ", ".join(f"{kind} {led.count(kind)}" for kind in kinds) + "."
    cells = _cells(lattice, np.zeros(len(lattice.nodes)))
    key = [Markup('<span><svg viewBox="-1 -1 2 2" aria-hidden="true">{}</svg>{}</span>').format(
        _mark(k, 0, 0, 0.8), kind) for k, kind in enumerate(kinds)]  # fmt: skip
    key.append(Markup("<span>area: examples, at most {}</span>").format(most))
    legend = Markup('<div class="key">{}</div>').format(Markup().join(key))
    return _svg(lattice, "-marks", cells + _group("marks", drawn), title, said) + legend


def pictures(
    lattice: Lattice, prototypes: Sequence[Sequence[float]], shape: tuple[int, int], *, title: str, said: str
) -> Markup:
    """Each node's prototype as a small picture in it; ink is the transparency, so the page may choose its colour."""
    side = 0.72 if lattice.hexagonal else 0.9
    ink = np.asarray(prototypes, dtype=float).reshape(-1, *shape)
    ink = np.rint(255 * ink / max(ink.max(), 1)).astype(np.uint8)
    drawn = Markup().join(
        Markup('<image x="{}" y="{}" width="{}" height="{}" href="data:image/png;base64,{}"/>').format(
            _n(x - side / 2), _n(y - side / 2), side, side, _png(picture)
        )
        for (x, y), picture in zip(lattice.nodes, ink, strict=True)
    )
    cells = _cells(lattice, np.zeros(len(lattice.nodes)))
    return _svg(lattice, "-pictures", cells + _group("pictures", drawn), title, f"{_nodes(lattice)}; {said}")


def as_json(told: Any) -> Markup:
    """JSON inside <script type="application/json">: nothing in it can end the element or be taken for markup."""
    text = json.dumps(told, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def shade(values: Sequence[float]) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """How far each value is from the least to the greatest; nought where all are the same."""
    v = np.asarray(values, dtype=float)
    spread = np.ptp(v)
    return (v - v.min()) / spread if spread > 0 else np.zeros(len(v))


def told(values: Sequence[float]) -> tuple[str, str]:
    """The least and the greatest, with as many decimals as tell three figures of their difference, of both the same."""
    low, high = min(values), max(values)
    digits = max(0, 2 - math.floor(math.log10(high - low or abs(high) or 1)))
    return parts.number(low, min(digits, 6)), parts.number(high, min(digits, 6))


def _svg(lattice: Lattice, suffix: str, inside: Markup, title: str, said: str) -> Markup:
    x, y = zip(*lattice.nodes, strict=True)
    margin = 0.7
    box = " ".join(map(_n, (min(x) - margin, min(y) - margin, np.ptp(x) + 2 * margin, np.ptp(y) + 2 * margin)))
    name = f"{lattice.name}{suffix}"
    ring = _outline(lattice, 0, 0)
    return Markup(
        '<svg role="img" aria-labelledby="{0}-title {0}-told" viewBox="{1}">\n<title id="{0}-title">{2}</title>\n'
        '<desc id="{0}-told">{3}</desc>\n{4}<g class="ring"><path d="{5}"/><path d="{5}"/></g>\n</svg>\n'
    ).format(name, box, title, said, inside, ring)


def _cells(lattice: Lattice, depth: Any) -> Markup:
    """The nodes in their order: the page's script knows a node by its place."""
    drawn = (
        Markup('<path d="{}" style="--t:{}%"/>').format(_outline(lattice, x, y), round(100 * t))
        for (x, y), t in zip(lattice.nodes, depth, strict=True)
    )
    return _group("cells", Markup().join(drawn))


def _group(name: str, drawn: Markup) -> Markup:
    return Markup('<g class="{}">{}</g>\n').format(name, drawn)


def _outline(lattice: Lattice, x: float, y: float) -> str:
    """The plane that is nearer to a node than to any other: its edges stand across the ways to its neighbours."""
    if not lattice.hexagonal:
        return f"M{_at(x - 0.5, y - 0.5)}h1v1h-1z"
    ax, ay = lattice.nodes[0]
    bx, by = min(lattice.nodes[1:], key=lambda node: math.dist(node, (ax, ay)), default=(ax + 1, ay))
    return _polygon(6, math.degrees(math.atan2(by - ay, bx - ax)) + 30, x, y, 1 / math.sqrt(3))


def _mark(kind: int | None, x: float, y: float, radius: float) -> Markup:
    """A regular polygon with the area of the circle of that radius."""
    sides = SIDES[kind or 0]
    wide = radius * math.sqrt(2 * math.pi / (sides * math.sin(2 * math.pi / sides)))
    colour = "--muted" if kind is None else f"--series-{kind}"
    return Markup('<path d="{}" fill="var({})"/>').format(_polygon(sides, TURNS[kind or 0], x, y, wide), colour)


def _letter(label: str, x: float, y: float, size: float) -> Markup:
    return Markup('<text x="{}" y="{}" font-size="{}">{}</text>').format(_n(x), _n(y), _n(size), label)


def _polygon(sides: int, turn: float, x: float, y: float, radius: float) -> str:
    at = [math.radians(turn + 360 * i / sides) for i in range(sides)]
    return "M" + "L".join(_at(x + radius * math.cos(a), y + radius * math.sin(a)) for a in at) + "z"


def _legend(values: Sequence[float], unit: str, ends: tuple[str, str] = ("", "")) -> Markup:
    low, high = told(values)
    strip = Markup('<div class="scale{}"><span>{}</span><i></i><span>{}</span>').format(
        " falling" if any(ends) else "", f"{ends[0]} {low}".lstrip(), f"{high} {ends[1]}".rstrip()
    )
    strip += Markup("<small>{}</small>").format(unit) if unit else Markup()
    return strip + Markup("</div>")


def _png(ink: "np.ndarray[Any, np.dtype[np.uint8]]") -> str:
    picture = io.BytesIO()
    Image.fromarray(np.stack([np.zeros_like(ink), ink], axis=-1), "LA").save(picture, "png", compress_level=9)
    return base64.b64encode(picture.getvalue()).decode()


def _place(lattice: Lattice, node: int) -> str:
    """Where on the map, for who cannot see it."""
    x, y = (shade(along)[node] for along in zip(*lattice.nodes, strict=True))
    words = [("upper", "", "lower")[min(int(3 * y), 2)], ("left", "", "right")[min(int(3 * x), 2)]]
    return " ".join(word for word in words if word) or "middle"


def _nodes(lattice: Lattice) -> str:
    return f"{len(lattice.nodes)} {'hexagonal' if lattice.hexagonal else 'square'} nodes"


def _at(x: float, y: float) -> str:
    return f"{_n(x)} {_n(y)}"


def _n(value: float) -> str:
    """As short as three decimals can be, and never minus nought."""
    return f"{round(value, 3) + 0:g}"
