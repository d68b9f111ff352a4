"""Teaches autoencoders with one number varied, a code's width or a penalty's strength, and examines them."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from pathlib import Path
from typing import Any

from tutelage import params, runs, streams
from tutelage.data import batches
from tutelage.errors import Mistake
from tutelage.measure import classification, exam, neighbourhoods, probes, sparsity
from tutelage.paradigms import autoencoder
from tutelage.training import checkpoint, device, fitting, parallel
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

IMAGES = Path("data/prepared/images")

with runs.stage("sweeps") as stage:
    compute = params.read(params.Compute, "compute")
    budget = params.read(params.Budget, "budget")
    encoder = params.read(params.Encoder, "encoder")
    decoder = params.read(params.Decoder, "decoder")
    neighbours = params.read(params.Exam, "exam").neighbours
    block = params.read(autoencoder.Sweeps, "sweeps")
    names = ("deep", "pca", *block.strengths)
    entries = {name: params.read(autoencoder.Params, f"autoencoders.{name}") for name in names}
    on = device.ready(compute)
    about = batches.about(IMAGES)
    train, test = batches.load(IMAGES / "train", on), batches.load(IMAGES / "test", on)
    autoencoder.narrow(max(block.widths), about["shape"], "sweeps.widths")
    if neighbours >= len(test["y"]) / 2:
        raise Mistake(
            f"params.yaml: exam.neighbours = {neighbours} must be below half of the {len(test['y'])} test images"
        )
    steps = {"width": budget.steps, "strength": max(1, block.presentations // budget.batch_size)}
    varied = [(arm, "width", float(width)) for arm in ("deep", "pca") for width in block.widths]
    varied += [(arm, "strength", strength) for arm, over in block.strengths.items() for strength in over]
    pixels = test["x"].flatten(1).cpu().numpy()
    fits = [(*vary, seed) for vary in varied for seed in budget.seeds]
    progress = Progress(stage, sum(steps[at] for _, at, _, _ in fits))

    def near(z: probes.Codes, asked: probes.Codes) -> float:
        """Accuracy of nearest neighbours among all training images that have a label."""
        y = train["y"].cpu().numpy()
        log_p = probes.nearest(z[y >= 0], y[y >= 0], asked, neighbours=neighbours)
        return classification.scores(log_p, test["y"].cpu().numpy())["accuracy"]

    def teach(fit: tuple[str, str, float, int], watch: parallel.Watch) -> dict[str, Any]:
        arm, at, level, seed = fit
        place = Place(stage.scratch / f"{arm}-{at}-{level}-{seed}.pt", stage.fingerprint)
        told = checkpoint.load(place)
        if told is None:
            width = int(level) if at == "width" else encoder.width
            entry = entries[arm] if at == "width" else entries[arm].with_strength(level)
            narrow = encoder.model_copy(update={"width": width})
            learner = autoencoder.build(entry, narrow, decoder, about["shape"], seed).to(on)
            if entry.kind == "pca":
                autoencoder.solve(learner, train["x"])
            else:
                source = batches.Batches({"x": train["x"]}, budget.batch_size, streams.generator(seed, "batches"))
                fitting.fit(learner, source, steps=steps[at], compute=compute)
            asked = exam.encoded(learner, test["x"]).cpu()
            told = {
                "direct": exam.reconstructed(learner, test["x"], test["x"])
                | {"zero_weights": sparsity.zeros(learner.matrices()), "zero_codes": sparsity.zeros([asked])}
            }
            if at == "width":  # what dimension reduction is judged by
                known = exam.encoded(learner, train["x"]).cpu()
                told["knn"] = {"accuracy": near(known.numpy(), asked.numpy())}
                told["direct"] |= {
                    "trustworthiness": neighbourhoods.trustworthiness(pixels, asked.numpy(), neighbours=neighbours)
                }
            checkpoint.save(place, told)
        watch(told["direct"]["sse"])
        return told

    def tell(fit: tuple[str, str, float, int], sse: float) -> None:
        arm, at, level, seed = fit
        progress.tell(
            f"{arm}, {at} {level:g}", [seed], [{"step": steps[at], "test/sse": sse}], fit=fit, taken=steps[at]
        )

    stage.record(
        {"arm": arm, "data": about["name"], "protocol": protocol, "metric": metric, "value": value}
        | {"at": at, "level": int(level) if at == "width" else level, "seed": seed}
        for (arm, at, level, seed), told in zip(fits, parallel.each(teach, fits, tell, compute), strict=True)
        for protocol, metrics in told.items()
        for metric, value in metrics.items()
    )
