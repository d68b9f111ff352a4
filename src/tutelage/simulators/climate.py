"""A climate of latitudes, seasons and ice, balanced with its sun. Budyko, 1969; Sellers, 1969; North, 1975.

C ∂T/∂t = ∂/∂x [D (1 − x²) ∂T/∂x] + S s(x, t) a(x, T) − (A + B T),  x the sine of latitude, T in °C

North, Cahalan and Coakley, 1981, with seasons. Ice takes up less sun, so one set of parameters may have two climates,
some 50 K apart, and the start decides which of them it comes to.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from tutelage.simulators.region import Parameter

WARM, COLD = 30.0, -60.0  # °C everywhere at the start

REGION = (
    Parameter("solar constant", "W/m²", 1350, 1380),  # S
    Parameter("obliquity", "°", 21, 26),
    Parameter("emission", "W/m²", 206, 212),  # A, at 0 °C
    Parameter("damping", "W/m²/K", 1.9, 2.3),  # B, what is emitted more for each degree
    Parameter("diffusion", "W/m²/K", 0.5, 0.7),  # D
    Parameter("heat capacity", "W yr/m²/K", 4, 10),  # C; 7.5 m of water are 1
    Parameter("ice albedo", "1", 0.55, 0.65),
    Parameter("threshold", "°C", -12, -8),  # where half of the ground is ice
    Parameter("softness", "K", 4, 8),  # from the threshold to where all of it is, or none
    Parameter("start", "°C", COLD, WARM, ends=True),
)
"""What starts warm here stays warm and what starts cold stays cold: no answer jumps, but with the start."""

BANDS = 18  # of 10° each, from the south
ANSWERS = (
    *((f"{abs(south)}–{abs(south + 10)}° {'S' if south < 0 else 'N'}", "°C") for south in range(-90, 90, 10)),
    ("ice line", "°"),
    ("global mean", "°C"),
)

CELLS, STEPS = 72, 48  # of a meridian and of a year
ECCENTRICITY, PERIHELION = 0.0167, 283.0  # of today's orbit; the latter in degrees from the vernal equinox
ALBEDO, SLANT = 0.32, 0.22  # of what is free of ice: its mean, and its share of P₂(x), which is that of a low sun
SETTLED = 1e-5  # K between two years that are called the same
YEARS, BETWEEN = 600, 5  # at most, and from one look at which rows have settled to the next
BLOCK = 256  # rows at once: what a step touches stays in the cache


class Year(NamedTuple):
    """A year step by step: temperatures where steps begin, the rest in their middles."""

    temperature: Float[ndarray, "step n cell"]  # °C
    absorbed: Float[ndarray, "step n cell"]  # W/m²
    ice: Float[ndarray, "step n cell"]  # the share of the ground that it covers


def simulate(
    table: Float[ndarray, "n parameter"], *, cells: int = CELLS, steps: int = STEPS
) -> Float[ndarray, "n answer"]:
    """`ANSWERS` to each row of `REGION`'s columns: annual means of 10° bands, the ice line, the mean of the globe.

    The ice line is the latitude that the ice would reach in the year's mean, were it a cap on each pole, the two alike:
    90 where there is none and 0 where all is ice. A row is NaN where no year repeats within `YEARS` and where it makes
    no sense (not finite; a damping, heat capacity or softness that is not positive); the caller names such rows.
    """
    answers = np.full((len(table), len(ANSWERS)), np.nan)
    area = areas(cells)
    for first in range(0, len(table), BLOCK):
        for rows, year in settled(table[first : first + BLOCK], cells=cells, steps=steps):
            mean = year.temperature.mean(0)
            bands = (mean * area).reshape(len(rows), BANDS, -1).sum(2) / area.reshape(BANDS, -1).sum(1)
            line = np.degrees(np.arcsin(1 - year.ice.mean(0) @ area))
            answers[first + rows] = np.column_stack([bands, line, mean @ area])
    return answers


def settled(
    table: Float[ndarray, "n parameter"], *, cells: int = CELLS, steps: int = STEPS
) -> Iterator[tuple[Int[ndarray, "some"], Year]]:
    """Rows of the table, and the year that repeats itself there; a row comes once, or never if it has none."""
    _, _, _, damping, diffusion, capacity, _, _, softness, _ = table.T
    sense = (damping > 0) & (diffusion >= 0) & (capacity > 0) & (softness > 0)
    rows = np.flatnonzero(sense & np.isfinite(table).all(1))
    planets = Planets.of(table[rows], cells, steps)
    state = planets.start(table[rows, -1])
    for _ in range(0, YEARS, BETWEEN):
        for _ in range(BETWEEN):
            last, state = state, planets.after_a_year(state)
        same = np.abs(state.now - last.now).max(1, initial=0) < SETTLED
        if same.any():
            yield rows[same], planets.only(same).year(state.only(same))
            rows, planets, state = rows[~same], planets.only(~same), state.only(~same)
        if not len(rows):
            return


class State(NamedTuple):
    """Where planets are: temperatures by the modes of diffusion, and by cells now and a step ago."""

    modes: Float[ndarray, "n mode"]
    now: Float[ndarray, "n cell"]
    before: Float[ndarray, "n cell"]

    def only(self, rows: Bool[ndarray, "n"]) -> "State":
        return State(self.modes[rows], self.now[rows], self.before[rows])


@dataclass(frozen=True)
class Planets:
    """Planets, one a row, that are stepped together.

    Diffusion has the same modes on all of them, whatever their D: in these a step is exact for diffusion and emission,
    however long, while the sun and the ice stay as they are in its middle. To there temperature is carried on in line,
    so that all is of second order.
    """

    sunlight: Float[ndarray, "step n cell"]  # W/m² in the steps' middles
    bare: Float[ndarray, "cell"]  # share of it that is absorbed without ice
    darkening: Float[ndarray, "n cell"]  # share of it that ice turns back besides
    emission: Float[ndarray, "n 1"]
    threshold: Float[ndarray, "n 1"]
    softness: Float[ndarray, "n 1"]
    kept: Float[ndarray, "n mode"]  # share of itself that a mode keeps over a step
    gained: Float[ndarray, "n mode"]  # K of a mode for each W/m² of it in a step
    to_modes: Float[ndarray, "cell mode"]
    to_cells: Float[ndarray, "mode cell"]

    @classmethod
    def of(cls, table: Float[ndarray, "n parameter"], cells: int, steps: int) -> "Planets":
        solar, obliquity, emission, damping, diffusion, capacity, ice, threshold, softness, _ = table.T[:, :, None]
        latitude, area = latitudes(cells), areas(cells)
        middles = (np.arange(steps)[:, None, None] + 0.5) / steps
        bare = 1 - ALBEDO - SLANT * (3 * np.sin(np.radians(latitude)) ** 2 - 1) / 2
        rates, vectors = np.linalg.eigh(conductance(cells) / np.sqrt(np.outer(area, area)))
        loss = damping + diffusion * rates
        kept = np.exp(-loss / (capacity * steps))
        return cls(
            sunlight=solar * insolation(latitude, middles, obliquity, ECCENTRICITY, PERIHELION),
            bare=bare,
            darkening=ice - 1 + bare,
            emission=emission,
            threshold=threshold,
            softness=softness,
            kept=kept,
            gained=(1 - kept) / loss,
            to_modes=np.sqrt(area)[:, None] * vectors,
            to_cells=vectors.T / np.sqrt(area),
        )

    def only(self, rows: Bool[ndarray, "n"]) -> "Planets":
        """Of these the planets of some rows."""
        own = ("darkening", "emission", "threshold", "softness", "kept", "gained")
        return replace(self, sunlight=self.sunlight[:, rows], **{name: getattr(self, name)[rows] for name in own})

    def start(self, temperature: Float[ndarray, "n"]) -> State:
        """The same temperature everywhere."""
        cells = np.repeat(temperature[:, None], len(self.bare), axis=1)
        return State(cells @ self.to_modes, cells, cells)

    def steps(self, state: State) -> Iterator[tuple[State, Float[ndarray, "n cell"], Float[ndarray, "n cell"]]]:
        """The year's steps: the state after each, and the sun absorbed and the ice in its middle."""
        for sunlight in self.sunlight:
            ice = cover(1.5 * state.now - 0.5 * state.before, self.threshold, self.softness)
            absorbed = sunlight * (self.bare - self.darkening * ice)
            modes = self.kept * state.modes + self.gained * ((absorbed - self.emission) @ self.to_modes)
            state = State(modes, modes @ self.to_cells, state.now)
            yield state, absorbed, ice

    def after_a_year(self, state: State) -> State:
        for after, _, _ in self.steps(state):
            state = after
        return state

    def year(self, state: State) -> Year:
        after, absorbed, ice = zip(*self.steps(state), strict=True)
        return Year(np.stack([s.before for s in after]), np.stack(absorbed), np.stack(ice))


def cover(
    temperature: Float[ndarray, "n cell"], threshold: Float[ndarray, "n 1"], softness: Float[ndarray, "n 1"]
) -> Float[ndarray, "n cell"]:
    """The share of the ground that is ice: ½ at the threshold; all, and none, softness below it and above.

    The cubic 3u² − 2u³ between the two; softness near 0 is Budyko's edge.
    """
    cold = np.clip(0.5 + (threshold - temperature) / (2 * softness), 0, 1)
    return cold * cold * (3 - 2 * cold)


def insolation(
    latitude: Float[ndarray, "*shape"] | float,
    year: Float[ndarray, "*shape"],
    obliquity: Float[ndarray, "*shape"] | float,
    eccentricity: float,
    perihelion: float,
) -> Float[ndarray, "*shape"]:
    """A day's mean sunlight on level ground as a share of the solar constant. Berger, 1978.

    s = (a/r)² (h sin φ sin δ + cos φ cos δ sin h) / π,  cos h = −tan φ tan δ,  sin δ = sin ε sin λ

    Angles are in degrees, perihelion's from the vernal equinox on; `year` is the time since that equinox in years.
    """
    # Kepler: the mean anomaly grows evenly, M = E − e sin E, tan(ν/2) = √((1 + e)/(1 − e)) tan(E/2), λ = ν + ϖ
    stretch = np.sqrt((1 + eccentricity) / (1 - eccentricity))
    equinox = 2 * np.arctan(np.tan(-np.radians(perihelion) / 2) / stretch)
    mean = equinox - eccentricity * np.sin(equinox) + 2 * np.pi * year
    eccentric = mean
    for _ in range(8):
        error = eccentric - eccentricity * np.sin(eccentric) - mean
        eccentric = eccentric - error / (1 - eccentricity * np.cos(eccentric))
    longitude = 2 * np.arctan(stretch * np.tan(eccentric / 2)) + np.radians(perihelion)
    nearness = 1 / (1 - eccentricity * np.cos(eccentric)) ** 2
    declination = np.arcsin(np.sin(np.radians(obliquity)) * np.sin(longitude))
    phi = np.radians(latitude)
    sunset = np.arccos(np.clip(-np.tan(phi) * np.tan(declination), -1, 1))
    height = sunset * np.sin(phi) * np.sin(declination) + np.cos(phi) * np.cos(declination) * np.sin(sunset)
    return nearness * height / np.pi


def latitudes(cells: int) -> Float[ndarray, "cell"]:
    """The middles of cells that are equally high, in degrees from the south."""
    return (np.arange(cells) + 0.5) * 180 / cells - 90


def areas(cells: int) -> Float[ndarray, "cell"]:
    """The share of the globe that each cell has."""
    return np.diff(np.sin(np.linspace(-np.pi / 2, np.pi / 2, cells + 1))) / 2


def conductance(cells: int) -> Float[ndarray, "cell cell"]:
    """Heat that leaves each cell for its neighbours, were D 1, in W/m² of the globe for each K of each cell.

    Through an edge goes (1 − x²) ∂T/∂x = cos φ ∂T/∂φ; what leaves one cell comes to the next.
    """
    edges = np.cos(np.linspace(-np.pi / 2, np.pi / 2, cells + 1))[1:-1] * cells / (2 * np.pi)
    between = np.diag(edges, 1) + np.diag(edges, -1)
    return np.diag(between.sum(1)) - between
