"""Samples a second that the loop teaches, side by side with a bare hand-written loop, Lightning and pythae.

`python bench/loop.py` installs the peers of bench/peers.txt once, in the user's cache. What it prints is committed,
dated, as bench/loop.md. Every contender runs in a process of its own, in turns, and only its training is timed.
What else runs on the machine slows two threads out of all proportion: a training that was disturbed is run again.
"""

import datetime
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).parent.parent))

import psutil
import torch
from torch import Tensor
from torch.optim import AdamW

from bench.loop_nets import CNN, VAE, Task, answer, columns, net
from bench.peers import interpreter, pinned, processor
from tutelage import params, streams
from tutelage.data.batches import Batch, Batches
from tutelage.paradigms.supervised import Classifier
from tutelage.training import device, fitting
from tutelage.training.learner import Learner, Logs

ROUNDS = 8
BATCHES = 117  # of 128 examples, a training; in all rounds 120,000 presentations
QUIET = 0.06  # of the processor, that others may take while one trains; else it trains again
PATIENCE = 300  # seconds of waiting for that, then the least disturbed training is taken, and counted as such
KEPT = {"MALLOC_TRIM_THRESHOLD_": str(2**30), "MALLOC_MMAP_THRESHOLD_": str(2**25)}  # glibc's; elsewhere no change
PINS = Path(__file__).with_name("peers.txt")
OPTIMISER = {"learning_rate": 0.001, "weight_decay": 0.01}
RACES = {  # net, batch
    "VAE 784-512-256-32, batch 128": ("vae", 128),
    "default encoder and linear head, batch 128": ("cnn", 128),
    "default encoder and linear head, batch 64": ("cnn", 64),
}
CONTENDERS = {
    "bare loop": ("bare",),
    "bare loop, heap kept": ("bare", "kept"),
    "Tutelage": ("ours",),
    "Lightning, as it comes": ("lightning",),
    "Lightning, our precision": ("lightning", "precision"),
    "Lightning, our precision and fused AdamW": ("lightning", "precision", "fused"),
    "pythae, as it comes": ("pythae",),
    "pythae, our precision": ("pythae", "precision"),
    "pythae, our precision and fused AdamW": ("pythae", "precision", "fused"),
}


class Autoencoder(Learner):
    """The variational autoencoder as a learner of ours."""

    def __init__(self, vae: VAE) -> None:
        super().__init__(**OPTIMISER)
        self.vae = vae

    def loss(self, batch: Batch) -> tuple[Tensor, Logs]:
        return self.vae.loss(batch)


def ours(task: Task, compute: params.Compute, data: Batch, *, steps: int) -> float:
    """Seconds of `fit`."""
    device.ready(compute)
    model = net(task)
    learner = Classifier(model.encoder, model.head, **OPTIMISER) if isinstance(model, CNN) else Autoencoder(model)
    source = Batches(data, task.batch, streams.generator(0, "batches"))
    begun = time.perf_counter()
    fitting.fit(learner, source, steps=steps, compute=compute)
    return time.perf_counter() - begun


def bare(task: Task, compute: params.Compute, data: Batch, *, steps: int) -> float:
    """Seconds of what one would write by hand for this one net: nothing is kept, checked or judged."""
    torch.set_num_threads(compute.threads)
    torch.set_float32_matmul_precision(compute.matmul_precision)
    model = net(task)
    begun = time.perf_counter()
    optimizer = AdamW(model.parameters(), task.learning_rate, weight_decay=task.weight_decay, fused=True)
    done = 0
    while done < steps:
        for rows in torch.randperm(task.examples).split(task.batch)[: steps - done]:
            for group in optimizer.param_groups:
                group["lr"] = task.learning_rate * 0.5 * (1 + math.cos(math.pi * done / steps))
            loss, _ = model.loss({name: column[rows] for name, column in data.items()})
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            done += 1
    return time.perf_counter() - begun


def contend(text: str, contender: str, *_: str) -> None:
    """Answers with the seconds that one of the two contenders above takes."""
    task = Task.parse(text)
    compute = params.read(params.Compute, "compute").model_copy(update={"device": "cpu", "threads": os.cpu_count()})
    data = columns(task)
    train = {"ours": ours, "bare": bare}[contender]
    answer(lambda batches: train(task, compute, data, steps=batches), batches=task.examples // task.batch)


class Contender:
    """A process that trains when it is told to and sleeps otherwise."""

    def __init__(self, how: tuple[str, ...], task: Task, peers: Path, log: IO[str]) -> None:
        here = how[0] in ("bare", "ours")
        command = [sys.executable, __file__] if here else [str(peers), str(Path(__file__).with_name("loop_peers.py"))]
        self.name, self.log = how[0], log
        self.process = subprocess.Popen(
            [*command, task.dump(), *how],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            # pythae's bar has no other switch
            env=os.environ | {"TQDM_DISABLE": "1"} | (KEPT if "kept" in how else {}),
        )
        self.hear()

    def hear(self) -> str:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} stopped; what it said is in {self.log.name}")
        return line

    def once(self) -> tuple[float, float]:
        """Seconds of a training, and the share of the processor that others took meanwhile."""
        assert self.process.stdin
        others, begun = self.others(), time.perf_counter()
        print(file=self.process.stdin, flush=True)
        took = float(self.hear())
        return took, (self.others() - others) / (time.perf_counter() - begun) / (os.cpu_count() or 1)

    def others(self) -> float:
        """Seconds of processor that all but this process have taken."""
        everyone, own = psutil.cpu_times(), psutil.Process(self.process.pid).cpu_times()
        return sum(everyone) - everyone.idle - getattr(everyone, "iowait", 0) - own.user - own.system

    def seconds(self) -> tuple[float, bool]:
        """Of a training, and whether others disturbed it even so."""
        end, tried = time.monotonic() + PATIENCE, []
        while True:
            while psutil.cpu_percent(interval=0.5) > 100 * QUIET and time.monotonic() < end:
                pass
            tried.append(self.once())
            if tried[-1][1] <= QUIET or time.monotonic() > end:
                took, share = min(tried, key=lambda one: one[1])
                return took, share > QUIET


def main() -> None:
    compute = params.read(params.Compute, "compute").model_copy(update={"threads": os.cpu_count()})
    encoder = params.read(params.Encoder, "encoder")
    peers, pins = interpreter(PINS), pinned(PINS)
    print(f"# The loop, side by side: {datetime.date.today()}\n")
    print(
        f"`python bench/loop.py`: {processor()}, {os.cpu_count()} cores, {compute.threads} threads; "
        f"Python {platform.python_version()}, torch {torch.__version__.split('+')[0]}, Lightning {pins['lightning']}, "
        f"pythae {pins['pythae']}. Float32, AdamW with a cosine. {ROUNDS} rounds of {BATCHES * 128:,} presentations, "
        f"all contenders in turns, each in a process of its own, imports and building not timed; "
        f"our precision is `{compute.matmul_precision}`. Ratios are paired round by round. "
        "Heap kept: memory that a step frees is not given back to the system to be asked for again by the next, "
        "which depends on what else a loop happens to hold.\n"
    )
    for title, (name, batch) in RACES.items():
        task = Task(
            name,
            examples=BATCHES * 128,
            batch=batch,
            **OPTIMISER,
            threads=compute.threads,
            matmul_precision=compute.matmul_precision,
            encoder=encoder.model_dump(),
        )
        hows = {who: how for who, how in CONTENDERS.items() if name == "vae" or how[0] != "pythae"}
        speeds: dict[str, list[float]] = {who: [] for who in hows}
        spoilt = 0
        with tempfile.NamedTemporaryFile("w", suffix=".txt", prefix="loop-", delete=False) as log:
            racing = {who: Contender(how, task, peers, log) for who, how in hows.items()}
            for turn in range(ROUNDS):
                for who in racing if turn % 2 == 0 else reversed(racing):
                    took, disturbed = racing[who].seconds()
                    spoilt += disturbed
                    speeds[who].append(task.examples / took)
                    told = f"{title}, round {turn + 1}, {who}: {speeds[who][-1]:,.0f}{' disturbed' * disturbed}"
                    print(told, file=sys.stderr, flush=True)
            for contender in racing.values():
                contender.process.communicate()  # no more lines: it ends
        Path(log.name).unlink()
        told = f"; {spoilt} of {ROUNDS * len(racing)} trainings were disturbed by other work" if spoilt else ""
        print(f"**{title}**{told}\n")
        print("| contender | samples a second: median (min–max) | Tutelage's ÷ its: median (min–max) |\n|---|---|---|")
        for who, rows in speeds.items():
            ratios = [a / b for a, b in zip(speeds["Tutelage"], rows, strict=True)]
            print(
                f"| {who} | {statistics.median(rows):,.0f} ({min(rows):,.0f}–{max(rows):,.0f}) | "
                f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f}) |"
            )
        print(flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        contend(*sys.argv[1:])
    else:
        main()
