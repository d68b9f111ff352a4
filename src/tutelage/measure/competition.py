"""What hard competition is held to: its two faults, counted, and scikit-learn's k-means beside it."""

import warnings
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from threadpoolctl import threadpool_limits

from tutelage.measure import maps

Course = Sequence[tuple[int, float]]  # presentations so far, and Q then


def distortion(x: Float[ndarray, "n m"], w: Float[ndarray, "k m"]) -> float:
    """Q: the mean of ρ²(x, w_y), y the winner; in double precision ‖x‖² + ‖w‖² − 2xw loses no digit that is told."""
    return float((np.square(x).sum(1) + (np.square(w).sum(1) - 2 * x @ w.T).min(1)).mean())


def never_chosen(rho: Float[ndarray, "n k"]) -> int:
    """Centres that are nearest to no example of the sample."""
    return rho.shape[1] - len(np.unique(rho.argmin(1)))


def until(target: float, course: Course) -> int | None:
    """Presentations until Q is at the target or below; none where it never is."""
    return next((presentations for presentations, q in course if q <= target), None)


def measures(
    rho: Float[ndarray, "n k"], y: Int[ndarray, "n"], target: float, course: Course, settled: int = 0
) -> dict[str, float]:
    """All of one fit by name; `settled` is the presentation at which it stopped by itself, 0 for never."""
    reached = until(target, course)
    told = {
        "quantization_error": maps.quantization_error(rho),
        "purity": maps.purity(rho.argmin(1), y),
        "centres_never_chosen": float(never_chosen(rho)),
        "reached_q": float(reached is not None),
    }
    told |= {} if reached is None else {"presentations_to_q": float(reached)}
    return told | ({"presentations_to_settle": float(settled)} if settled else {})


def best(x: Float[ndarray, "n m"], k: int) -> float:
    """The Q of k-means, the best of ten starts."""
    from sklearn.cluster import KMeans  # here, because it takes half a second that others need not wait

    with threadpool_limits(1):  # other threads, other last digits
        return float(KMeans(k, n_init=10, random_state=0).fit(x).inertia_ / len(x))


def seeded(x: Float[ndarray, "n m"], k: int, seed: int) -> Float[ndarray, "k m"]:
    """Examples far from each other, for k-means to start from. Arthur and Vassilvitskii, 2007."""
    from sklearn.cluster import kmeans_plusplus

    with threadpool_limits(1):
        centres: Float[ndarray, "k m"] = kmeans_plusplus(x, k, random_state=seed)[0]
    return centres


def kmeans(x: Float[ndarray, "n m"], centres: Float[ndarray, "k m"]) -> tuple[Float[ndarray, "k m"], Course]:
    """scikit-learn's from those centres until Q falls no more, and Q after each pass over the sample.

    It moves a centre that no example chooses to the example farthest from its own.
    """
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    course: list[tuple[int, float]] = []
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # of centres at one place, which are counted here
        while len(course) < 2 or course[-1][1] < course[-2][1]:
            one = KMeans(len(centres), init=centres, n_init=1, max_iter=1, tol=0).fit(x)
            centres = one.cluster_centers_
            course.append((len(x) * (len(course) + 1), float(one.inertia_ / len(x))))
    return centres, course
