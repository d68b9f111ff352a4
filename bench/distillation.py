"""How long the nets of the stage `distill` take for an image, alone and in a batch.

`python bench/distillation.py` after `make repro`: one thread; of each net the median of rounds that take all nets in
turn, so that a slow second is everybody's. Prints a Markdown table; half a minute.
"""

import datetime
import platform
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

import torch

from tutelage import params
from tutelage.data import batches
from tutelage.measure import costs
from tutelage.nn import weights
from tutelage.paradigms import distillation
from tutelage.training import device

MODELS, IMAGES = Path("models/distill"), Path("data/prepared/images")
ROUNDS, BATCH = 40, 256

compute = params.read(params.Compute, "compute")
seed = params.read(params.Budget, "budget").seeds[0]
block = params.read(distillation.Params, "distill")
about = batches.about(IMAGES)
x = batches.load(IMAGES / "valid", device.ready(compute))["x"]
nets = {"teacher": distillation.teacher(block, about["shape"], len(about["classes"]), seed)}
weights.give(nets["teacher"], MODELS / f"teacher-{seed}.safetensors")
for size, encoder in enumerate(block.students):
    student = distillation.build(block, "soft", encoder, about["shape"], len(about["classes"]), seed)
    weights.give(student, MODELS / f"soft-{size}-{seed}.safetensors")
    nets[f"student {size}"] = student

took: dict[tuple[str, int], list[float]] = {(name, n): [] for name in nets for n in (1, BATCH)}
with torch.no_grad():
    for _ in range(ROUNDS):
        for (name, n), seconds in took.items():
            asked, repeats = x[:n], 50 if n == 1 else 2
            nets[name].predict(asked)
            began = time.perf_counter()
            for _ in range(repeats):
                nets[name].predict(asked)
            seconds.append((time.perf_counter() - began) / repeats / len(asked))

print(f"{datetime.date.today()}, {platform.machine()}, one thread, torch {torch.__version__}\n")
print(f"| net | weights | operations | one image, µs | of {len(x[:BATCH])}, µs an image | times the teacher's speed |")
print("|---|---|---|---|---|---|")
middle = {at: 1e6 * statistics.median(seconds) for at, seconds in took.items()}
for name, net in nets.items():
    alone, many = middle[name, 1], middle[name, BATCH]
    faster = f"{middle['teacher', 1] / alone:.1f}, {middle['teacher', BATCH] / many:.1f}"
    print(
        f"| {name} | {costs.weights(net):,} | {costs.operations(net.encoder, x[:1]):,} | {alone:.0f} | {many:.1f} | "
        f"{faster} |"
    )
