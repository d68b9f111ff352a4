"""What is said of the weights in a folder, so that nothing need be guessed, or unpickled, to give them back."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tutelage import runs
from tutelage.errors import Mistake

FILE = "about.json"


def leave(models: Path, way: str, told: Mapping[str, Any], images: Mapping[str, Any] | None = None) -> None:
    """Of the paradigm `way` what its learners were built from; of images what prepare says of those learned from."""
    seen = {"images": {key: images[key] for key in ("name", "classes", "resize")}} if images else {}
    runs.write(models / FILE, json.dumps({"way": way, **told, **seen}, indent=1, sort_keys=True) + "\n")


def read(models: Path) -> dict[str, Any]:
    """What is said of them. Raises Mistake where nothing is."""
    try:
        told: dict[str, Any] = json.loads((models / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Mistake(f"{models / FILE} is missing; `dvc checkout` or `make repro` brings it back") from None
    except ValueError as error:
        raise Mistake(f"{models / FILE} is damaged ({error}); `dvc checkout` or `make repro` brings it back") from None
    return told
