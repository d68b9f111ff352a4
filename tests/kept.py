"""Small models in a folder as stages leave them, for tests to ask."""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from root import ROOT

from tutelage import params, runs
from tutelage.nn import descriptions, weights
from tutelage.objectives import kohonen as grids
from tutelage.paradigms import autoencoder, supervised
from tutelage.paradigms import kohonen as maps
from tutelage.paradigms import surrogate as surrogates
from tutelage.params import Decoder, Encoder
from tutelage.simulators.region import Parameter

ENCODER = Encoder(channels=(4, 4), kernel=3, groups=2, grid=2, width=6)
CLASSES = ["cat", "dog", "«owl», no pet"]
BLOCK = supervised.Params(base_classes=(0, 1), learning_rate=0.01, weight_decay=0, shift=0)
PCA = autoencoder.Params.model_validate(
    {"kind": "pca", "tied": True, "code": "linear", "loss": "squared", "learning_rate": 0.01, "weight_decay": 0}
    | {"noise": {"kind": "none", "strength": 0, "views": None}}
    | {"penalty": {"kind": "none", "strength": 0, "rate": 0.1}}
)


def pretrain(
    models: Path = Path("models"), *, channels: int = 1, resize: dict[str, int] | None = None, born: int = 0
) -> Path:
    """Arms `all`, `base` and, never taught, `random`, two seeds each, as they are born; images are 8 × 8."""
    folder, shape = models / "pretrain", (channels, 8, 8)
    arms = {"all": [0, 1, 2], "base": [0, 1], "random": [0, 1, 2]}
    for arm, classes in arms.items():
        for seed in (0, 1):
            learner = supervised.build(BLOCK, ENCODER, shape, len(classes), seed + born)
            weights.keep(learner.state_dict(), folder / f"{arm}-{seed}.safetensors")
    told = {"classes": arms, "untaught": ["random"], "seeds": [0, 1], "shape": shape, "encoder": ENCODER.model_dump()}
    descriptions.leave(folder, "supervised", told, {"name": "pets", "classes": CLASSES, "resize": resize})
    return folder


def pca(models: Path = Path("models")) -> Path:
    """An autoencoder in closed form, which has no head."""
    folder, shape = models / "autoencoder/pca", (1, 8, 8)
    learner = autoencoder.build(PCA, ENCODER, Decoder(hidden=4), shape, 0)
    weights.keep(learner.state_dict(), folder / "pca-0.safetensors")
    told = {"classes": {"pca": [0, 1, 2]}, "seeds": [0], "shape": shape, "autoencoder": PCA.model_dump()}
    told |= {"encoder": ENCODER.model_dump(), "decoder": {"hidden": 4}}
    descriptions.leave(folder, "autoencoder", told, {"name": "pets", "classes": CLASSES, "resize": None})
    return folder


def examined(stage: str, health: dict[tuple[str, int], float]) -> None:
    """What the exam of a stage found of its codes on the validation part."""
    columns = list(runs.SCORE[1:])
    rows = [
        [arm, "pets", protocol, "accuracy", "", "", "", "", str(seed), value if protocol == "health" else 1 - value]
        for (arm, seed), value in health.items()
        for protocol in ("direct", "health")
    ]
    runs.write(runs.STAGES / f"exam_{stage}" / "scores.json", json.dumps({"columns": columns, "rows": rows}))


def images(n: int, side: int = 8, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (n, side, side), dtype=np.uint8)


def folder(place: Path, pixels: np.ndarray) -> Path:
    """A PNG each."""
    place.mkdir(parents=True, exist_ok=True)
    for number, image in enumerate(pixels):
        Image.fromarray(image).save(place / f"{number:03}.png")
    return place


def kohonen(models: Path = Path("models")) -> tuple[np.ndarray, np.ndarray]:
    """A map of four nodes; where they lie on it, and in the scaled table."""
    numbers: dict[str, object] = {
        "size": [2, 2],
        "topology": "rectangular",
        "kernel": "gaussian",
        "initialisation": "samples",
    }
    numbers |= {"presentations": 4, "passes": 1, "block": 4, "k": 1, "seeds": 2}
    numbers |= {name: {"start": 1.0, "end": 1.0} for name in ("radius", "rate", "hat_rate")}
    folder, w = models / "kohonen", torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    block = params.parse(maps.Params, "kohonen", {"kohonen": numbers})
    places = grids.nodes(block.size, block.topology)
    weights.keep(maps.BatchMap(w, places, block).state_dict(), folder / "things-map_batch-0.safetensors")
    asked = {"features": ["width", "height"], "centre": [-5.0, 10.0], "scale": [3.0, 2.0]}
    descriptions.leave(folder, "kohonen", {"kohonen": block.model_dump(), "tables": {"things-map_batch": asked}})
    return places.numpy(), w.numpy()


def surrogate(models: Path = Path("models")) -> tuple[surrogates.Surrogates, np.ndarray]:
    """An ensemble as it is born, and what to ask it."""
    region = [Parameter("speed", "m/s", 0, 10), Parameter("angle", "°", -5, 5)]
    block = params.read(surrogates.Params, "surrogate", ROOT / "params.yaml").model_copy(update={"hidden": 4})
    draws = np.random.default_rng(0)
    members, folder = surrogates.build(block, region, draws.random((5, 1)), 0), models / "surrogate/wing"
    weights.keep(members.state_dict(), folder / "ensemble-0.safetensors")
    surrogates.describe(block, region, answers=["lift"], models=folder)
    return members, draws.random((3, 2))
