"""Airfoil sections against exact flows, thin-airfoil theory and NACA's tables."""

import math
from collections.abc import Callable

import karman_trefftz
import numpy as np
import pytest
import torch
from jaxtyping import Float
from karman_trefftz import Flow
from numpy import ndarray
from scipy.integrate import quad
from scipy.stats import qmc
from torch import Tensor

from tutelage.simulators import airfoil, potential_flow

NAMES = [name for name, _ in airfoil.ANSWERS]
LIFT, MOMENT, PRESSURES = 0, 1, slice(2, None)


def solved(exact: Flow) -> tuple[Float[Tensor, "1 node 2"], Float[Tensor, "1 node"]]:
    nodes = karman_trefftz.nodes_of(exact.outline)
    return nodes, potential_flow.surface_speed(nodes, torch.tensor([exact.angle], dtype=torch.float64))


def drag_and_lift(exact: Flow) -> complex:
    """∮ γ² n ds: what the pressure does along the stream and across it."""
    _, speed = solved(exact)
    a, b = speed[0, :-1].numpy(), speed[0, 1:].numpy()
    return complex(-1j * np.exp(-1j * exact.angle) * ((a**2 + a * b + b**2) / 3 * np.diff(exact.outline)).sum())


def pressure_error(exact: Flow) -> float:
    """Root mean square over nodes before 95 % of the chord."""
    _, speed = solved(exact)
    counted = exact.outline.real < 0.95
    return float(np.sqrt(np.mean((speed[0].numpy() ** 2 - exact.speed**2)[counted] ** 2)))


ERRORS: dict[str, Callable[[Flow], float]] = {
    "lift": lambda exact: float(potential_flow.lift(*solved(exact))) - exact.lift,
    "moment": lambda exact: float(potential_flow.moment(*solved(exact))) - exact.moment,
    "pressure": pressure_error,
    "drag": lambda exact: drag_and_lift(exact).real,  # d'Alembert: none
    "lift by pressure": lambda exact: (
        drag_and_lift(exact).imag - float(potential_flow.lift(*solved(exact)))
    ),  # Joukowski
}


@pytest.mark.parametrize("centre", [-0.08 + 0j, -0.08 + 0.08j], ids=["symmetric", "cambered"])
@pytest.mark.parametrize("what", ERRORS)
def test_the_flow_comes_to_karman_and_trefftzs_at_second_order(what: str, centre: complex) -> None:
    errors = [abs(ERRORS[what](karman_trefftz.flow(panels, centre))) for panels in (50, 100, 200, 400)]
    assert errors[-1] < (1e-3 if what == "pressure" else 5e-5)
    orders = np.log2(np.divide(errors[:-1], errors[1:]))
    assert orders[0] > 1
    assert orders[1:] == pytest.approx(2, abs=0.2)


def known(**columns: float) -> Float[ndarray, "1 parameter"]:
    return np.array([[columns[parameter.name] for parameter in airfoil.REGION]])


def design(n: int) -> Float[ndarray, "n parameter"]:
    low, high = ([getattr(parameter, end) for parameter in airfoil.REGION] for end in ("low", "high"))
    return qmc.scale(qmc.Sobol(len(airfoil.REGION), rng=0).random(n), low, high)


def test_the_flow_around_a_circle() -> None:
    turn = np.linspace(0, 2 * np.pi, 201)
    circle = 0.5 + 0.5 * np.exp(1j * turn)
    circle[-1] = circle[0]
    nodes = karman_trefftz.nodes_of(circle)
    speed = potential_flow.surface_speed(nodes, torch.zeros(1, dtype=torch.float64))
    assert 1 - speed[0].numpy() ** 2 == pytest.approx(1 - 4 * np.sin(turn) ** 2, abs=1e-3)
    assert float(potential_flow.lift(nodes, speed)) == pytest.approx(0, abs=1e-10)


@pytest.mark.parametrize(("camber", "position"), [(0.0, 0.4), (0.003, 0.4), (0.003, 0.3), (0.003, 0.6)])
def test_a_section_without_thickness_obeys_thin_airfoil_theory(camber: float, position: float) -> None:
    """Glauert, 1926: lift slope 2π; angle without lift and moment are integrals of the mean line's slope."""

    def slope(turn: float) -> float:
        x = (1 - math.cos(turn)) / 2
        return 2 * camber * (position - x) / (position if x < position else 1 - position) ** 2

    def integral(weight: Callable[[float], float]) -> float:
        kink = math.acos(1 - 2 * position)
        return float(quad(lambda turn: slope(turn) * weight(turn), 0, math.pi, points=[kink])[0])

    thin = np.array(
        [
            2 * math.pi,
            integral(lambda t: 1 - math.cos(t)) / math.pi,
            integral(lambda t: math.cos(2 * t) - math.cos(t)) / 2,
        ]
    )
    small = 0.05  # degrees

    def found(thickness: float) -> Float[ndarray, "3"]:
        rows = [known(camber=camber, position=position, thickness=thickness, angle=a) for a in (-small, small)]
        low, high = airfoil.simulate(np.concatenate(rows), panels=300)
        gradient = (high[LIFT] - low[LIFT]) / math.radians(2 * small)
        return np.array([gradient, -(high + low)[LIFT] / 2 / gradient, (high + low)[MOMENT] / 2])

    thick, half = found(0.01), found(0.005)
    assert 2 * half - thick == pytest.approx(thin, rel=3e-3, abs=1e-5)


def test_the_lift_slope_of_naca_0012_is_the_known_one() -> None:
    """Some 6.9 a radian without friction: Joukowski's sections have 2π (1 + 0.77 t), those with a tail's angle more."""
    low, high = airfoil.simulate(
        np.concatenate([known(camber=0, position=0.4, thickness=0.12, angle=a) for a in (-1, 1)])
    )
    assert (high - low)[LIFT] / math.radians(2) == pytest.approx(6.9, rel=0.005)


def test_nacas_table_of_ordinates() -> None:
    """NACA 2412, report 460: above and below the chord, in its hundredths; its tail is open by 0.26."""
    table = {
        0.0125: (2.15, -1.65), 0.05: (4.13, -3.01), 0.1: (5.63, -3.75), 0.3: (7.88, -4.12), 0.5: (7.24, -3.34),
        0.7: (5.18, -2.14), 0.9: (2.08, -0.82),
    }  # fmt: skip
    shape = torch.tensor([[0.02, 0.4, 0.12]], dtype=torch.float64)
    x, y = 100 * airfoil.section(shape, panels=400)[0].numpy().T
    for station, ordinates in table.items():
        sides = (slice(200, None, -1), slice(200, None))
        found = [np.interp(100 * station, x[side], y[side]) for side in sides]
        open_tail = 5 * 12 * 0.0021 * station**4 * np.array([1, -1])
        assert found + open_tail == pytest.approx(ordinates, abs=0.02)


def test_a_symmetric_section_along_the_stream_has_no_lift_and_one_pressure_on_both_sides() -> None:
    (answers,) = airfoil.simulate(known(camber=0, position=0.4, thickness=0.15, angle=0))
    upper, lower = np.split(answers[PRESSURES], 2)
    assert answers[[LIFT, MOMENT]] == pytest.approx(0, abs=1e-8)
    assert upper == pytest.approx(lower, abs=1e-8)


def test_the_mirror_turns_lift_moment_and_sides() -> None:
    shape = {"position": 0.4, "thickness": 0.12}
    (one,) = airfoil.simulate(known(camber=0.03, angle=5, **shape))
    (other,) = airfoil.simulate(known(camber=-0.03, angle=-5, **shape))
    assert other[[LIFT, MOMENT]] == pytest.approx(-one[[LIFT, MOMENT]], abs=1e-8)
    assert other[PRESSURES] == pytest.approx(np.roll(one[PRESSURES], len(airfoil.STATIONS)), abs=1e-8)


def test_many_sections_at_once_are_each_alone() -> None:
    table = design(16)
    alone = np.concatenate([airfoil.simulate(row[None], panels=100) for row in table])
    assert airfoil.simulate(table, panels=100) == pytest.approx(alone, rel=0, abs=1e-10)
    assert airfoil.simulate(table[:0]).shape == (0, len(airfoil.ANSWERS))


def test_the_panels_err_by_less_than_half_a_percent_of_what_sections_differ() -> None:
    table = design(32)
    fine = airfoil.simulate(table, panels=800)
    error = np.sqrt(np.square(airfoil.simulate(table) - fine).mean(0)) / fine.std(0)
    assert dict(zip(NAMES, error, strict=True)) == pytest.approx(dict.fromkeys(NAMES, 0), abs=0.005)


@pytest.mark.parametrize(
    "wrong",
    [
        {"camber": 0.5, "position": 0.05, "thickness": 0.4},
        {"thickness": 0.0},
        {"thickness": -0.1},
        {"camber": 0.0, "thickness": 0.0},
        {"position": -0.2},
        {"position": 1.2},
        {"camber": math.nan},
    ],
    ids=str,
)
def test_what_is_no_section_is_nan_and_spoils_no_other(wrong: dict[str, float]) -> None:
    right = {"camber": 0.02, "position": 0.4, "thickness": 0.12, "angle": 3.0}
    good, bad, after = airfoil.simulate(np.concatenate([known(**row) for row in (right, right | wrong, right)]))
    assert np.isnan(bad).all()
    assert good == pytest.approx(airfoil.simulate(known(**right))[0], abs=1e-10)
    assert after == pytest.approx(good, abs=1e-10)


@pytest.mark.parametrize("wrong", ["eight", "clockwise", "flat", "twice"])
def test_what_is_no_outline_has_no_flow(wrong: str) -> None:
    turn = np.linspace(0, 2 * np.pi, 41)
    circle = np.cos(turn) + 1j * np.sin(turn)
    outline = {
        "eight": np.cos(turn) + 1j * np.sin(2 * turn + np.pi),
        "clockwise": circle.conj(),
        "flat": circle.real + 0j,
        "twice": np.insert(circle, 7, circle[7]),
    }[wrong]
    outline[-1] = outline[0]
    assert (
        potential_flow.surface_speed(karman_trefftz.nodes_of(outline), torch.zeros(1, dtype=torch.float64))
        .isnan()
        .all()
    )
