"""Presentations a second of the map's batch rule, side by side with MiniSom's and somoclu's, and with its own products.

`python bench/som.py` installs the peers of bench/som_peers.txt once, in the user's cache. What it prints is committed,
dated, as bench/som.md. Every contender trains in a process of its own, in turns, and only its training is timed.
"""

import datetime
import itertools
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from bench.peers import interpreter, pinned, processor
from tutelage import params
from tutelage.measure import maps
from tutelage.objectives import kohonen as grid
from tutelage.paradigms import kohonen
from tutelage.paradigms.competition import Course
from tutelage.training import device

HERE = Path(__file__).parent
PINS = HERE / "som_peers.txt"
ROUNDS, PASSES, RADIUS, SIDE = 3, 10, 3.0, 20
LARGE, WIDE, TALL = 60_000, 784, 40


def born(x: Tensor, side: int, passes: int) -> kohonen.Map:
    """A map of ours, its radius from RADIUS to a third of it."""
    block = params.read(kohonen.Params, "kohonen").model_copy(
        update={
            "size": (side, side),
            "topology": "rectangular",
            "radius": Course(start=RADIUS, end=RADIUS / 3),
            "passes": passes,
            "k": 1,
            "initialisation": "components",
        }
    )
    return kohonen.build(block, "map_batch", x, 0, "the bench's data")


def ours(source: str, side: str, passes: str, left: str) -> None:
    """Trains, prints the seconds, leaves the centres, as bench/som_peers.py does."""
    ready()
    x = torch.from_numpy(np.load(source))
    learner = born(x, int(side), int(passes))
    begun = time.perf_counter()
    for _ in range(learner.total):
        learner.update({"x": x}, {})
    print(time.perf_counter() - begun)
    np.save(left, learner.w.numpy())


def ready(**other: str) -> None:
    compute = params.read(params.Compute, "compute")
    device.ready(compute.model_copy(update={"device": "cpu", "threads": os.cpu_count(), **other}))


def large(examples: str, precision: str) -> None:
    """Prints the median seconds of a pass, of its matrix products alone, and the bytes of memory a pass takes more."""
    ready(matmul_precision=precision)
    x = torch.rand(int(examples), WIDE, generator=torch.Generator().manual_seed(0))
    learner = born(x[:5000], TALL, 100)
    learner.update({"x": x[:5000]}, {})  # what is made once is made
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    took: list[tuple[float, float]] = []
    block, w = params.read(kohonen.Params, "kohonen").block, learner.w
    square = torch.rand(TALL**2, TALL**2)
    for _ in range(5):
        begun = time.perf_counter()
        learner.update({"x": x}, {})
        middle = time.perf_counter()
        for part in x.split(block):
            part @ w.T
        square @ w
        took.append((middle - begun, time.perf_counter() - middle))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pairs = [statistics.median(column) for column in zip(*took, strict=True)]
    print(*pairs, statistics.median(a / b for a, b in took), (after - before) * 1024)


def main() -> None:
    peers, pins = interpreter(PINS), pinned(PINS)
    x = np.load("data/prepared/tables/samples/digits/x.npy")
    near = grid.neighbours(grid.grid_distances(grid.nodes((SIDE, SIDE), "rectangular"))).numpy()
    print(f"# The batch rule of the map, side by side: {datetime.date.today()}\n")
    print(
        f"`python bench/som.py` after `make repro`: {processor()}, {os.cpu_count()} cores and threads; Python "
        f"{platform.python_version()}, torch {torch.__version__.split('+')[0]}, MiniSom {pins['minisom']}, somoclu "
        f"{pins['somoclu']}. {ROUNDS} rounds in turns, each training in a process of its own, imports and "
        "initialisation not timed. Ratios are paired round by round.\n"
    )
    print(
        f"**digits / 16, {len(x):,} × {x.shape[1]}, {SIDE}×{SIDE}, {PASSES} passes, radius 3 to 1, from components**\n"
    )
    commands = {
        "Tutelage": [sys.executable, __file__, "ours"],
        "MiniSom, train_batch_offline": [str(peers), str(HERE / "som_peers.py"), "minisom"],
        "somoclu, dense CPU kernel": [str(peers), str(HERE / "som_peers.py"), "somoclu"],
    }
    speeds: dict[str, list[float]] = {who: [] for who in commands}
    errors: dict[str, tuple[float, float]] = {}
    environment = {**os.environ, "OMP_NUM_THREADS": str(os.cpu_count())}
    with tempfile.TemporaryDirectory() as folder:
        source, left = f"{folder}/x.npy", f"{folder}/w.npy"
        np.save(source, x)
        start = born(torch.from_numpy(x), SIDE, PASSES).w.numpy()
        for turn in range(ROUNDS):
            for who in commands if turn % 2 == 0 else reversed(commands):
                np.save(left, start)
                more = [str(SIDE), str(PASSES)] if who == "Tutelage" else [str(SIDE), str(RADIUS), str(PASSES)]
                ran = subprocess.run(
                    [*commands[who][:3], source, *more, left],
                    env=environment,
                    capture_output=True,
                    text=True,
                    check=True,
                )
                speeds[who].append(PASSES * len(x) / float(ran.stdout.split()[-1]))
                rho: NDArray[np.float64] = maps.distances(x.astype(float), np.load(left).astype(float))
                errors[who] = maps.quantization_error(rho), maps.topographic_error(rho, near)
        print(
            "| contender | presentations a second: median (min–max) | ours ÷ its | quantization | topographic error |"
        )
        print("|---|---|---|---|---|")
        for who, rows in speeds.items():
            ratio = statistics.median(a / b for a, b in zip(speeds["Tutelage"], rows, strict=True))
            told = f"{statistics.median(rows):,.0f} ({min(rows):,.0f}–{max(rows):,.0f})"
            print(f"| {who} | {told} | {ratio:.1f} | {errors[who][0]:.4f} | {errors[who][1]:.4f} |", flush=True)
    print(f"\n**{WIDE} uniform numbers an example, {TALL}×{TALL}, one pass: median of 5**\n")
    print("| products | examples | a pass, s | its products alone, s | ratio | more memory, MiB |")
    print("|---|---|---|---|---|---|")
    for precision, examples in itertools.product(("highest", "medium"), (LARGE // 4, LARGE)):
        told = subprocess.run(
            [sys.executable, __file__, "large", str(examples), precision],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        whole, products, ratio, memory = map(float, told.split())
        print(
            f"| {precision} | {examples:,} | {whole:.3f} | {products:.3f} | {ratio:.2f} | {memory / 2**20:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        (ours if sys.argv[1] == "ours" else large)(*sys.argv[2:])
    else:
        main()
