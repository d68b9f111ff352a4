"""Teaches autoencoders with labels beside labels alone, of classes and of numbers, and examines each on a test part."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from pathlib import Path
from typing import Any, NamedTuple

from tutelage import params, runs
from tutelage.data import batches, drawn, labels
from tutelage.measure import classification, costs, exam, probes, regression
from tutelage.paradigms import supervised_autoencoder as paradigm
from tutelage.training import checkpoint, device, parallel
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

IMAGES = Path("data/prepared/images")
KEY = "supervised_autoencoder.labels"
PROTOCOL = {"alone": "direct", "probe": "linear", "together": "direct"}


class Fit(NamedTuple):
    """One learner to teach; of `probe` one serves all label counts, since it sees no label."""

    target: paradigm.Target
    arm: str
    weight: float
    counts: tuple[int, ...]
    seed: int


with runs.stage("supervised_autoencoder") as stage:
    compute = params.read(params.Compute, "compute")
    seeds = params.read(params.Budget, "budget").seeds
    encoder, decoder = params.read(params.Encoder, "encoder"), params.read(params.Decoder, "decoder")
    asked = params.read(params.Exam, "exam")
    block = params.read(paradigm.Params, "supervised_autoencoder")
    on = device.ready(compute)
    about = batches.about(IMAGES)
    names = about["classes"]
    train, test = batches.load(IMAGES / "train", on), batches.load(IMAGES / "test", on)
    counts: dict[paradigm.Target, tuple[int, ...]] = {"classes": block.labels, "numbers": block.numbers.labels}
    data = {"classes": about["name"], "numbers": "blobs"}
    each_class = {m: paradigm.per_class(m, len(names)) for m in block.labels}
    fits = [
        Fit(target, arm, weight, some, seed)
        for target, all_counts in counts.items()
        for arm, weight in [("alone", 0.0), *(("together" if w else "probe", w) for w in block.weights)]
        for some in ([all_counts] if arm == "probe" else [(m,) for m in all_counts])
        for seed in seeds
    ]
    progress = Progress(stage, len(fits))

    def parts(target: paradigm.Target, seed: int) -> tuple[batches.Batch, batches.Batch]:
        if target == "classes":
            return train, test
        plan = block.numbers
        pool, other = (
            drawn.blobs(plan.images, side=plan.side, noise=plan.noise, seed=seed, name=part)
            for part in ("train", "test")
        )
        return {k: v.to(on) for k, v in pool.items()}, {k: v.to(on) for k, v in other.items()}

    def few(target: paradigm.Target, pool: batches.Batch, m: int, seed: int) -> batches.Batch:
        if target == "classes":
            return labels.few(pool, each_class[m], names, seed=seed, name=about["name"], key=KEY)
        return {column: values[:m] for column, values in pool.items()}

    def examine(learner: paradigm.SupervisedAutoencoder, told: batches.Batch, part: batches.Batch) -> dict[str, float]:
        """Its own predictions, or those of a probe on its codes; and what comes back of an image."""
        back = exam.reconstructed(learner, part["x"], part["x"]) if learner.decoder else {}
        direct = exam.direct if learner.target == "classes" else regression.direct
        if learner.weight:
            return direct(learner, part["x"], part["y"]) | back
        z, questions = (exam.encoded(learner, x).cpu().numpy() for x in (told["x"], part["x"]))
        known, y = told["y"].cpu().numpy(), part["y"].cpu().numpy()
        if learner.target == "classes":
            log_p = probes.linear(z, known, questions, strengths=asked.strengths, folds=asked.folds)
            return classification.scores(log_p, y) | back
        return regression.scores(regression.ridge(z, known, questions, strengths=asked.strengths), y) | back

    def teach(fit: Fit, watch: parallel.Watch) -> dict[str, Any]:
        place = Place(stage.scratch / f"{'-'.join(map(str, fit[:3]))}-{fit.counts[0]}-{fit.seed}.pt", stage.fingerprint)
        result = checkpoint.load(place)
        if result is None:
            pool, part = parts(fit.target, fit.seed)
            told = {m: few(fit.target, pool, m, fit.seed) for m in fit.counts}
            channels, height, width = pool["x"].shape[1:]
            out = len(names) if fit.target == "classes" else pool["y"].shape[1]
            learner = paradigm.build(
                block,
                fit.arm,
                fit.weight,
                encoder,
                decoder,
                (channels, height, width),
                out,
                target=fit.target,
                seed=fit.seed,
            ).to(on)
            terms = paradigm.fit(block, learner, pool, told[fit.counts[0]], fit.seed, compute)
            spent = costs.of(learner, learner.encoder, pool["x"][:1]) | {"presentations": terms.pop("presentations")}
            result = {
                "terms": terms,
                "costs": {m: spent | {"labels_seen": m} for m in fit.counts},
                "told": {m: examine(learner, told[m], part) for m in fit.counts},
            }
            checkpoint.save(place, result)
        watch(result["terms"])
        return result

    def tell(fit: Fit, terms: dict[str, float]) -> None:
        seen = {"step": fit.counts[0]} | {name: value for name, value in terms.items() if name != "step"}
        progress.tell(f"{fit.arm}@{fit.weight:g}", [fit.seed], [seen], fit=fit, taken=1)

    taught = dict(zip(fits, parallel.each(teach, fits, tell, compute), strict=True))
    history, scores = [], []
    for fit, result in taught.items():
        for m in fit.counts:
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
        history.append({"arm": f"{fit.arm}@{fit.weight:g}", "seed": fit.seed, "step": fit.counts[0], **terms})
    stage.record(scores, history)
