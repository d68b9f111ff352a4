"""The variational autoencoders: distortion, rate and likelihood in nats, and what they make."""

import pandas as pd
from markupsafe import Markup

from tutelage import runs
from tutelage.measure import significance
from tutelage.report import comparisons, explorers, figures, parts, planes, tables, verdicts
from tutelage.report.figures import Axis
from tutelage.report.parts import Cell, Figures, Part, Section, Table, Words
from tutelage.report.pictures import png
from tutelage.report.records import Records

OF_ALL = {"distortion": "distortion", "rate": "rate", "elbo": "lower bound"}
OF_SOME = {
    "elbo": "bound, of these",
    "log_likelihood": "ln p(x)",
    "log_likelihood_error": "its error",
}
PICTURES = {
    "samples": "Samples: codes drawn from the prior.",
    "reconstructions": "Reconstructions: test images, and below each what comes back of its mean code.",
    "like": "Like objects: the first of each row is a test image, the others come of codes drawn from its posterior.",
    "walks": "Walks: the first of each row is a test image, the others lead from its code straight to the next row's.",
}


def section(records: Records) -> Section:
    """Needs the record, history and pictures of the variational autoencoders."""
    entries = records.blocks["vae"]
    scores = records.of("likelihoods")
    made: list[Part] = [Words(_found(records, scores)), _bounds(records, scores), _curves(records)]
    shown = next(iter(entries))
    for pair in (("samples", "reconstructions"), ("like", "walks")):
        drawings = [(what, _image(records, shown, what, PICTURES[what])) for what in pair]
        made.append(Figures(drawings, f"{shown}, one seed. " + " ".join(PICTURES[what] for what in pair)))
    for name, entry in entries.items():
        made += _plane(records, name) if entry["latent"] == 2 else []
    return Section("Variational autoencoders", made)


def _found(records: Records, scores: pd.DataFrame) -> list[str]:
    """How far the bound is below the estimate, what is in use, and who is likelier where pixels mean the same."""
    entries = records.blocks["vae"]
    active = tables.cells(scores[scores["metric"] == "active_units"], ("arm",), records.level)
    some = scores[scores["at"] == "images"].pivot_table(index=["arm", "seed"], columns="metric", values="value")
    clauses = []
    for arm, entry in entries.items():
        told = some.loc[arm]
        gap = significance.interval((told["log_likelihood"] - told["elbo"]).to_numpy(), records.level)
        cell, used = parts.interval(gap, 1), parts.number(active[arm,].mean).removesuffix(".0")
        clauses.append(
            f"{arm} {f'{cell.text} {cell.beside}'.strip()} nats, with {used} of {entry['latent']} latent numbers active"
        )
    told = ["The lower bound lies below the estimate of ln p(x) of the same images: " + "; ".join(clauses) + "."]
    likely = scores[scores["metric"] == "log_likelihood"]
    for kind in dict.fromkeys(entry["pixels"] for entry in entries.values()):
        first, *others = [arm for arm, entry in entries.items() if entry["pixels"] == kind]
        if others:
            family = comparisons.compare(likely, [(arm, first) for arm in others], ["at"], records.level)
            told.append(verdicts.said(family, f"ln p(x) of {kind} pixels, against {first}", lambda cells: ""))
    return told


def _bounds(records: Records, scores: pd.DataFrame) -> Table:
    cells = tables.cells(scores, ("arm", "at", "metric"), records.level)
    told = records.blocks["likelihoods"]
    images = next(iter(scores[scores["at"] == "images"]["level"]))
    rows = [
        [
            Cell(arm),
            *(parts.interval(cells[arm, "", metric], 1) for metric in OF_ALL),
            *(parts.interval(cells[arm, "images", metric], 1) for metric in OF_SOME),
            Cell(str(cells[arm, "", "elbo"].n)),
        ]
        for arm in records.blocks["vae"]
    ]
    return Table(
        f"Nats an image, mean over n seeds [{parts.share(records.level)} interval]: three columns of all test images, "
        f"then three of the first {images}",
        ["entry", *OF_ALL.values(), *OF_SOME.values(), "n"],
        rows,
        note=f"ln p(x): the importance-weighted estimate from {parts.number(told['samples'], 0)} samples of z an "
        "image, in the mean too low, and its standard error over images; the bound of these is the mean over the same "
        "samples, so that it cannot be above the estimate. Active: latent numbers whose posterior mean varies by more "
        f"than {told['active']:g}. A Bernoulli distortion of grey pixels is a cross-entropy, and its nats are no "
        "Gaussian's, which are of a density and may be above 0.",
    )


def _curves(records: Records) -> Figures:
    history, entries = records.history("vae"), records.blocks["vae"]
    arms = {str(arm): rows for arm, rows in history.groupby("arm", sort=False)}
    kinds = dict.fromkeys(entry["pixels"] for entry in entries.values())
    asked = [
        (f"distortion, {kind} pixels", "distortion", [arm for arm in arms if entries[arm]["pixels"] == kind])
        for kind in kinds
    ]
    drawings = [
        (title, _curve(title, term, {arm: arms[arm] for arm in those}, records.level))
        for title, term, those in [*asked, ("rate", "rate", list(arms))]
        if those
    ]
    return Figures(drawings, f"Line: mean over seeds; band: {parts.share(records.level)} interval.")


def _curve(title: str, term: str, arms: dict[str, pd.DataFrame], level: float) -> Markup:
    drawn = [figures.line(arm, rows, "step", f"train/{term}", level) for arm, rows in arms.items()]
    ends = ", ".join(f"{line.name} {parts.number(line.mean[-1])}" for line in drawn)
    return figures.lines(
        "vae-" + title.replace(", ", "-").replace(" ", "-"),
        drawn,
        Axis("step"),
        Axis(f"{term}, nats"),
        title=f"{title} as it learns",
        told=f"Mean over seeds at the end: {ends}.",
        size=(340, 270),
        seeds=False,
    )


def _plane(records: Records, name: str) -> list[Part]:
    told = "Images decoded over the plane of two latent numbers, evenly by the prior's share: the middle is z = 0."
    decoded = records.picture(runs.PICTURES / "vae" / f"{name}-plane.png")
    classes = records.about("images")["classes"]
    more = (
        f" Classes after the first {figures.COLOURS} are rings; from twice as many on, colours repeat."
        if len(classes) > figures.COLOURS
        else ""
    )
    explorer = explorers.part(
        records,
        runs.PICTURES / "vae",
        name,
        classes,
        title="A walk over the plane",
        caption=f"{name}, one seed. The posterior means of the test part, a colour a class, its name where the medians "
        "of its dots lie; a dot says its class when pointed at. Below them the density of codes drawn from the "
        "posteriors, as a multiple of the prior's. The image is what the decoder makes of the point under the circle: "
        f"the page computes it from the decoder's own weights, in 16 bits.{more}",
    )
    grid = planes.picture(f"vae-{name}-grid", decoded, title="What is decoded", told=told)
    return [explorer, Figures([("The whole plane", grid)], f"{name}, one seed. {told}")]


def _image(records: Records, name: str, what: str, told: str) -> Markup:
    return png(records, runs.PICTURES / "vae" / f"{name}-{what}.png", f"{name}, {what}. {told}")
