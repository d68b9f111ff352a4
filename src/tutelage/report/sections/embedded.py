"""Deep's encoder inside a deeper classifier: accuracy against labels, and the arms against each other."""

import pandas as pd
from markupsafe import Markup

from tutelage.report import comparisons, figures, parts, verdicts
from tutelage.report.figures import Axis
from tutelage.report.parts import Figures, Part, Words
from tutelage.report.records import Records

ARMS = {
    "finetuned": "deep's encoder, which goes on learning with the layers above it: end to end",
    "frozen": "deep's encoder as it is",
    "scratch": "an encoder just born, which learns: labels alone",
    "random": "an encoder just born, as it is: the floor",
}
# Three questions, three families of comparisons.
ASKED = {
    "scratch": ("labels alone", ("finetuned", "frozen")),
    "frozen": ("deep's encoder as it is", ("finetuned",)),
    "random": ("the floor", ("finetuned", "frozen", "scratch")),
}


def found(records: Records) -> list[Part]:
    """Words from the verdicts, the drawing, and a table a question."""
    scores = records.of("embedded").query("metric == 'accuracy'")
    share, block = parts.share(records.level), records.blocks["embedded"]
    families = {
        against: comparisons.compare(scores, [(arm, against) for arm in arms], ["level"], records.level)
        for against, (_, arms) in ASKED.items()
    }
    said = [
        verdicts.said(
            families[against], f"A deeper classifier, against {against} ({told})", verdicts.at("labels a class")
        )
        for against, (told, _) in ASKED.items()
    ]
    tables = [
        verdicts.table(
            f"Accuracy of the deeper classifier less that of {against} ({told}), points: mean paired difference "
            f"[{share} interval]",
            ["arm", "labels a class"],
            families[against],
            scale=100,
        )
        for against, (told, _) in ASKED.items()
    ]
    caption = (
        f"A classifier with {block['hidden']} units between the code and the classes, {block['steps']} steps in every "
        f"arm, on the test part. {'; '.join(f'{arm}: {told}' for arm, told in ARMS.items())}. Learning rates: of each "
        "arm and number of labels the best of one grid, on the validation part with other draws. Line: mean over "
        f"seeds; band: {share} interval; dots: each seed; dashed: guessing."
    )
    return [
        Words([" ".join(said)], heading="A vectoriser inside a deeper classifier"),
        Figures([("Accuracy against labels a class", _drawing(records, scores))], caption),
        *tables,
    ]


def _drawing(records: Records, scores: pd.DataFrame) -> Markup:
    drawn = [figures.line(arm, scores[scores["arm"] == arm], "level", "value", records.level) for arm in ARMS]
    ticks = sorted({at for line in drawn for at in line.x})
    ends = ", ".join(f"{line.name} from {100 * line.mean[0]:.1f} to {100 * line.mean[-1]:.1f}" for line in drawn)
    return figures.lines(
        "uses-embedded",
        drawn,
        Axis("labels a class", ticks, log=True),
        Axis("accuracy on test, %", [0, 0.2, 0.4, 0.6, 0.8, 1], percent=True, limits=(0, 1.02)),
        title="Accuracy of a deeper classifier against labels a class",
        told=f"Mean accuracy in percent from {ticks[0]:g} to {ticks[-1]:g} labels a class: {ends}.",
        size=(560, 360),
        dashed=("guessing", 1 / len(records.about("images")["classes"])),
    )
