"""The series where its past is known, at rest, and as steps are halved."""

import numpy as np
import pytest
from jaxtyping import Float
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from tutelage.data import mackey_glass

USUAL = {"a": 0.1, "b": 0.2, "tau": 17.0}


def series(steps: int, length: int = 60, start: float = 1.2) -> Float[NDArray[np.float64], "time"]:
    return mackey_glass.series(length, **USUAL, steps=steps, start=start, dropped=0)


def test_until_its_past_has_changed_it_is_an_exponential() -> None:
    # x′ = c − a x, c of the past that is constant, up to t = τ.
    t, start = np.arange(18), 1.2
    end = 0.2 * start / (1 + start**10) / 0.1
    np.testing.assert_allclose(series(20)[:18], end + (start - end) * np.exp(-0.1 * t), rtol=1e-9)


def test_then_it_is_what_another_solver_makes_of_that_past() -> None:
    # Method of steps: from τ to 2τ the past is the exponential.
    start = 1.2
    end = 0.2 * start / (1 + start**10) / 0.1

    def rise(t: float, x: NDArray[np.float64]) -> NDArray[np.float64]:
        past = end + (start - end) * np.exp(-0.1 * (t - 17))
        return np.asarray(0.2 * past / (1 + past**10) - 0.1 * x)

    began = end + (start - end) * np.exp(-1.7)
    known = solve_ivp(rise, (17, 34), [began], t_eval=np.arange(17, 35), rtol=1e-11, atol=1e-12).y[0]
    np.testing.assert_allclose(series(20)[17:35], known, rtol=1e-8)


def test_halved_steps_err_by_a_sixteenth() -> None:
    coarse, fine, finer = (series(steps) for steps in (2, 4, 8))
    ratio = np.abs(coarse - fine).max() / np.abs(fine - finer).max()
    assert 12 < ratio < 22


def test_at_rest_it_stays_and_near_it_does_not() -> None:
    # b x/(1 + x¹⁰) = a x: x = (b/a − 1)^(1/10), for b = 2a at 1.
    np.testing.assert_allclose(series(4, 200, start=1.0), 1, atol=1e-12)
    other = mackey_glass.series(50, a=0.1, b=0.5, tau=17.0, steps=4, start=4**0.1, dropped=0)
    np.testing.assert_allclose(other, 4**0.1, rtol=1e-12)
    assert np.ptp(series(4, 600, start=1.01)[400:]) > 0.3


def test_what_is_dropped_is_its_beginning() -> None:
    whole = series(4, 60)
    np.testing.assert_array_equal(mackey_glass.series(20, **USUAL, steps=4, start=1.2, dropped=40), whole[40:])


def test_a_delay_of_broken_steps_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a delay of 0.3 is not of whole steps of 1/4"):
        mackey_glass.series(5, a=0.1, b=0.2, tau=0.3, steps=4, start=1.0, dropped=0)
