"""Takes linear autoencoders to their minimum, and measures how far from principal components that lies."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from pathlib import Path

import torch

from tutelage import params, runs
from tutelage.data import batches
from tutelage.errors import Mistake
from tutelage.measure import exam, subspaces
from tutelage.objectives import principal
from tutelage.paradigms import linear_autoencoder
from tutelage.training import device, lbfgs, parallel

IMAGES = Path("data/prepared/images")

with runs.stage("principal") as stage:
    compute = params.read(params.Compute, "compute")
    budget = params.read(params.Budget, "budget")
    block = params.read(linear_autoencoder.Params, "principal")
    about = batches.about(IMAGES)
    device.ready(compute)
    x = batches.load(IMAGES / "train", torch.device("cpu"))["x"]  # SciPy descends on the CPU
    rows, variances = principal.moments(x.flatten(1))
    if max(block.widths) >= len(rows):
        raise Mistake(
            f"params.yaml: principal.widths has {max(block.widths)}, and the images have {len(rows)} directions: "
            "nothing would be left over to compare; narrow it"
        )

    def teach(fit: tuple[str, int, int], watch: parallel.Watch) -> dict[str, float]:
        arm, width, seed = fit
        learner = linear_autoencoder.build(rows.shape[1], width=width, tied=arm == "linear_tied", seed=seed)
        iterations = lbfgs.descend(learner, {"x": rows}, iterations=block.iterations, tolerance=block.tolerance)
        least, reached = float(variances[width:].sum()), exam.reconstructed(learner, rows, rows)["sse"]
        told = {"iterations": float(iterations), "sse": reached, "pca_sse": least, "pca_gap": reached / least - 1}
        if variances[width - 1] >= block.separated * variances[width]:
            told["pca_angle"] = subspaces.angle(learner.directions(), rows[:width].numpy())
        return told

    fits = [(arm, width, seed) for arm in ("linear", "linear_tied") for width in block.widths for seed in budget.seeds]
    said = {"data": about["name"], "protocol": "train", "at": "width"}  # measured where it learned: no test part
    stage.record(
        {**said, "arm": arm, "level": width, "seed": seed, "metric": metric, "value": value}
        for (arm, width, seed), told in zip(
            fits, parallel.each(teach, fits, lambda fit, said: None, compute), strict=True
        )
        for metric, value in told.items()
    )
