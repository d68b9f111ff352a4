"""Four worlds in which x* tells what x does not, or does not help. Lopez-Paz et al., 2016, section 5.1.

Of each x Float[n d] standard normal unless said otherwise, y in {0, 1}, and α Float[d] of the hyperplane, standard
normal. As in the authors' code, which is not in all what is printed: it is said where.
"""

from typing import Literal

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from tutelage import streams

World = Literal["clean_labels", "clean_features", "relevant_features", "features_of_each"]
Numbers = Float[NDArray[np.float64], "n dim"]
RELEVANT = 3  # features in worlds 3 and 4


def draw(
    world: World, *, n: int, dim: int, seed: int
) -> tuple[Numbers, Float[NDArray[np.float64], "n star"], Int[NDArray[np.int64], "n"]]:
    """n examples x, x*, y of a world as it is in replicate `seed`: a larger n begins with a smaller one's."""
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
    else:
        # x* = x_J of an example's own J, y = 1(⟨α, x*⟩ > 0) with one α of three numbers: the printed α_J would leave a
        # teacher of x* as much at a loss as a student, who has 98 %. The code draws one J for all that it trains on
        # and another for all that it asks.
        places = np.argsort(noise.random(size=x.shape), axis=1)[:, :RELEVANT]
        star = np.take_along_axis(x, places, axis=1)
        score = star @ alpha[:RELEVANT]
    return told, star, (score > 0).astype(np.int64)
