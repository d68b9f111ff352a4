"""One file from which a stopped fit goes on as if it had not stopped."""

import io
import pickle
from pathlib import Path
from typing import Any, NamedTuple

import torch

from tutelage import runs
from tutelage.errors import Mistake


class Place(NamedTuple):
    """Where a fit's checkpoint lies and the fingerprint of all that it follows from."""

    path: Path
    fingerprint: str


def save(place: Place, state: dict[str, Any]) -> None:
    """Tensors, numbers, strings and containers of them."""
    content = io.BytesIO()
    torch.save({"fingerprint": place.fingerprint, "state": state}, content)
    runs.write(place.path, content.getvalue())


def load(place: Place) -> dict[str, Any] | None:
    """What was saved there, or none. Raises Mistake for a damaged file and for one of other params."""
    if not place.path.exists():
        return None
    try:
        saved = torch.load(place.path, map_location="cpu", weights_only=True)
        fingerprint, state = saved["fingerprint"], saved["state"]
    except (pickle.UnpicklingError, RuntimeError, EOFError, KeyError, TypeError, ValueError):
        raise Mistake(f"{place.path} is no checkpoint of this project, or damaged; delete it") from None
    if fingerprint != place.fingerprint:
        raise Mistake(f"{place.path} belongs to other params, data or code; delete it or give them back")
    result: dict[str, Any] = state
    return result
