"""The climate against closed forms: the sun's, the modes without ice, North's with it; and its two states."""

import numpy as np
import pytest
from jaxtyping import Float
from numpy import ndarray
from numpy.polynomial import legendre
from scipy.stats import qmc

from tutelage.simulators import climate

TODAY = {p.name: (p.low + p.high) / 2 for p in climate.REGION} | {"solar constant": 1365.0, "start": climate.WARM}
NO_ICE = -1000.0  # °C, a threshold that is never reached
NODES, WEIGHTS = legendre.leggauss(400)
LINE, MEAN = climate.BANDS, climate.BANDS + 1


def planets(**columns: float | Float[ndarray, "n"]) -> Float[ndarray, "n parameter"]:
    """Today's planet, but for these columns."""
    mixed = TODAY | {name.replace("_", " "): value for name, value in columns.items()}
    return np.column_stack(np.broadcast_arrays(*(np.atleast_1d(mixed.pop(name)) for name in TODAY)))


def region(n: int, start: float) -> Float[ndarray, "n parameter"]:
    low, high = np.array([(p.low, p.high) for p in climate.REGION[:-1]]).T
    return np.column_stack([qmc.scale(qmc.LatinHypercube(len(low), rng=0).random(n), low, high), np.full(n, start)])


def modes(values: Float[ndarray, "node"]) -> Float[ndarray, "mode"]:
    """(2n + 1)/2 ∫ f P_n dx: what f has of each Legendre polynomial."""
    degrees = np.arange(120)
    return (degrees + 0.5) * ((values * WEIGHTS) @ legendre.legvander(NODES, degrees[-1]))


def bare(x: Float[ndarray, "node"]) -> Float[ndarray, "node"]:
    return 1 - legendre.legval(x, [climate.ALBEDO, 0, climate.SLANT])


def order(errors: list[float]) -> float:
    """Of what converges, by the last halving of its step."""
    return float(np.log2(errors[-2] / errors[-1]))


def test_upright_planets_have_the_same_sun_all_year_as_the_cosine_of_latitude() -> None:
    latitude, year = np.linspace(-89, 89, 20)[:, None], np.linspace(0, 1, 9)
    sun = climate.insolation(latitude, year, 0.0, 0.0, 0.0)
    np.testing.assert_allclose(sun, np.broadcast_to(np.cos(np.radians(latitude)) / np.pi, sun.shape), rtol=1e-13)


@pytest.mark.parametrize("eccentricity", [0, 0.0167, 0.3])
def test_the_globe_gets_a_quarter_of_the_sun_and_more_on_a_longer_ellipse(eccentricity: float) -> None:
    latitude, year = np.degrees(np.arcsin(NODES))[:, None], np.arange(500) / 500
    sun = climate.insolation(latitude, year, 23.4, eccentricity, 283.0).mean(1) @ WEIGHTS / 2
    assert sun == pytest.approx(0.25 / np.sqrt(1 - eccentricity**2), rel=1e-5)


def test_in_polar_night_there_is_no_sun_and_at_the_pole_in_summer_the_sine_of_obliquity() -> None:
    solstices = np.array([0.25, 0.75])
    assert climate.insolation(80.0, solstices, 23.4, 0.0, 0.0)[1] == 0
    np.testing.assert_allclose(
        climate.insolation(90.0, solstices, 23.4, 0.0, 0.0), [np.sin(np.radians(23.4)), 0], rtol=1e-12
    )


def test_on_a_circle_one_hemisphere_has_the_others_sun_half_a_year_later() -> None:
    latitude, year = np.linspace(-90, 90, 13)[:, None], np.linspace(0, 1, 25)
    north, south = (climate.insolation(side * latitude, year + (side < 0) / 2, 23.4, 0.0, 0.0) for side in (1, -1))
    np.testing.assert_allclose(north, south, atol=1e-14)


def test_the_sun_is_nearest_when_kepler_says_and_by_as_much() -> None:
    e = 0.3
    quarter = (np.arccos(e) - e * np.sqrt(1 - e**2)) / (2 * np.pi)  # from ν = −90° to perihelion, by its area
    year = quarter + np.array([-0.01, 0, 0.01, 0.5])
    before, nearest, after, farthest = climate.insolation(0.0, year, 0.0, e, 90.0)
    assert nearest > before == pytest.approx(after, rel=1e-12)
    assert nearest / farthest == pytest.approx(((1 + e) / (1 - e)) ** 2, rel=1e-12)


def test_at_the_equinox_from_which_a_year_is_counted_north_and_south_have_one_sun() -> None:
    north, south = climate.insolation(np.array([60.0, -60.0]), np.zeros(2), 23.4, 0.3, 283.0)
    assert north == pytest.approx(south, rel=1e-12)


def test_ice_covers_half_at_the_threshold_and_all_or_none_a_softness_away() -> None:
    temperature = np.array([[-20.0, -16.0, -13.0, -10.0, -7.0, -4.0, 9.0]])
    (share,) = climate.cover(temperature, np.array([[-10.0]]), np.array([[6.0]]))
    assert share[[0, 1, 3, 5, 6]].tolist() == [1, 1, 0.5, 0, 0]
    assert share[[2, 4]].tolist() == [27 / 32, 5 / 32]


def test_diffusion_gives_to_one_cell_what_it_takes_from_another_and_nothing_where_all_are_alike() -> None:
    heat = climate.conductance(72)
    np.testing.assert_array_equal(heat, heat.T)
    assert np.abs(heat.sum(0)).max() < 1e-14 * np.abs(heat).max()


def test_without_ice_the_mean_is_that_of_legendres_modes_at_second_order() -> None:
    row = planets(threshold=NO_ICE)
    middles = (np.arange(climate.STEPS) + 0.5) / climate.STEPS
    sun = climate.insolation(
        np.degrees(np.arcsin(NODES))[:, None], middles, TODAY["obliquity"], climate.ECCENTRICITY, climate.PERIHELION
    ).mean(1)
    degrees = np.arange(120)
    forcing = modes(TODAY["solar constant"] * sun * bare(NODES) - TODAY["emission"])
    exact = forcing / (TODAY["damping"] + degrees * (degrees + 1) * TODAY["diffusion"])
    whole = legendre.legval(np.sin(np.radians(np.arange(-90, 91, 10))), legendre.legint(exact))
    bands = np.diff(whole) / (2 * climate.areas(climate.BANDS))
    errors = [float(np.abs(climate.simulate(row, cells=n)[0, :LINE] - bands).max()) for n in (18, 36, 72, 144)]
    assert errors[2] < 0.05
    assert order(errors) == pytest.approx(2, abs=0.05)


def test_without_ice_and_diffusion_seasons_are_damped_and_late_as_one_capacity_says_at_second_order() -> None:
    row, year = planets(threshold=NO_ICE, diffusion=0.0), np.arange(4096) / 4096
    latitude = climate.latitudes(18)
    sun = climate.insolation(latitude[:, None], year, TODAY["obliquity"], climate.ECCENTRICITY, climate.PERIHELION)
    absorbed = TODAY["solar constant"] * bare(np.sin(np.radians(latitude)))[:, None] * sun
    forcing = np.fft.rfft(absorbed)[:, 1] / 4096
    turn = 2 * np.pi * TODAY["heat capacity"]  # ωC
    amplitude = np.abs(forcing) / np.hypot(TODAY["damping"], turn)
    lag = np.arctan(turn / TODAY["damping"])
    errors = []
    for steps in (24, 48, 96):
        ((_, settled),) = climate.settled(row, cells=18, steps=steps)
        seasons = np.fft.rfft(settled.temperature[:, 0], axis=0)[1] / steps
        late = np.angle(forcing / seasons)
        errors.append(max(np.abs(np.abs(seasons) / amplitude - 1).max(), np.abs(late - lag).max()))
    assert errors[-1] < 1e-3
    assert order(errors) == pytest.approx(2, abs=0.1)


def test_with_ice_too_steps_converge_at_second_order() -> None:
    few, more, most = (climate.simulate(planets(), cells=36, steps=steps)[0] for steps in (48, 96, 192))
    assert np.log2(np.abs(few - more).max() / np.abs(more - most).max()) == pytest.approx(2, abs=0.2)


@pytest.mark.parametrize("edge", [45.0, 55.5, 65.0])
def test_a_sharp_edge_lies_where_north_finds_it(edge: float, monkeypatch: pytest.MonkeyPatch) -> None:
    # North, 1975: with the edge given the modes are linear in the sun, which is what brings the threshold to the edge.
    monkeypatch.setattr(climate, "ECCENTRICITY", 0.0)
    x, degrees = np.sin(np.radians(edge)), np.arange(120)
    free, ice = np.abs(NODES) < x, 1 - TODAY["ice albedo"]
    sun = modes(np.sqrt(1 - NODES**2) / np.pi * np.where(free, bare(NODES), ice))
    response = legendre.legval(x, sun / (TODAY["damping"] + degrees * (degrees + 1) * TODAY["diffusion"]))
    solar = (TODAY["threshold"] + TODAY["emission"] / TODAY["damping"]) / response
    row = planets(solar_constant=solar, obliquity=0.0, softness=0.5)
    assert climate.simulate(row, cells=180, steps=12)[0, LINE] == pytest.approx(edge, abs=0.3)  # of cells of 1°


@pytest.mark.parametrize("start", [climate.WARM, climate.COLD])
def test_a_settled_globe_emits_what_it_absorbs(start: float) -> None:
    rows = region(12, start)
    for which, year in climate.settled(rows):
        emission, damping, _, capacity = rows[which, 2:6].T
        absorbed, temperature = (seen.mean(0) @ climate.areas(climate.CELLS) for seen in (year.absorbed, year[0]))
        balance = np.abs(absorbed - emission - damping * temperature)
        assert (balance < capacity * climate.SETTLED).all()


def test_under_one_sun_there_are_two_climates_and_outside_a_window_one() -> None:
    solar = np.arange(1165.0, 1966, 50)
    warm, cold = (climate.simulate(planets(solar_constant=solar, start=s)) for s in (climate.WARM, climate.COLD))
    two = warm[:, MEAN] - cold[:, MEAN] > 1
    first, last = np.flatnonzero(two)[[0, -1]]
    assert 0 < first < last < len(solar) - 1
    assert two[first : last + 1].all()
    np.testing.assert_allclose(warm[~two], cold[~two], atol=1e-3)
    for branch in (warm, cold):
        assert (np.diff(branch[:, MEAN]) > 0).all()
    assert warm[:first, LINE].max() == 0
    assert cold[last + 1 :, LINE].min() == 90
    assert (warm - cold)[solar == 1365, MEAN] == pytest.approx(50, abs=3)


def test_of_the_start_only_its_side_counts() -> None:
    starts = np.array([40.0, climate.WARM, 10.0, climate.COLD, -80.0])
    mean = climate.simulate(planets(start=starts))[:, MEAN]
    np.testing.assert_allclose(mean, mean[[1, 1, 1, 3, 3]], atol=1e-3)


def test_in_the_region_of_surrogates_the_start_alone_makes_a_climate_warm_or_cold() -> None:
    warm, cold = (climate.simulate(region(64, start)) for start in (climate.WARM, climate.COLD))
    assert np.isfinite([warm, cold]).all()
    assert warm[:, LINE].min() > 45
    assert warm[:, LINE].max() < 88
    assert cold[:, LINE].max() < 0.1


def test_planets_together_are_as_each_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.concatenate([region(4, climate.WARM), region(4, climate.COLD)])
    together = climate.simulate(rows)
    monkeypatch.setattr(climate, "BLOCK", 3)
    np.testing.assert_allclose(climate.simulate(rows), together, rtol=0, atol=1e-9)
    for row, answers in zip(rows, together, strict=True):
        np.testing.assert_allclose(climate.simulate(row[None])[0], answers, rtol=0, atol=1e-9)


def test_no_planets_have_no_answers() -> None:
    assert climate.simulate(np.empty((0, len(climate.REGION)))).shape == (0, len(climate.ANSWERS))


def test_rows_without_sense_are_nan_and_the_others_as_they_are() -> None:
    whole = planets()
    bad = [planets(**{name: value}) for name, value in {"damping": -1.0, "softness": -1.0, "emission": np.inf}.items()]
    answers = climate.simulate(np.concatenate([*bad, whole, planets(heat_capacity=0.0), planets(diffusion=-0.1)]))
    assert np.isnan(answers).all(1).tolist() == [True, True, True, False, True, True]
    np.testing.assert_allclose(answers[3], climate.simulate(whole)[0], rtol=0, atol=1e-9)


def test_what_has_not_settled_in_time_is_nan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(climate, "YEARS", 40)
    answers = climate.simulate(planets(heat_capacity=np.array([0.5, 10.0])))
    assert np.isnan(answers).all(1).tolist() == [False, True]
