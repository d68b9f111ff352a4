"""What hard competition is held to: its two faults, counted, and scikit-learn's k-means beside it."""

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from threadpoolctl import threadpool_limits


def distortion(rho: Float[ndarray, "n k"]) -> float:
    """Q: the mean of ρ²(x, w_y), y the winner."""
    return float(np.square(rho.min(1)).mean())


def never_chosen(rho: Float[ndarray, "n k"]) -> int:
    """Centres that are nearest to no example of the sample."""
    return rho.shape[1] - len(np.unique(rho.argmin(1)))


def until(target: float, course: list[tuple[int, float]]) -> int | None:
    """Presentations until Q is at the target or below, from (presentations, Q) in order; none where it never is."""
    return next((presentations for presentations, q in course if q <= target), None)


def best(x: Float[ndarray, "n m"], k: int) -> float:
    """The Q of k-means, the best of ten starts."""
    from sklearn.cluster import KMeans  # here, because it takes half a second that others need not wait

    with threadpool_limits(1):  # other threads, other last digits
        return float(KMeans(k, n_init=10, random_state=0).fit(x).inertia_ / len(x))


def kmeans(x: Float[ndarray, "n m"], k: int, seed: int) -> tuple[Float[ndarray, "k m"], list[tuple[int, float]]]:
    """scikit-learn's centres, from k-means++, and (presentations, Q) after each pass over the sample."""
    from sklearn.cluster import KMeans, kmeans_plusplus

    course: list[tuple[int, float]] = []
    with threadpool_limits(1):
        centres = kmeans_plusplus(x, k, random_state=seed)[0]
        while len(course) < 2 or course[-1][1] < course[-2][1]:
            one = KMeans(k, init=centres, n_init=1, max_iter=1, tol=0).fit(x)
            centres = one.cluster_centers_
            course.append((len(x) * (len(course) + 1), float(one.inertia_ / len(x))))
    return centres, course
