"""The two nets, the data and the settings that all contenders of bench/loop.py share."""

import contextlib
import json
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from tutelage.nn.conv import Encoder

CLASSES, SHAPE = 10, (1, 28, 28)


class Task(NamedTuple):
    """One race, the same for all contenders: one epoch by AdamW, its rate a cosine to 0."""

    net: str  # vae | cnn
    examples: int
    batch: int
    learning_rate: float
    weight_decay: float
    threads: int
    matmul_precision: str  # torch's own, where a contender is run as it comes
    encoder: dict[str, Any]

    @classmethod
    def parse(cls, text: str) -> "Task":
        return cls(**json.loads(text))

    def dump(self) -> str:
        return json.dumps(self._asdict())


class VAE(nn.Module):
    """784-512-256-32 and back. Kingma and Welling, 2014."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU())
        self.mean, self.log_var = nn.Linear(256, 32), nn.Linear(256, 32)
        self.decoder = nn.Sequential(
            nn.Linear(32, 256), nn.ReLU(), nn.Linear(256, 512), nn.ReLU(), nn.Linear(512, 784), nn.Sigmoid()
        )

    def loss(self, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        """Written as pythae writes it."""
        x = batch["x"]
        h = self.encoder(x)
        mean, log_var = self.mean(h), self.log_var(h)
        std = torch.exp(0.5 * log_var)
        y = self.decoder(mean + torch.randn_like(std) * std)
        distortion = F.binary_cross_entropy(y, x, reduction="none").sum(-1).mean()
        rate = -0.5 * (1 + log_var - mean.pow(2) - log_var.exp()).sum(-1).mean()
        return distortion + rate, {"distortion": distortion, "rate": rate}


class CNN(nn.Module):
    """The encoder of params.yaml and a linear head."""

    def __init__(self, encoder: dict[str, Any]) -> None:
        super().__init__()
        self.encoder = Encoder(SHAPE, **encoder)
        self.head = nn.Linear(self.encoder.width, CLASSES)

    def loss(self, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        cross_entropy = F.cross_entropy(self.head(self.encoder(batch["x"])), batch["y"])
        return cross_entropy, {"loss": cross_entropy}


def net(task: Task) -> VAE | CNN:
    """The same weights in every process."""
    torch.manual_seed(0)
    return VAE() if task.net == "vae" else CNN(task.encoder)


def columns(task: Task) -> dict[str, Tensor]:
    """Noise of the digits' shape, the same in every process: speed does not depend on what is seen."""
    noise = torch.Generator().manual_seed(0)
    x = torch.rand(task.examples, *((784,) if task.net == "vae" else SHAPE), generator=noise)
    return {"x": x} if task.net == "vae" else {"x": x, "y": torch.randint(CLASSES, (task.examples,), generator=noise)}


def answer(train: Callable[[int], float], *, batches: int) -> None:
    """Warms up, then trains once for each line that comes in, and answers with the seconds."""
    with contextlib.redirect_stdout(sys.stderr):
        train(20)
    print("ready", flush=True)
    for _ in sys.stdin:
        with contextlib.redirect_stdout(sys.stderr):
            seconds = train(batches)
        print(seconds, flush=True)
