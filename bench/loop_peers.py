"""Lightning and pythae as contenders of bench/loop.py, which runs this with the interpreter they are installed for."""

import logging
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).parent.parent))

import torch
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

from bench.loop_nets import VAE, Task, answer, columns, net


class Clock:
    """Runs from the first batch of a training to the end of its last epoch."""

    seconds = begun = 0.0

    def on_train_begin(self, *_: Any, **__: Any) -> None:
        self.begun = time.perf_counter()

    def on_train_end(self, *_: Any, **__: Any) -> None:
        self.seconds = time.perf_counter() - self.begun


def lightning(task: Task, data: dict[str, Tensor], *, fused: bool) -> float:
    """Seconds of `Trainer.fit` on a DataLoader, as its documentation writes it; logger, checkpoints and bar off."""
    from lightning.pytorch import Callback, LightningModule, Trainer  # type: ignore[import-not-found]

    class Module(LightningModule):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.net = net(task)

        def training_step(self, batch: list[Tensor], batch_idx: int) -> Tensor:
            return self.net.loss(dict(zip(data, batch, strict=True)))[0]

        def configure_optimizers(self) -> dict[str, Any]:
            optimizer = torch.optim.AdamW(
                self.parameters(), task.learning_rate, weight_decay=task.weight_decay, fused=fused or None
            )
            schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, task.examples // task.batch)
            return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    class Timed(Clock, Callback):  # type: ignore[misc]
        def on_train_start(self, *_: Any) -> None:
            self.on_train_begin()

    clock = Timed()
    trainer = Trainer(
        accelerator="cpu",
        devices=1,
        max_epochs=1,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        callbacks=[clock],
    )
    trainer.fit(Module(), DataLoader(TensorDataset(*data.values()), batch_size=task.batch, shuffle=True))
    assert trainer.global_step == task.examples // task.batch
    return clock.seconds


def pythae(task: Task, data: dict[str, Tensor], *, fused: bool) -> float:
    """Seconds of `BaseTrainer.train` on its own VAE with our layers; nothing is written at its end."""
    from pythae.data.datasets import BaseDataset  # type: ignore[import-not-found]
    from pythae.models import VAE as Taught  # type: ignore[import-not-found]  # noqa: N811
    from pythae.models import VAEConfig
    from pythae.models.base.base_utils import ModelOutput  # type: ignore[import-not-found]
    from pythae.models.nn import BaseDecoder, BaseEncoder  # type: ignore[import-not-found]
    from pythae.trainers import BaseTrainer, BaseTrainerConfig  # type: ignore[import-not-found]
    from pythae.trainers.training_callbacks import TrainingCallback  # type: ignore[import-not-found]

    vae = VAE()

    class Encoder(BaseEncoder):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.layers, self.mean, self.log_var = vae.encoder, vae.mean, vae.log_var

        def forward(self, x: Tensor) -> Any:
            h = self.layers(x)
            return ModelOutput(embedding=self.mean(h), log_covariance=self.log_var(h))

    class Decoder(BaseDecoder):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.layers = vae.decoder

        def forward(self, z: Tensor) -> Any:
            return ModelOutput(reconstruction=self.layers(z))

    class Timed(Clock, TrainingCallback):  # type: ignore[misc]
        pass

    class Trainer(BaseTrainer):  # type: ignore[misc]
        def save_model(self, *_: Any, **__: Any) -> None:
            """Ours writes nothing either."""

    clock = Timed()
    with tempfile.TemporaryDirectory() as folder:
        config = BaseTrainerConfig(
            output_dir=folder,
            num_epochs=1,
            per_device_train_batch_size=task.batch,
            learning_rate=task.learning_rate,
            optimizer_cls="AdamW",
            optimizer_params={"weight_decay": task.weight_decay, **({"fused": True} if fused else {})},
            scheduler_cls="CosineAnnealingLR",  # by epochs: its only way
            scheduler_params={"T_max": 1},
        )
        model = Taught(
            VAEConfig(input_dim=(784,), latent_dim=32, reconstruction_loss="bce"), encoder=Encoder(), decoder=Decoder()
        )
        dataset = BaseDataset(data["x"], torch.zeros(task.examples))
        Trainer(model, dataset, training_config=config, callbacks=[clock]).train()
    return clock.seconds


def main(text: str, contender: str, *settings: str) -> None:
    """Answers with seconds. `settings`: `precision` for ours of matrix products, `fused` for our AdamW."""
    task = Task.parse(text)
    torch.set_num_threads(task.threads)
    if "precision" in settings:
        torch.set_float32_matmul_precision(task.matmul_precision)
    warnings.simplefilter("ignore")  # both warn of no workers
    for name in ("lightning.pytorch", "lightning.fabric", "pythae"):
        logging.getLogger(name).setLevel(logging.ERROR)
    train = {"lightning": lightning, "pythae": pythae}[contender]
    data = columns(task)

    def once(batches: int) -> float:
        part = task._replace(examples=batches * task.batch)
        return train(part, {name: column[: part.examples] for name, column in data.items()}, fused="fused" in settings)

    answer(once, batches=task.examples // task.batch)


if __name__ == "__main__":
    main(*sys.argv[1:])
