"""Episodes a second, and prototypes on Omniglot by the split of Vinyals: `python bench/episodes.py [MINUTES [PART]]`.

Conv4-64 is taught by episodes of 20 ways, one shot and five queries for as long as is said (20 minutes where nothing
is), on all cores in bfloat16, and asked about 1,000 episodes of test classes. What it prints is bench/episodes.md.
PART val asks about validation classes instead: by these rates are chosen.
"""

import datetime
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).parent.parent))

import torch
from torch import Tensor

from bench.peers import processor
from tutelage import streams
from tutelage.data import fetching, omniglot
from tutelage.data.episodes import Episodes, Members, Size
from tutelage.measure import exam, few_shot
from tutelage.measure.significance import interval
from tutelage.nn.conv4 import Conv4
from tutelage.paradigms.prototypes import Prototypes
from tutelage.params import Compute
from tutelage.training import device, loop
from tutelage.training.schedule import warmed_cosine

MINUTES, PART = (*sys.argv[1:], *("20", "test")[len(sys.argv) - 1 :])
SECONDS = 60 * float(MINUTES)
CUDA = torch.cuda.is_available()
TAUGHT = Size(60 if CUDA else 20, 1, 5)
ASKED = [Size(way, shots, 15) for way in (5, 20) for shots in (1, 5)]
EPISODES, BLOCK = 1000, 50  # asked about; at once
RATE, LOOK = 0.002, 20  # learning rate; steps between two looks at the clock

compute = Compute(
    device="cuda" if CUDA else "cpu", precision="bfloat16", matmul_precision="medium", threads=os.cpu_count() or 1
)
on = device.ready(compute)
with tempfile.TemporaryDirectory() as folder:
    raw = Path(folder, "omniglot")
    fetching.fetch("omniglot", raw)
    drawings, split = omniglot.read(raw), omniglot.split(raw)


def part(name: str) -> tuple[Tensor, Members]:
    images, labels = omniglot.turned(drawings, split[name])
    return torch.from_numpy(images).to(on, torch.float32) / 255, Members(torch.from_numpy(labels))


def accuracy(z: Tensor, members: Members, size: Size) -> str:
    """Percent, and 95 % over episodes; the net is one."""
    draws = streams.generator(0, f"episodes/{size}")
    blocks = (members.draw(size, BLOCK, draws) for _ in range(EPISODES // BLOCK))
    told = [few_shot.nearest(z, rows, size.shots) for rows in blocks]
    found = interval(100 * torch.cat(told).cpu().numpy())
    return f"{found.mean:.2f} ± {found.mean - found.low:.2f}"


def speed(source: Episodes, episodes: int) -> float:
    """Episodes drawn in a second."""
    start = time.perf_counter()
    for _ in range(episodes):
        source.draw()
    return episodes / (time.perf_counter() - start)


def teach(learner: Prototypes, source: Episodes) -> int:
    """Until the clock says so, which also leads the rate: who else computes here costs steps and no minutes."""
    start = time.perf_counter()

    def gone() -> float:
        return min(1.0, (time.perf_counter() - start) / SECONDS)

    learner.train()
    taken = 0
    for taken, terms in loop.epochs(
        learner,
        source,
        learner.optimizers(),
        steps=sys.maxsize,
        every=LOOK,
        schedule=lambda _: warmed_cosine(gone()),
        autocast=device.autocast(compute),
    ):
        print(taken, {name: round(float(value), 4) for name, value in terms.items()}, file=sys.stderr, flush=True)
        if gone() == 1:
            break
    learner.eval()
    return taken


def born() -> Prototypes:
    with streams.born(0, "encoder"):
        return Prototypes(Conv4((1, 28, 28)), TAUGHT.shots, learning_rate=RATE, weight_decay=0.0).to(on)


x, members = part("train")
source = Episodes(x, members, TAUGHT, streams.generator(0, "episodes"))
drawn = speed(source, 300)
learner = born().eval()
asked, classes = part(PART)
rows = {"pixels": asked.flatten(1), "Conv4-64 as it is born": exam.encoded(learner, asked)}
start = time.perf_counter()
steps = teach(learner, source)
took = time.perf_counter() - start
rows["prototypes, Conv4-64"] = exam.encoded(learner, asked)
print(f"""# Episodes, and Omniglot by prototypes: {datetime.date.today()}

{torch.cuda.get_device_name() if CUDA else processor()}, {compute.threads} threads, torch {torch.__version__}, bfloat16.
Drawn: {drawn:,.0f} episodes a second of {TAUGHT.way} ways, {TAUGHT.shots} shot and {TAUGHT.queries} queries
({TAUGHT.examples} images) out of {len(x):,}. Taught: {steps / took:.1f} a second, {steps:,} in {took / 60:.1f} minutes.

Of {len(classes.names):,} {PART} classes (characters turned by quarters; none was shown in training), by the nearest
mean code, accuracy in percent, mean ± 95 % over {EPISODES:,} episodes of 15 queries a class; one net, so that the
interval does not hold the chance of its birth. It normalises by the means of training.

| | {" | ".join(f"{size.way} ways, {size.shots} shot" + "s" * (size.shots > 1) for size in ASKED)} |
|---|{"---|" * len(ASKED)}""")
for name, z in rows.items():
    print(f"| {name} | {' | '.join(accuracy(z, classes, size) for size in ASKED)} |")
