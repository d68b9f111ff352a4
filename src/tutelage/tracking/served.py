"""A registered model as MLflow loads it: this file is its code, its weights are plain arrays, nothing is unpickled."""

from pathlib import Path
from typing import Any

import mlflow
import numpy as np
from mlflow.pyfunc.model import PythonModel, PythonModelContext


class Served(PythonModel):
    """Tells codes or, asked to `predict`, what the model's head says of images."""

    def load_context(self, context: PythonModelContext) -> None:
        from tutelage.learned import models  # here: who registers needs no torch
        from tutelage.learned.asking import Model

        (folder,) = context.artifacts.values()
        (kept,) = models.kept(Path(folder))
        self.model = Model(kept)

    def predict(
        self, context: PythonModelContext, model_input: np.ndarray, params: dict[str, Any] | None = None
    ) -> np.ndarray:
        verb = (params or {}).get("ask", "encode")
        self.model.must(verb)
        images = self.model.pixels(list(model_input), [f"image {row}" for row in range(len(model_input))])
        told: np.ndarray = getattr(self.model, verb)(images)
        return told


mlflow.models.set_model(Served())
