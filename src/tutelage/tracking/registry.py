"""MLflow's model registry as a view of the records: of each way that was examined the encoder best on validation."""

import functools
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

import mlflow
import numpy as np
from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.types import ParamSchema, ParamSpec, Schema, TensorSpec

from tutelage import closure
from tutelage.errors import Mistake
from tutelage.learned.models import Kept
from tutelage.nn import descriptions
from tutelage.tracking.store import UID
from tutelage.tracking.taught import Taught

BEST, FOLDER, WEIGHTS = "best", "registered", "weights"  # the alias; the folder of the run's artifacts, and in it
SERVED = Path(__file__).with_name("served.py")
SOURCES = SERVED.parents[2]
NEEDED = (
    "annotated-types", "jaxtyping", "mlflow", "numpy", "pandas", "pillow", "pydantic", "pyyaml", "ruamel.yaml",
    "safetensors", "scipy", "torch",
)  # fmt: skip


class Registry:
    """Versions by the uid of teaching and exam together; what a user deleted stays deleted."""

    def __init__(self, client: MlflowClient) -> None:
        self.client = client
        self.models = {model.name: model for model in client.search_registered_models(max_results=1000)}
        self.versions: dict[str, ModelVersion] = {}
        if self.models:
            found = client.search_model_versions(max_results=10_000)
            self.versions = {one.tags[UID]: one for one in found if UID in one.tags}

    def add(self, told: Taught, run: str) -> None:
        """A version with the weights chosen, in the artifacts of that run."""
        if told.best is None or told.uid in self.versions:
            return
        with tempfile.TemporaryDirectory() as folder:
            pack(told.best, Path(folder) / FOLDER)
            self.client.log_artifacts(run, str(Path(folder) / FOLDER), FOLDER)
        name = told.registered
        if name not in self.models:
            about = (
                f"The encoder that {told.record.stage} taught. Params: ask = encode or, where it has a head, predict."
            )
            self.models[name] = self.client.create_registered_model(name, description=about)
        tags = {UID: told.uid, "stage": told.record.stage, "arm": told.best.arm, "seed": str(told.best.seed)}
        # By its run: an absolute address would be wrong once the repository has moved.
        self.versions[told.uid] = self.client.create_model_version(name, f"runs:/{run}/{FOLDER}", run, tags)

    def point(self, told: Taught) -> None:
        """The alias follows the record."""
        one = self.versions.get(told.uid)
        if one and str(self.models[one.name].aliases.get(BEST)) != str(one.version):
            self.client.set_registered_model_alias(one.name, BEST, one.version)


def pack(kept: Kept, folder: Path) -> None:
    """Leaves a pyfunc model, its code a file and its weights plain arrays."""
    about = descriptions.read(kept.folder)
    asked = ParamSchema([ParamSpec("ask", "string", "encode")])
    images = Schema([TensorSpec(np.dtype(np.uint8), (-1, *about["shape"]))])
    codes = Schema([TensorSpec(np.dtype(np.float32), (-1, -1))])
    with tempfile.TemporaryDirectory() as place:
        plain = Path(place) / WEIGHTS
        plain.mkdir()
        for file in (kept.path, kept.folder / descriptions.FILE):
            shutil.copy(file, plain)
        mlflow.pyfunc.save_model(
            folder,
            python_model=str(SERVED),
            artifacts={WEIGHTS: str(plain)},
            code_paths=[str(_code(about["way"], Path(place)))],
            signature=ModelSignature(images, codes, asked),
            input_example=np.zeros((1, *about["shape"]), np.uint8),
            pip_requirements=_requirements(),
        )


def _code(way: str, place: Path) -> Path:
    """Our modules that it is given back by go along, since no package index has them."""
    root = SOURCES.parent
    for file in _modules(way):
        there = place / Path(file).relative_to(SOURCES.name)
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / file, there)
        shutil.copy((root / file).with_name("__init__.py"), there.parent)
    shutil.copy(SOURCES / "tutelage/__init__.py", place / "tutelage")
    return place / "tutelage"


@functools.cache
def _modules(way: str) -> frozenset[str]:
    scripts = (Path("src/tutelage") / name for name in ("learned/asking.py", f"paradigms/{way}.py"))
    return frozenset(file for script in scripts for file in closure.closure(script, SOURCES.parent))


@functools.cache
def _requirements() -> list[str]:
    return [f"{name}=={version(name).partition('+')[0]}" for name in NEEDED]


def path(uri: str, alias: str) -> Path:
    """Where the weights of `models:/NAME@ALIAS` or `models:/NAME/VERSION` lie. Raises Mistake for one that is not."""
    client = MlflowClient(uri)
    name = alias.removeprefix("models:/")
    try:
        if "@" in name:
            found = client.get_model_version_by_alias(*name.split("@", 1))
        else:
            found = client.get_model_version(*name.split("/", 1))
        return Path(client.download_artifacts(str(found.run_id), f"{FOLDER}/artifacts/{WEIGHTS}"))
    except (MlflowException, TypeError, OSError):
        there = ", ".join(sorted(f"models:/{model.name}@{BEST}" for model in client.search_registered_models()))
        raise Mistake(f"the registry has no {alias}; it has {there or 'nothing'}") from None
