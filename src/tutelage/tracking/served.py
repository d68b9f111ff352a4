"""A registered model as MLflow loads it: this file is its code, its weights are plain arrays, nothing is unpickled."""

from pathlib import Path

import mlflow
from mlflow.pyfunc import PythonModel, PythonModelContext


class Served(PythonModel):
    """Tells codes or, asked to `predict`, what the model's head says of images or rows."""

    def load_context(self, context: PythonModelContext) -> None:
        from tutelage.learned import models  # here: who registers needs no torch
        from tutelage.learned.asking import Model

        (folder,) = context.artifacts.values()
        (kept,) = models.kept(Path(folder))
        self.model = Model(kept)

    def predict(self, context, model_input, params=None):  # type: ignore[no-untyped-def]  # a hint would be a schema
        import numpy as np

        verb = (params or {}).get("ask", "encode")
        self.model.must(verb)
        examples = np.asarray(model_input)
        if self.model.shape is not None:
            examples = self.model.pixels(list(examples), [f"image {row}" for row in range(len(examples))])
        return getattr(self.model, verb)(examples)


mlflow.models.set_model(Served())
