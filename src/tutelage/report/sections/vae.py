"""The variational autoencoders: distortion, rate and likelihood in nats, and what they make."""

import json

from markupsafe import Markup

from tutelage import runs
from tutelage.report import figures, parts, tables
from tutelage.report.figures import Axis
from tutelage.report.parts import Cell, Figures, Part, Section, Table
from tutelage.report.records import Records
from tutelage.report.sections.uses import png

COLUMNS = {
    "distortion": "distortion",
    "rate": "rate",
    "elbo": "lower bound",
    "log_likelihood": "ln p(x), estimate",
    "log_likelihood_error": "its error over images",
    "active_units": "active units",
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
    made: list[Part] = [_bounds(records), _curves(records)]
    shown = next(iter(entries))
    made.append(
        Figures(
            [(what, _image(records, shown, what, told)) for what, told in PICTURES.items()],
            f"{shown}, one seed. " + " ".join(PICTURES.values()),
        )
    )
    for name, entry in entries.items():
        if entry["latent"] == 2:
            made.append(_plane(records, name))
    return Section("Variational autoencoders", made)


def _bounds(records: Records) -> Table:
    cells = tables.cells(records.of("likelihoods"), ("arm", "metric"), records.level)
    told = records.blocks["likelihoods"]
    rows = [
        [Cell(arm), *(parts.interval(cells[arm, metric], 1) for metric in COLUMNS), Cell(str(cells[arm, "elbo"].n))]
        for arm in records.blocks["vae"]
    ]
    return Table(
        f"Test part, nats an image: mean over n seeds [{parts.share(records.level)} interval]",
        ["entry", *COLUMNS.values(), "n"],
        rows,
        note=f"ln p(x): the importance-weighted estimate from {parts.number(told['samples'], 0)} samples of z for each "
        f"of the first {parts.number(told['images'], 0)} test images, in the mean too low; the other columns are of "
        f"all test images. Active: latent numbers whose posterior mean varies by more than {told['active']:g}. A "
        "Bernoulli distortion of grey pixels is a cross-entropy, and its nats are no Gaussian's.",
    )


def _curves(records: Records) -> Figures:
    history = records.history("vae")
    drawings = []
    for term in ("distortion", "rate"):
        arms = [(str(arm), rows) for arm, rows in history.groupby("arm", sort=False) if arm != "gaussian"]
        drawn = [figures.line(arm, rows, "step", f"train/{term}", records.level) for arm, rows in arms]
        ends = ", ".join(f"{line.name} {parts.number(line.mean[-1])}" for line in drawn)
        drawing = figures.lines(
            f"vae-{term}",
            drawn,
            Axis("step"),
            Axis(f"{term}, nats"),
            title=f"{term} as it learns",
            told=f"Mean over seeds at the end: {ends}.",
            size=(470, 300),
            seeds=False,
        )
        drawings.append((term, drawing))
    return Figures(drawings, "Of the entries with a Bernoulli distortion. Line: mean over seeds; band: its interval.")


def _plane(records: Records, name: str) -> Figures:
    told = "Images decoded over the plane of two latent numbers, evenly by the prior's share: the middle is z = 0."
    codes = json.loads(records.picture(runs.PICTURES / "vae" / f"{name}-codes.json"))
    classes = records.about("images")["classes"]
    dots = Markup().join(
        Markup('<circle cx="{:.4f}" cy="{:.4f}" r="0.006" fill="var(--series-{})"><title>{}</title></circle>').format(
            x, 1 - y, kind % 8, classes[kind]
        )
        for x, y, kind in codes
    )
    said = f"{len(codes)} test images on the same plane, by the prior's share of each number, coloured by class."
    scatter = Markup(
        '<svg role="img" aria-labelledby="vae-{0}-title vae-{0}-told" viewBox="0 0 1 1"><title id="vae-{0}-title">{1}'
        '</title><desc id="vae-{0}-told">{2}</desc><rect width="1" height="1" fill="none" stroke="var(--rule)" '
        'stroke-width="0.003"/>{3}</svg>'
    ).format(name, "Where test images lie", said, dots)
    return Figures(
        [("the plane", _image(records, name, "plane", told)), ("test codes on it", scatter)],
        f"{told} Beside it the posterior means of the test part on the same axes, a colour a class (two classes share "
        "one where there are more than eight; a dot says its class when pointed at). One seed.",
    )


def _image(records: Records, name: str, what: str, told: str) -> Markup:
    return png(records, runs.PICTURES / "vae" / f"{name}-{what}.png", f"{name}, {what}. {told}")
