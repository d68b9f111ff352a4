"""Teaches autoencoders with labels beside labels alone, of classes and of numbers, and examines each on a test part."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from pathlib import Path
from typing import Any

from tutelage import params, runs
from tutelage.data import batches, drawn, labels, views
from tutelage.measure import costs, exam, few_labels
from tutelage.nn import descriptions, weights
from tutelage.paradigms import supervised_autoencoder as paradigm
from tutelage.paradigms.supervised_autoencoder import Fit
from tutelage.training import checkpoint, device, parallel
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

IMAGES, MODELS = Path("data/prepared/images"), Path("models/supervised_autoencoder")
KEY = "supervised_autoencoder.labels"
PROTOCOL = {"alone": "direct", "probe": "linear", "together": "direct"}

with runs.stage("supervised_autoencoder") as stage:
    compute = params.read(params.Compute, "compute")
    seeds = params.read(params.Budget, "budget").seeds
    encoder, decoder = params.read(params.Encoder, "encoder"), params.read(params.Decoder, "decoder")
    asked = params.read(params.Exam, "exam")
    block = params.read(paradigm.Params, "supervised_autoencoder")
    plan = block.numbers
    on = device.ready(compute)
    about = batches.about(IMAGES)
    names = about["classes"]
    train, test = batches.load(IMAGES / "train", on), batches.load(IMAGES / "test", on)
    data = {"classes": about["name"], "numbers": "blobs"}
    each_class = {m: paradigm.per_class(m, len(names)) for m in block.labels}
    known = batches.of(train, range(len(names)))  # an image may have no label
    fits = paradigm.fits(block, len(known["y"]), seeds)
    classifiers = {
        fit: "-".join([fit.arm, *([f"{fit.weight:g}"] if fit.arm == "together" else []), str(fit.labels[0])])
        for fit in fits
        if (fit.target, fit.seed) == ("classes", seeds[0]) and fit.arm != "probe"  # whose head nobody taught
    }
    progress = Progress(stage, len(fits))

    def parts(fit: Fit) -> tuple[batches.Batch, batches.Batch, dict[int, batches.Batch]]:
        """What is learned from, what is asked about, and the labelled examples by their count."""
        if fit.target == "classes":
            few = {
                m: labels.few(train, each_class[m], names, seed=fit.seed, name=about["name"], key=KEY)
                if m in each_class
                else known
                for m in fit.labels
            }
            return train, test, few
        pool, other = (
            drawn.blobs(plan.images, side=plan.side, noise=plan.noise, seed=fit.seed, name=part)
            for part in ("train", "test")
        )
        pool, other = ({name: column.to(on) for name, column in part.items()} for part in (pool, other))
        return pool, other, {m: {name: column[:m] for name, column in pool.items()} for m in fit.labels}

    def teach(fit: Fit, watch: parallel.Watch) -> dict[str, Any]:
        place = Place(stage.scratch / f"{'-'.join(map(str, fit[:3]))}-{fit.labels[0]}-{fit.seed}.pt", stage.fingerprint)
        result = checkpoint.load(place)
        if result is None:
            pool, part, few = parts(fit)
            channels, height, width = pool["x"].shape[1:]
            out = len(names) if fit.target == "classes" else pool["y"].shape[1]
            learner = paradigm.build(block, fit, encoder, decoder, (channels, height, width), out).to(on)
            terms = paradigm.fit(block, learner, pool, few[fit.labels[0]], fit.seed, compute)
            spent = costs.of(learner, learner.encoder, pool["x"][:1]) | {"presentations": terms.pop("presentations")}
            back = exam.reconstructed(learner, part["x"], part["x"]) if learner.decoder else {}
            if fit.arm == "probe":
                told = {
                    m: few_labels.probed(
                        learner,
                        views.shifts(one["x"], block.shift),
                        one["y"],
                        part["x"],
                        part["y"],
                        strengths=asked.strengths,
                        folds=asked.folds,
                    )
                    for m, one in few.items()
                }
            else:
                told = {m: few_labels.direct(learner, part["x"], part["y"]) for m in few}
            result = {
                "terms": terms,
                "costs": {m: spent | {"labels_seen": m} for m in few},
                "told": {m: scores | back for m, scores in told.items()},
                "kept": {n: w for n, w in learner.state_dict().items() if not n.startswith("decoder.")},
            }
            checkpoint.save(place, result)
        kept = result.pop("kept")
        if fit in classifiers:
            weights.keep(kept, MODELS / f"{classifiers[fit]}-{fit.seed}.safetensors")
        watch(result["terms"])
        return result

    def tell(fit: Fit, terms: dict[str, float]) -> None:
        seen = {"step": fit.labels[0]} | {name: value for name, value in terms.items() if name != "step"}
        progress.tell(f"{fit.arm}@{fit.weight:g}", [fit.seed], [seen], fit=fit, taken=1)

    taught = dict(zip(fits, parallel.each(teach, fits, tell, compute), strict=True))
    history, scores = [], []
    for fit, result in taught.items():
        for m in fit.labels:
            said = {"arm": fit.arm, "data": data[fit.target], "at": "labels", "level": m}
            if fit.arm != "alone":
                said |= {"with": "weight", "with_level": f"{fit.weight:g}"}
            if fit.seed == seeds[0]:
                scores += [{**said, "metric": name, "value": float(v)} for name, v in result["costs"][m].items()]
            scores += [
                {**said, "protocol": PROTOCOL[fit.arm], "metric": name, "seed": fit.seed, "value": value}
                for name, value in result["told"][m].items()
            ]
        terms = {f"{name}/{fit.target}": value for name, value in result["terms"].items() if name != "step"}
        history.append({"arm": f"{fit.arm}@{fit.weight:g}", "seed": fit.seed, "step": fit.labels[0], **terms})
    arms = {arm: list(range(len(names))) for arm in classifiers.values()}
    left = {"classes": arms, "shape": about["shape"], "encoder": encoder.model_dump()}
    descriptions.leave(MODELS, "supervised", left, about)
    stage.record(scores, history)
