"""A map as plain numbers from which it is drawn: where nodes lie, how dense they are, what is where, who sits there."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

SHOWN = 16  # features of a table that are drawn, the first ones


def density(rho: Float[ndarray, "n k"], nearest: int) -> Float[ndarray, "k"]:
    """Of each node the mean distance to the examples nearest to it; small is dense."""
    return np.sort(rho, axis=0)[:nearest].mean(0)


def u_matrix(w: Float[ndarray, "k m"], near: Bool[ndarray, "k k"]) -> list[tuple[int, int, float]]:
    """Of each pair of neighbouring nodes how far apart they are in space. Ultsch and Siemon, 1990."""
    pairs = np.argwhere(np.triu(near))
    return [(int(i), int(j), float(np.sqrt(np.square(w[i] - w[j]).sum()))) for i, j in pairs]


def picture(
    about: Mapping[str, Any],
    places: Float[ndarray, "k 2"],
    near: Bool[ndarray, "k k"],
    w: Float[ndarray, "k m"],
    rho: Float[ndarray, "n k"],
    values: Float[ndarray, "n m"],
    y: Int[ndarray, "n"],
    k: int,
) -> dict[str, Any]:
    """All that is drawn but what the caller adds; `about` is what stage `prepare_tables` says, values are in its units.

    Pixels become prototypes: whole numbers, a picture a node.
    """
    own = w * np.array(about["scale"]) + np.array(about["centre"])
    pixels = about["features"][0]["name"].startswith("pixel")
    features: Sequence[Mapping[str, str]] = [] if pixels else about["features"][:SHOWN]
    told = {
        "data": about["name"],
        "title": about["title"],
        "nodes": places.tolist(),
        "k": k,
        "density": density(rho, k).tolist(),
        "u_matrix": u_matrix(w, near),
        "features": [{**feature, "values": own[:, i].tolist()} for i, feature in enumerate(features)],
        "prototypes": np.rint(own).astype(int).tolist() if pixels else None,
        "examples": [
            {
                "node": int(node),
                "label": about["classes"][label] if label >= 0 else "",
                "title": f"{about['example']} {number}",
                "values": row[: len(features)].tolist(),
            }
            for number, (node, label, row) in enumerate(zip(rho.argmin(1), y, values, strict=True), 1)
        ],
        "classes": about["classes"],
    }
    side = round(w.shape[1] ** 0.5)
    return rounded(told | ({"prototype_shape": [side, side]} if pixels else {}))


def rounded(told: Any) -> Any:
    """Every number with a fraction to 5 significant digits."""
    if isinstance(told, float):
        return float(f"{told:.5g}")
    if isinstance(told, Mapping):
        return {key: rounded(value) for key, value in told.items()}
    return [rounded(value) for value in told] if isinstance(told, list | tuple) else told
