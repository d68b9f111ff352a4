"""What the numbers cover and what they do not."""

from tutelage.report import comparisons, parts
from tutelage.report.parts import Facts, Section
from tutelage.report.records import Records


def section(records: Records) -> Section:
    """The rules by which all other sections speak."""
    level, alpha = parts.share(records.level), f"{1 - records.level:.6g}"
    facts = [
        (
            "intervals",
            f"Student's t over seeds, {level}. They cover the chance of the start, of the order of examples and of the "
            "draw of labels. They do not cover the chance that lies in the test part: it is the same for all seeds.",
        ),
        (
            "comparisons",
            "Paired by seed: both arms of a pair have the same labels and the same pre-trained encoder, where they "
            "have one. The p of a paired t-test is corrected by Holm's rule within its question: all comparisons "
            "with labels alone are one family, those with the floor another; each table says how many.",
        ),
        (
            "verdicts",
            f"Better or worse where the corrected p is below {alpha} and at least {comparisons.FEWEST} seeds ran. "
            "Otherwise a comparison is open, which does not say that two arms are equal.",
        ),
        (
            "tuning",
            "Learning rates and all other settings stand in params.yaml before the run, and beside each how it was "
            "chosen: most rates on one grid for all arms, by the validation part (bench/), some by hand, few not at "
            "all. Nothing is chosen during a run: no early stopping, no best epoch, no look at a test part.",
        ),
        (
            "labels",
            "An axis of labels counts those of the target. What an encoder saw before stands beside its arm.",
        ),
    ]
    return Section("How to read the numbers", [Facts(facts)])
