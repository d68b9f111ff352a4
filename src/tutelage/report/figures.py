"""Line drawings as inline SVG: text stays text, colours are the page's own, the same bytes every time."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib
import pandas as pd
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tutelage.measure import significance
from tutelage.report import parts

# Drawn in colours that nothing else has, which then become the page's, for light and for dark.
_INK, _MUTED, _RULE = "#1a1b01", "#1a1b02", "#1a1b03"
COLOURS = 10  # of series: page.css has as many, told apart in light and dark, and by who sees two hues of three
_SERIES = [f"#51a0{i:02x}" for i in range(COLOURS)]
_PAGE = {_INK: "--ink", _MUTED: "--muted", _RULE: "--rule"} | {c: f"--series-{i}" for i, c in enumerate(_SERIES)}
_MARKERS = "osD^vPX*<h"
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,  # a data set may be called $x$
    "font.family": "DejaVu Sans",  # comes with matplotlib; only the layout knows it, the page sets its own
    "font.size": 12,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.edgecolor": _MUTED,
    "axes.labelcolor": _MUTED,
    "text.color": _INK,
    "xtick.color": _MUTED,
    "ytick.color": _MUTED,
    "ytick.major.size": 0,
    "xtick.minor.size": 0,
    "grid.color": _RULE,
    "grid.linewidth": 0.8,
}


@dataclass(frozen=True)
class Line:
    """A mean over seeds with its interval at each x, and each seed's own value as a dot (x, y)."""

    name: str
    x: Sequence[float]
    mean: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    dots: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Axis:
    """What is along an axis, with its unit; `ticks` where they are given, else where they fall well."""

    label: str
    ticks: Sequence[float] | None = None
    log: bool = False
    percent: bool = False
    limits: tuple[float, float] | None = None


def line(name: str, rows: pd.DataFrame, x: str, y: str, level: float) -> Line:
    """A line from a row a seed and x; where there is one seed the interval is the value itself."""
    told = [(float(at), part[y].to_numpy(dtype=float)) for at, part in rows.groupby(rows[x].astype(float))]
    means = [significance.interval(values, level) for _, values in told]
    return Line(
        name,
        [at for at, _ in told],
        [m.mean for m in means],
        [m.low if m.n > 1 else m.mean for m in means],
        [m.high if m.n > 1 else m.mean for m in means],
        [(at, float(value)) for at, values in told for value in values],
    )


def lines(
    name: str,
    drawn: Sequence[Line],
    x: Axis,
    y: Axis,
    *,
    title: str,
    told: str,
    size: tuple[float, float],
    seeds: bool = True,
    dot: float = 3,
    dashed: tuple[str, float] | None = None,
) -> Markup:
    """Lines by colour and marker in the order given, each named at its end.

    `name` is unique on the page; `title` and `told` say the drawing to who cannot see it; `size` is in pixels;
    `seeds` draws each seed's own value, a dot so large; `dashed` is named and lies at one height over all x.
    """
    with matplotlib.rc_context(_STYLE | {"svg.hashsalt": name}):
        figure = Figure(figsize=(size[0] / 72, size[1] / 72))
        axes = figure.add_axes(_box(drawn, size))
        few = max(len(line.x) for line in drawn) <= 12
        for i, line in enumerate(drawn):
            colour, marker = _SERIES[i % len(_SERIES)], _MARKERS[i % len(_MARKERS)]
            if seeds:
                # A little aside of each other, or the dots of one x would hide one another.
                aside = 1.035 ** (i - (len(drawn) - 1) / 2) if x.log else 1
                axes.plot(
                    [at * aside for at, _ in line.dots],
                    [value for _, value in line.dots],
                    linestyle="none",
                    marker=marker,
                    markersize=dot,
                    markeredgewidth=0,
                    color=colour,
                    alpha=0.4,
                )
            axes.fill_between(line.x, line.low, line.high, color=colour, alpha=0.13, linewidth=0)
            axes.plot(line.x, line.mean, color=colour, linewidth=1.8, marker=marker if few else "", markersize=5)
        if dashed:
            axes.axhline(dashed[1], color=_MUTED, linewidth=1, linestyle=(0, (4, 3)))
        _dress(axes, x, y)
        if dashed:
            axes.text(0.01, dashed[1], dashed[0], transform=axes.get_yaxis_transform(), va="bottom", size=11)
            axes.texts[-1].set_color(_MUTED)
        _name_ends(axes, drawn, size)
        text = io.StringIO()
        figure.savefig(text, format="svg")
    return _inline(text.getvalue(), name, title, told)


def _box(drawn: Sequence[Line], size: tuple[float, float]) -> tuple[float, float, float, float]:
    """Room for tick labels and the axis's name below, for the value axis's name above, for names at the right."""
    left, below, above = 44, 46, 30
    right = 26 + 7.4 * max(len(line.name) for line in drawn)
    return left / size[0], below / size[1], 1 - (left + right) / size[0], 1 - (below + above) / size[1]


def _dress(axes: Axes, x: Axis, y: Axis) -> None:
    if x.log and x.ticks is not None and min(x.ticks) <= 0:  # 0 has a place beside the least that is more
        axes.set_xscale("symlog", linthresh=min(tick for tick in x.ticks if tick > 0))
    elif x.log:
        axes.set_xscale("log")
    if y.log:
        axes.set_yscale("log")
        axes.set_yticks([], minor=True)
    if x.ticks is not None:
        axes.set_xticks(x.ticks, [f"{tick:g}" for tick in x.ticks])
        axes.set_xticks([], minor=True)
    if y.limits is not None:
        axes.set_ylim(*y.limits)
    if y.ticks is not None:
        axes.set_yticks(y.ticks)
    ticks = [float(tick) for tick in axes.get_yticks()]
    axes.set_yticks(ticks, [f"{100 * tick:.6g}" if y.percent else parts.number(tick, _digits(ticks)) for tick in ticks])
    if y.limits is not None:
        axes.set_ylim(*y.limits)
    axes.set_xlabel(x.label, labelpad=6)
    # Upright above its axis: nobody reads sideways.
    axes.text(0, 1.05, y.label, transform=axes.transAxes, ha="left", va="bottom", color=_MUTED)
    axes.grid(axis="y")
    axes.set_axisbelow(True)


def _digits(ticks: Sequence[float]) -> int:
    """Decimals that tell neighbouring ticks apart."""
    return next(d for d in range(7) if all(abs(round(tick, d) - tick) < 1e-9 for tick in ticks) or d == 6)


def _name_ends(axes: Axes, drawn: Sequence[Line], size: tuple[float, float]) -> None:
    """Each line's marker and name at the height of its end, pushed apart where they would touch."""
    apart = 16 / (size[1] * axes.get_position().height)
    scaled = axes.get_yaxis().get_transform().transform
    bottom, top, *ends = scaled([*axes.get_ylim(), *(line.mean[-1] for line in drawn)])
    ends = sorted((end - bottom) / (top - bottom) for end in ends)
    order = sorted(range(len(drawn)), key=lambda i: drawn[i].mean[-1])
    for i in range(1, len(ends)):
        ends[i] = max(ends[i], ends[i - 1] + apart)
    over = max(0.0, ends[-1] - 1)
    for i in reversed(range(len(ends))):
        ends[i] = min(ends[i], 1 + 0.02 - (len(ends) - 1 - i) * apart) if over else ends[i]
    wide = size[0] * axes.get_position().width
    for i, height in zip(order, ends, strict=True):
        colour = _SERIES[i % len(_SERIES)]
        mark: dict[str, Any] = {
            "marker": _MARKERS[i % len(_MARKERS)],
            "markersize": 5,
            "color": colour,
            "clip_on": False,
        }
        axes.plot([1 + 11 / wide], [height], transform=axes.transAxes, **mark)
        axes.text(
            1 + 19 / wide, height, drawn[i].name, transform=axes.transAxes, va="center_baseline", color=colour, size=12
        )


def _inline(svg: str, name: str, title: str, told: str) -> Markup:
    """What stands inside a page: no prologue, date or ids that another drawing has; the page's colours and font."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*|<style.*?</style>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(
        r' id="(?:figure|axes|patch|text|line2d|matplotlib\.axis|xtick|ytick|FillBetweenPolyCollection)_\d+"', "", svg
    )
    svg = svg.replace("xlink:href=", "href=")
    svg = re.sub(r"font: ([\d.]+px) [^;\"]*", r"font-size: \1", svg).replace("font-family: 'DejaVu Sans'; ", "")
    for drawn, shown in _PAGE.items():
        svg = svg.replace(drawn, f"var({shown})")
    box = re.search(r'viewBox="[^"]*"', svg)
    assert box  # matplotlib writes one
    head = Markup('<svg role="img" aria-labelledby="{0}-title {0}-told" {1}>').format(name, Markup(box.group()))
    said = Markup('\n<title id="{0}-title">{1}</title>\n<desc id="{0}-told">{2}</desc>').format(name, title, told)
    return head + said + Markup(svg[svg.index(">", svg.index("<svg")) + 1 :])
