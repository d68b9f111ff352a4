"""What simulators answer and what surrogates do, side by side: a picture a simulator."""

import json
from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from tutelage import runs
from tutelage.report import figures, parts
from tutelage.report.figures import Axis, Line
from tutelage.report.parts import Figures, Part
from tutelage.report.records import Records
from tutelage.simulators import airfoil, climate


def pictures(records: Records, names: Sequence[str]) -> list[Part]:
    """Runs of the test by simulator and surrogate, the first of each kind."""
    drawn = []
    for name in names:
        if name in PICTURES:
            told = json.loads(records.picture(runs.PICTURES / "surrogate" / name / "shown.json"))
            drawn.append(PICTURES[name](told))
    if not drawn:
        return []
    return [
        Figures(
            drawn,
            "The first runs of the test, chosen by nobody. Line: the ensemble with the most runs; band: 1.96 of its "
            "spreads; dots: the simulator.",
        )
    ]


def _line(name: str, x: Sequence[float], told: Mapping[str, Sequence[float]], which: slice) -> Line:
    mean, spread, truth = (list(told[what][which]) for what in ("surrogate", "spread", "simulator"))
    low, high = ([m + sign * 1.96 * s for m, s in zip(mean, spread, strict=True)] for sign in (-1, 1))
    return Line(name, x, mean, low, high, list(zip(x, truth, strict=True)))


def _furthest(lines: Sequence[Line]) -> float:
    return max(abs(m - dot) for line in lines for m, (_, dot) in zip(line.mean, line.dots, strict=True))


def _climate(told: Sequence[Mapping[str, Sequence[float]]]) -> tuple[str, Markup]:
    """Zonal temperatures from the south to the north, of a cold start and of a warm one."""
    middles = [-85.0 + 10 * band for band in range(climate.BANDS)]
    lines = [
        _line("warm start" if run["parameters"][-1] == climate.WARM else "cold start", middles, run,
              slice(0, climate.BANDS))
        for run in told
    ]  # fmt: skip
    return "Two climates of one kind of planet", figures.lines(
        "surrogate-shown-climate",
        lines,
        Axis("degrees north", [-90, -45, 0, 45, 90]),
        Axis("°C, a year's mean"),
        title="Temperature by latitude, by simulator and surrogate",
        told=f"Of two planets; the furthest that the surrogate is from the simulator is {_furthest(lines):.2g} K.",
        size=(460, 320),
        dot=8,
    )


def _airfoil(told: Sequence[Mapping[str, Sequence[float]]]) -> tuple[str, Markup]:
    """Pressures along both sides, suction upwards as it is always drawn."""
    run, stations = told[0], len(airfoil.STATIONS)
    camber, position, thickness, angle = run["parameters"]
    sides = {"upper side": slice(2, 2 + stations), "lower side": slice(2 + stations, None)}
    lines = [_line(side, list(airfoil.STATIONS), run, which) for side, which in sides.items()]
    values = [value for line in lines for value in (*line.low, *line.high)]
    room = 0.05 * (max(values) - min(values))
    section = (
        f"camber {100 * camber:.1f} % at {100 * position:.0f} %, thickness {100 * thickness:.0f} %, "
        f"{parts.number(angle)}°"
    )
    return f"Pressure on a section: {section}", figures.lines(
        "surrogate-shown-airfoil",
        lines,
        Axis("chords behind the nose"),
        Axis("pressure coefficient, suction upwards", limits=(max(values) + room, min(values) - room)),
        title="Pressure along a section, by simulator and surrogate",
        told=f"The furthest that the surrogate is from the simulator is {_furthest(lines):.2g}.",
        size=(460, 320),
        dot=8,
    )


PICTURES: dict[str, Callable[[Sequence[Mapping[str, Sequence[float]]]], tuple[str, Markup]]] = {
    "climate": _climate,
    "airfoil": _airfoil,
}
