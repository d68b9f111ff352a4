"""Four worlds in which x* tells what x does not, or does not help. Lopez-Paz et al., 2016, section 5.1.

x Float[n d] is standard normal, and so is α Float[d], which is across the plane between the classes; y in {0, 1}.
"""

from typing import Literal

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from tutelage import streams

World = Literal["clean_labels", "clean_features", "relevant_features", "largest_features"]
Numbers = Float[NDArray[np.float64], "n dim"]
RELEVANT = 3  # features in worlds 3 and 4
OTHERS = 10_000  # examples whose median halves world 4


def draw(
    world: World, *, n: int, dim: int, seed: int
) -> tuple[Numbers, Float[NDArray[np.float64], "n star"], Int[NDArray[np.int64], "n"]]:
    """n examples x, x*, y of a world as it is in replicate `seed`: a larger n begins with a smaller one's.

    The fourth is not what is printed, y = 1(⟨α_J, x_J⟩ > 0) with each example's J drawn: of that a teacher who is given
    x_J and not J tells 53 %. The three largest, in the authors' code a comment, give the 96, 55 and 56 % they print.
    """
    alpha = streams.numpy(seed, f"worlds/{world}/plane").normal(size=dim)
    x = streams.numpy(seed, f"worlds/{world}/x").normal(size=(n, dim))
    noise = streams.numpy(seed, f"worlds/{world}/noise")
    told, star = x, x
    if world == "clean_labels":  # x* = ⟨α, x⟩, y = 1(x* + ε > 0): where an example was pushed over the plane is seen
        star = (x @ alpha)[:, None]
        score = star[:, 0] + noise.normal(size=n)
    elif world == "clean_features":  # x* = what is behind x = x* + ε, y = 1(⟨α, x*⟩ > 0): nothing to be told of ε
        told = x + noise.normal(size=x.shape)
        score = star @ alpha
    elif world == "relevant_features":  # x* = x_J, |J| = 3, y = 1(⟨α_J, x_J⟩ > 0); J the first, x has no order
        star = x[:, :RELEVANT]
        score = star @ alpha[:RELEVANT]
    else:  # x* = an example's three largest numbers, y = 1(⟨α, x*⟩ > its median): which of x they are, x does not tell
        star = _largest(x)
        others = _largest(streams.numpy(seed, f"worlds/{world}/median").normal(size=(OTHERS, dim)))
        score = star @ alpha[:RELEVANT] - np.median(others @ alpha[:RELEVANT])
    return told, star, (score > 0).astype(np.int64)


def _largest(x: Numbers) -> Float[NDArray[np.float64], "n star"]:
    """The largest numbers of each example, largest first."""
    return np.sort(x, axis=1)[:, : -RELEVANT - 1 : -1]
