"""Adversarial pairs: how the game goes, whether it collapses, and what the saturating loss costs the generator."""

import math

import pandas as pd
from markupsafe import Markup

from tutelage.measure import significance
from tutelage.report import comparisons, figures, parts, tables, verdicts
from tutelage.report.figures import Axis
from tutelage.report.parts import Cell, Figures, Section, Table, Words
from tutelage.report.records import Records

SATURATES, RIVAL = "minimax", "non_saturating"
SINCE = "Each value is the mean over the steps since the one before."
SHOWN = {
    "valid/class_entropy": ("Classes among samples", Axis("entropy of their shares, nats")),
    "told_apart": ("Told apart by the discriminator", Axis("real images and fakes, %", percent=True)),
    "train/generator_gradient": ("What the generator is told", Axis("norm of its gradient")),
}


def section(records: Records) -> Section:
    """Needs the records and histories of all entries of `gans`."""
    entries = list(records.blocks["gans"])
    history = pd.concat([records.history(f"gan@{name}") for name in entries])
    scores = pd.concat([records.of(f"gan@{name}") for name in entries])
    ahead = scores[scores["at"] == "ahead"]
    classes, even = len(records.about("images")["classes"]), records.blocks["generation"]["even"]
    return Section(
        "Adversarial pairs",
        [
            Words([collapse(history, classes, even)]),
            game("gan", history, records.blocks["budget"]["batch_size"], records.level),
            ends(history, classes, records.level),
            *_ahead(ahead, records),
        ],
    )


def collapse(history: pd.DataFrame, classes: int, even: float) -> str:
    """Which pairs miss classes at the end, and which, in part, hit some far more often: `even` is of the most entropy
    that there can be the share below which that is said."""
    bound, told = even * math.log(classes), []
    all_seeds = "every seed" if history["seed"].nunique() > 1 else "its one seed"
    for arm, rows in _last(history):
        missing = rows["valid/classes_hit"] < classes
        uneven = ~missing & (rows["valid/class_entropy"] < bound)
        if missing.any():
            least = parts.number(rows["valid/classes_hit"].min(), 0)
            told.append(f"{arm} collapses in {_share(missing)}: samples hit as few as {least} of {classes} classes")
        if uneven.any():
            least = parts.number(rows["valid/class_entropy"][uneven].min(), 2)
            told.append(
                f"{arm} collapses in part in {_share(uneven)}: samples hit all {classes} classes, at an entropy of "
                f"their shares of {least} nats at the least, below {parts.number(bound, 2)}"
            )
    none = (
        f"No pair collapses: at the end the samples of {all_seeds} hit all {classes} classes, at an entropy of their "
        f"shares of {parts.number(bound, 2)} nats or more."
    )
    return f"{'; '.join(told)}." if told else none


def _share(seeds: "pd.Series[bool]") -> str:
    return f"{seeds.sum()} of {len(seeds)} seeds" if len(seeds) > 1 else "its one seed"


def game(name: str, history: pd.DataFrame, batch: int, level: float) -> Figures:
    """How the game went, of batches of so many images."""
    accuracy, seeds = (history["train/real_accuracy"] + history["train/fake_accuracy"]) / 2, _seeds(history)
    history, drawings = history.assign(told_apart=accuracy), []
    for metric, (title, axis) in SHOWN.items():
        drawn = [
            figures.line(str(arm), rows, "step", metric, level) for arm, rows in history.groupby("arm", sort=False)
        ]
        ends = ", ".join(f"{line.name} {line.mean[-1]:.3g}" for line in drawn)
        drawing = figures.lines(
            f"{name}-" + metric.replace("/", "-").replace("_", "-"),
            drawn,
            Axis("step"),
            axis,
            title=title,
            told=f"{seeds} at the end: {ends}.",
            size=(340, 260),
            seeds=False,
        )
        drawings.append((title, drawing))
    return Figures(
        drawings,
        f"A step of both players is a batch of {batch} images and as many fakes. The "
        "classifier that was pre-trained on all classes says of which class a sample is; half of real images and fakes "
        f"are told apart by guessing. {_drawn(history, level)}",
    )


def ends(history: pd.DataFrame, classes: int, level: float) -> Table:
    """What the last step left, and of the players' own figures their mean over the last epoch."""
    columns = {
        "valid/classes_hit": ("classes hit", 1, 1),
        "valid/class_entropy": (f"entropy of classes, nats (most: {math.log(classes):.2f})", 2, 1),
        "train/real_accuracy": ("real taken for real, %", 1, 100),
        "train/fake_accuracy": ("fakes found out, %", 1, 100),
        "valid/effective_rank": ("effective rank of its codes", 1, 1),
    }
    rows = []
    for arm, told in _last(history):
        cells = [
            parts.interval(significance.interval(told[metric].to_numpy(dtype=float), level), digits, scale=scale)
            for metric, (_, digits, scale) in columns.items()
        ]
        rows.append([Cell(str(arm)), *cells, Cell(str(len(told)))])
    many = f"mean over n seeds [{parts.share(level)} interval]"
    return Table(
        f"At the end: {many if history['seed'].nunique() > 1 else 'one seed, so that there is no interval'}",
        ["pair", *(name for name, _, _ in columns.values()), "n"],
        rows,
        note="Real and fakes: in the mean over the last epoch. Effective rank: in how many directions the "
        "discriminator's codes of unseen images spread.",
    )


def _seeds(rows: pd.DataFrame) -> str:
    return "Mean over seeds" if rows["seed"].nunique() > 1 else "One seed"


def _drawn(rows: pd.DataFrame, level: float) -> str:
    """What a line and its band are."""
    if rows["seed"].nunique() == 1:
        return "Line: one seed, so that there is no interval."
    return f"Line: mean over seeds; band: {parts.share(level)} interval."


def _last(history: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    return [(str(arm), rows[rows["step"] == rows["step"].max()]) for arm, rows in history.groupby("arm", sort=False)]


def _ahead(ahead: pd.DataFrame, records: Records) -> list[Words | Figures | Table]:
    """The discriminator alone moves: what is left of the generator's gradient, pair by pair."""
    slopes = ahead[ahead["metric"] == "generator_gradient"]
    family = comparisons.compare(slopes, [(RIVAL, SATURATES)], ["level"], records.level)
    cells = tables.cells(slopes, ("arm", "level"), records.level)
    *earlier, last = sorted({level for _, level in cells}, key=float)
    first = int(earlier[-1]) + 1 if earlier else 1  # a look is the mean over the steps since the one before
    ends = [f"{arm} {parts.number(value.mean, 3)}" for (arm, level), value in cells.items() if level == last]
    words = Words(
        [
            f"Where only the discriminator learns, the norm of the generator's gradient is {parts.series(ends)} in the "
            f"mean over {f'steps {first} to {last}' if first < int(last) else f'step {last}'}. "
            + verdicts.said(family, f"Larger taken for better, against {SATURATES}", verdicts.at("steps"))
        ],
        heading="What the saturating loss costs",
    )
    names = {"generator_gradient": "norm of its gradient", "fake_accuracy": "fakes found out, %"}
    drawings = [
        (name, _alone(ahead[ahead["metric"] == metric], metric, name, records)) for metric, name in names.items()
    ]
    told = verdicts.table(
        f"Norm of the generator's gradient, less that of {SATURATES}: mean paired difference "
        f"[{parts.share(records.level)} interval]",
        ["pair", "steps"],
        family,
        digits=3,
        note=SINCE,
    )
    caption = (
        "The generator stands still and the discriminator gets ahead of it. ln(1 − D(G(z))) is flat where D is near 0; "
        f"−ln D(G(z)) is steep there. {SINCE} {_drawn(ahead, records.level)}"
    )
    return [words, Figures(drawings, caption), told]


def _alone(rows: pd.DataFrame, metric: str, name: str, records: Records) -> Markup:
    drawn = [
        figures.line(str(arm), some, "level", "value", records.level) for arm, some in rows.groupby("arm", sort=False)
    ]
    ends = ", ".join(f"{line.name} {line.mean[-1]:.3g}" for line in drawn)
    return figures.lines(
        f"gan-ahead-{metric}".replace("_", "-"),
        drawn,
        Axis("steps of the discriminator alone"),
        Axis(name, percent=name.endswith("%")),
        title=f"{name}, the discriminator ahead",
        told=f"{_seeds(rows)} at the end: {ends}.",
        size=(470, 300),
        seeds=False,
    )
