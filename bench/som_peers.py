"""MiniSom and somoclu as contenders of bench/som.py, which runs this with the interpreter they are installed for.

`som_peers.py NAME X.npy SIDE RADIUS PASSES W.npy`: trains by NAME's batch rule from the centres in W.npy, prints the
seconds, leaves the centres there.
"""

import sys
import time

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


def minisom(x: Array, w: Array, side: int, radius: float, passes: int) -> tuple[float, Array]:
    from minisom import MiniSom

    som = MiniSom(side, side, x.shape[1], sigma=radius, learning_rate=1, random_seed=0)
    som._weights = w.reshape(side, side, -1).astype(float)  # it has no other door
    begun = time.perf_counter()
    som.train_batch_offline(x, passes)
    return time.perf_counter() - begun, som.get_weights().reshape(side * side, -1)


def somoclu(x: Array, w: Array, side: int, radius: float, passes: int) -> tuple[float, Array]:
    from somoclu import Somoclu

    som = Somoclu(side, side, initialcodebook=w, compactsupport=False, std_coeff=1)
    som.update_data(x)
    begun = time.perf_counter()
    som.train(epochs=passes, radius0=radius, radiusN=radius / 3)
    return time.perf_counter() - begun, som.codebook.reshape(side * side, -1)


if __name__ == "__main__":
    name, source, side, radius, passes, left = sys.argv[1:]
    train = {"minisom": minisom, "somoclu": somoclu}[name]
    took, w = train(np.load(source), np.load(left), int(side), float(radius), int(passes))
    np.save(left, w)
    print(took)
