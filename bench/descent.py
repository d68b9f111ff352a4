"""What AdamW's memory and a warm-up are worth in a fit of a thousand steps, and each way's rate, by validation.

`python bench/descent.py` after `make repro`. Weights and orders are of seeds that the pipeline does not use; nothing is
judged on a test part. Prints Markdown tables; five minutes on two cores.
"""

import datetime
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

import torch

from tutelage import params, streams
from tutelage.data import batches, views
from tutelage.measure import exam
from tutelage.paradigms import autoencoder, supervised, vae
from tutelage.training import device, fitting, learner, parallel, schedule

SEEDS = (101, 102)
RATES = (0.003, 0.005, 0.0075, 0.01, 0.015, 0.02)
IMAGES = Path("data/prepared/images")
AS_IT_COMES, SHORT = ((0.9, 0.999), 1e-9), (learner.BETAS, schedule.WARM)


class Fit(NamedTuple):
    """One descent."""

    way: str  # a block of params.yaml, or an entry of one
    recipe: tuple[tuple[float, float], float]  # AdamW's betas, the share of warm-up
    presentations: int
    rate: float
    seed: int


compute = params.read(params.Compute, "compute")
budget = params.read(params.Budget, "budget")
encoder, decoder = params.read(params.Encoder, "encoder"), params.read(params.Decoder, "decoder")
on = device.ready(compute)
about = batches.about(IMAGES)
train, valid = (batches.load(IMAGES / part, on) for part in ("train", "valid"))


def born(fit: Fit) -> tuple[learner.Learner, batches.View | None]:
    """The learner at the rate that is tried, and what it is given to see."""
    kind, rate, seed, shape = fit.way.partition(".")[0], {"learning_rate": fit.rate}, fit.seed, about["shape"]
    if kind == "pretrain":
        taught = params.read(supervised.Params, kind).model_copy(update=rate)
        return supervised.build(taught, encoder, shape, len(about["classes"]), seed), views.shift(taught.shift)
    if kind == "vae":
        entry = params.read(vae.Params, fit.way).model_copy(update=rate)
        return vae.build(entry, encoder, decoder, shape, seed), views.latent(entry.samples, entry.latent)
    block = params.read(autoencoder.Params, fit.way).model_copy(update=rate)
    return autoencoder.build(block, encoder, decoder, shape, seed), block.noise.view()


def descend(fit: Fit, watch: parallel.Watch) -> tuple[float, float]:
    """The loss on the validation part at the end; of pretrain also its accuracy there."""
    learner.BETAS, schedule.WARM = fit.recipe
    one, view = born(fit)
    order, draws = streams.generator(fit.seed, "batches"), streams.generator(fit.seed, "views")
    columns = train if fit.way == "pretrain" else {"x": train["x"]}
    source = batches.Batches(columns, budget.batch_size, order, view, draws)
    fitting.fit(one.to(on), source, steps=fit.presentations // budget.batch_size, compute=compute)
    with torch.no_grad():
        asked = view(valid, draws) if view and fit.way != "pretrain" else valid
        loss = float(one.loss(asked)[0])
    accuracy = exam.direct(one, valid["x"], valid["y"])["accuracy"] if isinstance(one, supervised.Classifier) else 0
    return loss, accuracy


def table(title: str, head: str, rows: dict[str, Callable[[float, int], Fit]]) -> None:
    """A row a name, a column a rate: the loss, in bold the least of a row."""
    fits = [row(rate, seed) for row in rows.values() for rate in RATES for seed in SEEDS]
    told = dict(zip(fits, parallel.each(descend, fits, lambda fit, said: None, compute), strict=True))
    print(f"\n**{title}**\n")
    print(f"| {head} |", *(f"{rate} |" for rate in RATES))
    print("|---|", *("---|" for _ in RATES))
    for name, row in rows.items():
        found = [[told[row(rate, seed)] for seed in SEEDS] for rate in RATES]
        losses, right = ([statistics.fmean(one[i] for one in some) for some in found] for i in (0, 1))
        cells = [f"**{v:.4g}**" if v == min(losses) else f"{v:.4g}" for v in losses]
        cells = [f"{cell} ({100 * r:.1f} %)" if r else cell for cell, r in zip(cells, right, strict=True)]
        print(f"| {name} |", *(f"{cell} |" for cell in cells), flush=True)


def tried(way: str, recipe: tuple[tuple[float, float], float], shown: int) -> Callable[[float, int], Fit]:
    return lambda rate, seed: Fit(way, recipe, shown, rate, seed)


print(f"# AdamW in a fit of a thousand steps: {datetime.date.today()}\n")
print("`python bench/descent.py`: the loss on the validation part at the end (with accuracy, of pretrain), mean over")
print(f"{len(SEEDS)} seeds that the pipeline does not use, by learning rate; in bold the least of a row.")
told_of = {
    "β .9, .999, no warm-up": AS_IT_COMES,
    f"β {', '.join(map(str, learner.BETAS))}, warm-up {schedule.WARM}": SHORT,
}
for way in ("pretrain", "autoencoders.deep"):
    table(
        way,
        "AdamW, presentations",
        {
            f"{name}; {shown:,}": tried(way, recipe, shown)
            for name, recipe in told_of.items()
            for shown in (20_000, 30_000)
        },
    )
blocks = params.load()
ways = [f"{family}.{name}" for family in ("autoencoders", "vae") for name in blocks[family] if name != "pca"]
table(
    f"each way, {budget.presentations:,} presentations", "way", {w: tried(w, SHORT, budget.presentations) for w in ways}
)
